"""Puts what an earlier version kept under names from outside under our own words, once, in the next night.

What a record is and where it lies is in records.py; what a name may be in assets/ground/names.py.
"""

import html
from dataclasses import replace
from typing import TypeVar

from assets.ground.names import folder_of, is_leverancier, is_own_folder, masked, outline, place_of
from assets.ground.zones import Zone
from assets.record.delivery_record import Record, Version, load_record, load_records, save_record
from assets.registrations.declaration import Registration

V = TypeVar("V", bound=Version)


def heal(kluis: Zone, registration: Registration) -> dict[str, str]:
    """Puts under our own words what an earlier version kept under the names of leveranciers and files.

    Removes what stands under a name that no leverancier can have: its rows count no longer. Gives the rule by the
    outline of each such name. Everything may be done again: a record is written before what it replaces is removed.
    """
    bron, refused_names = registration.bron, {}
    tops = [f"{top}/{bron}" for top in ("leveringen", "uitval", "rapporten")]
    old = {name for top in tops for name in kluis.names(top) if not is_own_folder(name)}
    for name in sorted(old):
        if is_leverancier(name):
            _move(kluis, bron, name)
        else:
            refused_names[f"{bron} {outline(name)}"] = "LEV-29"
        for folder in (*tops, *(f"bron/{table.name}" for table in registration.tables)):
            kluis.remove(f"{folder}/{name}")
    for key, record in load_records(kluis, bron).items():
        new = _names_masked(record)
        if new != record:
            # A delivery that is no longer in landing gets no new report. The report comes first: the record tells that
            # there is still something to do.
            _mask_report(kluis, f"rapporten/{bron}/{place_of(key)}", record)
        save_record(kluis, new, record)
    return refused_names


def _mask_report(kluis: Zone, folder: str, record: Record) -> None:
    """Masks, in a report that was written before, the names of files that tell too much."""
    names = {item.naam for item in record.bestanden} | {fault.bestand for fault in record.fouten}
    for file in kluis.files(folder):
        text = old = kluis.read(file.path).decode()
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(html.escape(name), html.escape(masked(name))).replace(name, masked(name))
        if text != old:
            kluis.write(file.path, text.encode())


def _move(kluis: Zone, bron: str, leverancier: str) -> None:
    """Copies what is kept of a leverancier to its folder, its records last."""
    new = folder_of(leverancier)
    for top in ("uitval", "rapporten"):
        for file in kluis.files(f"{top}/{bron}/{leverancier}"):
            rest = file.path.removeprefix(f"{top}/{bron}/{leverancier}/")
            kluis.write(f"{top}/{bron}/{new}/{rest}", kluis.read(file.path))
    for file in kluis.files(f"leveringen/{bron}/{leverancier}"):
        record = load_record(kluis, file.path)
        moved = replace(_moved(kluis, record, new), goed=record.goed and _moved(kluis, record.goed, new))
        save_record(kluis, moved, None)


def _moved(kluis: Zone, version: V, folder: str) -> V:
    tables = {}
    for table, path in version.tabellen.items():
        tables[table] = f"bron/{table}/{folder}/{path.rsplit('/', 1)[-1]}"
        if path != tables[table] and kluis.exists(path):
            kluis.write(tables[table], kluis.read(path))
    return replace(version, tabellen=tables)


def _names_masked(record: Record) -> Record:
    """The record without numbers that can be a BSN in the names of files."""
    files = tuple(replace(item, naam=masked(item.naam)) for item in record.bestanden)
    faults = tuple(replace(fault, bestand=masked(fault.bestand)) for fault in record.fouten)
    return replace(record, bestanden=files, fouten=faults)
