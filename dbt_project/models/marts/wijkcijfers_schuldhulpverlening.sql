{{ wijkcijfers('schuldhulpverlening', leveringsadres='stg_schuldhulp_client') }}
