"""Traps of leerlingenvervoer, collectieve zorgverzekering and wet OKE. Each function is one small gemeente."""

from tests.dbt_project.reference.facts import benefit, lives, record
from tests.dbt_project.reference.village import Village

LLV, CZV, OKE = "leerlingenvervoer", "collectieve_zorgverzekering", "wet_oke"
# Born so long ago that they are in a denominator in every month of these tests.
PUPIL, TODDLER = "20120615", "20190401"


def every_school_year_anew(v: Village) -> None:
    """All decisions end on 31 July, which does not count on the day; the quarter sees no change."""
    v.live(*(lives(n, v.at("0101", n), born=PUPIL) for n in (1, 2, 3)), lives(4, v.at("0201")))
    v.stock(
        LLV,
        "2020/21",
        record(1, "L1", "2020-08-01", "2021-07-31"),
        record(2, "L2", "2021-02-10"),
        record(3, "L3", "2020-08-01"),
    )
    v.stock(
        LLV,
        "2021/22",
        record(1, "L4", "2021-08-01", "2022-07-31"),
        record(2, "L2", "2021-02-10"),
        on_day="2021-10-08",
    )
    v.expect(LLV, "2021-01", clienten=2, voorzieningen=2)
    v.expect(LLV, "2021-02", clienten=3, instroom=1)
    v.expect(LLV, "2021-06", clienten=3)
    # 3 is not on the next list: it ended on the last day of this school year. Only 2 runs on.
    v.expect(LLV, "2021-07", clienten=1, gebruik=3, uitstroom=2)
    v.expect(LLV, "2021-08", clienten=2, instroom=1)
    v.expect(LLV, "2021-09", clienten=2, instroom_kwartaal=0, uitstroom_kwartaal=1)
    v.expect(LLV, "2022-03", clienten=2)
    v.expect_noemer(LLV, "2021-06", 3)
    v.expect_noemer(LLV, "2021-06", 0, "0201")


def a_later_list_of_the_school_year(v: Village) -> None:
    """Replaces the earlier one altogether; a broken one replaces nothing."""
    v.live(*(lives(n, v.at("0102", n), born=PUPIL) for n in (1, 2, 3)))
    one = record(1, "L1", "2020-08-01", "2021-07-31")
    v.stock(LLV, "2020/21", one, record(2, "L2", "2020-08-01", "2021-07-31"), on_day="2020-09-08")
    v.stock(LLV, "2020/21", one, record(3, "L3", "2021-02-01", "2021-05-20"), on_day="2021-06-08")
    v.stock(LLV, "2020/21", record(2, "L2", "2020-08-01"), on_day="2021-07-08", broken=True)
    v.expect(LLV, "2021-01", clienten=1)
    v.expect(LLV, "2021-02", clienten=2, instroom=1)
    v.expect(LLV, "2021-05", clienten=1, uitstroom=1, gebruik=2)
    v.expect(LLV, "2021-08", clienten="niet_geleverd")


def a_family_on_one_policy(v: Village) -> None:
    """Each of them is a person, the policy counts once; who moved away stays on the list and is told."""
    v.live(
        *(
            lives(n, v.at("0101"), household="1", born=born)
            for n, born in ((1, "19800101"), (2, "19800101"), (3, PUPIL))
        ),
        lives(4, v.at("0202"), tot="2021-03-10"),
    )
    family = [record(n, "7001", "2020-01-01", code=role) for n, role in ((1, "hoofd"), (2, "partner"), (3, "kind"))]
    v.stock(CZV, "2021", *family, record(4, "7002", "2020-01-01"), record(5, "7003", "2021-02-01"), on_day="2021-12-05")
    v.expect(CZV, "2021-01", clienten=4, huishoudens=2, voorzieningen=2)
    v.expect(CZV, "2021-02", clienten=5, instroom=1)
    v.expect(CZV, "2021-03", clienten=4, voorzieningen=2, signaal_vertrokken=1)
    v.expect(CZV, "2021-03", "0101", clienten=3, huishoudens=1, voorzieningen=1)
    v.expect(CZV, "2021-03", "onbekend", clienten=1)
    v.expect(CZV, "2022-01", clienten="niet_geleverd")
    v.expect_noemer(CZV, "2021-01", 2, of="huishoudens")
    v.expect_noemer(CZV, "2021-01", None)


