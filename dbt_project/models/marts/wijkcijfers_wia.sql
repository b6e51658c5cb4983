{{ wijkcijfers_aggregaat('wia') }}
