{{ opgegeven('stg_collectieve_zorgverzekering') }}
