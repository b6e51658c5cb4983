"""What a registration is, for the monitor: the declaration that `assets/registrations/<bron>.py` fills in.

Everything else follows from it: asset keys, groups, owners, checks, freshness, jobs, delivery guide.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, cached_property
from importlib import import_module
from pathlib import Path
from pkgutil import iter_modules
from typing import Annotated, Literal

import polars as pl
from pydantic import BeforeValidator

from assets.readers import Reader, ReadResult, SourceFile
from assets.readers.files import unread
from validations.language.contract import Contract
from validations.language.delivery import RULES, DeliveryError

# How deliveries relate to each other (design.md section 6):
# berichten  events that accumulate; corrections win            (iWmo)
# stand      the full stock of a period; the latest delivery of a period replaces the earlier    (BUS)
# geheel     the whole of it every time; the newest delivery replaces all earlier ones           (BRP)
Semantics = Literal["berichten", "stand", "geheel"]
Period = tuple[date, date]
# The columns beside the fields of a contract: the delivery and row that a record came from.
ORIGIN = {
    "leverancier": "Wie de levering gaf, de gemeente of een samenwerking",
    "leverdatum": "Dag van de levering",
    "rij": "Rijnummer in de levering",
}
# In staging, where all deliveries are together, beside those.
STAGED = ORIGIN | {
    "periode_van": "Eerste dag van de periode waarover de levering gaat",
    "periode_tot": "Laatste dag van de periode waarover de levering gaat",
}


@dataclass(frozen=True)
class Pulled:
    """What a pull wrote: the number of records (None: not counted), and the mark from which the next one goes on."""

    records: int | None
    watermark: list[str] | None


@dataclass(frozen=True)
class Connection:
    """How a source is reached, as the file of connections says it. Its repr shows no address and no token."""

    url: str = field(repr=False)
    # The first day to ask for; none of a stock, which is told whole.
    vanaf: Annotated[date, BeforeValidator(date.fromisoformat)] | None = None
    token: Annotated[str, BeforeValidator(str)] = field(default="", repr=False)
    # Where the tables are, in a database that has more than one schema.
    schema: str | None = None
    # The folder of the file of connections: a path in `url` that is not absolute starts there.
    map: Path = Path()


# Asks a source for what changed since a watermark and writes it as files in a folder: connection, watermark, folder.
# None: nothing changed. Raises DeliveryError.
Pull = Callable[[Connection, list[str] | None, Path], Pulled | None]


@dataclass(frozen=True)
class Table:
    """A table in schema `bron`: the good rows of one contract, or those of them that meet `where`.

    `semantics`: how deliveries of this form relate, where a registration has more than one form.
    """

    name: str
    contract: str
    regeling: str | None = None
    where: pl.Expr | None = None
    semantics: Semantics | None = None


@dataclass(frozen=True)
class Registration:
    """How one registration arrives. `period` tells the days that a judged delivery is about; None: not in the data.

    A registration with more than one form reads a delivery into the frames of its form only.
    """

    bron: str
    title: str
    owner: str
    format: str
    law_url: str
    semantics: Semantics
    read: Reader
    contracts: dict[str, Contract]
    tables: tuple[Table, ...]
    cadence_days: int
    grace_days: int
    period: Callable[[dict[str, pl.DataFrame]], Period | None] = lambda _frames: None
    max_uitval_pct: float = 5
    max_jump_pct: float | None = 20
    # A row of another gemeente in the folder of one gemeente: a fault of the delivery, or left out and counted.
    elsewhere: Literal["uitval", "weglaten"] = "uitval"
    national: bool = False
    # The mart model with the rows that turn out wrong beside other deliveries; its rules: Contract.together.
    contradictions: str | None = None
    # How it is asked for its data, when it does not deliver by itself.
    pull: Pull | None = None

    def read_whole(self, files: list[SourceFile]) -> ReadResult:
        """What the reader makes of the files, and as notices what no reader took. Raises DeliveryError."""
        result = self.read(files)
        return replace(result, notices=[*result.notices, *unread(files)])

    def period_of(self, good: dict[str, pl.DataFrame], promised: Period | None) -> Period | None:
        """The days that a judged delivery is about: by its data, else as promised. Raises DeliveryError for two."""
        try:
            return self.period(good) or promised
        except DeliveryError:
            if promised is None:
                raise
            return promised

    def is_stock(self, contract: str) -> bool:
        """Whether a delivery of this form is a whole: a person who is not in it is gone."""
        of_table = {table.contract: table.semantics for table in self.tables}
        return (of_table[contract] or self.semantics) != "berichten"

    @property
    def regelingen(self) -> tuple[str, ...]:
        """The regelingen that this registration feeds; none for a reference such as the BRP."""
        return tuple(dict.fromkeys(table.regeling for table in self.tables if table.regeling))

    @property
    def pulls_changes(self) -> bool:
        """Whether each of its deliveries holds what changed since its source was asked before."""
        return self.pull is not None and self.semantics == "berichten"

    @property
    def group(self) -> str:
        """Its group in Dagster: the one regeling that all its tables feed, else `bronnen`."""
        fed = {table.regeling for table in self.tables}
        return self.regelingen[0] if len(fed) == 1 and self.regelingen else "bronnen"

    @cached_property
    def rule_texts(self) -> pl.DataFrame:
        """What an owner is told of each rule that a row can break: regel_id, kolom, wat_er_mis_is, wat_te_doen."""
        rules = [(rule.id, None, rule.message, rule.hint) for rule in RULES.values()]
        for contract in self.contracts.values():
            rules += [(rule.id, ", ".join(rule.columns), rule.message, rule.hint) for rule in contract.rules]
        columns = ("regel_id", "kolom", "wat_er_mis_is", "wat_te_doen")
        return pl.DataFrame(rules, schema=dict.fromkeys(columns, pl.String), orient="row")


@cache
def registrations() -> dict[str, Registration]:
    """Every registration by bron, in order of name: each other module beside this one declares one REGISTRATION."""
    import assets.registrations as package

    found = {}
    for module in sorted(iter_modules(package.__path__), key=lambda module: module.name):
        if module.name == __name__.rpartition(".")[2]:
            continue
        registration: Registration = import_module(f"{package.__name__}.{module.name}").REGISTRATION
        if registration.bron != module.name:
            raise ValueError(f"assets/registrations/{module.name}.py declares bron {registration.bron}")
        found[registration.bron] = registration
    return found


def words_of_staging() -> dict[str, dict[str, str]]:
    """What the columns of each staging model say, in the words of the contract that it reads."""
    return {
        f"stg_{table.name}": {field.stored_as: field.description for field in r.contracts[table.contract].fields}
        | STAGED
        for r in registrations().values()
        for table in r.tables
    }
