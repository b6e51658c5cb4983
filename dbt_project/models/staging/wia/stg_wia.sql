{{ stg_aggregaat('wia', 'WIA') }}
