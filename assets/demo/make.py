"""Makes the demo: a synthetic municipality for each chosen gemeente, and its deliveries in landing.

On the calibration day (2021-12-31) residents per wijk and age and persons in bijstand per wijk are those that CBS
counted in 2021, exact to a few persons; so are who used Wmo in the half-year and jeugdzorg in the year up to that day,
when the demo has those months. With `inwoners` everything is scaled, and nothing is promised. The messages are of iWmo
and iJw 3.2 in every month, though those versions are of 2022. The gemeente of years ago is made up altogether.
Nothing is removed from landing, and no clock is read: the same options give the same bytes.
"""

import json
import math
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl

from assets.demo.aanbod import write_aanbod
from assets.demo.addresses import make_addresses
from assets.demo.awbz import make_indications, make_successors, write_awbz
from assets.demo.bij import write_bij
from assets.demo.bijstand import make_benefits
from assets.demo.brp import write_brp
from assets.demo.bus import write_bus
from assets.demo.contacts import write_cjg, write_oggz
from assets.demo.delivery import Sender
from assets.demo.doorbraak import write_doorbraak
from assets.demo.facts import HISTORIC, Gemeente, load, targets
from assets.demo.huisbezoeken import write_huisbezoeken
from assets.demo.istandaard import write_messages
from assets.demo.istandaard_allocations import make_allocations, make_clients
from assets.demo.leerlingenvervoer import write_leerlingenvervoer
from assets.demo.moves import ELSEWHERE
from assets.demo.national import write_areas, write_kerncijfers
from assets.demo.population import make_population, with_numbers
from assets.demo.school import write_leerplicht, write_vsv
from assets.demo.schuldhulp import make_dossiers, write_connections, write_database
from assets.demo.standard import JEUGDZORG, WMO
from assets.demo.timeline import Timeline
from assets.demo.wet_oke import write_wet_oke
from assets.demo.wia import write_wia
from assets.demo.wsw import make_places, write_wsw
from assets.demo.zorgverzekering import write_zorgverzekering
from assets.ground.settings import DEMO, UNFINISHED, Settings
from assets.ground.zones import Zone
from assets.intake.keys import make_keys

# Deliveries wait here until all are there: a hidden folder of landing, which no run reads.
WAITING = ".demo"
# Below this a gemeente has wijken without anybody, and above it there are not enough test numbers.
RESIDENTS = (100, 2_000_000)


@dataclass(frozen=True)
class DemoOptions:
    """What to make. `inwoners`: residents of all gemeenten together (None: as they are); `tot`: last peilmaand."""

    gemeenten: tuple[str, ...] = ("GM0988", "GM0946", "GM0047", "GM0765")
    inwoners: int | None = None
    tot: str = "2022-12"
    maanden: int = 24
    seed: int = 1
    fouten_pct: float = 1.0
    # A file of CBS kerncijfers to make it from, instead of the figures that the demo has.
    kerncijfers: Path | None = None

    def as_written(self) -> dict:
        """The options as `demo.json` has them: a hash of the file's content, and not its name or path."""
        file = self.kerncijfers
        content = sha256(file.read_bytes()).hexdigest() if file and file.is_file() else None
        return json.loads(json.dumps(asdict(self) | {"kerncijfers": content}))


def options_for(gemeenten: tuple[str, ...], tot: str | None, **others) -> DemoOptions:
    """The options for these gemeenten; `historisch` is a made-up one, up to 2015-06 unless told otherwise."""
    if gemeenten == ("historisch",):
        return DemoOptions(gemeenten=(HISTORIC,), tot=tot or "2015-06", **others)
    return DemoOptions(gemeenten=gemeenten, tot=tot or DemoOptions.tot, **others)


def make_demo(settings: Settings, options: DemoOptions, progress: Callable[[str], None] = lambda _: None) -> None:
    """Writes all deliveries, the keys of the gemeenten and `demo.json`, which says what is there.

    Raises ValueError on odd options, before anything is written. Deliveries come into landing when all are made: what
    an interruption leaves behind says of itself that it is unfinished, and the same options finish it.
    """
    time, gemeenten = _checked(options)
    about = {"stand": str(time.stand), "opties": options.as_written()}
    with _moved_in_when_whole(settings.landing, about) as landing:
        _write(replace(settings, landing=landing), options, time, gemeenten, progress)


def _checked(options: DemoOptions) -> tuple[Timeline, list[Gemeente]]:
    """The months and the gemeenten of the options. Raises ValueError with what is wrong, in Dutch."""
    least, most = RESIDENTS
    if options.inwoners is not None and not least <= options.inwoners <= most:
        raise ValueError(f"--inwoners is een getal van {least} tot en met {most}.")
    if not math.isfinite(options.fouten_pct) or not 0 <= options.fouten_pct <= 100:
        raise ValueError("--fouten is een percentage van 0 tot en met 100.")
    if options.seed < 0:
        raise ValueError("--seed is een geheel getal van 0 of meer.")
    if len(set(options.gemeenten)) != len(options.gemeenten):
        raise ValueError("--gemeenten noemt een gemeente twee keer.")
    gemeenten = load(options.gemeenten, options.inwoners, options.kerncijfers)
    return Timeline.parse(options.tot, options.maanden), gemeenten


