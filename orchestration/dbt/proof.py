"""Whether what dbt left behind tells of the build of today, and of all of it: what is not proven did not run.

dbt writes its results last, or never when it is killed, cannot open its database or runs out of memory; what lies
there then is of an earlier build. How dbt is run is in build.py.
"""

import json
import shutil
from pathlib import Path

from assets.ground.state import content_of, forget, recall, remember

MEMORY = "geheugen/dbt"
RESULTS = "run_results.json"
PARSED = "partial_parse.msgpack"
# 0: all well; 1: something failed and the rest was built. 2 is an exception inside dbt, below 0 a signal.
FINISHED = (0, 1)


def clear(work: Path) -> Path:
    """Takes away all that an earlier build left in the work folder, before one begins; gives the folder for artifacts.

    The database is built anew: a model that fails then has no table of yesterday in its place, and a process that still
    reads the old file (or a dbt that outlived its night, and writes it) keeps nobody waiting.
    """
    for file in _database(work):
        file.unlink(missing_ok=True)
    return begin(work)


def begin(work: Path) -> Path:
    """Takes away what an earlier build told, before a part is built in its database; gives the folder for artifacts.

    Until that part is whole nothing is known of the database. What dbt read of the project stays: it tells of no build,
    and dbt holds it against the files, the profile and itself, or reads all anew, which takes longer than a part.
    """
    forget(work, MEMORY)
    target = work / "dbt"
    parsed = (target / PARSED).read_bytes() if (target / PARSED).exists() else None
    shutil.rmtree(target, ignore_errors=True)
    if parsed:
        target.mkdir(parents=True, exist_ok=True)
        (target / PARSED).write_bytes(parsed)
    return target


def keep(work: Path, build: dict) -> None:
    """Keeps what became of a whole build for the next night, bound to the bytes of its database."""
    remember(work, MEMORY, build | {"bestand": content_of(*_database(work))})


def proven(work: Path) -> dict:
    """What was kept of the last build; empty when it was not whole, or its database is not as it left it."""
    kept = recall(work, MEMORY)
    return kept if kept.get("bestand") == content_of(*_database(work)) else {}


def _database(work: Path) -> tuple[Path, Path]:
    return work / "kluis.duckdb", work / "kluis.duckdb.wal"


def results_of(target: Path, returncode: int, invocations: set[str], wanted: set[str]) -> tuple[dict[str, dict], str]:
    """What became of each node by unique id, as far as proven, and what is wrong with the build (empty: nothing).

    `invocations`: the ids that the process gave itself in its log (one, or it was another's too); `wanted`: the unique
    ids that were asked for.
    """
    if returncode not in FINISHED:
        how = f"gestopt door signaal {-returncode}" if returncode < 0 else f"afgebroken met code {returncode}"
        return {}, f"dbt is {how}"
    try:
        content = json.loads((target / RESULTS).read_text(encoding="utf-8"))
        invocation = content["metadata"]["invocation_id"]
        found = {result["unique_id"]: result for result in content["results"]}
    except FileNotFoundError:
        return {}, "dbt schreef geen resultaten"
    except (ValueError, KeyError, TypeError):
        return {}, "de resultaten van dbt zijn onleesbaar"
    if invocations != {invocation}:
        return {}, "de resultaten zijn van een andere run van dbt"
    missing = len(wanted - found.keys())
    return found, f"dbt liet {missing} van de {len(wanted)} modellen en tests weg" if missing else ""
