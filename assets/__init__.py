"""What is made: registrations taken in, and the publication made of them. `orchestration` gathers and schedules it.

Imports `validations`; never `orchestration`.
"""
