{{ wijkcijfers('wwb') }}
