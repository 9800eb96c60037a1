"""Invoices and notes in the look *modern*."""

from __future__ import annotations

from functools import partial

from invoicing.pdf.content import Document
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import closing, facts, frame, head, hero, parties


def draw(paper: Paper[Document]) -> None:
    """Draw a document on as many pages as it takes."""
    sheet = paper.sheet
    sheet.bottom -= frame.foot_height(paper)
    sheet.dress = partial(frame.dress_page, paper)
    sheet.next_page()
    y = max(head.draw_head(paper) + 3.0, hero.HERO)
    y = hero.draw_hero(paper, y, facts.dates_and_references(paper), facts.amount_that_matters(paper))
    y = parties.draw_parties(paper, y + 7.0)
    y = closing.draw_reason(paper, y)
    y = closing.draw_lines_and_closing(paper, max(y + 8.0, 110.0) if sheet.page == 0 else y + 8.0)
    closing.draw_notes(paper, y)
    frame.draw_feet(paper)
