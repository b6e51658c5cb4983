{{ duur('wsw') }}
