{{ stand('wsw') }}
