{{ wijkcijfers('jeugdzorg', opgegeven='opgegeven_jeugdzorg') }}
