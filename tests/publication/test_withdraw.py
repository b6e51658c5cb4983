"""Withdrawing an edition: the ledger only grows, the next night heals, and what readers saw stays in the attack."""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from functools import cache
from pathlib import Path

import polars as pl
import pytest

from assets.ground.declared import BREAKDOWN, FIGURES, counted
from assets.protection.cells import HIDDEN, KEY, NOT_DELIVERED, PUBLISHED, cells_of, settings_of
from assets.protection.close import fresh
from assets.protection.protect import protect
from assets.protection.public import entries_of
from assets.protection.sdc import load_sdc
from assets.publication import edition, ledger
from assets.publication.withdraw import WithdrawError, sound_reason, withdraw
from orchestration import cli
from tests.making.closes import Closes
from tests.making.figures import areas, figures, residents
from tests.making.nights import environment
from tests.making.publishing import NOTHING
from tests.making.town import Town
from tests.validations.disclosure.gemeente import Gemeente, gemeente

DAYS = (date(2022, 3, 31), date(2022, 4, 30), date(2022, 5, 31), date(2022, 6, 30))
FIRST, SECOND, THIRD = date(2022, 5, 20), date(2022, 6, 20), date(2022, 7, 20)
HEALED = SECOND + timedelta(days=1)
# What differs from a history without the wrong edition: when it was made, not what it says.
OF_THE_RUN = "editie"


@cache
def town(night: int) -> Gemeente:
    return gemeente(3, 2000, 2, DAYS, linked=0, night=night)


def without_last(known: Gemeente, day: date) -> Gemeente:
    """As a night of which half was built knows it: wmo without its last month."""
    wmo, absent = known.figures["wmo"], pl.col("peildatum") == day
    wrong = wmo.with_columns(
        status=pl.when(absent).then(pl.lit(NOT_DELIVERED)).otherwise("status"),
        aantal=pl.when(absent).then(None).otherwise("aantal"),
    )
    return replace(known, figures=known.figures | {"wmo": wrong})


def night(closes: Closes, known: Gemeente, stand: date, *, sound: bool = True) -> None:
    closes.compute(known, stand)
    if sound:
        assert closes.audit()["reden"] == ""
    closes.publish()


def tables(closes: Closes, name: str | None = None) -> pl.DataFrame:
    """The figures of an edition (default: the latest)."""
    zone = closes.night.settings.publicatie
    folder = closes.folder / "publicatie" / str(name or edition.latest(zone))
    files = sorted(folder.glob("monitor_*.parquet"))
    frames = [
        counted()[file.stem.removeprefix("monitor_")]
        .joined(pl.read_parquet(file))
        .with_columns(tabel=pl.lit(file.stem))
        .select(["tabel", *FIGURES.columns, BREAKDOWN])
        for file in files
    ]
    return pl.concat(frames).drop(OF_THE_RUN).sort(KEY)


def copy(closes: Closes, folder: Path) -> Closes:
    return Closes(Path(shutil.copytree(closes.work.parent, folder, symlinks=True)))


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Closes:
    """One good close."""
    made = Closes(tmp_path_factory.mktemp("good"))
    night(made, town(0), FIRST)
    return made


@pytest.fixture(scope="module")
def undisturbed(good: Closes, tmp_path_factory: pytest.TempPathFactory) -> dict[date, pl.DataFrame]:
    """The tables of three closes without a fault."""
    made, found = copy(good, tmp_path_factory.mktemp("undisturbed") / "a"), {}
    for number, stand in ((1, SECOND), (2, THIRD)):
        night(made, town(number), stand)
        found[stand] = tables(made)
    return found


SABOTAGE = {"a month is gone": lambda: without_last(town(1), DAYS[2]), "other counts": lambda: town(9)}


