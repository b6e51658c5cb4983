{{ gebruik('wmo', opgegeven='opgegeven_wmo') }}
