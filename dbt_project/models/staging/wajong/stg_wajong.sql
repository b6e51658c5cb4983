{{ stg_aggregaat('wajong') }}
