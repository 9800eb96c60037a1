"""A page of an invoice that is still being written, as a picture: nothing of it is stored."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from invoicing.pdf.document import draw
from invoicing.pdf.picture import page_png
from invoicing.services.issuing import Preview
from invoicing.services.printing import document_of

WIDTH: Final = 1000  # pixels
PAGE: Final = re.compile(rb"/Type\s*/Page\b")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A page as PNG; ``page`` counts from 1."""

    png: bytes
    page: int
    pages: int


def sketch(preview: Preview, *, page: int) -> Sketch:
    """Draw a page of what a preview holds; the last one where there are fewer.

    Raises ``UnreadablePdf`` and ``PictureTooCostly``.
    """
    pdf = draw(document_of(preview.invoice, lines=preview.lines, mark="draft"))
    pages = len(PAGE.findall(pdf))
    shown = min(max(page, 1), pages)
    return Sketch(page_png(pdf, page=shown - 1, width=WIDTH), shown, pages)
