{{ wijkcijfers('wsw') }}
