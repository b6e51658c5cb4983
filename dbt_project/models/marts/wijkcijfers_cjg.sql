{{ wijkcijfers('cjg', tellingen=['stand']) }}
