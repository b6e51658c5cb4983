"""The attacker on one gemeente of two wijken: what a reader can work out by hand, figure by figure."""

from collections.abc import Mapping
from datetime import date

import polars as pl
import pytest

from tests.validations.disclosure.trial import UNLINKED
from validations.disclosure import links
from validations.disclosure.attack import attack
from validations.disclosure.reader import KEY

DAY = date(2022, 3, 31)


def place(
    *figures: tuple[str, str, int, int | None, int],
) -> tuple[pl.DataFrame, pl.DataFrame, pl.DataFrame, pl.DataFrame]:
    """Published, areas, residents, truth of a gemeente (G) of two wijken (A, B): table, area, count, value, ruimte."""
    codes = {"G": "GM0999", "A": "WK099901", "B": "WK099902"}
    levels = {"G": "gemeente", "A": "wijk", "B": "wijk"}
    rows = [
        {
            "tabel": f"monitor_{table}",
            "gemeentecode": "GM0999",
            "gebiedsniveau": levels[area],
            "gebiedscode": codes[area],
            "indelingsjaar": 2022,
            "peildatum": DAY,
            "leeftijdsgroep": "totaal",
            "uitsplitsing": "",
            "indicator": "clienten",
            "waarde": value,
            "noemer": None,
            "per_1000": None,
            "publicatiestatus": "kleiner_dan_drempel" if value is None else "gepubliceerd",
            "ruimte": room,
            "drempel": 10,
            "aantal": count,
        }
        for table, area, count, value, room in figures
    ]
    schema = {"waarde": pl.Int64, "noemer": pl.Int64, "per_1000": pl.Float64, "indelingsjaar": pl.Int32}
    frame = pl.DataFrame(rows, schema_overrides=schema)
    areas = pl.DataFrame(
        [("GM0999", levels[a], code, code, None if a == "G" else "GM0999") for a, code in codes.items()],
        schema=["gemeentecode", "gebiedsniveau", "gebiedscode", "gebiedsnaam", "ouder_code"],
        orient="row",
    ).with_columns(pl.lit(2022, pl.Int32).alias("indelingsjaar"))
    residents = areas.select(
        "gebiedscode",
        pl.lit(DAY).alias("peildatum"),
        pl.lit("totaal").alias("leeftijdsgroep"),
        pl.lit(500).alias("inwoners"),
    )
    return frame.drop("aantal"), areas, residents, frame.select(*KEY, "aantal")


def provisions(shown: dict[str, int | None], counts: dict[str, int]):
    """Clients of wmo that leave 6..9 of the 9 in B, and provisions: of an area the value, or hidden without a cause."""
    published, areas, residents, truth = place(
        ("wmo", "G", 26, 25, 0), ("wmo", "A", 17, 15, 0), ("wmo", "B", 9, None, 0)
    )
    codes = {"G": "GM0999", "A": "WK099901", "B": "WK099902"}
    of = pl.col("gebiedscode").replace_strict({codes[area]: count for area, count in counts.items()})
    values = pl.col("gebiedscode").replace_strict(
        {codes[a]: value for a, value in shown.items()}, return_dtype=pl.Int64
    )
    status = (
        pl.when(values.is_not_null()).then(pl.lit("gepubliceerd")).when(of < 10).then(pl.lit("kleiner_dan_drempel"))
    )
    also = published.with_columns(
        indicator=pl.lit("voorzieningen"), waarde=values, publicatiestatus=status.otherwise(pl.lit("onderdrukt"))
    )
    more = truth.with_columns(indicator=pl.lit("voorzieningen"), aantal=of.cast(pl.Int64))
    return pl.concat([published, also]), areas, residents, pl.concat([truth, more])


def test_who_has_a_provision_of_its_own_gives_its_number_away(monkeypatch: pytest.MonkeyPatch):
    """Of wmo no fewer provisions than clients: 6 to 9 clients, so 6 to 9 provisions."""
    figures = provisions({"G": None, "A": None, "B": None}, {"G": 29, "A": 20, "B": 9})
    outcome = attack(*figures, UNLINKED)
    found = [("clienten", "WK099902", 6, 9), ("voorzieningen", "WK099902", 6, 9)]
    assert outcome.cells.select("indicator", "gebiedscode", "lo", "hi").rows() == found
    # An attacker who does not know it misses the second; one who believes what is not so fits no truth.
    monkeypatch.setattr(links, "OF_CLIENTS", ())
    assert attack(*figures, UNLINKED).cells.select("indicator", "gebiedscode", "lo", "hi").rows() == found[:1]
    monkeypatch.setattr(links, "ONE_EACH", ("monitor_wmo",))
    assert attack(*figures, UNLINKED).infeasible


