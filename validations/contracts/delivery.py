"""Faults of a delivery as a whole, or of a record that could not be read: LEV-01 … with message and repair hint.

Holds no rules of one registration; those are in its own contract.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeliveryRule:
    """A fault that any delivery can have, what it is called and what its owner must do."""

    id: str
    message: str
    hint: str


RULES = {
    rule.id: rule
    for rule in (
        DeliveryRule("LEV-01", "Het bestand is leeg.", "Lever het bestand opnieuw; de export is mislukt."),
        DeliveryRule(
            "LEV-02",
            "Het bestand is geen UTF-8.",
            "Sla het bestand op als UTF-8 (niet als UTF-16 of Windows-1252) en lever opnieuw.",
        ),
        DeliveryRule(
            "LEV-03",
            "De kolommen zijn niet die van het contract: een kolom ontbreekt, is hernoemd of staat er te veel.",
            "Vergelijk de kolomkop met de leveringsgids (docs/leveringen) en lever opnieuw.",
        ),
        DeliveryRule(
            "LEV-04",
            "Een regel heeft meer of minder velden dan de kolomkop.",
            "Zet een veld met het scheidingsteken erin tussen aanhalingstekens en lever opnieuw.",
        ),
        DeliveryRule(
            "LEV-05",
            "Een veld loopt over meer dan één regel, of een aanhalingsteken wordt niet gesloten.",
            "Haal regeleinden en losse aanhalingstekens uit de velden en lever opnieuw.",
        ),
        DeliveryRule(
            "LEV-06", "Het bestand bevat NUL-tekens.", "Het bestand is beschadigd of binair; exporteer het opnieuw."
        ),
        DeliveryRule(
            "LEV-07",
            "Een regel is langer dan 1 miljoen tekens.",
            "Controleer of de regeleinden in het bestand staan en lever opnieuw.",
        ),
        DeliveryRule(
            "LEV-08",
            "De levering bevat geen bestand van de verwachte soort.",
            "Zie de leveringsgids voor naam en soort van de bestanden.",
        ),
        DeliveryRule(
            "LEV-09",
            "Het zipbestand is beschadigd, of bevat een pad buiten de levering of een bestand in een bestand.",
            "Pak de bestanden opnieuw in, zonder mappen en zonder zip in zip.",
        ),
        DeliveryRule(
            "LEV-10",
            "Het zipbestand wordt na uitpakken te groot.",
            "Lever de bestanden los, of verdeeld over meer leveringen.",
        ),
        DeliveryRule(
            "LEV-11",
            "Het XML-bestand bevat een DOCTYPE of entiteit; dat wordt om veiligheid geweigerd.",
            "Lever het bericht zoals de iStandaard het voorschrijft, zonder DOCTYPE.",
        ),
        DeliveryRule(
            "LEV-12",
            "De levering is niet wat levering.json belooft (bestanden, aantal records of sha256).",
            "Lever bestanden en levering.json opnieuw; waarschijnlijk is de upload afgebroken.",
        ),
        DeliveryRule(
            "LEV-13",
            "Te veel rijen voldoen niet aan het contract; de levering is niet gebruikt.",
            "Herstel de regels uit dit rapport, begin met de regel die het vaakst voorkomt, en lever opnieuw.",
        ),
        DeliveryRule(
            "LEV-14",
            "Het aantal records springt te veel ten opzichte van de vorige levering; de levering wacht op akkoord.",
            "Klopt het aantal, geef dan akkoord: meerdoen akkoord BRON LEVERANCIER LEVERDATUM. Lever anders opnieuw.",
        ),
        DeliveryRule(
            "LEV-15",
            "De map van de levering heeft geen datum als naam, of een datum in de toekomst.",
            "Noem de map naar de leverdatum, jjjj-mm-dd.",
        ),
        DeliveryRule("LEV-16", "De levering veranderde tijdens het lezen.", "Niets: de volgende nacht leest opnieuw."),
        DeliveryRule(
            "LEV-17",
            "De levering kon niet worden gelezen door een fout in de monitor zelf.",
            "Geef deze melding aan de beheerder van de monitor.",
        ),
        DeliveryRule(
            "LEV-18",
            "Het bestand breekt af midden in de laatste regel.",
            "De export of de upload is afgebroken; lever het bestand opnieuw.",
        ),
        DeliveryRule(
            "LEV-20",
            "Het bericht is geen volledige, geldige XML.",
            "Het bericht is afgebroken of beschadigd; lever het opnieuw.",
        ),
        DeliveryRule(
            "LEV-21",
            "Het bericht heeft een andere standaard, versie of berichtcode dan gevraagd.",
            "Lever berichten van de standaard, versie en soort die in de leveringsgids staan.",
        ),
        DeliveryRule(
            "LEV-22",
            "De regel heeft niet de lengte van de recordindeling.",
            "Lever elke regel op volle lengte volgens de leveringsgids; spaties aan het eind horen erbij.",
        ),
    )
}


class DeliveryError(Exception):
    """A delivery that cannot be used. Its text holds rule, file and line, never a value of the delivery."""

    def __init__(self, rule_id: str, file: str = "", line: int | None = None, detail: str = "") -> None:
        rule = RULES[rule_id]
        self.rule_id, self.file, self.line, self.detail = rule_id, file, line, detail
        where = ", ".join(part for part in (file, f"regel {line}" if line is not None else "") if part)
        super().__init__(
            " ".join(
                part
                for part in (f"{rule_id}{f' ({where})' if where else ''}:", rule.message, detail, rule.hint)
                if part
            )
        )
