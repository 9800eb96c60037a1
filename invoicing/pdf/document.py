"""A document becomes a PDF file: no clock, no writes, the same input gives the same bytes."""

from __future__ import annotations

from invoicing.pdf.archive import JSON, Attachment, archive
from invoicing.pdf.content import Document
from invoicing.pdf.data import data_of
from invoicing.pdf.pages import bilingual, invoice
from invoicing.pdf.paper import Paper
from invoicing.pdf.two_languages import TwoLanguages, is_in_two_languages


def render(document: Document) -> bytes:
    """Return the document as a PDF/A-3b file, in its look and on its size of paper.

    What was issued carries its values as `invoice.json`; a draft does not, since it states nothing yet.
    """
    data = (
        None if document.mark == "draft" else Attachment("invoice.json", data_of(document), JSON, "The same, as data")
    )
    return archive(draw(document), data)


def draw(document: Document) -> bytes:
    """Return the document as a plain PDF file: what `render` makes an archive of."""
    if is_in_two_languages(document):
        both = TwoLanguages(document)
        bilingual.draw(both)
        return both.leading.to_pdf()
    paper = Paper(document, document.type)
    invoice.draw(paper)
    return paper.to_pdf()
