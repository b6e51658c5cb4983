{{ stand('wwb') }}