def of_ages(published: pl.DataFrame, truth: pl.DataFrame, ages: Mapping[str, tuple[int | None, int | None]]):
    """The figures of wmo in G for age groups beside its total: count and value; no count: `nvt`."""
    rows = published.filter(pl.col("gebiedscode") == "GM0999", pl.col("tabel") == "monitor_wmo")
    told = [
        rows.with_columns(
            leeftijdsgroep=pl.lit(age),
            waarde=pl.lit(value, pl.Int64),
            publicatiestatus=pl.lit("nvt" if n is None else "kleiner_dan_drempel" if value is None else "gepubliceerd"),
        )
        for age, (n, value) in ages.items()
    ]
    counts = [rows.select(KEY).with_columns(leeftijdsgroep=pl.lit(a), aantal=pl.lit(n)) for a, (n, _) in ages.items()]
    every = pl.concat([truth, *counts], how="vertical_relaxed").drop_nulls("aantal")
    return pl.concat([published, *told]), every


YOUNG = {"0-14": (11, 10), "15-24": (1, None)}
NOBODY = dict.fromkeys(("25-44", "45-64", "65+"), (None, None))


@pytest.mark.parametrize("older", [NOBODY, dict.fromkeys(NOBODY, (0, None))], ids=["nvt", "counted"])
def test_ages_add_up_over_the_groups_that_a_law_is_for(older: dict):
    """13..17 of all, at least 13 of them under 15: 0..4 are left of 15 to 24, and the rest is of age unknown."""
    published, areas, residents, truth = place(("wmo", "G", 15, 15, 0))
    published, truth = of_ages(published, truth, {"0-14": (13, 15), "15-24": (1, None)} | older)
    outcome = attack(published, areas.head(1), residents.head(1), truth, UNLINKED)
    assert (outcome.attacked, outcome.safe) == (1, True)
    published, areas, residents, truth = place(("wmo", "G", 12, 10, 0))
    published, truth = of_ages(published, truth, YOUNG | older)
    outcome = attack(published, areas.head(1), residents.head(1), truth, UNLINKED)
    assert outcome.cells.select("leeftijdsgroep", "lo", "hi").rows() == [("15-24", 0, 2)]


def test_who_is_older_than_a_law_is_for_counts_among_all_of_his_age():
    """G of wmo is 13..17, at most 15 of them in an age group: 0..17 of any age count as unknown, also of 25 to 44."""
    both = pl.DataFrame([("GM0999", DAY, "monitor_wmo")], UNLINKED.schema, orient="row")
    published, areas, residents, truth = place(("wmo", "G", 15, 15, 0), ("totaal", "G", 15, 15, 0))
    published, truth = of_ages(published, truth, {"0-14": (0, None), "15-24": (11, 10)} | NOBODY)
    ages = {"0-14": 0, "15-24": 11, "25-44": 4, "45-64": 0, "65+": 0}
    unique = published.filter(pl.col("tabel") == "monitor_totaal")
    small = [
        unique.with_columns(
            leeftijdsgroep=pl.lit(age),
            waarde=pl.lit(10 if n > 9 else None, pl.Int64),
            publicatiestatus=pl.lit("gepubliceerd" if n > 9 else "kleiner_dan_drempel"),
        )
        for age, n in ages.items()
    ]
    counts = [unique.select(KEY).with_columns(leeftijdsgroep=pl.lit(a), aantal=pl.lit(n)) for a, n in ages.items()]
    published, truth = pl.concat([published, *small]), pl.concat([truth, *counts], how="vertical_relaxed")
    outcome = attack(published, areas.head(1), residents.head(1), truth, both)
    assert not outcome.infeasible  # the four of 25 to 44 are in no age group of the law
    assert outcome.cells.is_empty()


