{{ actief('wwb') }}
