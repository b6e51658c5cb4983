"""What every room stands on: settings, zones, lock, seeds, versions, the mart as it is read. Imports nothing above it.

Nothing of deliveries, figures or pages is known here.
"""
