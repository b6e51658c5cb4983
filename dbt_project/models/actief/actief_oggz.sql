{{ actief('oggz', opgegeven='opgegeven_oggz') }}
