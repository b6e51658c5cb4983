{{ stand('jeugdzorg') }}
