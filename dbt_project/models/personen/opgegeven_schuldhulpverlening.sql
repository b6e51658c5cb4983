{{ opgegeven('stg_schuldhulp_client') }}
