"""Judges a delivery by its contract, with pandera, and splits it in good rows and uitval.

The only module that imports pandera, and only when a delivery is judged. pandera puts offending values in its
exception: it is caught here, and only rule, row and column leave this module.
"""

from dataclasses import dataclass

import polars as pl

from validations.contracts.contract import Contract, Field, Rule

DOUBLES = "dubbelen"
# A rule that could not be asked is a fault of ours, not of the delivery; the text of the library holds values.
UNASKED = "a contract rule could not be asked; see the tests of this contract"
UITVAL = {"bestand": pl.String, "regel": pl.Int64, "regel_id": pl.String, "kolom": pl.String}


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
    broken_text = _broken(frame, [rule for rule in contract.rules if not rule.typed])
    typed = frame.with_columns(_value(field) for field in contract.fields)
    broken = pl.concat([broken_text, _broken(typed, [r for r in contract.rules if r.typed and r.family != DOUBLES])])
    # Doubles are sought among the rows that are sound so far: a broken first row must not push out its good second.
    sound = typed.with_row_index("index").filter(~pl.col("index").is_in(broken.get_column("index").implode()))
    doubles = _broken(sound.drop("index"), [rule for rule in contract.rules if rule.family == DOUBLES])
    places = sound.get_column("index").gather(doubles.get_column("index"))
    broken = pl.concat([broken, doubles.with_columns(places.alias("index"))])
    bad = broken.get_column("index").unique()
    first_column = {rule.id: rule.columns[0] for rule in contract.rules}
    uitval = (
        broken.join(frame.select("bestand", "regel").with_row_index("index"), on="index", how="left")
        .with_columns(pl.col("regel_id").replace_strict(first_column, return_dtype=pl.String).alias("kolom"))
        .select(pl.col(name).cast(dtype) for name, dtype in UITVAL.items())
        .sort(UITVAL.keys())
    )
    good = typed.with_row_index("index").filter(~pl.col("index").is_in(bad.implode())).drop("index")
    return Verdict(good, uitval, bad.len())


def _value(field: Field) -> pl.Expr:
    """The text of a field as a value; null where it does not look as its kind asks."""
    column = pl.col(field.name)
    if field.kind.pattern is None:
        return column
    return pl.when(column.str.contains(field.kind.pattern)).then(field.kind.parse(column)).alias(field.name)


def _broken(frame: pl.DataFrame, rules: list[Rule]) -> pl.DataFrame:
    """The broken rules as (index of the row, regel_id). Raises RuntimeError, without values, on a fault of ours."""
    nothing = pl.DataFrame(schema={"index": pl.UInt32, "regel_id": pl.String})
    if not rules or frame.is_empty():
        return nothing
    # All rules at once first: pandera takes a millisecond for each, and in most deliveries most rules hold.
    try:
        asked = frame.select(rule.holds.fill_null(True).all().alias(rule.id) for rule in rules).row(0, named=True)
    except pl.exceptions.PolarsError:
        raise RuntimeError(UNASKED) from None
    rules = [rule for rule in rules if not asked[rule.id]]
    if not rules:
        return nothing
    import pandera.polars as pa

    columns: dict[str, pa.Column] = {}
    for rule in rules:
        column = columns.setdefault(rule.columns[0], pa.Column(nullable=True))
        column.checks.append(pa.Check(_question(rule), error=rule.id))
    try:
        pa.DataFrameSchema(columns).validate(frame, lazy=True)
    except pa.errors.SchemaErrors as error:
        cases = error.failure_cases.select(pl.col("index").cast(pl.UInt32), pl.col("check").alias("regel_id"))
    else:
        return nothing
    unasked = cases.filter(pl.col("index").is_null() | ~pl.col("regel_id").is_in([rule.id for rule in rules]))
    if unasked.height:
        # `check` then holds pandera's text with values: not shown.
        raise RuntimeError(UNASKED)
    return cases


def _question(rule: Rule):
    def question(data):
        return data.lazyframe.select(rule.holds.fill_null(True).alias(rule.id))

    return question
