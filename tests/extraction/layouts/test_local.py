"""What the engine `local` reads of our own layouts, whose words and places it was not written for."""

from __future__ import annotations

from collections import Counter

import pytest

from extraction import schema
from extraction.engines.base import Paper
from extraction.engines.local.engine import Local
from extraction.intake.pages import words_of
from tests.extraction.layouts import bills
from tests.extraction.layouts.comparing import same
from tests.extraction.layouts.papers import all_papers

# Percent of our own layouts, a little under what was measured.
FLOORS = {
    "invoice_number": 97,
    "invoice_date": 97,
    "due_date": 92,
    "total": 97,
    "currency": 97,
    "tax": 97,
    "subtotal": 92,
    "vendor_tax_id": 97,
    "vendor_name": 92,
}
FEW = (
    "british-plain",
    "french-plain",
    "german-window",
    "spanish-two-rates",
    "saudi-joined-forms",
    "kuwaiti-three-decimals",
)


def read(paper: bills.Paper) -> dict[str, object]:
    content = paper.content()
    answer = Local().read(Paper(content, "", words_of(content), "", ""), model="", mode="standard")
    return schema.stored(schema.read(answer.data if answer else {}).values)


def rights(papers: list[bills.Paper]) -> tuple[Counter[str], Counter[str]]:
    """Return how many fields were read rightly, of how many."""
    right, of = Counter[str](), Counter[str]()
    for paper in papers:
        found = read(paper)
        for name in FLOORS:
            if name in paper.truth:
                of[name] += 1
                right[name] += same(name, paper.truth[name], found[name], paper.truth)
    return right, of


def test_date_total_and_currency_of_a_few_layouts_are_read() -> None:
    right, _of = rights([paper for paper in all_papers() if paper.name in FEW])
    assert {name: right[name] for name in ("invoice_date", "total", "currency")} == dict.fromkeys(
        ("invoice_date", "total", "currency"), len(FEW)
    )


@pytest.mark.slow
def test_all_layouts_are_read_as_well_as_was_measured() -> None:
    right, of = rights(list(all_papers()))
    assert {name: 100 * right[name] / of[name] for name in FLOORS if 100 * right[name] < FLOORS[name] * of[name]} == {}
