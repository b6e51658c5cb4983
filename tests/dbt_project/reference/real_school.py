"""Writes the deliveries of vsv, leerplicht, cjg and oggz in their native formats; beside real.py."""

from tests.dbt_project.reference.facts_school import CjgDelivery, LeerplichtDelivery, OggzDelivery, VsvDelivery
from tests.making.school_town import cjg_files, leerplicht_files, oggz_files, vsv_files
from tests.making.town import Town

DAYS = {"A01": "datum_uitschrijving", "A02": "datum_herinschrijving", "A07": "datum_startkwalificatie"}


def write_school(delivery: object, town: Town) -> None:
    """One delivery, in the landing zone."""
    if isinstance(delivery, VsvDelivery):
        reports: dict[str, list[dict]] = {}
        for row in delivery.pupils:
            day = {DAYS[row.report]: str(row.day)} if row.day else {}
            reports.setdefault(row.report, []).append({"persoon": row.person} | day)
        files = vsv_files(f"{delivery.year}-{delivery.month:02d}", reports, delivery.gemeente[2:])
        town.deliver("vsv", str(delivery.leverdatum), files, leverancier=delivery.gemeente)
    elif isinstance(delivery, LeerplichtDelivery):
        rows = [
            {
                "persoon": a.person,
                "meldingsnummer": a.number,
                "verzuimsoort": a.kind,
                "brin": None if a.kind == "ABSOLUUT" else "01AB",
                "datum_start": str(a.start),
                "datum_melding": str(a.reported) if a.reported else None,
                "status": a.status,
                "beslissing": "VRIJSTELLING" if a.ground else None,
                "vrijstelling_grond": a.ground,
            }
            for a in delivery.absences
        ]
        period = delivery.period
        promise = {"periode": {"van": str(period[0]), "tot": str(period[1])}} if period else None
        files = leerplicht_files(rows, delivery.gemeente[2:])
        town.deliver("leerplicht", str(delivery.leverdatum), files, leverancier=delivery.gemeente, promise=promise)
    elif isinstance(delivery, CjgDelivery):
        rows = [{"datum_contact": str(c.day), "postcode4": c.pc4} for c in delivery.contacts]
        files = cjg_files(rows, delivery.gemeente[2:])
        town.deliver("cjg", str(delivery.leverdatum), files, leverancier=delivery.gemeente)
    else:
        assert isinstance(delivery, OggzDelivery)
        rows = [
            {
                "code": w.code,
                "melddatum": str(w.reported),
                "datum_afsluiting": str(w.closed) if w.closed else None,
                "postcode4": w.pc4,
                "briefadres": "J" if w.letters else None,
            }
            for w in delivery.worries
        ]
        files = oggz_files(str(delivery.first), str(delivery.last), rows, delivery.gemeente[2:])
        town.deliver("oggz", str(delivery.leverdatum), files, leverancier=delivery.by)
