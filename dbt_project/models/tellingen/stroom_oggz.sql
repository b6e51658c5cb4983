{{ stroom('oggz', opgegeven='opgegeven_oggz') }}
