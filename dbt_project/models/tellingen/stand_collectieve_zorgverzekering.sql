{{ stand('collectieve_zorgverzekering') }}
