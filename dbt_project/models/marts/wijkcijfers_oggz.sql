{{ wijkcijfers('oggz', opgegeven='opgegeven_oggz') }}
