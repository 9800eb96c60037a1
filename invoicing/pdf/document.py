"""A document becomes a PDF file: no clock, no writes, the same input gives the same bytes."""

from __future__ import annotations

from invoicing.pdf.content import Document
from invoicing.pdf.pages import modern
from invoicing.pdf.paper import Paper


def render(document: Document) -> bytes:
    """Return the document as a PDF file, in its look and on its size of paper."""
    paper = Paper(document, document.type)
    modern.draw(paper)
    return paper.to_pdf()
