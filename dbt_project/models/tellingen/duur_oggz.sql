{{ duur('oggz', opgegeven='opgegeven_oggz') }}
