{{ actief('leerplicht') }}
