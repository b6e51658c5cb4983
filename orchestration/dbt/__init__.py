"""dbt in Dagster: project (where it is), translator (its assets), checks (its tests), build and parts (its models).

proof: whether results are of today; versions: of models; errors and walls run inside dbt.
"""
