{{ duur('collectieve_zorgverzekering', opgegeven='opgegeven_collectieve_zorgverzekering') }}
