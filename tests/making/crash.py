"""Failures at every write of a close and its publication: `python -m tests.making.crash FOLDER STEPS FAULTS`.

One process is warmed and then forked for each try (it never uses polars itself, whose threads no child would have).
strace makes one system call of the child fail, or kills it there: Python's own and those of DuckDB and polars alike.
What lies there after it is judged (no half or wrong edition, nothing lost, a true status), and then healed by a night
without a fault. Tries that leave the same bytes are healed once.
"""

import gc
import hashlib
import json
import re
import shutil
import sys
from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from assets.ground import durable, zones
from assets.ground.state import recall
from assets.ground.versions import ATTACK, AUDIT, CANDIDATE, GATE, TOGETHER, code_version
from assets.ground.zones import Zone
from assets.privacy.places import remove_leftovers
from assets.protection.sdc import load_sdc
from assets.publication import edition, ledger
from assets.registrations.declaration import registrations
from orchestration.status import _edition
from tests.making.closes import NO_ORIGIN
from tests.making.crash_night import FIRST, SECOND, World, town
from tests.making.injected import CALLS, FAULTS, OTHER_CALLS, TAKES_ROOM, Point, child, traced
from validations.disclosure import attack, editions  # noqa: F401  what a step imports late is warm too

WRITES = ("write", "sendfile")
STAGES = {
    "kluis": lambda world, _: world.models(),
    "monitor_wmo": lambda world, _: world.protect(["wmo"]),
    "monitor_wwb": lambda world, _: world.protect(["wwb"]),
    "beveiliging_samen": World.together,
    "vrijgave": World.release,
    "publicatie": World.make_public,
}
REGELINGEN = ["wmo", "wwb"]


def run(folder: Path, stages: list[str]) -> bool:
    """Runs some steps of the second night in a folder in which those before them were run. False: the run broke off."""
    world = World(folder)
    world.resume(SECOND)
    for stage in stages:
        try:
            STAGES[stage](world, REGELINGEN)
        except (OSError, duckdb.Error):
            # Goes on as Dagster does: no step needs the database for analysts; what needs another step is left out.
            if stage != "kluis":
                return False
    return True


def figures(folder: Path, name: str | None) -> dict[str, str]:
    """A digest of what each table of an edition says; not of when it was made."""
    found = {}
    for file in sorted((folder / "publicatie" / str(name)).glob("*.parquet")):
        frame = pl.read_parquet(file).drop("editie", strict=False)
        found[file.stem] = hashlib.sha256(frame.write_csv().encode()).hexdigest()
    return found


def ledger_of(kluis: Zone) -> str:
    """A digest of all that ever became public; not of how many closes it took."""
    return hashlib.sha256(ledger.every(kluis).drop("beurt").sort(pl.all()).write_csv().encode()).hexdigest()


def right(folder: Path, allowed: list[dict[str, str]], base: Path) -> list[str]:
    """What is wrong in a folder after a fault, before anything is mended."""
    settings = World(folder).night.settings
    kluis, publicatie = settings.kluis, settings.publicatie
    wrong = []
    pointer = json.loads(publicatie.read(edition.POINTER))
    manifest = publicatie.read(f"{pointer['editie']}/{edition.MANIFEST}")
    if hashlib.sha256(manifest).hexdigest() != pointer["manifest_sha256"]:
        wrong.append("laatste.json points to another manifest")
    shown = [path for path in (folder / "publicatie").iterdir() if path.name[:4].isdigit()]
    for name in {*(path.name for path in shown), (folder / "publicatie" / "laatste").resolve().name}:
        if not publicatie.exists(f"{name}/{edition.MANIFEST}") or edition.damaged(publicatie, name):
            wrong.append(f"edition {name} is half")
    for table, digest in figures(folder, pointer["editie"]).items():
        if digest not in [one.get(table) for one in allowed]:
            wrong.append(f"{table} is not what an undisturbed night makes")
    for file in (base / "kluis" / "grootboek").iterdir():
        if (folder / "kluis" / "grootboek" / file.name).read_bytes() != file.read_bytes():
            wrong.append(f"grootboek/{file.name} changed")
    ledger.every(kluis)
    ledger.origin(kluis, NO_ORIGIN)
    if (folder / "kluis" / "kluis.duckdb").exists():
        duckdb.connect(str(folder / "kluis" / "kluis.duckdb"), read_only=True).close()
    status, true = [line.text for line in _edition(settings)], list(_true_status(folder, pointer["editie"]))
    return wrong + ([f"status says {status}, not {true}"] if status != true else [])


