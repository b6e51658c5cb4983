{{ wijkcijfers('oggz') }}
