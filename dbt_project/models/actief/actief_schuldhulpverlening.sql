{{ actief('schuldhulpverlening', opgegeven='opgegeven_schuldhulpverlening') }}
