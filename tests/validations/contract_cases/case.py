"""What a case of a contract is."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from tests.making.town import WEERT
from validations.language.contract import Contract
from validations.language.judge import Verdict, judge

Row = dict[str, str | None]
NO_BSN = "999900007"  # fails the elfproef: the last digit of bsn(0) plus one


@dataclass(frozen=True)
class Case:
    """A contract with sound rows, and for every rule a row that breaks it; `too`: what such a row also breaks."""

    contract: Contract
    sound: tuple[Row, ...]
    bad: dict[str, Row]
    too: dict[str, set[str]]
    leverancier: str = WEERT

    def judge(self, rows: list[Row]) -> Verdict:
        text = {field.name: [row.get(field.name) for row in rows] for field in self.contract.fields}
        frame = pl.DataFrame(text, schema=dict.fromkeys(text, pl.String)).with_columns(
            pl.lit("bestand.txt").alias("bestand"),
            pl.int_range(1, pl.len() + 1, dtype=pl.Int64).alias("regel"),
            pl.Series("leverancier", [row.get("leverancier", self.leverancier) for row in rows], pl.String),
            pl.lit(date(2021, 2, 10)).alias("leverdatum"),
        )
        return judge(self.contract, frame)

    def findings(self, row: Row) -> set[str]:
        """The rules that a row breaks, beside the sound rows but the first; no other row breaks any."""
        rows = [*self.sound[1:], row]
        found = self.judge(rows).uitval
        assert set(found["regel"]) <= {len(rows)}
        return set(found["regel_id"])
