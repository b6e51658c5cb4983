"""Judges a delivery by its contract, with pandera, and splits it in good rows and uitval.

The only module that imports pandera, and only when a delivery is judged. pandera puts offending values in its
exception: it is caught here, and only rule, row and column leave this module.
"""

from dataclasses import dataclass

import polars as pl

from validations.language.contract import Contract, Field, Rule
from validations.language.texts import mask_person_numbers

DOUBLES = "dubbelen"
UITVAL = {"bestand": pl.String, "regel": pl.Int64, "regel_id": pl.String, "kolom": pl.String}
# What programs and people write for nothing or for an error: taken as a value it makes one person of all who have it.
NOTHING = "LEV-68"
SIGN = (
    r"(?i)^(?:\(?<?null>?\)?|\\n|nil|none|nan|n\.?v\.?t\.?|n/[ab]|[-.?\u2013\u2014]{1,3}|<na>|"
    r"#(?:n/[ab]|nb|null!|leeg!|verw!|ref!|waarde!|value!|deel/0!|div/0!|naam\?|name\?|getal!|num!))$"
)
LONGEST_SIGN = 9
# Words that are never a number of a person, or of what persons share; nor are zeros a number of a person.
UNKNOWN, UNKNOWN_PERSON = r"(?i)^(?:onbekend|unknown|geen|leeg)$", r"(?i)^(?:onbekend|unknown|geen|leeg|0+)$"
# A part of a key that can be shown: short, of letters, digits and few marks. Anything may stand in the field.
SHOWN = r"^[0-9A-Za-z](?:[0-9A-Za-z./_-]{0,23})$"


@dataclass(frozen=True)
class Verdict:
    """A judged delivery: `good` rows, typed; `uitval`, a row per broken rule; `rejected`, how many rows."""

    good: pl.DataFrame
    uitval: pl.DataFrame
    rejected: int


def judge(contract: Contract, frame: pl.DataFrame) -> Verdict:
    """Judges `frame`: every field of the contract as text, plus bestand (file) and regel (line or record in it).

    Text rules are asked of all rows; then the text is read as values (what cannot be read is null and broke a text
    rule already), and the typed rules are asked of all rows again: a rule has nothing to say about a null.
    `frame` must be eager: on a LazyFrame pandera judges the schema only (stack.md section 3).
    """
    typed = frame.with_columns(_value(field) for field in contract.fields)
    of_text = _answers(frame, [rule for rule in contract.rules if not rule.typed])
    of_values = _answers(typed, [rule for rule in contract.rules if rule.typed and rule.family != DOUBLES])
    broken = _broken(of_text.hstack(of_values))
    signs = _signs(contract, frame)
    # Doubles are sought among the rows that are sound so far: a broken first row must not push out its good second.
    unsound = pl.concat([broken.get_column("index"), signs.get_column("index")])
    sound = typed.with_row_index("index").filter(~pl.col("index").is_in(unsound.implode()))
    doubles = _broken(_answers(sound.drop("index"), [rule for rule in contract.rules if rule.family == DOUBLES]))
    places = sound.get_column("index").gather(doubles.get_column("index"))
    broken = pl.concat([broken, doubles.with_columns(places.alias("index"))])
    first_column = {rule.id: rule.columns[0] for rule in contract.rules}
    findings = broken.with_columns(
        pl.col("regel_id").replace_strict(first_column, return_dtype=pl.String).alias("kolom")
    )
    # A cell is told once: the contract itself may already tell what is wrong with it.
    findings = pl.concat([findings, signs.join(findings, on=["index", "kolom"], how="anti")])
    bad = findings.get_column("index").unique()
    uitval = (
        findings.join(frame.select("bestand", "regel").with_row_index("index"), on="index", how="left")
        .select(pl.col(name).cast(dtype) for name, dtype in UITVAL.items())
        .sort(UITVAL.keys())
    )
    good = typed.with_row_index("index").filter(~pl.col("index").is_in(bad.implode())).drop("index")
    return Verdict(good, uitval, bad.len())


