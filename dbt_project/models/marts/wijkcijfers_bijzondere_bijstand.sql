{{ wijkcijfers('bijzondere_bijstand') }}
