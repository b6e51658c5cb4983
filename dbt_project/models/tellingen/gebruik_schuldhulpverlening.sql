{{ gebruik('schuldhulpverlening', opgegeven='opgegeven_schuldhulpverlening') }}
