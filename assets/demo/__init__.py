"""A synthetic municipality that writes deliveries in the real formats into the landing zone; nobody in it exists.

Knows the formats as a source owner would, and never reads what the monitor makes of them. `make.py` is the entry.
"""