@pytest.fixture(scope="module", params=SABOTAGE)
def healed(good: Closes, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Closes:
    """A wrong second close, withdrawn, and the night after it."""
    made = copy(good, tmp_path_factory.mktemp("healed") / "a")
    night(made, SABOTAGE[request.param](), SECOND, sound=False)
    done = withdraw(made.night.settings, str(SECOND), "Een levering telde niet mee.", SECOND)
    assert (done.latest, done.along, done.own) == (str(FIRST), [], True)
    assert edition.latest(made.night.settings.publicatie) == str(FIRST)
    night(made, town(1), HEALED)
    return made


def test_the_healed_edition_says_what_an_undisturbed_one_says(healed: Closes, undisturbed: dict):
    then, now = undisturbed[SECOND], tables(healed)
    assert now.height == then.height
    differ = then.join(now, on=KEY, suffix="_nu").filter(
        pl.any_horizontal(pl.col(c).ne_missing(pl.col(f"{c}_nu")) for c in ("waarde", "publicatiestatus", "noemer"))
    )
    # Only where readers saw a figure of the same count in another form, or what protects such a figure.
    assert differ.filter(pl.col("waarde").is_not_null() & pl.col("waarde_nu").is_not_null()).is_empty()
    if tables(healed, str(SECOND)).filter(pl.col("publicatiestatus") == NOT_DELIVERED).height:
        assert differ.is_empty()


def test_what_was_right_keeps_the_form_that_readers_saw(healed: Closes):
    seen = tables(healed, str(SECOND)).join(healed.known.select(*KEY, "sluiting", "aantal"), on=KEY)
    counts = ledger.as_of(healed.night.settings.kluis, [str(SECOND)]).select(*KEY, toen="aantal", oud="sluiting")
    same = seen.join(counts, on=KEY).filter(pl.col("aantal") == pl.col("toen"), pl.col("sluiting") == HEALED)
    now = tables(healed)
    both = same.join(now, on=KEY, suffix="_nu")
    assert both.height > 30
    assert both.filter(pl.col("waarde").ne_missing(pl.col("waarde_nu"))).is_empty()
    assert both.filter(pl.col("publicatiestatus") != pl.col("publicatiestatus_nu")).is_empty()


def test_the_ledger_only_grew_and_no_figure_rests_on_what_was_withdrawn(healed: Closes):
    kluis = healed.night.settings.kluis
    assert ledger.all_names(kluis) == [str(FIRST), str(SECOND), str(HEALED)]
    assert ledger.names(kluis) == [str(FIRST), str(HEALED)]
    assert set(healed.known.get_column("sluiting")) == {FIRST, HEALED}
    assert ledger.seen(kluis).is_empty()
    # As it was known on the day itself, and on the day before.
    assert ledger.names(kluis, FIRST) == [str(FIRST)]
    assert ledger.withdrawals(kluis, FIRST) == []
    (entry,) = ledger.withdrawals(kluis)
    assert (entry["editie"], entry["toelichting"]) == (str(SECOND), "Een levering telde niet mee.")


def test_the_next_close_goes_on_and_its_audit_finds_nothing(healed: Closes, undisturbed: dict, tmp_path: Path):
    closes = copy(healed, tmp_path / "a")
    night(closes, town(2), THIRD)
    months = tables(closes).get_column("peildatum").unique().sort()
    assert months.to_list() == undisturbed[THIRD].get_column("peildatum").unique().sort().to_list()


def test_a_wrong_figure_is_no_bound_and_a_right_one_is(healed: Closes):
    """Taken for set by the healed night, the wrong edition would leave no truth; so it is not taken for that."""
    wrong = tables(healed, str(SECOND)).filter(pl.col("publicatiestatus") == PUBLISHED)
    counts = healed.known.select(*KEY, "aantal")
    off = wrong.join(counts, on=KEY).filter((pl.col("waarde") - pl.col("aantal")).abs() > 2, pl.col("aantal") >= 10)
    now = tables(healed).join(off.select(KEY), on=KEY, how="semi")
    truth = now.filter(pl.col("publicatiestatus") == PUBLISHED).join(counts, on=KEY)
    set_now = truth.join(healed.known.filter(pl.col("sluiting") == HEALED).select(KEY), on=KEY, how="semi")
    assert set_now.filter((pl.col("waarde") - pl.col("aantal")).abs() > 2).is_empty()


# --- what it refuses, and where it points ---


@pytest.fixture
def three(good: Closes, tmp_path: Path) -> Closes:
    made = copy(good, tmp_path / "a")
    for number, stand in ((1, SECOND), (2, THIRD)):
        night(made, town(number), stand, sound=False)
    return made


def test_an_edition_below_others_takes_them_along(three: Closes):
    settings = three.night.settings
    done = withdraw(settings, str(SECOND), sound_reason(None), THIRD)
    assert (done.latest, done.along) == (str(FIRST), [str(THIRD)])
    # What they made on top of it goes with it, and is set anew.
    assert ledger.names(settings.kluis) == [str(FIRST)]
    night(three, town(2), THIRD + timedelta(days=1))
    assert edition.latest(settings.publicatie) == "2022-07-21"
    then, now = tables(three, str(THIRD)), tables(three)
    assert now.select(KEY).equals(then.select(KEY))


def test_the_first_edition_leaves_none(good: Closes, tmp_path: Path):
    closes = copy(good, tmp_path / "a")
    settings = closes.night.settings
    assert withdraw(settings, str(FIRST), sound_reason(None), FIRST).latest is None
    assert edition.latest(settings.publicatie) is None
    assert not (tmp_path / "a" / "publicatie" / "laatste").is_symlink()
    night(closes, town(0), FIRST)
    assert edition.latest(settings.publicatie) == f"{FIRST}-2"


def test_a_withdrawal_that_was_cut_short_is_finished(three: Closes, monkeypatch: pytest.MonkeyPatch):
    settings = three.night.settings
    with monkeypatch.context() as patch:
        patch.setattr(edition, "point_back", lambda *_: (_ for _ in ()).throw(OSError(28, "vol")))
        with pytest.raises(OSError, match="vol"):
            withdraw(settings, str(THIRD), sound_reason(None), THIRD)
    assert edition.latest(settings.publicatie) == str(THIRD)
    assert withdraw(settings, str(THIRD), sound_reason(None), THIRD).latest == str(SECOND)
    assert len(ledger.withdrawals(settings.kluis)) == 1
    with pytest.raises(WithdrawError, match="is al ingetrokken, op 2022-07-20"):
        withdraw(settings, str(THIRD), sound_reason(None), THIRD)


def test_what_the_command_says(three: Closes, capsys: pytest.CaptureFixture):
    with environment(Town(three.work.parent).environment()):
        assert cli.main(["herstel", "2021-01-01"]) == 2
        assert "Die editie is er niet. De laatste edities: 2022-05-20, 2022-06-20" in capsys.readouterr().out
        assert cli.main(["herstel", str(THIRD), "--reden", "<script>"]) == 2
        assert "<script>" not in (printed := capsys.readouterr().out)
        assert "Er is niets ingetrokken" in printed
        assert cli.main(["herstel", str(THIRD), "--reden", "De levering van mei was half."]) == 0
        assert f"laatste wijst nu naar editie {SECOND}" in capsys.readouterr().out
        assert cli.main(["herstel", str(THIRD)]) == 2
        assert "al ingetrokken" in capsys.readouterr().out


@pytest.mark.parametrize(
    "text",
    [
        "Dossier 999900006 telde dubbel",
        "Dossier 9999 000 06 telde dubbel",
        "=HYPERLINK(1)",
        "<b>fout</b>",
        "op 6001 AB",
        "van 6001AB",
        "x" * 201,
        "wie@example.nl",
        "a" * 64,
        "",
    ],
)
def test_a_reason_that_may_not_be_published_is_refused(text: str):
    with pytest.raises(WithdrawError) as refused:
        sound_reason(text or "   \x1b")
    assert not text or text not in str(refused.value)


def test_a_plain_reason_may_be_published():
    for text in (
        "Levering van 2026-06-15 half ingelezen (bus, mei)",
        "Fout in het model: 100% te laag, zie 2026-07-15-2",
    ):
        assert sound_reason(f"  {text}\n") == text
    assert sound_reason(None).endswith(".")


@pytest.mark.parametrize(("off", "status"), [(0, HIDDEN), (1, PUBLISHED)], ids=["same count", "another count"])
def test_what_was_hidden_with_the_same_count_stays_so_and_another_count_binds_nothing(off: int, status: str):
    """Without a reason of its own to be hidden: only that readers saw it so."""
    sdcs, known = settings_of("wmo", ["GM0999"]), NOTHING
    made = cells_of("wmo", figures(), areas(), residents(), sdcs, known=known)
    first = protect(fresh(made, known, 5, due=True), load_sdc())
    one = (pl.col("gebiedscode") == "BU09990201") & (pl.col("indicator") == "clienten")
    assert set(first.filter(one).get_column("publicatiestatus")) == {PUBLISHED}
    was = entries_of(first, load_sdc(), SECOND).with_columns(
        publicatiestatus=pl.when(one).then(pl.lit(HIDDEN)).otherwise("publicatiestatus"),
        reden=pl.when(one).then(pl.lit("secundair")).otherwise("reden"),
        aantal=pl.when(one).then(pl.col("aantal") + off).otherwise("aantal"),
    )
    again = protect(fresh(made, known, 5, due=True, seen=was), load_sdc())
    assert set(again.filter(one).get_column("publicatiestatus")) == {status}
