{{ duur('wmo', opgegeven='opgegeven_wmo') }}
