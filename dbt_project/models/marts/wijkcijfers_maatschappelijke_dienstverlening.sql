{{ wijkcijfers('maatschappelijke_dienstverlening', tellingen=['stand']) }}
