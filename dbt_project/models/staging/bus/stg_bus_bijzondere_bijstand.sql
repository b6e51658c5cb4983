{{ stg_bus('bus_bijzondere_bijstand') }}
