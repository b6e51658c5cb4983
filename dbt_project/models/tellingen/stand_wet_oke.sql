{{ stand('wet_oke') }}
