{{ gebruik('jeugdzorg', opgegeven='opgegeven_jeugdzorg') }}
