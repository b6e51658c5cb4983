{{ actief('jeugdzorg', opgegeven='opgegeven_jeugdzorg') }}
