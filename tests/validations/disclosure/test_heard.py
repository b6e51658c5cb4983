"""What protection takes a reader to hear when it hides a figure is what he reads when that is published so."""

from dataclasses import replace
from datetime import date

import numpy as np
import polars as pl

from assets.protection.cells import PUBLISHED
from assets.protection.over_closes import in_order, with_told
from assets.protection.protect import decided, system_of
from assets.protection.public import entries_of, with_entries
from assets.protection.seen import seen_today
from assets.protection.together import _Heard
from tests.validations.disclosure.gemeente import DAYS, gemeente
from tests.validations.disclosure.secured import SDC, cells, close
from tests.validations.disclosure.trial import linked
from validations.disclosure.attack import Attack
from validations.disclosure.reader import KEY


def test_what_is_heard_of_hidden_and_silent_figures_is_what_is_read():
    """At a second close, with figures of the first that change; some hidden, some of those silent, by chance."""
    first, later = (gemeente(3, 1500, 2, linked=2, night=night) for night in (0, 1))
    earlier = {name: figures.filter(pl.col("peildatum") == DAYS[0]) for name, figures in first.figures.items()}
    known, _, _ = close(replace(first, figures=earlier), date(2022, 1, 20))
    now, history, stand = cells(later, known), in_order(known), date(2022, 4, 20)
    bare = now.with_columns(reden=pl.when(pl.col("reden") != "secundair").then("reden"))
    options = {"linked": linked(later), "sdc": SDC, "stand": stand}
    heard, system = _Heard(bare, history, later.areas, **options), system_of(bare, SDC, options["linked"])
    by_rule, rng = system.shown.copy(), np.random.default_rng(1)
    for _ in range(3):
        system.shown = by_rule & ~(system.usable & (rng.random(len(by_rule)) < 0.3))
        system.silent |= system.usable & ~system.shown & (rng.random(len(by_rule)) < 0.3)
        made = decided(bare, by_rule & ~system.shown, system.silent)
        assert made.filter("vers", pl.col("publicatiestatus") != PUBLISHED).height > 20
        public = with_told(with_entries(known, entries_of(made, SDC, stand)), history, made, stand)
        seen, rest = seen_today(public, made, **options)
        read = Attack(seen, later.areas, **rest)
        assert read.figures.select(KEY).equals(heard.reader.figures.select(KEY))
        for ours, theirs in zip(heard.told(system), read.told, strict=True):
            assert (ours == theirs).all()
