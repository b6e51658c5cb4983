{{ wijkcijfers_aanbod('maatschappelijke_dienstverlening') }}
