"""The lines and what closes the document: totals, taxes, words, payment, notes."""

from __future__ import annotations

from functools import partial
from typing import Final

from invoicing.pdf.content import Document, Printed
from invoicing.pdf.law import late_payment
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import caption, height, lines, space, together
from invoicing.pdf.sections.frame import footer_in_foot
from invoicing.pdf.sections.lines import lines_table
from invoicing.pdf.sections.payment import payment
from invoicing.pdf.sections.taxes import tax_table
from invoicing.pdf.sections.totals import totals

SHORT_NOTES: Final = 30.0


def draw_reason(paper: Paper[Document], y: float) -> float:
    """Draw why a note was issued, between two rules; return where that ends."""
    reason = paper.document.reason.strip()
    if not paper.document.is_note or not reason:
        return y
    sheet, styles = paper.sheet, paper.styles
    at = sheet.width(paper.word("reason"), styles.caption) + 4.0
    wrapped = sheet.wrap(reason, styles.body, paper.look.width - at)

    def first(y: float) -> None:
        sheet.rule(paper.look.left, paper.look.right, y, 0.4, paper.colours.rule)
        sheet.text(paper.look.left, y + 2.6 + 0.2, paper.word("reason"), styles.caption)
        sheet.put(paper.look.left + at, y + 2.6, wrapped[0], styles.body)

    blocks = [Block(2.6 + styles.body.pitch, first)]
    blocks += [
        Block(styles.body.pitch, partial(sheet.put, paper.look.left + at, line=line, style=styles.body))
        for line in wrapped[1:]
    ]
    blocks.append(Block(2.6, lambda y: sheet.rule(paper.look.left, paper.look.right, y + 2.6, 0.4, paper.colours.rule)))
    return sheet.flow(blocks, y + 6.0)


def draw_lines_and_closing(paper: Paper[Document], y: float) -> float:
    """Draw the table of lines and what must stay with its end; return where that ends."""
    start, end = _closing_start(paper), totals(paper)
    tall = max(height(start), height(end))
    room = paper.sheet.bottom - paper.sheet.next_top
    # What is taller than half a page flows on by itself; only the totals stay with the last rows.
    kept = tall if tall < room / 2 else height(end)
    notes = height(_notes(paper))
    # A few lines of notes would look lost on a page of their own.
    y = lines_table(paper).draw(y, closing=5.0 + kept + (7.0 + notes if notes <= SHORT_NOTES else 0.0)) + 5.0
    if y + kept > paper.sheet.bottom:
        y = paper.sheet.next_page()
    return paper.sheet.flow_columns([start, end], y)


def _closing_start(paper: Paper[Document]) -> list[Block]:
    parts = [tax_table(paper), _in_words(paper), payment(paper)]
    blocks: list[Block] = []
    for part in parts:
        if part and blocks:
            blocks.append(space(5.0))
        blocks += part
    return blocks


def _in_words(paper: Paper[Document]) -> list[Block]:
    document, styles = paper.document, paper.styles
    if not document.amount_in_words.strip():
        return []
    key = {"credit_note": "in_words_credit", "debit_note": "in_words_debit"}.get(document.type, "in_words")
    blocks = caption(paper, paper.look.left, key, paper.look.closing)
    return blocks + lines(paper, paper.look.left, document.amount_in_words, styles.body, paper.look.closing)


def draw_notes(paper: Paper[Document], y: float) -> float:
    """Draw the notes, and the business's footer if it is too long for the foot."""
    notes = _notes(paper)
    if notes:
        y = paper.sheet.flow(notes, y + 7.0)
    return draw_footer(paper, y)


def draw_footer(paper: Paper[Printed], y: float) -> float:
    """Draw the business's own footer if it is too long for the foot; return where that ends."""
    footer = paper.document.footer.strip()
    if footer and not footer_in_foot(paper):
        y = paper.sheet.flow(lines(paper, paper.look.left, footer, paper.styles.legal, paper.look.width), y + 7.0)
    return y


def _notes(paper: Paper[Document]) -> list[Block]:
    text = paper.document.notes.strip()
    sentence = late_payment(paper.document, paper.language)
    asked = lines(paper, paper.look.left, sentence, paper.styles.legal, paper.look.width) if sentence else []
    if not text:
        return asked
    first, *rest = lines(paper, paper.look.left, text, paper.styles.body, paper.look.width)
    notes = [together([*caption(paper, paper.look.left, "notes", paper.look.width), first]), *rest]
    return [*notes, space(1.6), *asked] if asked else notes
