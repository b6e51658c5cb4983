"""The registration step: deliveries in landing become pseudonymised, judged Parquet in the kluis.

The same for every registration; what differs is declared in assets/registrations.
"""
