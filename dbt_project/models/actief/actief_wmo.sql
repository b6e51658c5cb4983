{{ actief('wmo', opgegeven='opgegeven_wmo') }}
