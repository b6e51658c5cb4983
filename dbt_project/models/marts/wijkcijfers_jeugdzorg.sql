{{ wijkcijfers('jeugdzorg') }}
