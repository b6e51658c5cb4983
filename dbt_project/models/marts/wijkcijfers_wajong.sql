{{ wijkcijfers_aggregaat('wajong') }}
