"""monitor_kwaliteit and monitor_herkomst: what they publish tells no number under 10, no day and no exact figure."""

import re
from collections import defaultdict
from datetime import date

import polars as pl
import pytest

from assets.publication.tables import coarse_percentage, coarse_rows, monitor_kwaliteit
from assets.record.records import OVERVIEW
from assets.registrations.declaration import registrations
from tests.making.nights import GEMEENTE, Nights

AUDIT = {"stand": "2022-07-20", "aangevallen": 238, "smalste": 5, "aanval": "0a1b2c3d"}
MONTH = re.compile(r"\d{4}-\d{2}")


@pytest.mark.parametrize("limit", [1, 5, 10, 40])
def test_no_published_pair_tells_a_number_of_records_under_ten(limit: int):
    """Every number of good and rejected rows: of all that look alike, each is 10 or more, or has ten values."""
    most = 3000
    good, rejected = defaultdict(set), defaultdict(set)
    for rows in range(1, most + 1):
        # More are the same for the reader: nothing above the limit is accepted, and far above it all is refused.
        for broken in range(int(rows * limit / (100 - limit)) + 40):
            accepted = 100 * broken <= limit * (rows + broken)
            seen = (accepted, coarse_rows(rows, limit), coarse_percentage(rows, broken))
            good[seen].add(rows)
            rejected[seen].add(broken)
    assert len(good) > 10
    for possible in (good, rejected):
        open_to_doubt = [seen for seen, values in possible.items() if min(values) < 10 and len(values) < 10]
        assert open_to_doubt == []


def quality(*deliveries: dict, bron: str = "wmo", stand: str = "2022-07-20", **asked: date) -> dict:
    given = {"bron": bron, "leverancier": GEMEENTE, "gemeentecode": GEMEENTE, "toestand": "aanvaard", "open_regels": ""}
    given |= {"rijen": 4000, "rijen_levering": 4000, "uitval": 40}
    overview = pl.DataFrame([given | one for one in deliveries], schema=OVERVIEW)
    some = {bron: registrations()[bron]}
    last_asked = {bron: {GEMEENTE: asked["asked"]}} if asked else {}
    day = date.fromisoformat(stand)
    return monitor_kwaliteit(overview, [GEMEENTE], some, stand=day, audit=AUDIT, asked=last_asked).row(0, named=True)


def test_months_are_told_and_lateness_is_by_month():
    registration = registrations()["wmo"]
    days = registration.cadence_days + registration.grace_days
    delivered = date(2022, 7, 5)
    row = quality({"leverdatum": delivered})
    assert (row["laatste_levering"], row["rijen"], row["uitval_pct"]) == ("2022-07", 4000, 1)
    month = date.fromordinal(delivered.toordinal() + days)
    assert row["verwacht_voor"] == f"{month:%Y-%m}"
    # Not from the day itself, which would tell the day of the delivery.
    last = month.replace(day=28)
    assert quality({"leverdatum": delivered}, stand=str(last))["actualiteit"] == "op tijd"
    later = date.fromordinal(last.toordinal() + 5)
    assert quality({"leverdatum": delivered}, stand=str(later))["actualiteit"] == "te laat"


def test_of_a_source_that_is_asked_the_last_answer_counts_and_no_number_of_changed_dossiers():
    old = {"leverdatum": date(2022, 1, 10)}
    assert quality(old, bron="schuldhulpverlening")["actualiteit"] == "te laat"
    row = quality(old, bron="schuldhulpverlening", asked=date(2022, 7, 19))
    assert (row["laatste_levering"], row["actualiteit"]) == ("2022-07", "op tijd")
    assert (row["rijen"], row["uitval_pct"]) == (None, None)


def test_of_a_delivery_for_several_gemeenten_each_is_told_its_own_rows():
    """And what is wrong with the whole, both."""
    rmc = {"bron": "vsv", "leverancier": "RMC", "leverdatum": date(2022, 7, 5), "rijen_levering": 5000}
    mine = rmc | {"gemeentecode": GEMEENTE, "rijen": 1000}
    others = [rmc | {"gemeentecode": code, "rijen": 3000} for code in ("GM0001", "GM9999")]
    row = quality(others[0], mine, others[1], bron="vsv")
    assert (row["rijen"], row["uitval_pct"]) == (1000, 1)
    blocked = {
        "leverdatum": date(2022, 8, 5),
        "toestand": "geblokkeerd",
        "gemeentecode": "RMC",
        "open_regels": "LEV-02",
    }
    row = quality(mine, *others, rmc | blocked, bron="vsv")
    assert (row["toestand"], row["open_regels"], row["laatste_levering"]) == ("geblokkeerd", "LEV-02", "2022-08")


def test_the_audit_tells_nothing_that_depends_on_a_hidden_figure():
    assert quality({"leverdatum": date(2022, 7, 5)})["auditresultaat"] == "in orde op 2022-07-20, aanval 0a1b2c3d"


def test_an_edition_tells_months_and_identifiers(first_night: Nights):
    origin = pl.read_parquet(first_night.latest / "monitor_herkomst.parquet")
    quality = pl.read_parquet(first_night.latest / "monitor_kwaliteit.parquet")
    assert origin.height > 20
    dates = {name for frame in (origin, quality) for name, dtype in frame.schema.items() if dtype == pl.Date}
    assert dates == {"peildatum"}
    for column in (origin["levermaand"], quality["laatste_levering"], quality["verwacht_voor"]):
        assert all(MONTH.fullmatch(month) for month in column.drop_nulls())
    assert all(re.fullmatch("[a-z]{16}", name) for name in origin["levering"])
    assert all(not re.search(r"\d\d+ kleine|smalste", text) for text in quality["auditresultaat"])