def with_keys(contract: Contract, uitval: pl.DataFrame, frame: pl.DataFrame) -> pl.DataFrame:
    """The uitval of a frame, with the key by which its owner finds each record as `kenmerk`; none where it has none.

    A part that is no key to look at (SHOWN) is left out, and a number that can be of a person is masked.
    """
    if not contract.key or uitval.is_empty():
        return uitval.with_columns(kenmerk=pl.lit(None, pl.String))
    parts = [
        pl.when(pl.col(name).str.contains(SHOWN), pl.col(name).str.contains("[0-9]")).then(pl.col(name))
        for name in contract.key
    ]
    places = uitval.select("bestand", "regel").unique()
    rows = frame.join(places, on=["bestand", "regel"], how="semi", nulls_equal=True)
    keys = rows.select("bestand", "regel", pl.concat_str(parts, separator=" ", ignore_nulls=True).alias("kenmerk"))
    masked = pl.col("kenmerk").map_elements(mask_person_numbers, pl.String).replace("", None)
    keys = keys.with_columns(masked).unique(["bestand", "regel"], keep="first", maintain_order=True)
    return uitval.join(keys, on=["bestand", "regel"], how="left", maintain_order="left", nulls_equal=True)


def _value(field: Field) -> pl.Expr:
    """The text of a field as a value; null where it does not look as its kind asks."""
    column = pl.col(field.name)
    if field.kind.pattern is None:
        return column
    return pl.when(column.str.contains(field.kind.pattern)).then(field.kind.parse(column)).alias(field.name)


def _answers(frame: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """A column per rule: whether it holds. Raises RuntimeError, without values, on a fault of ours."""
    try:
        return frame.select(rule.holds.fill_null(True).alias(rule.id) for rule in rules)
    except pl.exceptions.PolarsError:
        raise RuntimeError("a contract rule could not be asked; see the tests of this contract") from None


def _signs(contract: Contract, frame: pl.DataFrame) -> pl.DataFrame:
    """Where a cell holds a sign for nothing, or an error, in place of a value: index of the row, NOTHING, kolom."""
    texts = {field.name: field for field in contract.fields if field.name in frame.columns}
    short = frame.with_row_index("index").select("index", pl.col([*texts]).cast(pl.String))
    found = []
    for name, field in texts.items():
        sign = pl.col(name).str.contains(SIGN)
        if field.person or name.endswith("_id"):
            sign = sign | pl.col(name).str.contains(UNKNOWN_PERSON if field.person else UNKNOWN)
        cells = short.filter(pl.col(name).str.len_bytes() <= LONGEST_SIGN, sign)
        found.append(cells.select("index", pl.lit(NOTHING).alias("regel_id"), pl.lit(name).alias("kolom")))
    return pl.concat(found)


def _broken(answers: pl.DataFrame) -> pl.DataFrame:
    """The broken rules as (index of the row, regel_id).

    pandera gets the answers of the rows that broke a rule, to the rules that were broken. So it never sees a value that
    it could put in an exception, and a sound delivery costs it nothing.
    """
    hold = answers.select(pl.all().all()).row(0, named=True) if answers.height else {}
    broken = [rule_id for rule_id, holds in hold.items() if not holds]
    if not broken:
        return pl.DataFrame(schema={"index": pl.UInt32, "regel_id": pl.String})
    import pandera.polars as pa

    failing = answers.select(broken).with_row_index("index").filter(~pl.all_horizontal(broken))
    # A row per rule and one check of the frame: what pandera does per column costs it 1 to 2 ms.
    asked = failing.unpivot(broken, index="index", variable_name="regel_id", value_name="houdt")
    found = None
    try:
        pa.DataFrameSchema(checks=pa.Check(lambda data: data.lazyframe.select("houdt"))).validate(asked)
    except pa.errors.SchemaError as error:
        found = error.failure_cases
    if found is None:
        raise RuntimeError("pandera found nothing wrong with a rule that does not hold")
    return found.select("index", "regel_id")
