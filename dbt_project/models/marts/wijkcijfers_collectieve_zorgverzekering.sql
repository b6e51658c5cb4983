{{ wijkcijfers('collectieve_zorgverzekering', leveringsadres='stg_collectieve_zorgverzekering') }}
