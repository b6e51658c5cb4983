{{ gebruik('leerlingenvervoer') }}
