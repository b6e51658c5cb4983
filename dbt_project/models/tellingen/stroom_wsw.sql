{{ stroom('wsw') }}
