{{ wijkcijfers('totaal', tellingen=['stand'], rooster='rooster_totaal') }}
