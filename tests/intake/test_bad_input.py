"""Every kind of bad input of the issue, one named row each, through a whole intake step on real files.

A good delivery lies there already. Then comes a bad one: it is told by rule, file, line and remedy; it is blocked, held
or waits, or only the bad row falls out; the rows of before still count; and no value of it is anywhere in the kluis.
"""

import html
import os
import re
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import polars as pl
import pytest

from assets.intake.asset import _messages
from assets.readers import ReadResult, SourceFile
from assets.registrations.declaration import registrations
from tests.intake.test_intake import everything_in
from tests.making.desk import CANARY
from tests.making.nights import GEMEENTE, SECOND, Nights
from tests.making.town import WEERT, Town, brp_csv, bsn, bus_line, w305
from tests.readers.test_zip_and_areas import OLD, zipped
from validations.language.delivery import RULES, DeliveryError

STANDARD = "http://www.istandaarden.nl/iwmo/3_2"
COUNT = 40
START, BEFORE, NOW = "2021-01-04", "2021-02-05", "2021-03-05"
Files = Mapping[str, str | bytes]


def brp(last: dict | None = None, count: int = COUNT) -> str:
    """A BRP file of 40 persons, and one more with what is wrong."""
    return brp_csv([{"bsn": n} for n in range(count)] + ([{"bsn": 60} | last] if last else []))


def wmo(last: str = "") -> Files:
    """40 messages, and one more that is wrong."""
    messages = {f"bericht_{n:02d}.xml": w305(n, n, START) for n in range(COUNT)}
    return messages | ({"fout.xml": last} if last else {})


def bus(*last: str, month: int = 2, end: str = "\n") -> Files:
    """A BUS file of 40 benefits, and lines that are wrong after them."""
    lines = [bus_line(2021, month, {"bsn": n, "registratienummer": n}) for n in range(COUNT)]
    return {"bus.txt": end.join([*lines, *last, ""])}


def line(**changes: object) -> str:
    return bus_line(2021, 2, {"bsn": 60, "registratienummer": 60} | changes)


def lines(text: str) -> list[str]:
    return text.splitlines()


def broken(message: str, old: str, new: str) -> str:
    assert old in message
    return message.replace(old, new)


GOOD: dict[str, Files] = {"brp": {"brp.csv": brp()}, "wmo": wmo(), "bus": bus(month=1), "gebieden": OLD}
SOUND = w305(60, 60, START)
HEADER, *BODY = lines(brp())
MORE_AREAS = "".join(f"98802{n:02d};Buurt\n" for n in range(30))
EXTERNAL = "<!DOCTYPE x [<!ENTITY a SYSTEM 'file:///etc/passwd'>]>"
LAUGHS = "<!DOCTYPE x [<!ENTITY a 'ha'>" + "".join(
    f"<!ENTITY a{n} '{f'&a{n - 1 or str()};' * 10}'>" for n in range(1, 9)
)


def csv(*rows: str) -> Files:
    return {"brp.csv": "".join(row + "\n" for row in rows)}


def entity(doctype: str, name: str) -> Files:
    return wmo(broken(broken(SOUND, "?>\n", f"?>\n{doctype}"), bsn(60), f"&{name};"))


def columns(change: Callable[[list[str]], list[str]]) -> Files:
    return csv(*(";".join(change(row.split(";"))) for row in (HEADER, *BODY)))


def old_version(files: Files) -> Files:
    return {name: broken(str(text), "iwmo/3_2", "iwmo/3_1") for name, text in files.items()}


def renamed(cells: list[str]) -> list[str]:
    return [cell.replace("straatnaam", CANARY) for cell in cells]


@dataclass(frozen=True)
class Case:
    """What is delivered, and what must be told: `rule` (None: nothing is wrong), file and line.

    `rows`: how many rows of this delivery count. `state`: `wacht` when it must not be read yet.
    """

    name: str
    bron: str
    files: Files
    rule: str | None
    file: str | None = None
    line: int | None = None
    state: str = "geblokkeerd"
    rows: int = 0
    leverdatum: str = NOW


