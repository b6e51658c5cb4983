"""What a Wajong delivery must hold: aggregates of three regimes in the layout of aggregaat.py.

A person who came in under a regime stays in it. Two of the three are closed, so that each year the youngest person in
them is a year older: that is how new entrants show in an aggregate without persons. registrations.md sections 13, 14
and 21.
"""

from dataclasses import replace
from datetime import date

import polars as pl

from validations.contracts.aggregaat import CODELIST, aggregate_contract
from validations.language.codelists import codes
from validations.language.contract import coherent

TOTAL = "Wajong"
REGIMES = ("oWajong", "Wajong2010", "Wajong2015")
# The last day on which somebody could enter; the first day of each is in the code list.
CLOSED = {"oWajong": date(2009, 12, 31), "Wajong2010": date(2014, 12, 31)}
ENTRY_AGE = 18
# Source figures are rounded to 10 one by one, so each may be 5 off.
OFF = 5

_regime, _day, _count = pl.col("regeling"), pl.col("peildatum"), pl.col("aantal")
_closed = _regime.replace_strict(CLOSED, default=None, return_dtype=pl.Date)
_oldest = pl.col("leeftijdsklasse").str.extract(r"^[0-9]{1,2}-([0-9]{1,2})$", 1).cast(pl.Int64, strict=False)
# Whoever was 18 on the last day of inflow; regimes close on 31 December, the last day of a year.
_years_closed = _day.dt.year() - _closed.dt.year() - pl.when(_day.dt.month() < 12).then(1).otherwise(0)
_somebody = pl.when(_count.is_not_null()).then(_count == 0)

_given = _regime.is_in(REGIMES) & _count.is_not_null()
_same = ("peildatum", "regio_code", "leeftijdsklasse", "geslacht")
_together = pl.when(_given).then(_count).sum().over(_same)
_how_many = _given.sum().over(_same).cast(pl.Int64)
_in_force = pl.sum_horizontal(
    (_day >= code.valid_from).cast(pl.Int64) for code in codes(CODELIST) if code.code in REGIMES
)
_above = _count - _together
_margin = OFF * (_how_many + 1)

_layout = aggregate_contract("wajong", "WAJ", "Wajong: personen met een uitkering, per regime", TOTAL, REGIMES)
CONTRACT = replace(
    _layout,
    guide=_layout.guide
    + (
        "\n\nDe Wajong heeft drie regimes, die apart blijven: `oWajong` (instroom van 1 januari 1998 tot en met "
        "31 december 2009), `Wajong2010` (van 1 januari 2010 tot en met 31 december 2014) en `Wajong2015` (sinds "
        "1 januari 2015, alleen voor wie duurzaam niet kan werken; de anderen vallen onder de Participatiewet). "
        f"Lever per gebied elk regime en daarnaast het totaal van de bron, met regeling {TOTAL}. Wie in een gesloten "
        "regime zit blijft daarin; nieuwe instroom is er niet, ook niet in de jongste leeftijdsklassen."
    ),
    rules=(
        *_layout.rules,
        coherent(
            "WAJ-19",
            ("regeling", "leeftijdsklasse", "aantal"),
            pl.when((_closed < _day) & _oldest.is_between(ENTRY_AGE, ENTRY_AGE + _years_closed - 1)).then(_somebody),
            "Dit regime is gesloten voor nieuwe instroom; zo jong kan daarin niemand meer zijn.",
            "Kijk na of deze personen onder een later regime vallen: oWajong had instroom tot en met 2009-12-31, "
            "Wajong2010 tot en met 2014-12-31.",
        ),
        coherent(
            "WAJ-20",
            ("regeling", "leeftijdsklasse", "aantal"),
            pl.when(_regime.is_in([TOTAL, *REGIMES]) & (_oldest < ENTRY_AGE)).then(_somebody),
            "De Wajong begint op achttien jaar; in deze leeftijdsklasse kan niemand zijn.",
            "Kijk na of de leeftijdsklasse klopt; laat een klasse onder de achttien weg.",
        ),
        coherent(
            "WAJ-21",
            ("regeling", "aantal"),
            # What the source does not show may be anything, but not less than nothing.
            pl.when((_regime == TOTAL) & _how_many.is_between(1, _in_force)).then(
                (_above >= -_margin) & ((_above <= _margin) | (_how_many < _in_force))
            ),
            "Het totaal verschilt meer van de regimes dan door afronden kan.",
            "Neem het totaal en de regimes over uit dezelfde tabel van de bron, bij hetzelfde gebied en dezelfde "
            "peildatum.",
        ),
    ),
)