@contextmanager
def _moved_in_when_whole(landing: Zone, about: dict) -> Iterator[Zone]:
    """Gives an empty zone to fill; what is in it goes into landing when the block ends well.

    `demo.json` comes first and says that the demo is unfinished, until the last file is in its place.
    """
    landing.write(DEMO, _as_bytes(about | {UNFINISHED: True}))
    with tempfile.TemporaryDirectory() as elsewhere:
        # Within a folder a file moves by one rename; to S3 it is put.
        folder = landing.folder / WAITING if landing.folder else Path(elsewhere)
        shutil.rmtree(folder, ignore_errors=True)
        waiting = Zone(str(folder), private=True)
        yield waiting
        for entry in waiting.files(""):
            if landing.folder:
                target = landing.folder / entry.path
                target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
                (folder / entry.path).replace(target)
            else:
                with landing.writing(entry.path) as target:
                    shutil.copyfile(folder / entry.path, target)
        shutil.rmtree(folder, ignore_errors=True)
    landing.write(DEMO, _as_bytes(about))


def _as_bytes(about: dict) -> bytes:
    return json.dumps(about, indent=1, sort_keys=True).encode()


def _write(
    settings: Settings,
    options: DemoOptions,
    time: Timeline,
    gemeenten: list[Gemeente],
    progress: Callable[[str], None],
) -> None:
    make_keys(settings.key_file, list(options.gemeenten))
    addresses, places, first_bsn = [], [], 0
    for gemeente in gemeenten:
        progress(f"{gemeente.naam}: {gemeente.totaal['a_inw']} inwoners")
        made, workers, first_bsn = _make_gemeente(settings, options, gemeente, time, first_bsn)
        addresses.append(made)
        places.append(workers)
    write_oggz(settings.landing, list(zip(gemeenten, addresses, strict=True)), time, options.fouten_pct, options.seed)
    rng = np.random.default_rng(options.seed)
    write_wsw(rng, settings.landing, pl.concat(places), time, faults_pct=options.fouten_pct, first_bsn=first_bsn)
    progress("gebieden, kerncijfers, WIA en Wajong")
    write_areas(settings.landing, gemeenten, addresses, time)
    write_kerncijfers(settings.landing, gemeenten, time)
    write_wia(settings.landing, gemeenten, time)
    write_connections(settings.sources_file, gemeenten, time)


def _make_gemeente(
    settings: Settings, options: DemoOptions, gemeente: Gemeente, time: Timeline, first_bsn: int
) -> tuple[pl.DataFrame, pl.DataFrame, int]:
    """Makes and writes one gemeente; gives its addresses, its places of the Wsw, and where the next BSNs begin."""
    sender = Sender(settings.landing, gemeente, time, options.fouten_pct)
    # A generator for each subject: a change in one leaves the others as they were.
    people, bijstand, wmo, schulden, jeugd, wsw = np.random.default_rng([options.seed, int(gemeente.digits)]).spawn(6)
    llv, czv, oke, awbz = np.random.default_rng([options.seed, int(gemeente.digits), 9]).spawn(4)
    wanted_bijstand = _wanted(bijstand, gemeente, "a_soz_wb", 4)
    wanted_wmo = _wanted(wmo, gemeente, "a_wmo_t", 1)
    wanted_jeugd = _wanted(jeugd, gemeente, "jz_jongeren_totaal", 1)
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
    indications = make_indications(awbz, persons, time)
    youth = None
    for rng, standard, wanted in ((jeugd, JEUGDZORG, wanted_jeugd), (wmo, WMO, wanted_wmo)):
        clients = make_clients(rng, persons, wanted, poor, standard=standard, time=time, youth=youth)
        allocations = make_allocations(
            rng, clients, persons, standard=standard, time=time, faults_pct=options.fouten_pct
        )
        if standard is WMO:
            allocations = make_successors(awbz, indications, allocations, persons, time)
        write_messages(rng, sender, standard, allocations=allocations, persons=persons, homes=homes)
        if standard is JEUGDZORG:
            write_bij(rng, sender, allocations, persons, homes)
            youth = clients

    dossiers = make_dossiers(schulden, persons, poor, time)
    newest = homes.sort("persoon", "van").unique("persoon", keep="last", maintain_order=True)
    who = persons.select("persoon", "bsn").join(newest, on="persoon", how="left", maintain_order="left")
    write_database(schulden, settings.sources_file, sender, dossiers, who)
    vsv, leerplicht, cjg = np.random.default_rng([options.seed, int(gemeente.digits), 8]).spawn(3)
    write_vsv(vsv, sender, persons)
    write_leerplicht(leerplicht, sender, persons)
    write_cjg(cjg, sender, persons, addresses)
    supply, visits = np.random.default_rng([options.seed, int(gemeente.digits), 1]).spawn(2)
    write_aanbod(supply, sender, addresses)
    write_huisbezoeken(visits, sender)
    write_doorbraak(sender)
    write_awbz(awbz, sender, indications, persons)
    write_leerlingenvervoer(llv, sender, persons)
    write_zorgverzekering(czv, sender, persons, homes, poor)
    write_wet_oke(oke, sender, persons)
    return addresses, make_places(wsw, persons, gemeente, time), next_bsn


def _wanted(rng: np.random.Generator, gemeente: Gemeente, figure: str, spread: int) -> tuple[np.ndarray, int]:
    """Clients per wijk, and strangers, as CBS counts them; at least one client, so that no delivery is empty."""
    return targets(rng, gemeente.wijken.get_column(figure).to_numpy(), gemeente.totaal[figure], spread, least=1)