def _true_status(folder: Path, name: str) -> Iterator[str]:
    """What `status` has to say of the publication, and nothing else."""
    yield f"Editie: {name}"
    # Killed between the switch and the link that follows it.
    if (folder / "publicatie" / "laatste").readlink() != Path(name):
        yield (
            "  laatste of laatste.json is beschadigd of wijst nergens naar; de volgende nacht zet het goed:"
            " meerdoen refresh"
        )
    result = recall(folder / "werk", "toestand/publicatie")
    if fault := result.get("fout"):
        after = f"daarna brak de publicatie af ({fault}); de volgende nacht maakt haar af: meerdoen refresh"
        yield f"  {after if name == str(SECOND) else f'de laatste nacht publiceerde niets: {fault}'}"


def healed(folder: Path, wanted: dict) -> list[str]:
    """What is wrong after a night without a fault."""
    world = World(folder)
    world.whole_night(town(1), SECOND)
    settings = world.night.settings
    name, wrong = edition.latest(settings.publicatie), []
    if fault := recall(settings.work, "toestand/publicatie").get("fout"):
        wrong.append(f"the next night publishes nothing: {fault}")
    if figures(folder, name) != wanted["tables"]:
        wrong.append("the next night makes other tables")
    if ledger_of(settings.kluis) != wanted["ledger"]:
        wrong.append("the ledger is another")
    if (folder / "publicatie" / "laatste").readlink() != Path(str(name)):
        wrong.append("laatste does not follow")
    if not (folder / "kluis" / "kluis.duckdb").exists():
        wrong.append("the database for analysts is not there")
    if [line.text for line in _edition(settings)] != [f"Editie: {name}"]:
        wrong.append("status does not say that all is well")
    return wrong + right(folder, [wanted["tables"]], folder)


def hidden(folder: Path) -> list[str]:
    return [str(path) for path in folder.rglob("*") if path.name.startswith(".") or path.name.startswith("tmp")]


