"""Invoices and notes as PDF files, and the codes printed on them."""

from invoicing.pdf.content import Document, LineItem, Party, TaxGroup
from invoicing.pdf.document import render
from invoicing.pdf.qr import qr_matrix, qr_png, qr_svg, zatca_tlv
from invoicing.pdf.text import missing_letters

__all__ = [
    "Document",
    "LineItem",
    "Party",
    "TaxGroup",
    "missing_letters",
    "qr_matrix",
    "qr_png",
    "qr_svg",
    "render",
    "zatca_tlv",
]
