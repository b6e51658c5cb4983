{{ wijkcijfers('jeugdzorg', leveringsadres='stg_jeugdzorg_berichten') }}
