"""Writes the delivery guides, docs/leveringen/<bron>.md, from registration and contract: `make docs`.

A guide tells an owner what to deliver, in what form, and which rules are asked of it. Nothing is written by hand.
"""

from assets.ground.settings import PROJECT
from assets.intake.step import FEW
from assets.registrations.declaration import Registration, registrations
from assets.sources.database import DatabasePull
from validations.language.contract import Contract
from validations.language.delivery import RULES

FOLDER = PROJECT / "docs" / "leveringen"
SEMANTICS = {
    "berichten": "Berichten stapelen zich op; een correctie wint van wat zij verbetert.",
    "stand": "Een latere levering van dezelfde periode vervangt de eerdere.",
    "geheel": "De nieuwste levering vervangt alle eerdere.",
}


def guide(registration: Registration) -> str:
    """The guide of one registration, in Markdown."""
    contracts = list(registration.contracts.values())
    place = "NL" if registration.national else "<gemeentecode>"
    lines = [
        f"# Levering `{registration.bron}`: {registration.title}",
        "",
        "<!-- Gemaakt met `make docs` uit het contract; wijzig het contract, niet deze pagina. -->",
        "",
        *(f"{contract.guide}\n" for contract in contracts if contract.guide),
        f"- **Vorm**: {registration.format}",
        f"- **Map**: `<landing>/{place}/{registration.bron}/<jjjj-mm-dd>/`",
        f"- **Hoe vaak**: elke {registration.cadence_days} dagen; daarna {registration.grace_days} dagen respijt",
        f"- **Meer leveringen**: {SEMANTICS[registration.semantics]}",
        f"- **Grens**: meer dan {registration.max_uitval_pct:g}% en minstens {FEW} rijen uitval, of meer dan de helft, "
        "blokkeert de levering" + _jump(registration),
        f"- **Voor**: {', '.join(registration.regelingen) or 'alle regelingen (referentie)'}",
        f"- **Bron van de indeling**: {contracts[0].source}",
        "",
        "Een `levering.json` naast de bestanden mag: `periode` (`van`, `tot`), `records` en per bestand `naam` en "
        "`sha256`. Wat daarin staat, wordt gecontroleerd. Zonder `levering.json` wordt een levering gelezen als er "
        "tien minuten niets aan veranderde.",
    ]
    lines += _tried(registration)
    for contract in contracts:
        lines += _layouts(contract)
    if isinstance(registration.pull, DatabasePull):
        lines += _pulled(registration.pull)
    for contract in contracts:
        lines += _fields(contract)
    for contract in contracts:
        lines += _rules(contract)
    lines += [
        "",
        "## Fouten die elke levering kan hebben",
        "",
        "| regel | wat er mis is | wat te doen |",
        "|---|---|---|",
    ]
    lines += [f"| {rule.id} | {rule.message} | {rule.hint} |" for rule in RULES.values()]
    return "\n".join(lines) + "\n"


def _tried(registration: Registration) -> list[str]:
    whose = "" if registration.national else " --gemeente GM0988"
    return [
        "",
        "## Vooraf zelf toetsen",
        "",
        "Op uw eigen computer (Windows, Mac of Linux, met Python 3.11 of nieuwer) ziet u voor het versturen wat de "
        "monitor van een levering zal zeggen. Er gaat niets weg en er blijft niets achter dan het rapport. De gemeente "
        "geeft u het bestand `meerdoen-….whl`; installeer het eenmalig met `pip install meerdoen-….whl`. Daarna:",
        "",
        f"    meerdoen toets MAP_OF_BESTAND --bron {registration.bron}{whose}",
        "",
        "Het rapport komt in de map `toetsrapport`. Afloop 0: in orde; 1: te gebruiken, met opmerkingen; 2: niet "
        "in orde.",
    ]


def _jump(registration: Registration) -> str:
    if registration.max_jump_pct is None:
        return ""
    return f"; een sprong van meer dan {registration.max_jump_pct:g}% in omvang houdt haar vast tot akkoord"


def _fields(contract: Contract) -> list[str]:
    lines = ["", f"## Velden: {contract.title}", "", "| veld | soort | betekenis | bewaard |", "|---|---|---|---|"]
    for field in contract.fields:
        stored = f"als pseudoniem (`{field.stored_as}`)" if field.person else ("ja" if field.stored else "nee")
        also = f". Kop ook: {', '.join(field.aliases)}" if field.aliases else ""
        lines.append(f"| `{field.name}` | {field.kind.explanation} | {field.description}{also} | {stored} |")
    return lines


def _rules(contract: Contract) -> list[str]:
    lines = [
        "",
        f"## Regels: {contract.title}",
        "",
        "| regel | velden | wat er mis is | wat te doen |",
        "|---|---|---|---|",
    ]
    for rule in contract.rules:
        columns = ", ".join(f"`{column}`" for column in rule.columns)
        lines.append(f"| {rule.id} | {columns} | {rule.message} | {rule.hint} |")
    if contract.together:
        lines += ["", "Pas zichtbaar als alle leveringen samen worden bekeken; dit is geen uitval:", ""]
        lines += ["| regel | wat er mis is | wat te doen |", "|---|---|---|"]
        lines += [f"| {rule.id} | {rule.message} | {rule.hint} |" for rule in contract.together]
    return lines


def _pulled(pull: DatabasePull) -> list[str]:
    lines = [
        "",
        "## Tabellen die de monitor leest",
        "",
        f"Elke tabel heeft `{pull.dossier}` (het dossier waar de rij bij hoort) en `{pull.changed}` (wanneer zij het "
        "laatst is geschreven). Een tabel of kolom die ontbreekt, nieuw is of van een andere soort is, blokkeert de "
        "registratie (LEV-31).",
        "",
        "| tabel | kolommen |",
        "|---|---|",
    ]
    for name, columns in pull.tables.items():
        lines.append(f"| `{name}` | {', '.join(f'`{column}` {kind}' for column, kind in columns.items())} |")
    return lines


def _layouts(contract: Contract) -> list[str]:
    lines = []
    for name, layout in contract.layouts.items():
        total = sum(position.length for position in layout)
        lines += [
            "",
            f"## Recordindeling {name} ({total} posities)",
            "",
            "| nr | veld | van | tot | leeg als |",
            "|---|---|---|---|---|",
        ]
        start = 1
        for number, position in enumerate(layout, 1):
            end = start + position.length - 1
            lines.append(f"| {number} | `{position.name}` | {start} | {end} | {', '.join(position.none)} |")
            start = end + 1
    return lines


def main() -> None:
    """Writes every guide."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for bron, registration in registrations().items():
        (FOLDER / f"{bron}.md").write_text(guide(registration), encoding="utf-8")


if __name__ == "__main__":
    main()
