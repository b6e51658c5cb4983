"""Rows for the contract tests: sound ones, and for every rule of every contract one that breaks it."""

from dataclasses import dataclass
from datetime import date

import polars as pl

from tests.town import WEERT, bsn
from validations.contracts import brp, bus, gebieden, kerncijfers, wmo
from validations.contracts.contract import Contract
from validations.contracts.judge import Verdict, judge

Row = dict[str, str | None]
NO_BSN = "999900007"  # fails the elfproef: the last digit of bsn(0) plus one

BRP: Row = {
    "bsn": bsn(0),
    "geboortedatum": "19600615",
    "geslacht": "V",
    "gemeentecode": "0988",
    "straatnaam": "Dorpsstraat",
    "postcode": "6001AA",
    "huisnummer": "1",
    "adres_id": "0988200000000001",
    "datum_aanvang_adres": "20000101",
}
BUS: Row = {
    "statistiekjaar": "2015",
    "statistiekmaand": "01",
    "gemeentecode": "0988",
    "registratienummer": "1",
    "statistiekcode": "01",
    "leefvorm": "1",
    "bsn": bsn(0),
    "aanvangsdatum": "20140601",
}
SPECIAL = BUS | {"statistiekcode": "11", "cluster": "a", "leefvorm": None}
ENDED = BUS | {"einddatum": "20150115", "reden_beeindiging": "01"}
_MESSAGE: Row = {
    "gemeentecode": "0988",
    "aanbieder": "42420001",
    "bericht_identificatie": "1",
    "dagtekening": "2021-01-04",
    "bsn": bsn(0),
    "toewijzingnummer": "101",
    "categorie": "01",
    "ingangsdatum": "2021-01-01",
}
ALLOCATION = _MESSAGE | {"bericht": "301", "toewijzingsdatum": "2020-12-20"}
START = _MESSAGE | {"bericht": "305", "begindatum": "2021-01-04", "status_aanlevering": "1"}
STOP = START | {"bericht": "307", "einddatum": "2021-01-20", "reden_beeindiging": "19"}
ADDRESS: Row = {
    "indelingsjaar": "2021",
    "postcode": "6001AA",
    "huisnummer": "1",
    "buurtcode": "09880101",
    "wijkcode": "098801",
    "gemeentecode": "0988",
}
NAME: Row = {
    "indelingsjaar": "2021",
    "gemeentecode": "0988",
    "soort": "wijk",
    "code": "WK098801",
    "naam": "Boshoven",
}
SHAPE: Row = {"indelingsjaar": "2022", "gemeentecode": "0988", "code": "WK098801", "geometrie": "{}"}
FIGURES: Row = {"jaar": "2021", "gemeentecode": "GM0988", "code": "GM0988", "naam": "Weert", "a_inw": "49105"}


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
            pl.lit(self.leverancier).alias("leverancier"),
            pl.lit(date(2021, 2, 10)).alias("leverdatum"),
        )
        return judge(self.contract, frame)

    def findings(self, row: Row) -> set[str]:
        """The rules that a row breaks, beside the sound rows but the first; no other row breaks any."""
        rows = [*self.sound[1:], row]
        found = self.judge(rows).uitval
        assert set(found["regel"]) <= {len(rows)}
        return set(found["regel_id"])