def state(folder: Path) -> str:
    """A digest of all that the next step or night, or a reader, can find; of a database its size."""
    parts = []
    for path in sorted(folder.rglob("*")):
        content = b""
        if path.is_symlink():
            content = str(path.readlink()).encode()
        elif path.suffix == ".duckdb":
            content = str(path.stat().st_size).encode()
        elif path.is_file():
            content = re.sub(rb'"(seconden|run_id)": [^,\n}]+', b"", path.read_bytes())
        parts.append(f"{path.relative_to(folder)} {hashlib.sha256(content).hexdigest()}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def in_a_zone(point: Point) -> bool:
    """Whether the call is about files that last: all in the work folder can be deleted."""
    return not point.file.startswith("werk")


class Trials:
    """All tries in a folder. `wrong`: what was found; `tried`, `points`: by step, fault and call."""

    def __init__(self, folder: Path) -> None:
        _warm()
        self.folder, self.base = folder, folder / "eerst"
        self.trial = folder / "proef"
        self.wrong: list[str] = []
        self.points: dict[str, list[Point]] = {}
        self.tried, self.seen = Counter(), set()
        self.base.mkdir(parents=True)
        child(lambda: World(self.base).whole_night(town(0), FIRST), self.base)
        place = self._fresh(self.base)
        child(partial(_begin, place), place)
        for stage in STAGES:
            shutil.rmtree(folder / stage, ignore_errors=True)
            shutil.copytree(place, folder / stage, symlinks=True)
            self.points[stage] = traced(partial(run, place, [stage]), place).points
        self.wanted: Any = child(partial(_outcome, place), place)
        self.allowed = [child(partial(figures, self.base, str(FIRST)), self.base), self.wanted["tables"]]

    def _fresh(self, source: Path) -> Path:
        shutil.rmtree(self.trial, ignore_errors=True)
        shutil.copytree(source, self.trial, symlinks=True)
        return self.trial

    def all(self, stages: list[str], faults: str, calls: tuple[str, ...], file: str) -> None:
        """`faults`: `kill`; `kort`, one fault at each call in a zone; or `alles`, each fault at each call."""
        for stage in stages:
            for point in self.points[stage]:
                if point.call not in calls or not point.file.endswith(file):
                    continue
                if faults == "kort":
                    if in_a_zone(point):
                        self.one(stage, point, "ENOSPC" if point.call in WRITES else "kill")
                    continue
                self.one(stage, point, "kill")
                if faults == "alles":
                    self.one(stage, point, "EIO")
                    if point.call in TAKES_ROOM:
                        self.one(stage, point, "ENOSPC")

    def counts(self, fault: str) -> Counter:
        return Counter({f"{stage} {call}": times for (stage, one, call), times in self.tried.items() if one == fault})

    def one(self, stage: str, point: Point, fault: str) -> None:
        """A step with a fault, from where the step before it ended; once for all that leave the same, what follows."""
        place = self._fresh(self.folder / stage)
        ended = traced(partial(run, place, [stage]), place, fault, point)
        moment = f"{stage}, {fault} at {point.call} {point.number} of {point.file}"
        if not ended.came:
            self.wrong.append(f"{moment}: did not come")
            return
        self.tried[stage, fault, point.call] += 1
        remove_leftovers(World(place).night.settings)
        if left := hidden(place):
            self.wrong.append(f"{moment}: leaves {left}")
        now = (stage, ended.result, state(place))
        if now in self.seen:
            return
        self.seen.add(now)
        after = list(STAGES)[list(STAGES).index(stage) + 1 :] if ended.result else []
        found = child(partial(_judged, place, after, self.allowed, self.base, self.wanted), place)
        self.wrong += [f"{moment}: {one}" for one in found]  # pyright: ignore[reportGeneralTypeIssues]


def _warm() -> None:
    """What is the same in every try is done once: declarations, settings, and the hashes of our own code."""
    registrations()
    load_sdc()
    for begins in ((), (CANDIDATE,), (TOGETHER,), (AUDIT,), (ATTACK,), (GATE,)):
        code_version(*begins)
    gc.freeze()


def _begin(folder: Path) -> None:
    world = World(folder)
    world.begin(SECOND)
    world.mart(town(1))


def _outcome(folder: Path) -> dict:
    return {"tables": figures(folder, str(SECOND)), "ledger": ledger_of(World(folder).night.settings.kluis)}


def _judged(folder: Path, after: list[str], allowed: list, base: Path, wanted: dict) -> list[str]:
    if after and not run(folder, after):
        return ["a step without a fault broke off"]
    try:
        return right(folder, allowed, base) + healed(folder, wanted)
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]


def write_over(name: str) -> None:
    """Lets a file of that name be written over, where it ought to get its name when it is whole."""
    real = durable.take_place

    def written(new: Path, target: Path) -> None:
        if target.name != name:
            real(new, target)
            return
        content = new.read_bytes()
        with target.open("wb", buffering=0) as file:
            file.write(content[: len(content) // 2])
            file.write(content[len(content) // 2 :])

    zones.take_place = written


def main(folder: Path, steps: list[str], faults: str, sabotaged: str = "", *more: str) -> dict:
    """Tries the faults in some steps; `more`: at every call that changes a disk."""
    if sabotaged:
        write_over(sabotaged)
    trials, calls = Trials(folder), CALLS + (OTHER_CALLS if more else ())
    trials.all(steps, faults, calls, sabotaged)
    counted = {(s, point) for s in steps for point in trials.points[s] if point.call in calls}
    return {
        "punten": Counter(f"{s} {point.call}" for s, point in counted),
        "blijvend": Counter(f"{s} {point.call}" for s, point in counted if in_a_zone(point)),
        "ruimte": Counter(f"{s} {point.call}" for s, point in counted if point.call in TAKES_ROOM),
        "geprobeerd": {fault: trials.counts(fault) for fault in FAULTS},
        "toestanden": len(trials.seen),
        "fout": trials.wrong,
    }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2].split(","), *sys.argv[3:]), indent=1))
