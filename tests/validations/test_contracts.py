"""Every rule of every contract fails on bad data and passes on good; nothing is lost between good rows and uitval."""

import re
import traceback
from dataclasses import replace

import pandera.polars as pa
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assets.registrations.declaration import registrations
from tests.making.town import bsn
from tests.validations.contract_cases import CASES, wajong
from tests.validations.contract_cases.brp import BRP
from tests.validations.contract_cases.bus import BUS, ENDED, SPECIAL
from tests.validations.contract_cases.case import NO_BSN, Row
from validations.language.contract import Rule, required
from validations.language.delivery import RULES, DeliveryRule
from validations.language.judge import Verdict

RULE_CASES = [(name, rule_id) for name, case in CASES.items() for rule_id in case.bad]
ALL_RULES: list[Rule | DeliveryRule] = [
    *(rule for case in CASES.values() for rule in case.contract.rules),
    *RULES.values(),
]


def test_every_contract_of_every_registration_has_a_case():
    contracts = {id(contract) for each in registrations().values() for contract in each.contracts.values()}
    assert contracts == {id(case.contract) for case in CASES.values()}


@pytest.mark.parametrize("name", CASES)
def test_sound_rows_pass(name: str):
    verdict = CASES[name].judge(list(CASES[name].sound))
    assert verdict.uitval.is_empty()
    assert (verdict.good.height, verdict.rejected) == (len(CASES[name].sound), 0)


@pytest.mark.parametrize("name", CASES)
def test_the_table_breaks_every_rule_of_the_contract(name: str):
    assert set(CASES[name].bad) == {rule.id for rule in CASES[name].contract.rules}


@pytest.mark.parametrize(("name", "rule_id"), RULE_CASES, ids=[rule_id for _, rule_id in RULE_CASES])
def test_a_row_that_breaks_one_rule_gives_that_finding_only(name: str, rule_id: str):
    case = CASES[name]
    assert case.findings(case.bad[rule_id]) == {rule_id} | case.too.get(rule_id, set())


def test_rule_ids_are_unique_over_all_contracts():
    ids = [rule.id for rule in ALL_RULES]
    assert len(ids) == len(set(ids))


def test_a_rule_tells_its_owner_what_is_wrong_and_what_to_do():
    texts = [text for rule in ALL_RULES for text in (rule.message, rule.hint)]
    assert [text for text in texts if not re.search(r"\w+ \w+.*\.$", text)] == []
    # A format that was never filled in, or a value of Python.
    assert [text for text in texts if re.search(r"[{}<>]|%[sd]|None|True|False|TODO|  |\.\.", text)] == []


@pytest.mark.parametrize("name", CASES)
def test_the_finding_names_file_line_rule_and_column(name: str):
    case = CASES[name]
    rule = case.contract.rules[0]
    found = case.judge([*case.sound[1:], case.bad[rule.id]]).uitval
    assert found.rows() == [("bestand.txt", len(case.sound), rule.id, rule.columns[0])]


def test_one_bad_value_hides_no_other():
    bad = BUS | {"aanvangsdatum": "20140631", "huisvesting": "9", "bsn": NO_BSN}
    assert CASES["bus"].findings(bad) == {"BUS-18", "BUS-26", "BUS-04"}
    also_typed = bad | {"einddatum": "20131231", "reden_beeindiging": "12", "betaalbaar_bedrag": "-"}
    assert CASES["bus"].findings(also_typed) == {"BUS-18", "BUS-26", "BUS-04", "BUS-27", "BUS-29"}


@pytest.mark.parametrize("sentinel", ["000000000", "999999999", "111111110", "00000000"])
@pytest.mark.parametrize(
    ("name", "rule_id"), [("brp", "BRP-03"), ("bus", "BUS-03"), ("wmo", "WMO-03"), ("schuldhulp_clienten", "SHV-37")]
)
def test_a_sentinel_gives_the_sentinel_finding_and_no_other(name: str, rule_id: str, sentinel: str):
    assert CASES[name].findings(CASES[name].sound[0] | {"bsn": sentinel}) == {rule_id}


def test_the_elfproef_is_that_of_the_law():
    numbers = [str(number) for number in range(999_900_000, 999_901_000)]
    verdict = CASES["brp"].judge([BRP | {"bsn": number} for number in numbers])
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    valid = [n for n in numbers if sum(int(d) * w for d, w in zip(n, weights, strict=True)) % 11 == 0]
    assert verdict.good["bsn"].to_list() == valid
    assert len(valid) > 80


@pytest.mark.parametrize(("number", "found"), [("10000008", set()), ("10000009", {"BRP-04"}), ("1000008", {"BRP-02"})])
def test_a_bsn_of_eight_digits_is_padded_before_the_elfproef(number: str, found: set[str]):
    assert CASES["brp"].findings(BRP | {"bsn": number}) == found


