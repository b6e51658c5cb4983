{{ wijkcijfers('collectieve_zorgverzekering') }}
