"""What every part of one paper shares: its sheet and its look beside its words."""

from __future__ import annotations

from invoicing.pdf.labels import mark, title
from invoicing.pdf.layout import Sheet
from invoicing.pdf.looks import look_for
from invoicing.pdf.wording import P_co, Wording


class Paper(Wording[P_co]):
    """One paper on its sheet: an invoice, a note, a receipt, a statement."""

    def __init__(self, document: P_co, kind: str) -> None:
        """Begin a paper; `kind` is the document's type, which gives title and marks their words."""
        super().__init__(document)
        self.look = look_for(document.look, document.paper_size, document.brand_colour)
        self.colours = self.look.colours
        self.styles = self.look.styles
        self.sheet = Sheet(
            page=self.look.page,
            rtl=document.language == "ar",
            first_top=self.look.first_top,
            next_top=self.look.next_top,
            bottom=self.look.bottom,
        )
        self.title = title(kind, document.language, document.seller_country, taxed=document.states_tax)
        self.mark = mark(document.mark, kind, document.language) if document.mark else None
        self.logo = self.sheet.load_image(document.logo) if document.logo else None

    def to_pdf(self) -> bytes:
        """Return the pages as a PDF file that says what it is."""
        document = self.document
        return self.sheet.to_pdf(
            title=f"{self.title} {document.number}" if document.number else self.title,
            author=self.name(document.seller),
            language=document.language,
            day=document.issue_date,
        )
