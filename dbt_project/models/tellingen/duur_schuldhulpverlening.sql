{{ duur('schuldhulpverlening', opgegeven='opgegeven_schuldhulpverlening') }}
