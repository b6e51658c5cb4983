{{ stand('wmo') }}
