{{ stand('schuldhulpverlening') }}