def wajong(total: tuple[int, int | None], *regimes: tuple[int, int | None]):
    """The figures (count, value) of G and of its regimes; a value of None: hidden, under the threshold of 15."""
    published, areas, residents, truth = place(("wajong", "G", *total, 0))
    rows, counts = [published], [truth]
    for indicator, (count, value) in zip(links.REGIMES, regimes, strict=False):
        shown = pl.lit("kleiner_dan_drempel" if value is None else "gepubliceerd")
        own = {"indicator": pl.lit(indicator), "waarde": pl.lit(value, pl.Int64), "publicatiestatus": shown}
        rows.append(published.with_columns(**own))
        counts.append(truth.with_columns(indicator=pl.lit(indicator), aantal=pl.lit(count, pl.Int64)))
    table = pl.concat(rows).with_columns(drempel=pl.lit(15))
    return table, areas.head(1), residents.head(1), pl.concat(counts)


def test_regimes_of_the_wajong_are_their_total_within_rounding(monkeypatch: pytest.MonkeyPatch):
    """At most 62 in all, at least 38 and 38 of two regimes: no more than 62 - 76 + 20 = 6 are left for the third."""
    figures = wajong((62, 60), (38, 40), (38, 40), (1, None))
    assert attack(*figures, UNLINKED).safe
    outcome = attack(*figures, UNLINKED, width=8)
    assert outcome.cells.select("indicator", "lo", "hi").rows() == [("clienten_wajong_2015", 0, 6)]
    # What does not fit, as two suppliers told it, ties nothing; nor does what the attacker does not know.
    assert attack(*wajong((32, 30), (38, 40), (38, 40), (1, None)), UNLINKED, width=8).safe
    monkeypatch.setattr(links, "OFF", 10**6)
    assert attack(*figures, UNLINKED, width=8).safe


@pytest.mark.parametrize(("regimes", "found"), [(((22, 20), (22, 20), (14, None)), 1), (((22, 20), (14, None)), 0)])
def test_a_regime_that_is_not_told_can_be_anything(regimes: tuple, found: int):
    """Of 78 at most 22 and 22 are of two: at least 78 - 44 - 20 = 14 of the third, unless there is a fourth."""
    outcome = attack(*wajong((78, 80), *regimes), UNLINKED)
    assert (outcome.infeasible, outcome.exact) == (0, found)


def test_areas_and_ages_of_an_aggregate_do_not_add_up():
    published, areas, residents, truth = place(
        ("wajong", "G", 10, 10, 0), ("wajong", "A", 20, 20, 0), ("wajong", "B", 20, 20, 0)
    )
    assert attack(published, areas, residents, truth, UNLINKED).safe


def test_of_events_no_more_households_than_users():
    """Without clients: 6..9 households in B leave no fewer users there."""
    published, areas, residents, truth = provisions({"G": None, "A": None, "B": None}, {"G": 29, "A": 20, "B": 9})
    names = pl.col("indicator").replace({"clienten": "huishoudens", "voorzieningen": "gebruik"})
    outcome = attack(published.with_columns(names), areas, residents, truth.with_columns(names), UNLINKED)
    assert outcome.cells.select("indicator", "lo", "hi").rows() == [("gebruik", 6, 9), ("huishoudens", 6, 9)]


def test_unique_persons_give_a_regeling_away():
    figures = place(("totaal", "G", 23, 25, 0), ("wmo", "G", 17, 15, 0), ("wwb", "G", 6, None, 0))
    assert attack(*figures, UNLINKED).safe
    both = [("GM0999", DAY, "monitor_wmo"), ("GM0999", DAY, "monitor_wwb")]
    outcome = attack(*figures, pl.DataFrame(both, UNLINKED.schema, orient="row"))
    assert (outcome.attacked, outcome.exact, outcome.narrow, outcome.narrowest) == (1, 0, 1, 3)
    assert outcome.cells.select("tabel", "lo", "hi").rows() == [("monitor_wwb", 6, 9)]
    assert not outcome.safe


def test_a_repaired_figure_shown_again_is_seen():
    small = ("wmo", "B", 9, None, 0)
    outcome = attack(*place(("wmo", "G", 26, 25, 0), ("wmo", "A", 17, 15, 0), small), UNLINKED)
    assert outcome.cells.select("gebiedscode", "lo", "hi").rows() == [("WK099902", 6, 9)]
    published, areas, residents, truth = place(("wmo", "G", 26, 25, 0), ("wmo", "A", 17, None, 0), small)
    repaired = pl.when(pl.col("gebiedscode") == "WK099901").then(pl.lit("onderdrukt")).otherwise("publicatiestatus")
    published = published.with_columns(repaired.alias("publicatiestatus"))
    assert attack(published, areas, residents, truth, UNLINKED).safe
    # Who knows that only counts of at least 10 are called so, knows no more of the other here.
    assert attack(published, areas, residents, truth, UNLINKED, hidden_from=10).safe


