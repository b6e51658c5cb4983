{{ wijkcijfers_contacten('cjg') }}
