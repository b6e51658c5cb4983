{{ wijkcijfers('wmo') }}
