"""Receipts and statements become PDF files: no clock, no writes, the same input gives the same bytes."""

from __future__ import annotations

from invoicing.pdf.archive import archive
from invoicing.pdf.content import Receipt, Statement
from invoicing.pdf.pages import receipt as receipts
from invoicing.pdf.pages import statement as statements
from invoicing.pdf.paper import Paper


def render_receipt(receipt: Receipt) -> bytes:
    """Return a receipt of payment as a PDF/A-3b file."""
    paper = Paper(receipt, "receipt")
    receipts.draw(paper)
    return archive(paper.to_pdf())


def render_statement(statement: Statement) -> bytes:
    """Return a statement of account as a PDF/A-3b file."""
    paper = Paper(statement, "statement")
    statements.draw(paper)
    return archive(paper.to_pdf())
