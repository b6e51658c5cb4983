"""How it runs: definitions, jobs, schedules, sensors, dbt wiring and the command line. Makes nothing itself.

Imports `assets` and `validations`; nothing imports it.
"""
