{{ stroom('schuldhulpverlening', opgegeven='opgegeven_schuldhulpverlening') }}
