{{ duur('wet_oke') }}
