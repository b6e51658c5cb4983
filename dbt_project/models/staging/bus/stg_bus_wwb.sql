{{ stg_bus('bus_wwb') }}
