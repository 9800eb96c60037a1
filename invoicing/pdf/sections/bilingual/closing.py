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
BETWEEN: Final = 5.0
BEFORE_NOTES: Final = 7.0
# What part of the spaces remains on an invoice that would go on to another page for a few millimetres.
TIGHT: Final = 0.5
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
    # What follows the table, each part after a space that closes up where all fits the page by that.
    parts = [(BELOW_TABLE, taxes.height)] if taxes else []
    parts += [(BETWEEN, max(map(height, words)))] if words else []
    parts += [(BETWEEN, height(details))] if details else []
    notes = max(map(height, _notes(paper)), default=0.0)
    # A few lines of notes would look lost on a page of their own.
    after = BEFORE_NOTES + notes if 0 < notes <= SHORT_NOTES else 0.0
    table = lines_table(paper)
    spaces = BELOW_TABLE + sum(space for space, _ in parts)
    needed = table.height + kept + sum(part for _, part in parts) + after
    spread = _spread(sheet.bottom - y - needed, spaces)
    below, between = BELOW_TABLE * spread, BETWEEN * spread
    heights = [space * spread + part for space, part in parts]
    heights += [after] if after else []
    y = table.draw(y, closing=_together(below + kept, heights, sheet.bottom - sheet.next_top))
    if taxes:
        y = taxes.draw(y + below, closing=below + kept)
    y += below
    if y + kept > sheet.bottom:
        y = sheet.next_page()
    if code:
        code.draw(y)
    sums.draw(y)
    y += kept
    if words:
        y = sheet.flow_columns(words, y + between)
    return sheet.flow(details, y + between) if details else y


def _spread(room: float, spaces: float) -> float:
    """Return what part of the spaces is kept: all, unless all that follows fits the page by less of them alone."""
    return TIGHT if spaces * TIGHT <= room < spaces else 1.0


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
