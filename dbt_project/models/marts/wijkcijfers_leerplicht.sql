{{ wijkcijfers('leerplicht', tellingen=['stand']) }}
