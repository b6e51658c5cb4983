"""Whether what the publication kept is whole, asked before a night builds on it: ledger, editions and their pointer.

A ledger that is cut, partly restored or older than what is public stops publication: a figure of which it knows nothing
would be set anew, and the two could be subtracted. An edition that is damaged is made anew; a pointer is put right.
"""

from hashlib import sha256

from assets.ground.settings import DamagedError, Settings
from assets.ground.zones import Zone
from assets.publication import edition, ledger
from assets.publication.withdraw import WithdrawError, sound_reason

MOST = 5


def ledger_fault(settings: Settings) -> str:
    """What is wrong with the ledger, and what to do, in Dutch; empty when it is whole and knows all that is public."""
    kluis = settings.kluis
    try:
        known = ledger.all_names(kluis)
        for name in known:
            _whole(kluis, name)
        withdrawn = {entry["editie"] for entry in ledger.withdrawals(kluis) if _may_be_told(entry)}
    except DamagedError as error:
        return str(error).rstrip(".")
    missing = _missing(settings.publicatie, set(known), withdrawn)
    if not missing:
        return ""
    names = ", ".join(missing[-MOST:])
    return f"{ledger.FOLDER}/ in de kluis mist wat openbaar is (de laatste: {names}); {ledger.REMEDY}"


def _whole(kluis: Zone, name: str) -> None:
    """Raises DamagedError unless the files of a close are there, can be read, and are as they were written."""
    known = ledger.details(kluis, name).get(ledger.DIGESTS)
    for tail in ("", ".herkomst"):
        path = f"{ledger.FOLDER}/{name}{tail}.parquet"
        if known is None:
            # This close is from before its digests were kept.
            ledger.frame(kluis, path)
        elif not kluis.exists(path) or sha256(kluis.read(path)).hexdigest() != known.get(f"{name}{tail}.parquet"):
            raise DamagedError(f"{path} in de kluis is beschadigd; {ledger.REMEDY}.")


def _may_be_told(entry: dict) -> bool:
    """Raises DamagedError for a reason that no command wrote: it would be published as it is."""
    try:
        return bool(sound_reason(entry["toelichting"]))
    except WithdrawError:
        path = f"{ledger.FOLDER}/{entry['dag']}{ledger.WITHDRAWN}"
        raise DamagedError(f"{path} in de kluis is niet door meerdoen geschreven; {ledger.REMEDY}.") from None


def _missing(publicatie: Zone, closes: set[str], withdrawn: set[str]) -> list[str]:
    """The closes and withdrawals that editions show and the ledger has not."""
    found = set()
    for name in edition.editions(publicatie):
        manifest = edition.manifest(publicatie, name)
        if "grootboek" in manifest:
            found |= {close for close in manifest["grootboek"] if close not in closes}
        elif not any(close[:10] <= name[:10] for close in closes):
            # This edition is from before manifests named their closes: there must be one.
            found.add(name)
        found |= {entry["editie"] for entry in manifest.get("ingetrokken", []) if entry["editie"] not in withdrawn}
    return sorted(filter(edition.NAME.fullmatch, found), key=edition.order)


def put_right(settings: Settings) -> str | None:
    """Leads `laatste` to the newest good edition again where it leads nowhere; tells what was wrong, None: nothing.

    The night that asks makes a new edition of what is missing.
    """
    publicatie, gone = settings.publicatie, ledger.taken_back(settings.kluis)
    named = edition.pointed(publicatie)
    if edition.in_place(publicatie) or named in gone:
        return None
    good = named or edition.newest(publicatie, gone)
    if good is None:
        return "laatste wees nergens naar, en er is geen hele editie; deze nacht maakt haar opnieuw"
    edition.point_back(publicatie, good)
    return f"laatste wees nergens naar of was beschadigd; zij wijst weer naar editie {good}"
