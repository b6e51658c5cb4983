{{ stand('leerlingenvervoer') }}
