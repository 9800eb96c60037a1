"""Invoices and notes as PDF files, and the codes printed on them."""

from invoicing.pdf.content import Document, LineItem, Party, TaxGroup
from invoicing.pdf.document import render
from invoicing.pdf.qr import qr_matrix, qr_png, qr_svg, zatca_tlv

__all__ = [
    "Document",
    "LineItem",
    "Party",
    "TaxGroup",
    "qr_matrix",
    "qr_png",
    "qr_svg",
    "render",
    "zatca_tlv",
]
