{{ stand('bijzondere_bijstand') }}