def the_list_of_the_next_year(v: Village) -> None:
    """Who is not on it ended on 31 December; who is, runs on. A stranger is placed by the newest list's address."""
    v.live(lives(1, v.at("0101")), lives(2, v.at("0102")))
    two = record(2, "7002", "2019-01-01")
    v.stock(CZV, "2021", record(1, "7001", "2019-01-01"), two, record(3, "7003", "2021-01-01", address=v.at("0201")))
    new = record(3, "7003", "2021-01-01", address=v.at("AF01"))
    v.stock(CZV, "2022", two, new, record(4, "7004", "2022-01-01", "2022-02-28"), on_day="2022-04-02")
    v.expect(CZV, "2021-11", clienten=3)
    v.expect(CZV, "2021-11", "AF01", clienten=1)
    v.expect(CZV, "2021-12", clienten=2, gebruik=3, uitstroom=1)
    v.expect(CZV, "2022-01", clienten=3, instroom=1)
    v.expect(CZV, "2022-02", clienten=2, gebruik=3)


def cluster_m(v: Village) -> None:
    """The health insurance in BUS counts as special assistance only where no list of the insurer covers the month."""
    v.live(*(lives(n, v.at("0101", n)) for n in (1, 2, 3, 9)))
    paid = (benefit(1, "S1", "2020-11-01", code="11", cluster="m"), benefit(2, "S2", "2020-11-01", code="11"))
    for month in ("2021-11", "2021-12", "2022-01", "2022-02"):
        once = benefit(3, "S3", f"{month}-10", code="12", cluster="m")
        v.bus(month, benefit(9, "B9", "2020-01-01"), *paid, once)
    v.stock(CZV, "2022", record(1, "7001", "2022-01-01"), on_day="2022-04-02")
    v.expect("bijzondere_bijstand", "2021-11", gebruik=3, voorzieningen=3)
    v.expect("bijzondere_bijstand", "2021-12", gebruik=3, voorzieningen=3)
    v.expect("bijzondere_bijstand", "2022-01", gebruik=1, voorzieningen=1)
    v.expect("bijzondere_bijstand", "2022-02", gebruik=1)
    v.expect(CZV, "2022-01", clienten=1)


def placed_and_not_placed(v: Village) -> None:
    """A placement counts; waiting and refusing do not. The register's month is the period."""
    v.live(*(lives(n, v.at("0101", n), born=TODDLER) for n in (1, 2, 3)), lives(4, v.at("0102"), born="20210815"))
    first = record(1, "123456789", "2021-05-10", code="geplaatst")
    waits = record(2, "", "2021-05-10", code="niet_geplaatst")
    refused = record(3, "", "2021-05-10", code="geweigerd")
    v.stock(OKE, "2021-05", first, waits, refused)
    v.stock(OKE, "2021-06", first, record(2, "123456789", "2021-06-20", code="geplaatst"), refused)
    v.stock(OKE, "2021-07", record(2, "123456789", "2021-06-20", "2021-07-31", code="geplaatst"), refused)
    v.stock(OKE, "2021-09", refused)
    v.expect(OKE, "2021-05", clienten=1, voorzieningen=1)
    # 1 is gone from July on without an end date.
    v.expect(OKE, "2021-06", clienten=1, gebruik=2, instroom=1, uitstroom=1)
    v.expect(OKE, "2021-07", clienten=0, gebruik=1)
    v.expect(OKE, "2021-08", clienten="niet_geleverd")
    v.expect(OKE, "2021-09", clienten=0)
    v.expect_noemer(OKE, "2021-05", 3)
    v.expect_noemer(OKE, "2021-05", 0, "0102")


def known_by_number_first(v: Village) -> None:
    """The same child under its kindnummer and, later, its BSN: one placement, no inflow when the BSN comes."""
    v.live(lives(1, v.at("0101"), born=TODDLER))
    v.stock(OKE, "2021-05", record(1, "123456789", "2021-05-10", code="geplaatst", known_by="K7", no_bsn=True))
    v.stock(OKE, "2021-06", record(1, "123456789", "2021-05-10", code="geplaatst", known_by="K7"))
    v.stock(OKE, "2021-07", record(1, "123456789", "2021-05-10", code="geplaatst"))
    v.expect(OKE, "2021-05", clienten=1)
    v.expect(OKE, "2021-05", "0101", clienten=1)
    v.expect(OKE, "2021-06", clienten=1, instroom=0, uitstroom=0)
    v.expect(OKE, "2021-07", clienten=1, voorzieningen=1)


TRAPS = (
    every_school_year_anew,
    a_later_list_of_the_school_year,
    a_family_on_one_policy,
    the_list_of_the_next_year,
    cluster_m,
    placed_and_not_placed,
    known_by_number_first,
)
