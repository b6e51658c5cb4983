{{ actief('wsw') }}
