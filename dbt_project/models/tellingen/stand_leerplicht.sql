{{ stand('leerplicht') }}