def test_who_is_never_more_than_the_residents_is_asked_no_more():
    published, areas, residents, truth = place(
        ("wmo", "G", 2, None, 0), ("wmo", "A", 2, None, 0), ("wmo", "B", 0, None, 0)
    )
    few = residents.with_columns(pl.when(pl.col("gebiedscode") == "WK099902").then(500).otherwise(2).alias("inwoners"))
    assert attack(published, areas, few, truth, UNLINKED).safe


def test_figures_of_an_older_close_are_read_wider():
    grown = (("wmo", "A", 14, 10), ("wmo", "B", 14, 10), ("wmo", "G", 28, 30))
    naive = attack(*place(*((*figure, 0) for figure in grown)), UNLINKED)
    assert naive.infeasible
    assert not naive.safe
    assert attack(*place(*((*figure, 4 if figure[1] != "G" else 0) for figure in grown)), UNLINKED).safe


@pytest.mark.parametrize(("threshold", "found"), [(10, []), (15, [("WK099902", 11, 14)])])
def test_a_count_under_the_threshold_of_its_own_table_is_attacked(threshold: int, found: list):
    """G is 28..32 and A at least 15 where that is the threshold: 11..14 are left of the 12 of B."""
    published, areas, residents, truth = place(
        ("wmo", "G", 29, 30, 0), ("wmo", "A", 17, 15, 0), ("wmo", "B", 12, None, 0)
    )
    small = "kleiner_dan_drempel" if threshold > 12 else "onderdrukt"
    published = published.with_columns(
        pl.col("publicatiestatus").replace("kleiner_dan_drempel", small), drempel=pl.lit(threshold)
    )
    outcome = attack(published, areas, residents, truth, UNLINKED)
    assert (outcome.attacked, outcome.infeasible) == (len(found), 0)
    assert outcome.cells.select("gebiedscode", "lo", "hi").rows() == found
    assert outcome.safe == (not found)


def test_a_value_under_the_threshold_of_its_own_table_is_seen():
    published, areas, residents, truth = place(
        ("wmo", "G", 11, 10, 0), ("wmo", "A", 11, 10, 0), ("wmo", "B", 0, None, 0)
    )
    assert attack(published, areas, residents, truth, UNLINKED).safe
    outcome = attack(published.with_columns(drempel=pl.lit(15)), areas, residents, truth, UNLINKED)
    assert "monitor_wmo: een waarde onder de drempel" in outcome.findings


def test_a_missing_row_has_the_threshold_of_its_table_and_gemeente():
    published, areas, residents, truth = place(
        ("wmo", "G", 40, 40, 0), ("wmo", "A", 28, 30, 0), ("wmo", "B", 12, None, 0)
    )
    for threshold, attacked_figures in ((15, 1), (10, 0), (None, 0)):
        known = published.filter(pl.col("gebiedscode") != "WK099902").with_columns(drempel=pl.lit(threshold, pl.Int64))
        outcome = attack(known, areas, residents, truth, UNLINKED)
        assert outcome.attacked == attacked_figures
        assert "monitor_wmo: een rij van het rooster ontbreekt" in outcome.findings


def test_what_was_proven_before_is_not_proven_again_and_does_not_hide_a_change():
    """G of 26 and the 9 of B, once beside an A that is hidden, once beside one that is shown again."""
    figures = (("wmo", "G", 26, 25, 0), ("wmo", "B", 9, None, 0))
    hidden, shown = place(*figures, ("wmo", "A", 17, None, 0)), place(*figures, ("wmo", "A", 17, 15, 0))
    quiet = pl.when(pl.col("gebiedscode") == "WK099901").then(pl.lit("onderdrukt")).otherwise("publicatiestatus")
    hidden = (hidden[0].with_columns(publicatiestatus=quiet), *hidden[1:])
    moves = attack(*hidden, UNLINKED).moves
    assert attack(*hidden, UNLINKED, moves=moves).moves.equals(moves)
    assert attack(*shown, UNLINKED, moves=moves).narrow == 1
    # Another truth or width is another question.
    assert attack(*hidden, UNLINKED, moves=moves, width=9).safe
    others = hidden[3].with_columns(aantal=pl.col("aantal") - (pl.col("gebiedscode") != "WK099901").cast(pl.Int64))
    assert attack(*hidden[:3], others, UNLINKED, moves=moves).safe
