"""Invoices and notes in Arabic and another language on one page."""

from __future__ import annotations

from functools import partial

from invoicing.pdf.sections.bilingual import closing, frame, head, hero, parties
from invoicing.pdf.two_languages import TwoLanguages


def draw(paper: TwoLanguages) -> None:
    """Draw a document on as many pages as it takes."""
    sheet = paper.sheet
    sheet.bottom -= frame.foot_height(paper)
    sheet.dress = partial(frame.dress_page, paper)
    sheet.next_page()
    y = hero.draw_hero(paper, max(head.draw_head(paper) + 2.0, hero.HERO))
    y = parties.draw_parties(paper, y + 7.0)
    y = closing.draw_reason(paper, y)
    y = closing.draw_lines_and_closing(paper, max(y + 5.0, 115.0) if sheet.page == 0 else y + 5.0)
    closing.draw_notes(paper, y)
    frame.draw_feet(paper)
