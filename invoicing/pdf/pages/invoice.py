"""Invoices and notes in one language."""

from __future__ import annotations

from functools import partial

from invoicing.pdf.content import Document
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import closing, facts, frame, top


def draw(paper: Paper[Document]) -> None:
    """Draw a document on as many pages as it takes."""
    sheet = paper.sheet
    sheet.bottom -= frame.foot_height(paper)
    sheet.dress = partial(frame.dress_page, paper)
    sheet.next_page()
    y = top.draw_top(
        paper,
        facts.dates_and_references(paper),
        facts.amount_that_matters(paper),
        facts.captions(paper),
        terms=facts.terms(paper),
        amount_is_total=True,
    )
    y = closing.draw_reason(paper, y)
    y = closing.draw_lines_and_closing(paper, top.table_top(paper, y))
    closing.draw_notes(paper, y)
    frame.draw_feet(paper)
