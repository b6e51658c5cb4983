{{ wijkcijfers('bijzondere_bijstand', tellingen=['stand']) }}
