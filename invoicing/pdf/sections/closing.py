"""The lines and what closes the document: totals, taxes, words, payment, notes."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from invoicing.pdf.content import Document, Printed
from invoicing.pdf.law import late_payment
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import caption, height, lines, space, together, unbroken, without_widow
from invoicing.pdf.sections.frame import footer_in_foot
from invoicing.pdf.sections.lines import lines_table
from invoicing.pdf.sections.payment import QR_SIZES, payment, payment_code
from invoicing.pdf.sections.table import Table
from invoicing.pdf.sections.taxes import tax_table
from invoicing.pdf.sections.top import draw_long_facts
from invoicing.pdf.sections.totals import left_of_totals, totals

SHORT_NOTES: Final = 30.0
SIGNATURE: Final = (66.0, 28.0)


def draw_reason(paper: Paper[Document], y: float) -> float:
    """Draw why a note was issued, between two rules; return where that ends."""
    reason = paper.document.reason.strip()
    if not paper.document.is_note or not reason:
        return y
    return draw_long_facts(paper, y, [(paper.word("reason"), reason)])


def draw_lines_and_closing(paper: Paper[Document], y: float) -> float:
    """Draw the table of lines and what must stay with its end; return where that ends."""
    table = lines_table(paper)
    width = left_of_totals(paper, table) - paper.look.closing_gap - paper.look.left
    end = totals(paper, table)
    if paper.look.name != "classic" and (code := payment_code(paper)):
        end = [*end, space(6.0), *code]
    across = _words_across(paper) if paper.look.name == "classic" else []
    notes = max(map(height, _last_columns(paper)))
    # A few lines of notes would look lost on a page of their own.
    after = paper.look.notes_gap + notes if 0 < notes <= SHORT_NOTES else 0.0
    y = draw_table(paper, table, y, _closing_start(paper, width), end, after=height(across) + after)
    return paper.sheet.flow(across, y)


def draw_table(
    paper: Paper[Printed], table: Table, y: float, start: Sequence[Block], end: Sequence[Block], after: float = 0.0
) -> float:
    """Draw a table, and under its last rows two columns: what stands beside the sums, and those.

    The `after` millimetres that follow stay with them too. Return where the longer column ends.
    """
    sheet, look = paper.sheet, paper.look
    columns = [(list(end), look.end_gap), (list(start), look.start_gap)]
    tall = max(height(blocks) + gap for blocks, gap in columns)
    # What is taller than half a page flows on by itself; only the sums stay with the last rows.
    kept = tall if tall < (sheet.bottom - sheet.next_top) / 2 else height(columns[0][0]) + look.end_gap
    y = table.draw(y, closing=kept + after)
    if y + kept > sheet.bottom:
        y = sheet.next_page() - min(look.start_gap, look.end_gap)
    return sheet.flow_columns([[space(gap), *blocks] if blocks else [] for blocks, gap in columns], y)


def _closing_start(paper: Paper[Document], width: float) -> list[Block]:
    """Return what stands beside the totals: tax, amount in words, how to pay."""
    look = paper.look
    words = partial(_in_words, paper)
    # A box has no white of its own.
    parts = [tax_table(paper, width - 4.0 if look.table.dress == "boxed" else width)]
    if look.name == "modern":
        parts.append(words(look.left, width))
    parts.append(payment(paper, width, words if look.name == "compact" else lambda _x, _width: []))
    blocks: list[Block] = []
    for part in parts:
        if part and blocks:
            blocks.append(space(5.0))
        blocks += part
    return blocks


def _in_words(paper: Paper[Document], x: float, width: float) -> list[Block]:
    text = without_widow(paper.document.amount_in_words)
    if not text:
        return []
    return unbroken([*caption(paper, x, _words_key(paper), width), *lines(paper, x, text, paper.styles.body, width)])


def _words_across(paper: Paper[Document]) -> list[Block]:
    """Return the amount in words between two rules, over the whole width."""
    text = without_widow(paper.document.amount_in_words)
    if not text:
        return []
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    label = paper.word(_words_key(paper))
    at = sheet.width(label, styles.words_label) + 3.0
    wrapped = sheet.wrap(text, styles.words, look.width - at)
    inner = 9.0 - styles.words.pitch

    def draw(y: float) -> None:
        sheet.rule(look.left, look.right, y, 0.4, paper.colours.frame)
        sheet.text(look.left, y + inner / 2, label, styles.words_label)
        end = sheet.paragraph(look.left + at, y + inner / 2, wrapped, styles.words)
        sheet.rule(look.left, look.right, end + inner / 2, 0.4, paper.colours.frame)

    return [space(7.0), Block(len(wrapped) * styles.words.pitch + inner, draw)]


def _words_key(paper: Paper[Document]) -> str:
    return {"credit_note": "in_words_credit", "debit_note": "in_words_debit"}.get(paper.document.type, "in_words")


def draw_notes(paper: Paper[Document], y: float) -> float:
    """Draw the notes and what stands beside them, and the business's footer if it is too long for the foot."""
    columns = _last_columns(paper)
    if any(columns):
        y = paper.sheet.flow_columns(columns, y + paper.look.notes_gap)
    return draw_footer(paper, y)


def _last_columns(paper: Paper[Document]) -> list[list[Block]]:
    """Return the notes; beside them the frame for signature and stamp, and in *classic* a second code."""
    end = paper.look.right
    code = payment_code(paper) if paper.look.name == "classic" else []
    if code:
        end -= QR_SIZES["payment"] + 6.0
    signature = [_signature(paper, end)] if paper.document.signature_frame else []
    if signature:
        end -= SIGNATURE[0] + 12.0
    return [_notes(paper, end - paper.look.left), signature, code]


def _signature(paper: Paper[Document], end: float) -> Block:
    """Return the frame for signature and stamp."""
    sheet, style, colours = paper.sheet, paper.styles.signature, paper.colours
    width, tall = SIGNATURE
    x = end - width

    def draw(y: float) -> None:
        sheet.text(x + 3.2, y + 2.2, paper.word("signature"), style)
        sheet.outline(x, y, width, tall, points=0.5, colour=colours.rule)

    return Block(tall, draw)


def draw_footer(paper: Paper[Printed], y: float) -> float:
    """Draw the business's own footer if it is too long for the foot; return where that ends."""
    footer = paper.document.footer.strip()
    if footer and not footer_in_foot(paper):
        y = paper.sheet.flow(lines(paper, paper.look.left, footer, paper.styles.legal, paper.look.width), y + 7.0)
    return y


def _notes(paper: Paper[Document], width: float) -> list[Block]:
    text = paper.document.notes.strip()
    left = paper.look.left
    sentence = late_payment(paper.document, paper.language)
    asked = lines(paper, left, sentence, paper.styles.legal, width) if sentence else []
    if not text:
        return asked
    first, *rest = lines(paper, left, text, paper.styles.body, width)
    notes = [together([*caption(paper, left, "notes", width), first]), *rest]
    return [*notes, space(1.6), *asked] if asked else notes
