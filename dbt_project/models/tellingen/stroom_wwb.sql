{{ stroom('wwb') }}
