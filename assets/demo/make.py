"""Makes the demo: a synthetic municipality for each chosen gemeente, and its deliveries in landing.

On the calibration day (2021-12-31) residents per wijk and age, clients of Wmo and jeugdzorg and persons in bijstand per
wijk are those that CBS counted in 2021, exact to a few persons. CBS counts Wmo and jeugdzorg over the period; the demo
takes them as the stand of that day. With `inwoners` everything is scaled, and nothing is promised. The messages are of
iWmo and iJw 3.2 in every month, though those versions are of 2022. Nothing is removed from landing, and no clock is
read: the same options give the same bytes.
"""

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass

import numpy as np
import polars as pl

from assets.demo.addresses import make_addresses
from assets.demo.bij import write_bij
from assets.demo.bijstand import make_benefits
from assets.demo.brp import write_brp
from assets.demo.bus import write_bus
from assets.demo.delivery import Sender
from assets.demo.facts import Gemeente, load, targets
from assets.demo.istandaard import write_messages
from assets.demo.istandaard_allocations import make_allocations, make_clients
from assets.demo.moves import ELSEWHERE
from assets.demo.national import write_areas, write_kerncijfers
from assets.demo.population import make_population, with_numbers
from assets.demo.standard import JEUGDZORG, WMO
from assets.demo.timeline import Timeline
from assets.demo.wsw import make_places, write_wsw
from assets.intake.keys import make_keys
from assets.settings import Settings


@dataclass(frozen=True)
class DemoOptions:
    """What to make. `inwoners`: residents of all gemeenten together (None: as they are); `tot`: last peilmaand."""

    gemeenten: tuple[str, ...] = ("GM0988", "GM0946", "GM0047", "GM0765")
    inwoners: int | None = None
    tot: str = "2022-12"
    maanden: int = 24
    seed: int = 1
    fouten_pct: float = 1.0


def make_demo(settings: Settings, options: DemoOptions, progress: Callable[[str], None] = lambda _: None) -> None:
    """Writes all deliveries, the keys of the gemeenten and, last, `demo.json`. Raises ValueError on odd options."""
    time = Timeline.parse(options.tot, options.maanden)
    gemeenten = load(options.gemeenten, options.inwoners)
    make_keys(settings.key_file, list(options.gemeenten))
    addresses, places, first_bsn = [], [], 0
    for gemeente in gemeenten:
        progress(f"{gemeente.naam}: {gemeente.totaal['a_inw']} inwoners")
        made, workers, first_bsn = _make_gemeente(settings, options, gemeente, time, first_bsn)
        addresses.append(made)
        places.append(workers)
    rng = np.random.default_rng(options.seed)
    write_wsw(rng, settings.landing, pl.concat(places), time, faults_pct=options.fouten_pct, first_bsn=first_bsn)
    progress("gebieden en kerncijfers")
    write_areas(settings.landing, gemeenten, addresses, time)
    write_kerncijfers(settings.landing, options.gemeenten, time)
    about = {"stand": str(time.stand), "opties": asdict(options)}
    settings.landing.write("demo.json", json.dumps(about, indent=1, sort_keys=True).encode())


def _make_gemeente(
    settings: Settings, options: DemoOptions, gemeente: Gemeente, time: Timeline, first_bsn: int
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Makes and writes one gemeente; gives its addresses, its places of the Wsw, and where the next BSNs begin."""
    sender = Sender(settings.landing, gemeente, time, options.fouten_pct)
    # A generator for each subject: a change in one leaves the others as they were.
    people, bijstand, wmo, jeugd, wsw = np.random.default_rng([options.seed, int(gemeente.digits)]).spawn(5)
    wanted_bijstand = _wanted(bijstand, gemeente, "a_soz_wb", 4)
    wanted_wmo = _wanted(wmo, gemeente, "a_wmo_t", 2)
    wanted_jeugd = _wanted(jeugd, gemeente, "jz_jongeren_totaal", 2)
    addresses = make_addresses(people, gemeente)
    # Twice as many strangers as on the calibration day: others come before and after.
    strangers = (2 * max(wanted_bijstand[1], wanted_wmo[1]), 2 * wanted_jeugd[1])
    population = make_population(people, gemeente, addresses, time, strangers)
    persons, next_bsn = with_numbers(people, population.persons, first_bsn)
    write_brp(people, sender, persons, population.periods, addresses)

    benefits = make_benefits(bijstand, persons, wanted_bijstand, time)
    write_bus(bijstand, sender, benefits, persons)

    poor = persons.join(benefits, on="persoon", how="semi").get_column("huishouden").drop_nulls().unique()
    homes = population.periods.filter(pl.col("adres") != ELSEWHERE).join(addresses, on="adres", maintain_order="left")
    homes = homes.select("persoon", "van", "postcode", "huisnummer")
    for rng, standard, wanted in ((wmo, WMO, wanted_wmo), (jeugd, JEUGDZORG, wanted_jeugd)):
        clients = make_clients(rng, persons, wanted, poor, standard=standard, time=time)
        allocations = make_allocations(
            rng, clients, persons, standard=standard, time=time, faults_pct=options.fouten_pct
        )
        write_messages(rng, sender, standard, allocations=allocations, persons=persons, homes=homes)
        if standard is JEUGDZORG:
            write_bij(rng, sender, allocations, persons, homes)
    return addresses, make_places(wsw, persons, gemeente, time), next_bsn


def _wanted(rng: np.random.Generator, gemeente: Gemeente, figure: str, spread: int) -> tuple[np.ndarray, int]:
    """Clients on the calibration day per wijk, and strangers; at least one client, that no delivery is empty."""
    return targets(rng, gemeente.wijken.get_column(figure).to_numpy(), gemeente.totaal[figure], spread, least=1)
