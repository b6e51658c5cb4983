{{ wijkcijfers('leerplicht') }}
