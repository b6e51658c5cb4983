"""The language of contracts: what a contract, field, rule, code list and judgement is.

Knows no registration: those are in `contracts`, one module each.
"""
