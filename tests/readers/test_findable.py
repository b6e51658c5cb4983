"""An owner finds each error again: file with its number, kind and number of the message, line and element."""

from pathlib import Path

import polars as pl

from tests.making.desk import Desk
from tests.making.town import Town, bsn, w305
from tests.readers.test_unread import zipped
from tests.report.test_owner_report import findings, page

DAY = "2021-01-05"


def message(number: int, change: tuple[str, str]) -> str:
    """A sound message of its own number, with one element changed."""
    text = w305(number, number, "2021-01-04")
    start, end = text.index("Identificatie>", text.index("BerichtIdentificatie>") + 21) + 14, 0
    end = text.index("<", start)
    return (text[:start] + f"A{number:05d}" + text[end:]).replace(*change)


WRONG = ("<w:StatusAanlevering>1<", "<w:StatusAanlevering>7<")


def test_each_of_eight_wrong_messages_has_its_own_place(town: Town):
    sound = {f"goed_{n:02d}.xml": message(n, ("", "")) for n in range(1, 30)}
    wrong = {f"{bsn(n)}.xml": message(n, WRONG) for n in range(31, 39)}
    town.deliver("wmo", DAY, sound | wrong)
    (record,) = town.take_in("wmo").records
    assert (record.toestand, record.uitval) == ("aanvaard", 8)
    lines = findings(town, "wmo", DAY).filter(pl.col("regel").is_not_null())
    assert lines["bestand"].n_unique() == 8
    assert sorted(lines["kenmerk"]) == [f"305 A{n:05d}" for n in range(31, 39)]
    shown = page(town, "wmo", DAY)
    assert "*********.xml (bestand" in shown
    assert "kenmerk 305 A00031" in shown
    assert "StatusAanlevering" in shown
    assert not any(bsn(n) in shown for n in range(31, 39))


def test_members_of_a_zip_and_files_have_their_number(town: Town):
    sound: dict[str, str | bytes] = {f"goed_{n:02d}.xml": message(n, ("", "")) for n in range(1, 30)}
    town.deliver(
        "wmo",
        DAY,
        sound
        | {
            "z.zip": zipped(
                {"a.txt": "x", f"map/{bsn(31)}.xml": message(31, WRONG), f"map/{bsn(32)}.xml": message(32, WRONG)}
            )
        },
    )
    town.take_in("wmo")
    files = findings(town, "wmo", DAY).filter(pl.col("kenmerk").is_not_null())["bestand"]
    assert sorted(set(files)) == [f"z.zip/map/*********.xml (bestand {number})" for number in (2, 3)]
    assert f"bestand 30: {files[0]}" in page(town, "wmo", DAY)


def test_a_message_that_cannot_be_read_tells_its_code_and_number(tmp_path: Path):
    broken = message(1, ("</w:Client>", "</w:Klant>"))
    other = message(2, (">418<", ">999<"))
    faults = Desk(tmp_path).read("wmo", {"a.xml": broken, "b.xml": other}).faults
    assert "berichtcode 418, identificatie A00001" in (faults[0].place or "")
    assert faults[1].place == "berichtcode 999, identificatie A00002"


def test_a_key_is_no_way_out_for_a_number_or_a_name(town: Town):
    """A field of the key may hold anything: what is no key to look at is left out, what can be a BSN is masked."""
    odd = [message(n, WRONG).replace(f"A{n:05d}", value) for n, value in ((31, bsn(31)), (32, "Jan de Vries"))]
    sound = {f"goed_{n:02d}.xml": message(n, ("", "")) for n in range(1, 30)}
    town.deliver("wmo", DAY, sound | {f"fout_{n}.xml": text for n, text in enumerate(odd)})
    town.take_in("wmo")
    keys = findings(town, "wmo", DAY).filter(pl.col("regel").is_not_null())["kenmerk"]
    assert sorted(set(keys)) == ["305", "305 *********"]
    assert "Vries" not in page(town, "wmo", DAY)
