{{ actief('wet_oke') }}
