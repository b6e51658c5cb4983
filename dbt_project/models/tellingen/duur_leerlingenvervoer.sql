{{ duur('leerlingenvervoer') }}
