{{ stroom('wmo', opgegeven='opgegeven_wmo') }}