@pytest.mark.parametrize(
    ("changes", "rule_id", "in_2014", "in_2015"),
    [
        *((SPECIAL | {"cluster": letter}, "BUS-23", False, True) for letter in "klm"),
        (SPECIAL | {"cluster": "j"}, "BUS-23", True, True),
        (BUS | {"categoriaal": "1"}, "BUS-32", True, False),
        (ENDED | {"reden_beeindiging": "08"}, "BUS-27", True, False),
        (ENDED | {"reden_beeindiging": "99"}, "BUS-27", True, False),
        (ENDED | {"reden_beeindiging": "01"}, "BUS-27", True, True),
        (BUS | {"ontheffing": "3"}, "BUS-34", True, False),
        (BUS | {"ontheffing": "5"}, "BUS-34", False, True),
    ],
)
def test_a_code_is_judged_on_the_statistic_month(changes: Row, rule_id: str, in_2014: bool, in_2015: bool):
    for year, month, valid in (("2014", "12", in_2014), ("2015", "01", in_2015)):
        row = changes | {"statistiekjaar": year, "statistiekmaand": month}
        found = CASES["bus"].judge([row]).uitval["regel_id"].to_list()
        assert found == ([] if valid else [rule_id]), (year, month)


def test_the_value_of_another_script_or_of_the_year_0_is_no_value():
    arabic = "\N{ARABIC-INDIC DIGIT SEVEN}"
    changes = {"bsn": arabic * 9, "huisnummer": arabic, "datum_einde_adres": "00000101"}
    assert CASES["brp"].findings(BRP | changes) == {"BRP-02", "BRP-13", "BRP-19"}


def test_the_first_of_a_double_stays_and_a_double_over_columns_that_may_be_empty_counts():
    advance = SPECIAL | {"statistiekcode": "12"}
    verdict = CASES["bus"].judge([advance, advance, advance | {"cluster": "b"}, BUS, BUS])
    assert verdict.uitval.select("regel", "regel_id").rows() == [(2, "BUS-37"), (5, "BUS-37")]


def test_the_coherence_of_a_gemeente_is_asked_of_its_own_folder_only():
    case = CASES["bus"]
    rows: list[Row] = [BUS, BUS | {"bsn": bsn(1), "gemeentecode": "0946"}]
    assert case.judge(rows).uitval["regel_id"].to_list() == ["BUS-13"]
    assert replace(case, leverancier="WGR-Noord").judge(rows).uitval.is_empty()


def test_pandera_is_never_given_a_lazy_frame(monkeypatch: pytest.MonkeyPatch):
    given_to_pandera: list[object] = []
    validate = pa.DataFrameSchema.validate

    def spy(schema, check_obj, *args, **kwargs):
        given_to_pandera.append(check_obj)
        return validate(schema, check_obj, *args, **kwargs)

    monkeypatch.setattr(pa.DataFrameSchema, "validate", spy)
    bad = CASES["brp"].bad
    CASES["brp"].judge([bad["BRP-07"], bad["BRP-14"], BRP, BRP])
    # Rules of text and values, and doubles.
    assert [type(frame) for frame in given_to_pandera] == [pl.DataFrame] * 2


def test_a_broken_first_of_a_double_does_not_push_out_its_sound_second():
    verdict = CASES["brp"].judge([BRP | {"geslacht": "X"}, BRP, BRP])
    assert verdict.uitval.select("regel", "regel_id").rows() == [(1, "BRP-07"), (3, "BRP-24")]
    assert verdict.good["regel"].to_list() == [2]


@pytest.mark.parametrize("name", CASES)
def test_a_frame_with_only_bad_rows_has_no_good_rows(name: str):
    case = CASES[name]
    first = case.bad[case.contract.rules[0].id]
    verdict = case.judge([first] * 50)
    assert (verdict.good.height, verdict.rejected, verdict.uitval["regel"].n_unique()) == (0, 50, 50)


@pytest.mark.parametrize("name", CASES)
def test_an_empty_frame_gives_an_empty_verdict_of_the_same_types(name: str):
    empty, full = CASES[name].judge([]), CASES[name].judge(list(CASES[name].sound))
    assert (empty.good.height, empty.uitval.height, empty.rejected) == (0, 0, 0)
    assert empty.good.schema == full.good.schema
    assert empty.uitval.schema == full.uitval.schema


def test_a_rule_about_what_is_no_field_is_refused_by_its_id():
    contract = CASES["brp"].contract
    with pytest.raises(ValueError, match="contract brp: BRP-99 is about geboorte, no field of it"):
        replace(contract, rules=(*contract.rules, required("BRP-99", "geboorte")))


