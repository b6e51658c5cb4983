{{ gebruik('wsw') }}
