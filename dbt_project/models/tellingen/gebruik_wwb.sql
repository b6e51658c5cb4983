{{ gebruik('wwb') }}
