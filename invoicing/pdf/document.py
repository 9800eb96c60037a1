"""A document becomes a PDF file: no clock, no writes, the same input gives the same bytes."""

from __future__ import annotations

from functools import partial

from invoicing.pdf.content import Document
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import closing, frame, head, parties


def render(document: Document) -> bytes:
    """Return the document as a PDF file on A4."""
    paper = Paper(document)
    sheet = paper.sheet
    sheet.bottom -= frame.foot_height(paper)
    sheet.dress = partial(frame.dress_page, paper)
    sheet.next_page()
    y = max(head.draw_head(paper) + 3.0, head.HERO)
    y = parties.draw_parties(paper, head.draw_hero(paper, y) + 7.0)
    y = closing.draw_reason(paper, y)
    y = closing.draw_lines_and_closing(paper, max(y + 8.0, 110.0) if sheet.page == 0 else y + 8.0)
    closing.draw_notes(paper, y)
    frame.draw_feet(paper)
    return sheet.to_pdf(
        title=f"{paper.title} {document.number}" if document.number else paper.title,
        author=paper.name(document.seller),
        language=document.language,
        day=document.issue_date,
    )