def blocked(name: str, bron: str, files: Files, rule: str, file: str | None = None, line: int | None = None) -> Case:
    return Case(name, bron, files, rule, file, line)


def row(name: str, bron: str, files: Files, rule: str, file: str, line: int) -> Case:
    """Only the bad row falls out."""
    return Case(name, bron, files, rule, file, line, "aanvaard", COUNT)


def fine(name: str, bron: str, files: Files, rule: str | None = None, rows: int = COUNT) -> Case:
    """Taken in whole; with a rule, the owner is told something."""
    return Case(name, bron, files, rule, state="aanvaard", rows=rows)


CASES = [
    blocked("empty file", "brp", {"brp.csv": ""}, "LEV-01", "brp.csv"),
    blocked("only a header", "brp", csv(HEADER), "LEV-01", "brp.csv"),
    blocked("empty fixed width", "bus", {"bus.txt": b"\r\n"}, "LEV-01", "bus.txt"),
    blocked("no file of the kind", "wmo", {"leesmij.txt": CANARY}, "LEV-08"),
    blocked("UTF-16 with its mark", "brp", {"brp.csv": brp().encode("utf-16")}, "LEV-02", "brp.csv", 1),
    blocked("UTF-16 without its mark", "brp", {"brp.csv": brp().encode("utf-16-le")}, "LEV-02", "brp.csv", 1),
    blocked("CP1252", "brp", {"brp.csv": brp({"straatnaam": "Caféplein"}).encode("cp1252")}, "LEV-02", "brp.csv", 42),
    fine("UTF-8 with a BOM", "brp", {"brp.csv": b"\xef\xbb\xbf" + brp().encode()}),
    blocked("missing column", "brp", columns(lambda cells: cells[:-1]), "LEV-03", "brp.csv", 1),
    blocked("extra column", "brp", columns(lambda cells: [*cells, CANARY]), "LEV-03", "brp.csv", 1),
    blocked("renamed column", "brp", columns(renamed), "LEV-03", "brp.csv", 1),
    fine("reordered columns", "brp", columns(lambda cells: cells[::-1])),
    blocked("no header", "brp", csv(*BODY), "LEV-03", "brp.csv", 1),
    row("truncated XML", "wmo", wmo(SOUND[: len(SOUND) // 2]), "LEV-20", "fout.xml", 2),
    row("iWmo 2.0", "wmo", wmo(broken(SOUND, "iwmo/3_2", "iwmo/2_0")), "LEV-21", "fout.xml", 2),
    row("iWmo 3.1", "wmo", wmo(broken(SOUND, "iwmo/3_2", "iwmo/3_1")), "LEV-21", "fout.xml", 2),
    row("wrong namespace", "wmo", wmo(broken(SOUND, STANDARD, f"https://{CANARY}.nl")), "LEV-21", "fout.xml", 2),
    blocked("XML bomb", "wmo", entity(LAUGHS + "]>", "a8"), "LEV-11", "fout.xml"),
    blocked("external entity", "wmo", entity(EXTERNAL, "a"), "LEV-11", "fout.xml"),
    row("message for another gemeente", "wmo", wmo(w305(60, 60, START, gemeente="0946")), "WMO-07", "fout.xml", 2),
    blocked("all of iWmo 3.1", "wmo", old_version(wmo()), "LEV-13"),
    blocked("all of another gemeente", "bus", {"bus.txt": line(gemeentecode="0946") + "\n"}, "LEV-13"),
    row("benefit of another gemeente", "bus", bus(line(gemeentecode="0946")), "BUS-13", "bus.txt", 41),
    row("line too short", "bus", bus(line()[:-1]), "LEV-22", "bus.txt", 41),
    row("line too long", "bus", bus(line() + "X"), "LEV-22", "bus.txt", 41),
    blocked("last line cut off", "bus", {"bus.txt": f"{bus()['bus.txt']}{line()[:50]}"}, "LEV-18", "bus.txt", 41),
    fine("CR and LF mixed", "bus", {"bus.txt": str(bus()["bus.txt"]).replace("\n", "\r\n", 7)}),
    row("31 June in CSV", "brp", {"brp.csv": brp({"datum_aanvang_adres": "20200631"})}, "BRP-18", "brp.csv", 42),
    row("31 June in XML", "wmo", wmo(w305(60, 60, "2020-06-31", dagtekening="2021-01-01")), "WMO-20", "fout.xml", 2),
    row("31 June in fixed width", "bus", bus(line(aanvangsdatum="20200631")), "BUS-18", "bus.txt", 41),
    *(
        row(f"BSN {number} in {bron}", bron, files, rule, file, place)
        for number in ("000000000", "999999999", "111111110")
        for bron, files, rule, file, place in (
            ("brp", {"brp.csv": brp({"bsn": number})}, "BRP-03", "brp.csv", 42),
            ("wmo", wmo(w305(number, 60, START)), "WMO-03", "fout.xml", 2),
            ("bus", bus(line(bsn=number)), "BUS-03", "bus.txt", 41),
        )
    ),
    blocked("zip with ../ in a name", "wmo", {"w.zip": zipped(("../a.xml", SOUND))}, "LEV-09", "w.zip"),
    blocked("zip bomb", "wmo", {"w.zip": zipped(("a.xml", b" " * 3 * 2**20))}, "LEV-10", "w.zip"),
    blocked("half a zip", "wmo", {"w.zip": zipped(("a.xml", SOUND))[:-30]}, "LEV-09", "w.zip"),
    blocked("message too large", "wmo", {"a.xml": b" " * (50 * 2**20 + 1)}, "LEV-10", "a.xml"),
    blocked("NUL bytes", "brp", {"brp.csv": brp({"straatnaam": f"{CANARY}\x00"})}, "LEV-06", "brp.csv", 42),
    blocked("quotes across lines", "brp", {"brp.csv": brp({"straatnaam": '"a\nb"'})}, "LEV-05", "brp.csv", 42),
    blocked("a field too many", "brp", csv(HEADER, *BODY, BODY[0] + f";{CANARY}"), "LEV-04", "brp.csv", 42),
    # A street is never shown: it is kept as it is. The name of an area is published: a formula falls out.
    fine("formula in a street", "brp", {"brp.csv": brp({"straatnaam": "=cmd|'/c calc'!A1"})}, rows=COUNT + 1),
    Case(
        "formula in the name of an area",
        "gebieden",
        OLD | {"brt2012.csv": OLD["brt2012.csv"] + "9880102;=cmd|x\n" + MORE_AREAS},
        "GEB-24",
        "brt2012.csv",
        3,
        "aanvaard",
        34,
    ),
    Case("more than half bad rows", "brp", {"brp.csv": brp({"geslacht": CANARY}, count=0)}, "LEV-13"),
    Case("a jump of more than 20%", "brp", {"brp.csv": brp(count=60)}, "LEV-14", state="vastgehouden"),
    fine("the same delivery under two dates", "brp", GOOD["brp"], "LEV-19"),
    fine("the same content under another name", "brp", {"inwoners.csv": brp()}, "LEV-19"),
    fine("the same messages under two dates", "wmo", GOOD["wmo"], "LEV-19"),
    Case("dated in the future", "brp", GOOD["brp"], "LEV-15", state="wacht", leverdatum="2030-01-02"),
    fine("the same month with other content", "bus", bus(bus_line(2021, 1, {"bsn": 60}), month=1), "LEV-23", COUNT + 1),
    # What they do to the figures is in tests/dbt_project/reference/traps_wmo.py; uitval_wmo (dbt) sees them beside all.
    fine("cancels what never was", "wmo", wmo(w305(60, 60, START, status="3")), rows=COUNT + 1),
]  # fmt: skip


def counting(town: Town, outcome, leverdatum: str) -> int:
    """The good rows of a delivery that count."""
    paths = [p for good in outcome.accepted if str(good.leverdatum) == leverdatum for p in good.tabellen.values()]
    return sum(pl.read_parquet(town.folder / "kluis" / path).height for path in paths)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_bad_input_is_told_and_nothing_of_before_is_lost(town: Town, case: Case):
    leverancier = "NL" if case.bron == "gebieden" else WEERT
    town.deliver(case.bron, BEFORE, GOOD[case.bron], leverancier=leverancier)
    before = counting(town, town.take_in(case.bron), BEFORE)
    town.deliver(case.bron, case.leverdatum, case.files, leverancier=leverancier)
    outcome = town.take_in(case.bron)

    assert counting(town, outcome, BEFORE) == before > 0
    assert counting(town, outcome, case.leverdatum) == case.rows
    assert outcome.state == ("in_orde" if case.state in ("aanvaard", "wacht") else "geblokkeerd")
    found = faults_of(town, case, outcome, leverancier)
    assert found == ({(case.rule, case.file, case.line)} if case.rule else set())
    check_report(town, case, leverancier)
    if case.state != "aanvaard":
        message = "\n".join(_messages(outcome))
        assert case.rule
        rule = RULES[case.rule]
        # A file from outside is told by its rank and digest; its owner sees the name.
        file = "(bestand " if case.file else ""
        # A command is told as it must be typed.
        hint = rule.hint.replace("BRON LEVERANCIER LEVERDATUM", f"{case.bron} {leverancier} {case.leverdatum}")
        assert not case.file or case.file not in message
        for part in (rule.id, rule.message, hint, file, f"regel {case.line}" if case.line else ""):
            assert part in message
    everything = everything_in(town.folder / "kluis") + str(outcome)
    assert CANARY not in everything
    assert [n for n in range(61) if bsn(n) in everything] == []


def faults_of(town: Town, case: Case, outcome, leverancier: str) -> set[tuple[str, str | None, int | None]]:
    """Rule, file and line of all that is said of the delivery."""
    key = f"{leverancier}/{case.leverdatum}"
    if case.state == "wacht":
        return {(outcome.left_out[key], None, None)}
    record = outcome.records[-1]
    assert (str(record.leverdatum), record.toestand) == (case.leverdatum, case.state)
    found = {(fault.regel_id, fault.bestand or None, fault.regel) for fault in record.fouten}
    found |= {(notice.regel_id, None, None) for notice in record.meldingen}
    if not record.fouten:
        uitval = pl.read_parquet(town.folder / "kluis" / "uitval" / case.bron / f"{key}.parquet")
        found |= {(rule_id, file, line) for file, line, rule_id, *_ in uitval.iter_rows()}
    return found


def check_report(town: Town, case: Case, leverancier: str) -> None:
    """The owner's page and CSV name the rule, its remedy and its place."""
    folder = town.folder / "kluis" / "rapporten" / case.bron / leverancier / case.leverdatum
    page = html.unescape((folder / "rapport.html").read_text())
    findings = pl.read_csv((folder / "rapport.csv").read_bytes(), separator=";", infer_schema=False)
    if case.rule is None:
        assert "U hoeft niets te doen." in page
        assert findings.is_empty()
        return
    finding = findings.filter(pl.col("regel_id") == case.rule).row(0, named=True)
    assert (finding["bestand"], finding["regel"]) == (case.file, str(case.line) if case.line else None)
    for part in (case.rule, finding["wat_er_mis_is"], finding["wat_te_doen"], case.file or ""):
        assert part in page


def on_one_line(path: Path, size: int) -> None:
    """A header and then one line up to that size; a sparse file, so it takes no room."""
    path.write_text(f"{HEADER}\n")
    os.truncate(path, size)
    os.utime(path, (1_600_000_000, 1_600_000_000))


def test_a_file_of_2_gb_on_one_line_is_refused_by_its_first_part(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    on_one_line(tmp_path / "brp.csv", 2 * 2**30)
    monkeypatch.delattr(Path, "read_bytes")
    with pytest.raises(DeliveryError) as refused:
        registrations()["brp"].read([SourceFile("brp.csv", tmp_path / "brp.csv")])
    assert (refused.value.rule_id, refused.value.file, refused.value.line) == ("LEV-07", "brp.csv", 2)


def test_a_large_file_on_one_line_stops_nothing_else(town: Town, monkeypatch: pytest.MonkeyPatch):
    town.deliver("brp", BEFORE, GOOD["brp"])
    town.take_in("brp")
    on_one_line(town.deliver("brp", NOW, {}) / "brp.csv", 200 * 2**20)
    # What is not loaded cannot fill the memory.
    whole = Path.read_bytes

    def small(path: Path) -> bytes:
        assert path.stat().st_size < 2**20
        return whole(path)

    monkeypatch.setattr(Path, "read_bytes", small)
    outcome = town.take_in("brp")
    fault = outcome.records[-1].fouten[0]
    assert (fault.regel_id, fault.bestand, fault.regel) == ("LEV-07", "brp.csv", 2)
    assert counting(town, outcome, BEFORE) == COUNT


def test_a_large_file_on_one_line_in_a_zip_is_refused(town: Town):
    packed = zipped(("a.csv", f"{HEADER}\n" + "x" * 1_100_000), method=zipfile.ZIP_STORED)
    town.deliver("brp", NOW, {"w.zip": packed})
    fault = town.take_in("brp").records[-1].fouten[0]
    assert (fault.regel_id, fault.bestand, fault.regel) == ("LEV-07", "w.zip/a.csv", 2)


def test_a_delivery_that_grows_while_it_is_read_is_read_again_the_next_night(
    town: Town, monkeypatch: pytest.MonkeyPatch
):
    town.brp([{"bsn": n} for n in range(COUNT)], BEFORE)
    town.take_in("brp")
    town.brp([{"bsn": n} for n in range(COUNT)], NOW)
    real = registrations()["brp"]

    def read(files: list[SourceFile]) -> ReadResult:
        result = real.read(files)
        if NOW in str(files[0].path):
            with files[0].path.open("a") as file:
                file.write(BODY[0].replace("20000101", "20010101") + "\n")
            os.utime(files[0].path, (1_600_000_100, 1_600_000_100))
        return result

    with monkeypatch.context() as patch:
        patch.setitem(registrations(), "brp", replace(real, read=read))
        outcome = town.take_in("brp")
    assert [fault.regel_id for fault in outcome.records[-1].fouten] == ["LEV-16"]
    assert counting(town, outcome, BEFORE) == COUNT
    assert RULES["LEV-16"].hint in "\n".join(_messages(outcome))
    again = town.take_in("brp")
    assert (again.state, counting(town, again, NOW)) == ("in_orde", COUNT + 1)


def test_a_folder_without_a_date_is_told_with_a_remedy(town: Town):
    town.brp([{"bsn": 1}], BEFORE)
    town.brp([{"bsn": 1}], "2021-02-31")
    messages = _messages(town.take_in("brp"))
    assert messages == [f"GM0988/brp/2021-02-31: LEV-15: {RULES['LEV-15'].message} {RULES['LEV-15'].hint}"]


@pytest.mark.parametrize("manifest", ["[" * 100_000, " " * (2**20 + 1)], ids=["deep", "large"])
def test_a_levering_json_that_is_an_attack_blocks_only_its_delivery(town: Town, manifest: str):
    town.brp([{"bsn": n} for n in range(COUNT)], BEFORE)
    town.deliver("brp", NOW, {**GOOD["brp"], "levering.json": manifest})
    outcome = town.take_in("brp")
    assert [fault.regel_id for fault in outcome.records[-1].fouten] == ["LEV-12"]
    assert counting(town, outcome, BEFORE) == COUNT


def test_a_file_name_that_is_no_utf_8_is_read_and_told(town: Town):
    folder = town.deliver("brp", NOW, {})
    (folder / os.fsdecode(b"inwoners_caf\xe9.csv")).write_text(brp({"geslacht": "X"}))
    os.utime(folder / os.fsdecode(b"inwoners_caf\xe9.csv"), (1_600_000_000, 1_600_000_000))
    outcome = town.take_in("brp")
    assert (outcome.state, counting(town, outcome, NOW)) == ("in_orde", COUNT)
    page = (town.folder / "kluis/rapporten/brp/GM0988" / NOW / "rapport.html").read_text()
    assert "inwoners_caf?.csv" in page


def test_one_night_full_of_bad_deliveries_publishes_the_rest(nights: Nights, capsys: pytest.CaptureFixture):
    old = {name: nights.table(name) for name in ("monitor_wmo", "monitor_wwb", "monitor_bijzondere_bijstand")}
    bad = {
        "wmo": (GEMEENTE, "2022-07-11", {"a.xml": entity(EXTERNAL, "a")["fout.xml"]}, "LEV-11", ""),
        "brp": (GEMEENTE, "2022-07-06", columns(renamed), "LEV-03", ", regel 1"),
        "gebieden": ("NL", "2022-07-18", {"w.zip": zipped(("../a.csv", OLD["brt2012.csv"]))}, "LEV-09", ""),
        "kerncijfers": ("NL", "2022-07-18", {"k.csv": "gm_code\n".encode("utf-16-le")}, "LEV-02", ", regel 1"),
    }  # fmt: skip
    for bron, (leverancier, leverdatum, files, _, _) in bad.items():
        nights.deliver(bron, leverdatum, files, leverancier=leverancier)
    nights.deliver("bus", "2022-08-20", bus(), leverancier=GEMEENTE)

    assert nights.night(SECOND) == 1
    printed = capsys.readouterr().out
    kept = {name for name in old if nights.table(name) == old[name]}
    assert kept == {"monitor_wmo"}
    quality = pl.read_parquet(nights.latest / "monitor_kwaliteit.parquet")
    for bron, (leverancier, leverdatum, _, rule_id, place) in bad.items():
        rule = RULES[rule_id]
        # A file from outside is told by its rank and digest; its owner sees the name.
        said = rf"Let op: {bron} {leverancier} {leverdatum}: {rule_id} \(bestand 1, [0-9a-f]{{8}}{place}\): "
        assert re.search(said + re.escape(rule.message), printed)
        assert rule.hint in printed
        row = quality.row(by_predicate=pl.col("bron") == bron, named=True)
        assert (row["toestand"], row["open_regels"], row["laatste_levering"]) == (
            "geblokkeerd",
            rule_id,
            leverdatum[:7],
        )
        assert (nights.folder / "kluis/rapporten" / bron / leverancier / leverdatum / "rapport.html").exists()
    assert f"Let op: bus {GEMEENTE}/2022-08-20: LEV-15: {RULES['LEV-15'].message}" in printed
    assert quality.row(by_predicate=pl.col("bron") == "bus", named=True)["toestand"] == "aanvaard"
    assert CANARY not in printed

    assert nights.run("status") == 1
    status = capsys.readouterr().out
    assert f"{nights.settings.kluis.url}/rapporten/wmo/{GEMEENTE}/2022-07-11/rapport.html" in status
    assert f"{GEMEENTE} 2022-08-20: LEV-15" in status
