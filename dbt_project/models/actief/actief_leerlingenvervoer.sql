{{ actief('leerlingenvervoer') }}
