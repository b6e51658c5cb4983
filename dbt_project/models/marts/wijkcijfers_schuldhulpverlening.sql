{{ wijkcijfers('schuldhulpverlening') }}
