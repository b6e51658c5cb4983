{{ opgegeven('stg_wmo') }}
