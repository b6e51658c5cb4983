"""Faults of a delivery as a whole, or of a record that could not be read: LEV-01 … with message and repair hint.

Holds no rules of one registration; those are in its own contract.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class DeliveryRule:
    """A fault that any delivery can have, what it is called and what its owner must do.

    `tells`: nothing is refused for it, and no row is lost by it.
    """

    id: str
    message: str
    hint: str
    tells: bool = False


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
            "Vergelijk de kolomkop met de leveringsgids en lever opnieuw.",
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
            "Het bestand is te groot, of wordt dat na uitpakken.",
            "Controleer de export; lever de bestanden los, of verdeeld over meer leveringen.",
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
            "Klopt het aantal, laat de beheerder dan akkoord geven (meerdoen akkoord BRON LEVERANCIER LEVERDATUM). "
            "Lever anders opnieuw.",
        ),
        DeliveryRule(
            "LEV-15",
            "De map van de levering heeft geen datum als naam, of een van vóór 1990 of in de toekomst.",
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
            "LEV-19",
            "De levering heeft dezelfde inhoud als een eerdere; zij telt één keer.",
            "Controleer of de export is vernieuwd. Is er echt niets veranderd, dan hoeft u niets te doen.",
            tells=True,
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
        DeliveryRule(
            "LEV-23",
            "De levering zegt iets anders over dezelfde periode dan een eerdere; deze, de latere, telt.",
            "Was het een correctie, dan hoeft u niets te doen. Controleer anders de periode in het bestand.",
            tells=True,
        ),
        DeliveryRule(
            "LEV-24",
            "De levering is nog niet compleet: zij veranderde minder dan tien minuten geleden.",
            "Niets: de volgende run kijkt opnieuw. Een levering.json die klopt, maakt wachten onnodig.",
        ),
        DeliveryRule(
            "LEV-25",
            "De gemeente heeft geen sleutel en hoort niet bij deze monitor; de levering is niet gelezen.",
            "Controleer de naam van de map. Doet de gemeente mee, laat de beheerder dan haar sleutel toevoegen.",
        ),
        DeliveryRule(
            "LEV-26",
            "In de levering zit een verwijzing (link) of iets anders dan een gewoon bestand; zij is niet gelezen.",
            "Zet de bestanden zelf in de map van de levering, ook in een zip, zonder verwijzingen.",
        ),
        DeliveryRule(
            "LEV-28",
            "De naam is geen code (GM0988, NL) en geen naam van een leverancier; wat eronder ligt, is niet gelezen.",
            "Geef de map of verbinding een code, of een naam van hoogstens 60 letters, spaties, ', - en punten, zonder "
            "cijfers.",
        ),
        DeliveryRule(
            "LEV-29",
            "Eerder gelezen leveringen stonden onder een naam die geen leverancier kan zijn; zij tellen niet meer mee.",
            "Hoorden zij erbij, lever ze dan opnieuw onder een goede naam.",
        ),
        DeliveryRule(
            "LEV-30",
            "De bron is onbereikbaar, te traag of viel weg; er is niets gehaald.",
            "Controleer of de bron draait en of adres, gebruiker, wachtwoord en leesrecht kloppen; de volgende run "
            "probeert het opnieuw.",
        ),
        DeliveryRule(
            "LEV-31",
            "De tabellen van de bron zijn niet die van de afspraak; er is niets gehaald.",
            "Herstel de tabel of view in de bron volgens de leveringsgids, of laat de monitor aanpassen.",
        ),
        DeliveryRule(
            "LEV-32",
            "De gegevens om de bron te bereiken zijn niet bruikbaar.",
            "Herstel het bestand waar MEERDOEN_BRONNEN_BESTAND naar wijst; zie docs/beheer.md.",
        ),
        DeliveryRule(
            "LEV-40",
            "De bron gaf niet alle pagina's; er is niets gehaald en de laatste goede gegevens tellen nog.",
            "Controleer of de bron draait en het adres en het token kloppen; de volgende run probeert het opnieuw.",
        ),
        DeliveryRule(
            "LEV-41",
            "Het bestand is geen pagina van Open Referral HSDS: JSON met een lijst contents.",
            "Lever de pagina's zoals de API ze geeft: organizations, services, locations en service_at_locations.",
        ),
        DeliveryRule(
            "LEV-42",
            "Een dienst, organisatie of locatie op de pagina heeft geen id of niet de vorm van HSDS.",
            "Geef elk object een id, en lijsten waar HSDS 3.0 lijsten vraagt.",
        ),
        DeliveryRule(
            "LEV-43",
            "Het YAML-bestand is ongeldig of niet veilig: geen ankers, verwijzingen of tags, geen veld twee keer.",
            "Schrijf elk veld één keer uit, zoals het voorbeeld in de leveringsgids.",
        ),
        DeliveryRule(
            "LEV-44",
            "Het YAML-bestand is groter dan 1 MB of heeft te veel lagen.",
            "Lever een bestand per project, zonder bijlagen.",
        ),
        DeliveryRule(
            "LEV-45",
            "Het bestand is geen JSON-lijst van records; het genoemde nummer is dat van het record.",
            "Lever één lijst tussen rechte haken met een object per record, en niets erna.",
        ),
        DeliveryRule(
            "LEV-46",
            "Een record noemt een veld twee keer, of bevat NaN, Infinity of te veel lagen in elkaar.",
            "Noem elk veld één keer; laat een onbekende waarde weg of geef null; gebruik geen lijsten in lijsten.",
        ),
        DeliveryRule(
            "LEV-47",
            "Een veld van het record is geen tekst, geheel getal of null.",
            "Lever elk veld als tekst of geheel getal, zonder lijst, object, komma of waar/onwaar.",
        ),
        DeliveryRule(
            "LEV-50",
            "De werkmap is niet te lezen.",
            "Sla de werkmap in Excel op als .xlsx, zonder wachtwoord, en lever opnieuw.",
        ),
        DeliveryRule(
            "LEV-51",
            "Geen zichtbaar blad van de werkmap heeft de kolommen van het contract.",
            "Geef de kolommen de namen uit de leveringsgids, in één rij boven de gegevens.",
        ),
        DeliveryRule(
            "LEV-52",
            "Meer dan één zichtbaar blad van de werkmap heeft de kolommen van het contract.",
            "Lever één blad met gegevens; verwijder of verberg de andere, zoals die van een vorig jaar.",
        ),
        DeliveryRule(
            "LEV-53",
            "De rij is verborgen in de werkmap; zij is wel gelezen.",
            "Verwijder de rij als zij niet meetelt, of maak haar zichtbaar: een filter verbergt rijen ook.",
            tells=True,
        ),
        DeliveryRule(
            "LEV-54",
            "De rij noemt niemand en is overgeslagen, zoals een rij met totalen.",
            "Niets, als het een totaal of een opmerking is; vul anders de ontbrekende nummers in.",
            tells=True,
        ),
        DeliveryRule(
            "LEV-56",
            "Dit bestand of blad is niet gelezen: de registratie kent deze soort of deze kolommen niet.",
            "Lever de gegevens zoals de leveringsgids vraagt. Hoort het er niet bij, haal het dan weg, of laat "
            "de beheerder akkoord geven (meerdoen akkoord BRON LEVERANCIER LEVERDATUM).",
            tells=True,
        ),
        DeliveryRule(
            "LEV-57",
            "Dit bestand is niet gelezen: het is een toelichting of een rapport van de monitor, geen gegevens.",
            "Niets; staan er toch gegevens in, lever die dan zoals de leveringsgids vraagt.",
            tells=True,
        ),
        DeliveryRule(
            "LEV-58",
            "Dit bericht van de standaard (zoals een retourbericht of declaratie) vraagt de monitor niet; het is "
            "overgeslagen.",
            "Niets: het telt niet als uitval.",
            tells=True,
        ),
        DeliveryRule(
            "LEV-59",
            "Het bestand heeft niet alle kolommen die de monitor kent; wat daarin hoort is onbekend, niet 0.",
            "Niets, als u (of het CBS in deze uitgave) ze niet hebt; geef hun anders de naam uit de leveringsgids.",
            tells=True,
        ),
        DeliveryRule(
            "LEV-60",
            "Een ander blad van de werkmap is niet gelezen: het heeft niet de kolommen van deze registratie.",
            "Niets, als er een toelichting of telling op staat; zet anders alle gegevens op één blad.",
            tells=True,
        ),
        DeliveryRule(
            "LEV-61",
            "De cel bevat een fout (zoals #N/B) of een formule zonder opgeslagen uitkomst; haar waarde is niet bekend.",
            "Open de werkmap in Excel, herstel de cel en sla op: dan wordt de uitkomst bewaard. Lever opnieuw.",
        ),
        DeliveryRule(
            "LEV-62",
            "De cel kan op twee manieren worden gelezen: 1.250 of 1,250 als 1250 of als 1,25, 11/06/2022 als 11 juni "
            "of 6 november, een tijd na 22 uur als die dag of de volgende.",
            "Schrijf een bedrag zonder punten (1250 of 1250,00) en een datum zonder tijd, zoals 2022-06-11. Lever "
            "opnieuw.",
        ),
        DeliveryRule(
            "LEV-63",
            "De rij of het bericht heeft twee waarden voor hetzelfde, en kan dus op twee manieren worden gelezen.",
            "Lever elk gegeven één keer: één kolom, één element, één adres; een bestand van het CBS ongewijzigd.",
        ),
        DeliveryRule(
            "LEV-64",
            "De coördinaten van de grenzen zijn niet zeker te lezen: als lengte, breedte (WGS84) en als x, y (RD New) "
            "liggen zij niet in Nederland.",
            "Lever GeoJSON met lengte, breedte (WGS84) of x, y (RD New), in die volgorde.",
        ),
        DeliveryRule(
            "LEV-65",
            "Het antwoord van de bron is niet compleet: het zegt zelf dat er meer is dan er geleverd is.",
            "Haal alle pagina's op, ook de volgende, en lever ze samen; half geleverd zou de rest doen verdwijnen.",
        ),
        DeliveryRule(
            "LEV-66",
            "Het gebied heeft geen gesloten vlak als grens (Polygon of MultiPolygon, met ringen die sluiten).",
            "Lever van elk gebied de grens zoals de Wijk- en Buurtkaart van het CBS haar geeft.",
        ),
        DeliveryRule(
            "LEV-67",
            "Het is het water van een gebied (water of H2O is JA); als grens telt alleen het land.",
            "Niets: van hetzelfde gebied is het land gelezen, als dat erbij zit.",
            tells=True,
        ),
        DeliveryRule(
            "LEV-68",
            "De cel is niet leeg, maar bevat een woord of teken voor niets of voor een fout (NULL, n.v.t., -, #N/B).",
            "Maak de cel leeg als er niets is, en vul haar anders. Komt dit uit een export, pas dan de export aan.",
        ),
        DeliveryRule(
            "LEV-69",
            "De rij begint met Totaal, maar noemt een persoon: zij kan een totaal zijn of een record.",
            "Verwijder de rij als zij een totaal is; geef haar anders haar eigen nummer.",
        ),
        DeliveryRule(
            "LEV-55",
            "Een verborgen blad met dezelfde kolommen is niet gelezen.",
            "Niets, als het een oud blad is; maak het anders zichtbaar en lever alleen dat blad.",
            tells=True,
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
