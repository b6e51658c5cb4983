"""A new key for a gemeente: every pseudonym in the kluis is made anew and the old key is destroyed.

The kluis holds no numbers, so new pseudonyms come from the numbers in landing: at once for what is stored and for the
list of objections, and again when the next night reads every delivery under the new key.
"""

import json
from dataclasses import dataclass, replace

import polars as pl

from assets.ground.settings import Settings
from assets.ground.zones import Zone
from assets.intake.deliveries import content_hash, find_deliveries, hash_files
from assets.intake.keys import Keys, load_keys, replace_keys
from assets.intake.objections import entries, keep
from assets.privacy.places import ACCESS, access_reports, remove_copies
from assets.privacy.rights import person_places, read_again
from assets.record.delivery_record import load_records
from assets.record.records import change_rows, settle
from assets.registrations.declaration import Registration, registrations


@dataclass(frozen=True)
class Loss:
    """What a rotation would lose: deliveries that count, and objections of persons, that are not in landing."""

    deliveries: list[str]
    objections: list[int]


def rotate(settings: Settings, gemeenten: list[str], *, accept_loss: bool) -> Loss:
    """Gives each gemeente a new key; with a loss that is not accepted nothing changes. Raises KeyFileError.

    Where landing lost a delivery, the rows of persons who occur elsewhere in landing (the BRP has all residents) stay;
    the others go.
    """
    kluis = settings.kluis
    old = load_keys(settings.key_file)
    new = old.renewed(gemeenten)
    renamed = _renamed(settings, old, new, gemeenten)
    known = entries(kluis)
    ours = [entry for entry in known if entry.gemeentecode in gemeenten]
    lost = sorted({entry.nummer for entry in ours if entry.persoon not in renamed})
    loss = Loss(_missing(settings, gemeenten), lost)
    if (loss.deliveries or loss.objections) and not accept_loss:
        return loss
    others = [entry for entry in known if entry.gemeentecode not in gemeenten]
    moved = [replace(entry, persoon=renamed[entry.persoon]) for entry in ours if entry.persoon in renamed]
    if known:
        # Objections stand under both keys until the new one is in place: an interruption must not lose one.
        keep(kluis, [*known, *moved])
    # Copies go before the key: an interruption must leave no old pseudonym in a place that no later night makes anew.
    remove_copies(settings)
    replace_keys(settings.key_file, new, gemeenten)
    if known:
        keep(kluis, [*others, *moved])
    for registration in registrations().values():
        _rename_rows(settings, registration, gemeenten, renamed)
    _rename_reports(kluis, gemeenten, renamed)
    return loss


def _missing(settings: Settings, gemeenten: list[str]) -> list[str]:
    """The deliveries with rows that count, of these gemeenten, whose files are not in landing as they were read."""
    missing = []
    for bron, registration in registrations().items():
        if not any(field.person for contract in registration.contracts.values() for field in contract.fields):
            continue
        there = {delivery.key: delivery for delivery in find_deliveries(settings.landing, bron)[0]}
        for key, record in load_records(settings.kluis, bron).items():
            good = record.goed
            if not good or not set(gemeenten) & good.gemeenten.keys():
                continue
            delivery = there.get(key)
            if delivery is None or content_hash(hash_files(settings.landing, delivery, [])) != good.inhoud:
                missing.append(f"{bron} {key}")
    return missing


def _renamed(settings: Settings, old: Keys, new: Keys, gemeenten: list[str]) -> dict[str, str]:
    """Old to new pseudonym of every person in landing. A delivery that cannot be read is left out."""
    numbers = []
    for bron, registration in registrations().items():
        for delivery in find_deliveries(settings.landing, bron)[0]:
            try:
                result = read_again(settings.landing, registration, delivery)
            except Exception:  # noqa: S112  its text may hold a value; what it would have told is reported as lost
                continue
            places = person_places(registration, result).select("gemeentecode", "domein", "nummer")
            numbers.append(places.filter(pl.col("gemeentecode").is_in(gemeenten)).unique())
    everyone = pl.concat(numbers).unique().iter_rows() if numbers else ()
    return {old.pseudonym(*one): new.pseudonym(*one) for one in everyone}


def _rename_reports(kluis: Zone, gemeenten: list[str], renamed: dict[str, str]) -> None:
    """Renames the persons that reports of `inzage` are about; without a new pseudonym a report is about nobody."""
    for number, about in list(access_reports(kluis)):
        after = {g: renamed.get(p, "") if g in gemeenten else p for g, p in about.items()}
        kluis.write(f"{ACCESS}/{number}.json", json.dumps(after, sort_keys=True).encode())


def _rename_rows(settings: Settings, registration: Registration, gemeenten: list[str], renamed: dict[str, str]) -> None:
    def change(frame: pl.DataFrame) -> pl.DataFrame:
        ours = pl.col("gemeentecode").is_in(gemeenten)
        for name in frame.columns:
            if name == "persoon" or name.endswith("_persoon"):
                fresh = pl.col(name).replace_strict(renamed, default=None, return_dtype=pl.String)
                known = ~ours | pl.col(name).is_null() | fresh.is_not_null()
                frame = frame.filter(known) if name == "persoon" else frame
                frame = frame.with_columns(pl.when(ours).then(fresh).otherwise(pl.col(name)).alias(name))
        return frame

    records = load_records(settings.kluis, registration.bron)
    after = {key: change_rows(settings.kluis, record, change) for key, record in records.items()}
    settle(settings.kluis, registration, records, after)
