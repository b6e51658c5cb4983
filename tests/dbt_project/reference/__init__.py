"""The independent reference: the figures of design.md section 6, computed from hand-made deliveries in plain Python.

Written from the specification alone, without looking at the dbt models; slow and readable. The tests hold its figures
against numbers worked out by hand, and the mart against it, cell by cell.
"""