CASES = {
    "brp": Case(
        brp.CONTRACT,
        (BRP, BRP | {"bsn": bsn(1)}, BRP | {"bsn": bsn(2), "datum_einde_adres": "20000101"}),
        {
            "BRP-01": BRP | {"bsn": None},
            "BRP-02": BRP | {"bsn": "9999-0000"},
            "BRP-03": BRP | {"bsn": "999999999"},
            "BRP-04": BRP | {"bsn": NO_BSN},
            "BRP-05": BRP | {"geboortedatum": None},
            "BRP-06": BRP | {"geboortedatum": "19990231"},
            "BRP-07": BRP | {"geslacht": "1"},
            "BRP-08": BRP | {"gemeentecode": None},
            "BRP-09": BRP | {"gemeentecode": "Weert"},
            "BRP-10": BRP | {"postcode": None},
            "BRP-11": BRP | {"postcode": "0123AB"},
            "BRP-12": BRP | {"huisnummer": None},
            "BRP-13": BRP | {"huisnummer": "12a"},
            "BRP-14": BRP | {"huisnummer": "100000"},
            "BRP-15": BRP | {"adres_id": None},
            "BRP-16": BRP | {"adres_id": "988200000000001"},
            "BRP-17": BRP | {"datum_aanvang_adres": None},
            "BRP-18": BRP | {"datum_aanvang_adres": "20200631"},
            "BRP-19": BRP | {"datum_einde_adres": "20210229"},
            "BRP-20": BRP | {"datum_einde_adres": "19991231"},
            "BRP-21": BRP | {"datum_overlijden": "20201301"},
            "BRP-22": BRP | {"datum_overlijden": "19591231"},
            "BRP-23": BRP | {"geboortedatum": "20220101"},
            "BRP-24": BRP | {"bsn": bsn(1)},
        },
        {},
    ),
    "bus": Case(
        bus.CONTRACT,
        (BUS, BUS | {"bsn": bsn(1)}, SPECIAL, ENDED | {"bsn": bsn(2)}),
        {
            "BUS-01": BUS | {"bsn": None},
            "BUS-02": BUS | {"bsn": "9999000"},
            "BUS-03": BUS | {"bsn": "000000000"},
            "BUS-04": BUS | {"bsn": NO_BSN},
            "BUS-05": BUS | {"statistiekjaar": None},
            "BUS-06": BUS | {"statistiekjaar": "20x5"},
            "BUS-07": BUS | {"statistiekmaand": None},
            "BUS-08": BUS | {"statistiekmaand": "1a"},
            "BUS-09": BUS | {"statistiekmaand": "13"},
            "BUS-10": BUS | {"statistiekmaand": "02"},
            "BUS-11": BUS | {"gemeentecode": None},
            "BUS-12": BUS | {"gemeentecode": "98x8"},
            "BUS-13": BUS | {"gemeentecode": "0946"},
            "BUS-14": BUS | {"registratienummer": None},
            "BUS-15": BUS | {"statistiekcode": None},
            "BUS-16": BUS | {"statistiekcode": "77"},
            "BUS-17": BUS | {"aanvangsdatum": None},
            "BUS-18": BUS | {"aanvangsdatum": "20140631"},
            "BUS-19": BUS | {"einddatum": "20150229"},
            "BUS-20": ENDED | {"einddatum": "20140531"},
            "BUS-21": BUS | {"aanvangsdatum": "20150201"},
            "BUS-22": SPECIAL | {"bsn": bsn(3), "cluster": None},
            "BUS-23": SPECIAL | {"cluster": "z"},
            "BUS-24": BUS | {"leefvorm": "9"},
            "BUS-25": BUS | {"leefvorm": None},
            "BUS-26": BUS | {"huisvesting": "9"},
            "BUS-27": ENDED | {"reden_beeindiging": "12"},
            "BUS-28": ENDED | {"reden_beeindiging": None},
            "BUS-29": BUS | {"betaalbaar_bedrag": "12,50"},
            "BUS-30": BUS | {"geboortedatum": "19700230"},
            "BUS-31": BUS | {"geslacht": "3"},
            "BUS-32": BUS | {"categoriaal": "1"},
            "BUS-33": BUS | {"classificatie_bbz": "4"},
            "BUS-34": BUS | {"ontheffing": "7"},
            "BUS-35": BUS | {"tegenprestatie": "3"},
            "BUS-36": BUS | {"soort_inkomsten": "99"},
            "BUS-37": BUS | {"bsn": bsn(1)},
            "BUS-38": BUS | {"statistiekjaar": "1999"},
        },
        # A row of another year is also of another month than the rest, and its codes and dates are of another time.
        {"BUS-09": {"BUS-10"}, "BUS-38": {"BUS-10", "BUS-21"}},
    ),
    "wmo": Case(
        wmo.CONTRACT,
        (ALLOCATION, START, STOP, START | {"toewijzingnummer": None}),
        {
            "WMO-01": ALLOCATION | {"bsn": None},
            "WMO-02": ALLOCATION | {"bsn": "9999 0000"},
            "WMO-03": ALLOCATION | {"bsn": "111111110"},
            "WMO-04": ALLOCATION | {"bsn": NO_BSN},
            "WMO-05": ALLOCATION | {"gemeentecode": None},
            "WMO-06": ALLOCATION | {"gemeentecode": "42420001"},
            "WMO-07": ALLOCATION | {"gemeentecode": "0946"},
            "WMO-08": ALLOCATION | {"bericht_identificatie": None},
            "WMO-09": ALLOCATION | {"dagtekening": None},
            "WMO-10": ALLOCATION | {"dagtekening": "20210104"},
            "WMO-11": ALLOCATION | {"dagtekening": "2021-02-11"},
            "WMO-12": ALLOCATION | {"toewijzingnummer": None},
            "WMO-13": ALLOCATION | {"toewijzingnummer": "10x"},
            "WMO-14": ALLOCATION | {"toewijzingnummer": "1000000000"},
            "WMO-15": ALLOCATION | {"toewijzingsdatum": None},
            "WMO-16": ALLOCATION | {"toewijzingsdatum": "2021-06-31"},
            "WMO-17": ALLOCATION | {"ingangsdatum": None},
            "WMO-18": ALLOCATION | {"ingangsdatum": "2021-6-1"},
            "WMO-19": START | {"begindatum": None},
            "WMO-20": START | {"begindatum": "2021-02-29"},
            "WMO-21": STOP | {"einddatum": None},
            "WMO-22": STOP | {"einddatum": "31-12-2021"},
            "WMO-23": ALLOCATION | {"einddatum": "2020-12-31"},
            "WMO-24": ALLOCATION | {"reden_wijziging": "13", "einddatum": "2021-06-30"},
            "WMO-25": ALLOCATION | {"reden_wijziging": "99"},
            "WMO-26": STOP | {"reden_beeindiging": None},
            "WMO-27": STOP | {"reden_beeindiging": "01"},
            "WMO-28": START | {"status_aanlevering": None},
            "WMO-29": START | {"status_aanlevering": "2"},
            "WMO-30": ALLOCATION | {"categorie": "99"},
            "WMO-31": ALLOCATION | {"productcode": "01a01"},
            "WMO-32": STOP | {"einddatum": "2021-01-03"},
            "WMO-33": ALLOCATION | {"geslacht": "9"},
            "WMO-34": ALLOCATION | {"huisnummer": "10A"},
            "WMO-35": ALLOCATION | {"omvang_eenheid": "99"},
            "WMO-36": ALLOCATION | {"omvang_frequentie": "9"},
            "WMO-37": ALLOCATION | {"aanbieder": "0988"},
            "WMO-38": START | {"toewijzingnummer": None, "categorie": None},
        },
        {},
    ),
    "gebieden_adressen": Case(
        gebieden.ADDRESSES,
        (ADDRESS, ADDRESS | {"huisnummer": "2"}),
        {
            "GEB-01": ADDRESS | {"indelingsjaar": "20x1"},
            "GEB-02": ADDRESS | {"postcode": None},
            "GEB-03": ADDRESS | {"postcode": "6001"},
            "GEB-04": ADDRESS | {"huisnummer": None},
            "GEB-05": ADDRESS | {"huisnummer": "1-3"},
            "GEB-06": ADDRESS | {"buurtcode": None},
            "GEB-07": ADDRESS | {"buurtcode": "0988-101"},
            "GEB-08": ADDRESS | {"wijkcode": None},
            "GEB-09": ADDRESS | {"wijkcode": "WK098 01"},
            "GEB-10": ADDRESS | {"gemeentecode": None},
            "GEB-11": ADDRESS | {"gemeentecode": "Weert"},
            "GEB-12": ADDRESS | {"buurtcode": "09880201"},
            "GEB-13": ADDRESS | {"huisnummer": "2"},
        },
        {},
        "NL",
    ),
    "gebieden_namen": Case(
        gebieden.NAMES,
        (NAME, NAME | {"code": "GM0988"}),
        {
            "GEB-21": NAME | {"code": None},
            "GEB-22": NAME | {"code": "WK0988"},
            "GEB-23": NAME | {"naam": None},
            "GEB-24": NAME | {"naam": "=SOM(A1:A9)"},
            "GEB-25": NAME | {"code": "GM0988"},
        },
        {},
        "NL",
    ),
    "gebieden_kaart": Case(
        gebieden.SHAPES,
        (SHAPE, SHAPE | {"code": "BU09880101"}),
        {
            "GEB-31": SHAPE | {"code": None},
            "GEB-32": SHAPE | {"code": "GM0988"},
            "GEB-33": SHAPE | {"geometrie": None},
            "GEB-34": SHAPE | {"code": "BU09880101"},
            "GEB-35": SHAPE | {"indelingsjaar": None},
        },
        {},
        "NL",
    ),
    "kerncijfers": Case(
        kerncijfers.CONTRACT,
        (FIGURES, FIGURES | {"code": "WK098801", "a_inw": None}),
        {
            "KER-01": FIGURES | {"jaar": None},
            "KER-02": FIGURES | {"jaar": "2021*"},
            "KER-03": FIGURES | {"gemeentecode": None},
            "KER-04": FIGURES | {"gemeentecode": "Weert"},
            "KER-05": FIGURES | {"code": None},
            "KER-06": FIGURES | {"code": "NL00"},
            "KER-51": FIGURES | {"code": "WK098801"},
        }
        | {f"KER-{number}": FIGURES | {field.name: "."} for number, field in enumerate(kerncijfers.COUNTS, 11)}
        | {f"KER-{number}": FIGURES | {field.name: "-5"} for number, field in enumerate(kerncijfers.COUNTS, 31)},
        {},
        "NL",
    ),
}
