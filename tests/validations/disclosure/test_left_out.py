"""What is not published for a regeling is not in the tables; what once was public of it stays known to the attacker."""

from datetime import date
from pathlib import Path

import polars as pl
import pytest

from assets.ground.regelingen import own_provisions, telwijzen
from assets.protection.cells import KEY, PUBLISHED
from assets.protection.sdc import UnsafeSettingsError, load_sdc, settings_mark
from assets.publication import audit
from assets.publication.rates import of_tables
from assets.publication.tables import dim_indicator
from assets.registrations.declaration import registrations
from tests.making.closes import Closes
from tests.making.verhouding import verhouding
from tests.protection.test_protect import changed_settings
from tests.validations.disclosure.gemeente import gemeente
from validations.disclosure import links
from validations.language.seeds import FOLDER

DAYS = (date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30))
FIRST, SECOND, THIRD = date(2022, 5, 20), date(2022, 6, 20), date(2022, 7, 20)
SDC = load_sdc()


def test_the_attacker_and_the_seed_say_the_same_of_provisions():
    tables = {f"monitor_{regeling}": how for regeling, how in own_provisions().items()}
    assert {table for table, how in tables.items() if how == "een"} == set(links.ONE_EACH)
    events = {f"monitor_{regeling}" for regeling, how in telwijzen().items() if how == "gebeurtenis"}
    own = {table for table, how in tables.items() if how == "minstens_een"}
    assert (own - events, own & events) == (set(links.OF_CLIENTS), set(links.OF_USERS))


def test_what_nearly_always_equals_another_figure_is_not_in_the_grid_and_is_said_so():
    indicators, laws = pl.read_csv(FOLDER / "indicatoren.csv"), pl.read_csv(FOLDER / "regelingen.csv")
    told = dim_indicator(indicators, laws, of_tables(verhouding()), registrations(), same_as=SDC.same_as, grids={})
    assert SDC.same_as["wsw"]["voorzieningen"] == "clienten"
    for regeling, pairs in SDC.same_as.items():
        shown = set(SDC.cells(regeling).get_column("indicator"))
        rows = told.filter(pl.col("regeling") == regeling)
        rules = dict(rows.select("indicator", "publicatieregel").iter_rows())
        assert not shown & set(pairs)
        for indicator, other in pairs.items():
            assert rules[indicator] == f"niet gepubliceerd voor deze regeling: bijna altijd gelijk aan {other}"
            assert other in shown
            assert "niet gepubliceerd" not in rules[other]
    assert "voorzieningen" in set(SDC.cells("wmo").get_column("indicator"))


READINGS = {
    "bijzondere_bijstand": ["Cluster j telt niet mee", "in de maand van het bestand", "twee of meer", "partners"],
    "jeugdzorg": ["onbekende gebied", "aansluitende records", "twee of meer geleverde perioden", "de berichten"],
    "wwb": ["een van beide gebieden", "twee of meer geleverde perioden"],
}


def test_what_law_or_source_leaves_open_is_said_behind_every_definition():
    indicators, laws = pl.read_csv(FOLDER / "indicatoren.csv"), pl.read_csv(FOLDER / "regelingen.csv")
    told = dim_indicator(indicators, laws, of_tables(verhouding()), registrations(), same_as=SDC.same_as, grids={})
    for regeling, words in READINGS.items():
        texts = told.filter(pl.col("regeling") == regeling).get_column("definitie").to_list()
        assert texts
        assert all(word in text for text in texts for word in words)
    assert told.get_column("definitie").null_count() == 0


@pytest.mark.parametrize("pairs", [{"voorzieningen": "uren"}, {"voorzieningen": "voorzieningen"}])
def test_a_figure_that_is_left_out_has_another_that_is_not(tmp_path: Path, pairs: dict):
    with pytest.raises(UnsafeSettingsError, match="valt_samen van wsw"):
        load_sdc(changed_settings(tmp_path, {"valt_samen": {"wsw": pairs}}))


def test_what_leaves_the_grid_is_still_known_to_who_saw_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """Two closes with `voorzieningen` of wwb and wmo, then one of which sdc.yml says that it is not published."""
    made = Closes(tmp_path)

    def night(left_out: dict, number: int, stand: date) -> None:
        file = changed_settings(tmp_path, {"valt_samen": left_out})
        monkeypatch.setattr(load_sdc, "__defaults__", (file, None))
        monkeypatch.setattr(settings_mark, "__defaults__", (file,))
        made.compute(gemeente(4, 2500, 2, DAYS, linked=0, night=number), stand)

    for number, stand in enumerate((FIRST, SECOND)):
        night({}, number, stand)
        assert made.audit()["reden"] == ""
        made.publish()
    old = made.known
    left = pl.col("indicator") == "voorzieningen"
    assert old.filter(left, pl.col("publicatiestatus") == PUBLISHED).height > 5
    tried, attack_today = [], audit.attack_today

    def seen(public: pl.DataFrame, cells: pl.DataFrame, *arguments, **options):
        tried.append(public.filter(left, pl.col("waarde").is_not_null()).join(cells, on=KEY, how="semi").height)
        return attack_today(public, cells, *arguments, **options)

    monkeypatch.setattr(audit, "attack_today", seen)
    night({regeling: {"voorzieningen": "clienten"} for regeling in ("wmo", "wwb")}, 2, THIRD)
    told = made.audit()
    # It is gone from the tables, and that alone stops no edition; the attack of today and of each close had it.
    assert (told["reden"], told["smalste"]) == ("", SDC.width)
    for table in ("monitor_wmo", "monitor_wwb"):
        assert pl.read_parquet(made.work / "vrij" / f"{table}.parquet").filter(left).is_empty()
    assert len(tried) == 3
    assert tried[0] > 5
    assert tried[1] > 0
    made.publish()
    # Nothing of it is set anew, and no month that was not public gets it.
    assert made.known.filter(left).equals(old.filter(left))
