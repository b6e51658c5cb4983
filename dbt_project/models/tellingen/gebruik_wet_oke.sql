{{ gebruik('wet_oke') }}
