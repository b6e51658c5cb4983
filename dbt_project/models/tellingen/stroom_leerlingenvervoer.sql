{{ stroom('leerlingenvervoer') }}
