{{ wijkcijfers('leerlingenvervoer') }}
