{{ stg_aggregaat('wia') }}
