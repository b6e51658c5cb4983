{{ duur('jeugdzorg', opgegeven='opgegeven_jeugdzorg') }}
