{{ wijkcijfers('wmo', leveringsadres='stg_wmo') }}
