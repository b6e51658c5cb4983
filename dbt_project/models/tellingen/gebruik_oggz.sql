{{ gebruik('oggz', opgegeven='opgegeven_oggz') }}
