{{ actief('bijzondere_bijstand') }}