def test_a_rule_that_cannot_be_asked_is_our_fault_and_shows_no_value():
    case = CASES["brp"]
    broken = Rule("BRP-99", ("bsn",), "vorm", pl.col("bsn").cast(pl.Int8) > 0, "Een fout.", "Herstel die.")
    contract = replace(case.contract, rules=(*case.contract.rules, broken))
    with pytest.raises(RuntimeError) as caught:
        replace(case, contract=contract).judge([BRP])
    assert bsn(0) not in "".join(traceback.format_exception(caught.value))


VALUES = st.none() | st.text(max_size=9) | st.text("0123456789", max_size=9) | st.sampled_from(["", "²", "00000000"])


@pytest.mark.parametrize("name", ["brp", "bus", "wmo", "schuldhulp_clienten", "schuldhulp_stappen", "wia", "wajong"])
@settings(max_examples=25, deadline=None, database=None)
@given(data=st.data())
def test_every_row_is_good_or_uitval_and_a_good_row_keeps_every_value(name: str, data: st.DataObject):
    case = CASES[name]
    columns = st.sampled_from([field.name for field in case.contract.fields])
    changes = data.draw(st.lists(st.dictionaries(columns, VALUES, max_size=3), min_size=1, max_size=6))
    rows = [case.sound[number % len(case.sound)] | change for number, change in enumerate(changes)]
    verdict = case.judge(rows)
    good, bad = verdict.good["regel"].to_list(), set(verdict.uitval["regel"])
    assert sorted([*good, *bad]) == list(range(1, len(rows) + 1))
    assert len(bad) == verdict.rejected
    _keeps_every_value(verdict, rows)


def _keeps_every_value(verdict: Verdict, rows: list[Row]) -> None:
    for values in verdict.good.iter_rows(named=True):
        given_values = {name for name, value in rows[values["regel"] - 1].items() if value is not None}
        assert given_values <= {name for name, value in values.items() if value is not None}


@pytest.mark.parametrize(
    ("regime", "ages", "day", "right"),
    [
        # Who was 18 on the last day of inflow is 30 twelve years later, and 29 the day before.
        ("oWajong", "18-29", "2021-12-31", False),
        ("oWajong", "18-29", "2021-11-30", True),
        ("oWajong", "18-30", "2021-12-31", True),
        ("oWajong", "18-18", "2009-12-31", True),
        ("Wajong2010", "15-24", "2021-12-31", False),
        ("Wajong2010", "15-24", "2021-09-30", True),
        ("Wajong2015", "18-18", "2022-12-31", True),
    ],
)
def test_nobody_enters_a_closed_regime_of_the_wajong(regime: str, ages: str, day: str, right: bool):
    row = wajong.TOTAL | {"peildatum": day, "regeling": regime, "leeftijdsklasse": ages, "aantal": "10"}
    verdict = CASES["wajong"].judge([wajong.TOTAL | {"peildatum": day}, row])
    assert set(verdict.uitval["regel_id"]) == (set() if right else {"WAJ-19"})


@pytest.mark.parametrize(
    ("total", "day", "counts", "right"),
    [
        (120, "2020-12-31", (80, 40, 20), True),
        (110, "2020-12-31", (80, 40, 20), False),
        (160, "2020-12-31", (80, 40, 20), True),
        (170, "2020-12-31", (80, 40, 20), False),
        # One regime is not shown: the total may be anything more.
        (300, "2020-12-31", (80, 40, None), True),
        (100, "2020-12-31", (80, 40, None), False),
        # Before 2015 there were two.
        (160, "2014-12-31", (80, 40), False),
        (130, "2014-12-31", (80, 40), True),
    ],
)
def test_the_total_of_the_wajong_is_that_of_its_regimes_within_rounding(
    total: int, day: str, counts: tuple[int | None, ...], right: bool
):
    codes = ("oWajong", "Wajong2010", "Wajong2015")
    rows = [wajong.TOTAL | {"peildatum": day, "aantal": str(total)}]
    rows += [
        rows[0] | {"regeling": code, "aantal": None if count is None else str(count)}
        for code, count in zip(codes, counts, strict=False)
    ]
    assert set(CASES["wajong"].judge(rows).uitval["regel_id"]) == (set() if right else {"WAJ-21"})


@pytest.mark.parametrize(("regime", "day"), [("Wajong2015", "2014-12-31"), ("Wajong2010", "2009-12-31")])
def test_a_regime_has_no_figures_before_it_began(regime: str, day: str):
    rows = [wajong.TOTAL | {"peildatum": day}, wajong.TOTAL | {"peildatum": day, "regeling": regime, "aantal": "0"}]
    assert "WAJ-08" in set(CASES["wajong"].judge(rows).uitval["regel_id"])
