"""The words a contract is written in: fields, rules, and the constructors of common rules.

Only declarations: pandera, which judges, is imported by `judge.py` when a delivery is judged.
A rule is a polars expression that is true where the rule holds and null where it has nothing to say, so that one
bad value never hides another: text rules look at the text as delivered, typed rules at the rows whose text parsed.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

import polars as pl

from validations.language.codelists import codes
from validations.language.texts import ELFPROEF

# The rule families, as they appear in reports and as asset checks.
FAMILIES = ("volledigheid", "vorm", "persoonsnummer", "codes", "datums", "samenhang", "dubbelen")


@dataclass(frozen=True)
class Kind:
    """A kind of value: how its text must look, how that text becomes a value, and how an owner reads it."""

    name: str
    dtype: type[pl.DataType]
    pattern: str | None
    parse: Callable[[pl.Expr], pl.Expr]
    explanation: str


TEXT = Kind("tekst", pl.String, None, lambda c: c, "tekst")
INTEGER = Kind(
    "geheel getal", pl.Int64, r"^[+-]?[0-9]{1,15}$", lambda c: c.cast(pl.Int64, strict=False), "geheel getal"
)
# Not `1.250` or `1,250`: a mark before three digits divides thousands for one and decimals for another.
DECIMAL = Kind(
    "getal",
    pl.Float64,
    r"^[+-]?(?:[0-9]{1,12}(?:[.,][0-9]{1,2}|,[0-9]{4,20}|\.[0-9]{4,10})?|(?:0|[0-9]{4,12})[.,][0-9]{3})$",
    lambda c: c.str.replace(",", ".", literal=True).cast(pl.Float64, strict=False),
    "getal, met een komma voor decimalen; 1.250 en 1,250 kunnen 1250 zijn of 1,25",
)
DATE = Kind(
    "datum",
    pl.Date,
    r"^[1-9][0-9]{3}-[0-9]{2}-[0-9]{2}$",
    lambda c: c.str.to_date("%Y-%m-%d", strict=False),
    "datum, jjjj-mm-dd",
)
# Fixed-width and BRP dates; readers turn 00000000 into "none" (BWBR0031830, annex 1, item 25).
DATE8 = Kind("datum", pl.Date, r"^[1-9][0-9]{7}$", lambda c: c.str.to_date("%Y%m%d", strict=False), "datum, jjjjmmdd")
# A birth date may be partly unknown: jjjjmm00 or jjjj0000. It stays text; dbt gives it its meaning.
PARTIAL_DATE8 = Kind(
    "datum, deels", pl.String, r"^[1-9][0-9]{7}$", lambda c: c, "datum, jjjjmmdd; onbekende dag of maand als 00"
)
MUNICIPALITY = Kind(
    "gemeentecode",
    pl.String,
    r"^(GM)?[0-9]{1,4}$",
    lambda c: pl.lit("GM") + c.str.strip_prefix("GM").str.zfill(4),
    "CBS-gemeentecode, vier cijfers",
)
POSTCODE = Kind(
    "postcode",
    pl.String,
    r"^[1-9][0-9]{3} ?[A-Za-z]{2}$",
    lambda c: c.str.to_uppercase().str.replace_all(" ", ""),
    "postcode, 1234AB",
)


@dataclass(frozen=True)
class Field:
    """One field of a delivery; `name` and `description` are Dutch, as owners know them.

    `person`: the domain of a person number (design.md section 9), which is stored as a pseudonym only.
    `stored`: whether its value goes on after the contract. `identifying`: its value never leaves the kluis.
    `aliases`: other headings under which a spreadsheet may have it.
    """

    name: str
    kind: Kind
    description: str
    person: str | None = None
    stored: bool = True
    identifying: bool = False
    aliases: tuple[str, ...] = ()

    @property
    def stored_as(self) -> str:
        """The column under which it is stored: `bsn` as `persoon`, `partner_bsn` as `partner_persoon`.

        A number that is no BSN keeps its name: `onderwijsnummer` as `onderwijsnummer_persoon`.
        """
        if not self.person:
            return self.name
        return self.name.replace("bsn", "persoon") if "bsn" in self.name else f"{self.name}_persoon"


@dataclass(frozen=True)
class Rule:
    """A rule. `holds` is true where it holds, null where it does not apply; `hint` tells the owner what to do."""

    id: str
    columns: tuple[str, ...]
    family: str
    holds: pl.Expr
    message: str
    hint: str
    typed: bool = False

    def __post_init__(self) -> None:
        if self.family not in FAMILIES:
            raise ValueError(f"{self.id}: no such rule family: {self.family}")


@dataclass(frozen=True)
class Contradiction:
    """A rule that can be asked only of all deliveries together: dbt asks it (Registration.contradictions)."""

    id: str
    message: str
    hint: str


@dataclass(frozen=True)
class Position:
    """One field of a fixed-width record: its length, and the texts that mean "not applicable"."""

    name: str
    length: int
    none: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contract:
    """The fields of one table of a registration, in order, and its rules. Raises ValueError on a wrong rule.

    Wrong is a rule with the id of another, or about a column that is no field.
    `layouts`: the record layouts of a fixed-width delivery, by name; they may hold positions that are no field, which
    are never read. `key`: the fields by which its owner finds a record again; never of a person.
    """

    bron: str
    title: str
    source: str
    fields: tuple[Field, ...]
    rules: tuple[Rule, ...]
    guide: str = ""
    together: tuple[Contradiction, ...] = ()
    layouts: Mapping[str, tuple[Position, ...]] = field(default_factory=dict)
    key: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        ids = [rule.id for rule in (*self.rules, *self.together)]
        if len(ids) != len(set(ids)):
            raise ValueError(f"contract {self.bron}: a rule id is used twice")
        names = {field.name for field in self.fields}
        for rule in self.rules:
            if unknown := [column for column in rule.columns if column not in names]:
                raise ValueError(f"contract {self.bron}: {rule.id} is about {', '.join(unknown)}, no field of it")

    def columns(self) -> dict[str, type[pl.DataType]]:
        """Name and type of every stored column: the fields, then the delivery and row that a record came from."""
        data = {f.stored_as: pl.String if f.person else f.kind.dtype for f in self.fields if f.stored}
        return data | {"leverancier": pl.String, "leverdatum": pl.Date, "rij": pl.Int64}


def required(id: str, column: str, *, where: pl.Expr | None = None, name: str = "") -> Rule:
    """The field is filled; with `where` only on the rows where that condition is true."""
    holds = pl.col(column).is_not_null()
    if where is not None:
        holds = pl.when(where).then(holds)
    name = name or column
    return Rule(id, (column,), "volledigheid", holds, f"{name} ontbreekt.", f"Vul {name} en lever opnieuw.")


_NO_DATE = (
    "Een tijd erbij, een dag die niet bestaat (31 juni), of wat twee dagen kan zijn (11/06/2022: 11 juni of "
    "6 november) telt als fout."
)


def well_formed(id: str, field: Field) -> Rule:
    """The text of the field looks as its kind asks and can be read as such (31 June looks right and is no date)."""
    column, kind = pl.col(field.name), field.kind
    assert kind.pattern is not None
    holds = column.str.contains(kind.pattern)
    if kind.dtype is pl.Date:
        holds = holds & kind.parse(column).is_not_null()
    elif kind is PARTIAL_DATE8:
        whole = column.str.replace("0000$", "0101").str.replace("00$", "01")
        holds = holds & whole.str.to_date("%Y%m%d", strict=False).is_not_null()
    is_date = kind.dtype is pl.Date or kind is PARTIAL_DATE8
    return Rule(
        id,
        (field.name,),
        "datums" if is_date else "vorm",
        pl.when(column.is_not_null()).then(holds),
        f"{field.name} is geen geldige waarde ({kind.explanation}).",
        f"Lever {field.name} als {kind.explanation}." + (f" {_NO_DATE}" if is_date else ""),
    )


def in_list(id: str, column: str, codelist: str, *, on: pl.Expr | None = None) -> Rule:
    """The code is in the code list (seeds/codelijsten.csv); with `on` (a date) it is also valid on that day."""
    always, limited = [], []
    for code in codes(codelist):
        (limited if on is not None and (code.valid_from or code.valid_to) else always).append(code)
    holds = pl.col(column).is_in([code.code for code in always])
    for code in limited:
        assert on is not None
        valid = pl.col(column) == code.code
        if code.valid_from:
            valid = valid & (on >= pl.lit(code.valid_from))
        if code.valid_to:
            valid = valid & (on <= pl.lit(code.valid_to))
        holds = holds | valid
    allowed = ", ".join(sorted(code.code for code in always + limited))
    return Rule(
        id,
        (column,),
        "codes",
        holds,
        f"{column} staat{' op die datum' if on is not None else ''} niet in codelijst {codelist}.",
        f"Gebruik een code van {codelist}: {allowed}.",
        typed=on is not None,
    )


def person_number(prefix: str, first: int, column: str) -> tuple[Rule, Rule, Rule]:
    """The three rules of a BSN, in the order in which they must be asked (registrations.md section 0.4).

    Sentinels before the elfproef: 000000000 (CBS: unborn) and 111111110 pass it, 999999999 (CBS: unknown) fails it.
    Each rule is silent where an earlier one failed, so that one number gives one finding.
    """
    number = pl.col(column).str.zfill(9)
    digits = pl.col(column).str.contains(r"^[0-9]{8,9}$")
    sentinel = number.is_in(["000000000", "999999999", "111111110"])
    value = number.cast(pl.Int64, strict=False)
    weighted = pl.sum_horizontal(value // 10 ** (8 - place) % 10 * weight for place, weight in enumerate(ELFPROEF))
    return (
        Rule(
            f"{prefix}-{first:02d}",
            (column,),
            "persoonsnummer",
            digits,
            f"{column} telt geen negen cijfers.",
            "Lever het burgerservicenummer als negen cijfers, zonder punten of spaties.",
        ),
        Rule(
            f"{prefix}-{first + 1:02d}",
            (column,),
            "persoonsnummer",
            pl.when(digits).then(~sentinel),
            f"{column} is een schijnnummer (000000000, 999999999 of 111111110).",
            "Zoek het burgerservicenummer op in de BRP; een schijnnummer is geen persoon.",
        ),
        Rule(
            f"{prefix}-{first + 2:02d}",
            (column,),
            "persoonsnummer",
            pl.when(digits & ~sentinel).then(weighted % 11 == 0),
            f"{column} voldoet niet aan de elfproef.",
            "Controleer het burgerservicenummer in de BRP; er zit een tikfout in.",
        ),
    )


def pupil_number(prefix: str, first: int) -> tuple[Rule, ...]:
    """The five rules of a pupil: a BSN, or else an onderwijsnummer. The elfproef is of the BSN only."""
    column = pl.col("onderwijsnummer")
    return (
        Rule(
            f"{prefix}-{first:02d}",
            ("bsn", "onderwijsnummer"),
            "volledigheid",
            pl.col("bsn").is_null() != column.is_null(),
            "Het record heeft geen burgerservicenummer en geen onderwijsnummer, of allebei.",
            "Lever het burgerservicenummer, en alleen wie dat niet heeft met het onderwijsnummer.",
        ),
        *person_number(prefix, first + 1, "bsn"),
        Rule(
            f"{prefix}-{first + 4:02d}",
            ("onderwijsnummer",),
            "persoonsnummer",
            column.str.contains(r"^[0-9]{9}$") & ~column.is_in(["000000000", "999999999"]),
            "onderwijsnummer telt geen negen cijfers, of is een schijnnummer.",
            "Neem het onderwijsnummer over van DUO.",
        ),
    )


def own_municipality(id: str) -> Rule:
    """In the folder of one gemeente every row is of that gemeente; a supplier for several may deliver all of them."""
    single = pl.col("leverancier").str.starts_with("GM")
    return Rule(
        id,
        ("gemeentecode",),
        "samenhang",
        ~single | (pl.col("gemeentecode") == pl.col("leverancier")),
        "Het record is van een andere gemeente dan de leverancier.",
        "Lever in deze map alleen gegevens van de eigen gemeente.",
        typed=True,
    )


def coherent(id: str, columns: tuple[str, ...], holds: pl.Expr, message: str, hint: str) -> Rule:
    """A rule between typed values of one row."""
    return Rule(id, columns, "samenhang", holds, message, hint, typed=True)


def unique(id: str, columns: tuple[str, ...], *, optional: tuple[str, ...] = ()) -> Rule:
    """No second row with the same values within one delivery; the first one stays. Silent where a value is missing."""
    filled = pl.all_horizontal(pl.col(column).is_not_null() for column in columns)
    names = ", ".join(columns + optional)
    return Rule(
        id,
        columns,
        "dubbelen",
        pl.when(filled).then(pl.struct(columns + optional).is_first_distinct()),
        f"Dezelfde combinatie van {names} komt vaker voor.",
        f"Lever elke combinatie van {names} één keer; de eerste is gebruikt.",
        typed=True,
    )
