{{ wijkcijfers('oggz', postcode4='stg_oggz') }}
