"""The reason of a note, the lines and what closes the document."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from invoicing.pdf.law import late_payment
from invoicing.pdf.layout import Block
from invoicing.pdf.sections.bilingual.lines import lines_table, tax_table
from invoicing.pdf.sections.bilingual.pairs import caption, left_lines, own_columns, put_pair, right_lines
from invoicing.pdf.sections.bilingual.payment import first_code, payment
from invoicing.pdf.sections.bilingual.totals import totals
from invoicing.pdf.sections.blocks import beside, height, without_widow
from invoicing.pdf.sections.frame import footer_in_foot
from invoicing.pdf.two_languages import TwoLanguages, reads_from_right, sides

# Of two columns of running text.
COLUMN: Final = 85.0
SHORT_NOTES: Final = 30.0
BELOW_TABLE: Final = 6.0
UNDER_CAPTION: Final = 1.2
SIGNATURE: Final = (66.0, 28.0)


def draw_reason(paper: TwoLanguages, y: float) -> float:
    """Draw why a note was issued, between two rules; return where that ends."""
    reason = paper.document.reason.strip()
    if not paper.document.is_note or not reason:
        return y
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    widths = [sheet.width(each.word("reason"), styles.caption) + 5.0 for each in (paper, paper.arabic)]
    edges = look.left + widths[0], look.right - widths[1]
    columns = own_columns(paper, reason, styles.body, edges)
    rule = partial(sheet.rule, look.left, look.right, points=0.4, colour=paper.colours.rule)

    def opening(y: float) -> None:
        rule(y=y)
        put_pair(paper, y + 2.8, "reason", styles.caption, (look.left, look.right))

    y += 5.0
    if y + 2.6 + styles.body.pitch > sheet.bottom:
        y = sheet.next_page()
    opening(y)
    y = sheet.flow_columns(columns, y + 2.6) + 2.6
    rule(y=y)
    return y + 1.0


def draw_lines_and_closing(paper: TwoLanguages, y: float) -> float:
    """Draw the table of lines, then taxes, code, totals, words and how to pay; return where they end."""
    sheet = paper.sheet
    code, sums, taxes = first_code(paper), totals(paper), tax_table(paper)
    words, details = _words(paper), payment(paper)
    kept = max(sums.height, code.height if code else 0.0)
    heights = [BELOW_TABLE + taxes.head + sum(row.height for row in taxes.rows)] if taxes else []
    heights += [5.0 + max(map(height, words))] if words else []
    heights += [5.0 + height(details)] if details else []
    notes = max(map(height, _notes(paper)), default=0.0)
    # A few lines of notes would look lost on a page of their own.
    heights += [7.0 + notes] if 0 < notes <= SHORT_NOTES else []
    y = lines_table(paper).draw(y, closing=_together(BELOW_TABLE + kept, heights, sheet.bottom - sheet.next_top))
    if taxes:
        y = taxes.draw(y + BELOW_TABLE, closing=BELOW_TABLE + kept)
    y += BELOW_TABLE
    if y + kept > sheet.bottom:
        y = sheet.next_page()
    if code:
        code.draw(y)
    sums.draw(y)
    y += kept
    if words:
        y = sheet.flow_columns(words, y + 5.0)
    return sheet.flow(details, y + 5.0) if details else y


def _together(least: float, heights: Sequence[float], room: float) -> float:
    """Return the height that stays with the last lines: what fits half a page; the rest flows on by itself."""
    for part in heights:
        if least + part < room / 2:
            least += part
    return least


def _words(paper: TwoLanguages) -> list[list[Block]]:
    """Return the amount in words in both languages, as columns side by side."""
    document, style = paper.document, paper.styles.words
    given = [
        without_widow(text) for text in (document.amount_in_words, document.second_amount_in_words) if text.strip()
    ]
    given.sort(key=reads_from_right)
    left, right = (given[0], given[1]) if len(given) == 2 else sides(given[0] if given else "", "")
    columns = [left_lines(paper, left, style, COLUMN), right_lines(paper, right, style, COLUMN)]
    return beside(columns) if left or right else []


def draw_notes(paper: TwoLanguages, y: float) -> float:
    """Draw notes, what the law has said of late payment, a footer too long for the foot, the frame for a signature."""
    sheet, look, styles = paper.sheet, paper.look, paper.styles
    notes = _notes(paper)
    if notes:
        y += 7.0
        head = caption(paper, "notes")
        if y + head.height + UNDER_CAPTION + styles.body.pitch > sheet.bottom:
            y = sheet.next_page()
        head.draw(y)
        y = sheet.flow_columns(notes, y + head.height + UNDER_CAPTION)
    sentences = [late_payment(paper.document, language) for language in (paper.language, "ar")]
    if all(sentences):
        columns = (
            left_lines(paper, sentences[0], styles.legal, COLUMN),
            right_lines(paper, sentences[1], styles.legal, COLUMN),
        )
        y = sheet.flow_columns(columns, y + (2.0 if notes else 7.0))
    footer = paper.document.footer.strip()
    if footer and not footer_in_foot(paper):
        y = sheet.flow_columns(own_columns(paper, footer, styles.legal, (look.left, look.right)), y + 7.0)
    return sheet.flow([_signature(paper)], y + 7.0) if paper.document.signature_frame else y


def _notes(paper: TwoLanguages) -> list[list[Block]]:
    """Return the notes as columns, every paragraph in its own direction."""
    return own_columns(paper, paper.document.notes, paper.styles.body, (paper.look.left, paper.look.right))


def _signature(paper: TwoLanguages) -> Block:
    sheet, look = paper.sheet, paper.look
    wide, high = SIGNATURE
    x = look.right - wide

    def draw(y: float) -> None:
        sheet.outline(x, y, wide, high, points=0.5, colour=paper.colours.frame)
        put_pair(paper, y + 2.0, "signature", paper.styles.hero_label, (x + 2.5, look.right - 2.5))

    return Block(high, draw)
