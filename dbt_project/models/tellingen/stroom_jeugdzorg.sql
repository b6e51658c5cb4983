{{ stroom('jeugdzorg', opgegeven='opgegeven_jeugdzorg') }}
