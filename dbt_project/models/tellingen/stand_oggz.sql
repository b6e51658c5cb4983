{{ stand('oggz') }}
