"""Rights, terms and keys of persons: what is kept of them, where, how long, and how it goes.

What leaves a person out of a delivery is in intake/objections.py. No delivery is changed here.
"""
