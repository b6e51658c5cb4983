"""Rows for the contract tests: a module per bron with sound rows, and for every rule one row that breaks it.

A module gives `CASES`: by name a Case for each contract of the registration.
"""

from importlib import import_module
from pkgutil import iter_modules

from tests.validations.contract_cases.case import Case

CASES: dict[str, Case] = {
    name: case
    for module in iter_modules(__path__)
    if module.name != "case"
    for name, case in import_module(f"{__name__}.{module.name}").CASES.items()
}
