{{ stroom('wet_oke') }}
