{{ opgegeven('stg_oggz', pc4=true) }}
