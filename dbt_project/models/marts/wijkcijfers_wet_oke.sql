{{ wijkcijfers('wet_oke') }}
