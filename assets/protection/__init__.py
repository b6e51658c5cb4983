"""Which figures can be public, and in what form: pure functions from frames to frames, on the ground floor alone.

No file, zone or step of a run is known here; those are in publication.
"""
