{{ wijkcijfers('wmo', opgegeven='opgegeven_wmo') }}
