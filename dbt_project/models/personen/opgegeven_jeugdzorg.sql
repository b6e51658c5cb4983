{{ opgegeven('stg_jeugdzorg_berichten') }}
