"""Makes the answers at house visits and delivers the whole export of the form each month. All of it is invented."""

import csv
import io
from datetime import date

import numpy as np

from assets.demo.delivery import Sender
from assets.demo.faults import MOST
from assets.registrations.huisbezoeken import FREE_TEXT
from validations.contracts.huisbezoeken import CONTRACT
from validations.language.codelists import codes

RESIDENTS_PER_VISIT = 800
HEADER = (*(field.name for field in CONTRACT.fields if field.name != "gemeentecode"), *FREE_TEXT)
CONSENT = 0.88
# What people say may run over lines and hold anything; the reader drops it.
SAID = ("", "Fijn dat er iemand langskwam.", 'Ze zei: "tot volgende week";\nen dat gebeurde ook.', "Te lang gewacht.")
SCALE = (0.04, 0.08, 0.2, 0.42, 0.26)


def write_huisbezoeken(rng: np.random.Generator, sender: Sender) -> None:
    """Writes every delivery of one gemeente: all answers up to its day."""
    wijken = sender.gemeente.wijken.select("code", "a_inw").rows()
    weights = np.array([residents for _, residents in wijken], float)
    monthly = max(sender.gemeente.totaal["a_inw"] // RESIDENTS_PER_VISIT, 1)
    answers: list[list[str]] = []
    for month, leverdatum in zip(sender.time.months, sender.time.deliveries(12), strict=True):
        for wijk in rng.choice(len(wijken), monthly, p=weights / weights.sum()):
            answers.append(_answer(rng, len(answers) + 1, month, wijken[wijk][0]))
        wrong = answers[: min(round(len(answers) * sender.faults_pct / 100), int(len(answers) * CONSENT * MOST))]
        broken = [["F" + row[0], "ja", *row[2:7], "6", *row[8:]] for row in wrong]
        text = io.StringIO()
        csv.writer(text, delimiter=";", lineterminator="\n").writerows([HEADER, *answers, *broken])
        files = {"huisbezoeken.csv": text.getvalue().encode()}
        period = (sender.time.months[0], leverdatum)
        sender.send("huisbezoeken", leverdatum, files, records=len(answers) + len(broken), period=period)


def _answer(rng: np.random.Generator, number: int, month: date, wijk: str) -> list[str]:
    ages, kinds = ([code.code for code in codes(name)] for name in ("LEEFTIJDSGROEP", "HBZ_AARD"))
    scores = [str(score) for score in rng.choice(5, 3, p=SCALE) + 1]
    willing = str(rng.choice(["ja", "nee", "misschien"], p=[0.35, 0.45, 0.2]))
    kind = str(rng.choice(kinds)) if willing == "ja" else ""
    return [
        f"R{number:05d}",
        "ja" if rng.random() < CONSENT else "nee",
        str(month.replace(day=int(rng.integers(1, 28)))),
        wijk,
        str(rng.choice(ages[1:])),
        str(rng.choice(["wmo", "wwb", "wmo,bijzondere_bijstand", ""])),
        str(rng.integers(0, 3)),
        *scores,
        willing,
        kind,
        str(rng.integers(1, 9)) if kind else "",
        str(rng.choice(SAID)),
    ]
