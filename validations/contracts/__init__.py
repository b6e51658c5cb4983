"""One contract per registration (`<bron>.py`): its fields and its rules, as data.

A contract module holds a `CONTRACT`; nothing of how a delivery arrives (assets/readers) or what it means (dbt_project).
"""
