{{ wijkcijfers('schuldhulpverlening', opgegeven='opgegeven_schuldhulpverlening') }}
