"""All layouts of our own as papers with their truth, and the ways in which they were scanned."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial

from tests.extraction.layouts import arabic, english, european
from tests.extraction.layouts.bills import Paper
from tests.extraction.layouts.degrading import Wear, scanned
from tests.extraction.layouts.pieces import Layout, drawn

# What else befalls scans, of papers whose text layer is measured already.
WORN = (
    (english.plain_british, "sideways", Wear(dpi=200, quarters=1)),
    (european.german_plain, "sideways-the-other-way", Wear(dpi=200, quarters=3)),
    (european.french_plain, "upside-down", Wear(dpi=150, quarters=2)),
    (arabic.saudi_logical, "photograph", Wear(dpi=200, skew=2.4, ground=205, noise=9, quality=55)),
    (european.dutch, "coarse", Wear(dpi=100, skew=0.3, noise=3)),
    (english.american, "black-and-white", Wear(dpi=200, quality=None, noise=0)),
)
LAYOUTS = (*english.LAYOUTS, *european.LAYOUTS, *arabic.LAYOUTS)


def paper_of(layout: Layout) -> Paper:
    """Return a layout as a paper."""
    bill = layout.bill
    return Paper(layout.name, partial(drawn, layout), bill.truth, partial(scanned, wear=layout.wear))


def all_papers() -> Iterator[Paper]:
    """Yield every layout."""
    for make in LAYOUTS:
        yield paper_of(make())


def all_scans() -> Iterator[Paper]:
    """Yield every layout, and those that were scanned in more ways than one."""
    yield from all_papers()
    for make, how, wear in WORN:
        layout = make()
        yield paper_of(replace(layout, name=f"{layout.name}-{how}", wear=wear))


def named(name: str) -> Paper:
    """Return the paper of a layout."""
    return next(paper for paper in all_scans() if paper.name == name)
