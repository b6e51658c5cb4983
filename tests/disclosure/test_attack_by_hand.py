"""The attacker on one gemeente of two wijken: what a reader can work out by hand, figure by figure."""

from datetime import date

import polars as pl
import pytest

from tests.disclosure.trial import UNLINKED
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
    proofs = {}
    assert attack(*hidden, UNLINKED, proofs=proofs).safe
    first = len(proofs)
    assert attack(*hidden, UNLINKED, proofs=proofs).safe
    assert len(proofs) == first > 0
    assert attack(*shown, UNLINKED, proofs=proofs).narrow == 1
    # Another truth, width or threshold is another question.
    assert attack(*hidden, UNLINKED, proofs=proofs, width=9).safe
    assert len(proofs) > first
