"""What every page has: the mark under its text, the running head, the foot."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Final

from invoicing.pdf.content import Printed
from invoicing.pdf.labels import id_label
from invoicing.pdf.law import foot_ids
from invoicing.pdf.layout import Align, Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import DOT, dotted, within
from invoicing.pdf.text import isolate, ltr

# What *page x of y* takes at the end of the last line.
PAGE_COUNT: Final = 24.0
ABOVE_COUNT: Final = 0.5


def dress_page(paper: Paper[Printed], page: int) -> None:
    """Draw what lies under a page's text, and the running head of all pages but the first."""
    sheet = paper.sheet
    if paper.mark and paper.document.mark in ("draft", "cancelled"):
        word, _ = paper.mark
        size = 110.0 if sheet.rtl else 120.0
        wide = sheet.width(word, Style("bold", size, size, ""))
        sheet.watermark(word, size * min(1.0, 190.0 / wide), paper.colours.shadow)
    if page:
        _running_head(paper)


def _running_head(paper: Paper[Printed]) -> None:
    sheet, y = paper.sheet, paper.look.running_top
    x, room = paper.look.left, 58.0
    if paper.logo:
        wide, high = within(paper.logo, 20.0, 5.0)
        sheet.image(paper.look.left, y + paper.styles.running.pitch / 2 - high / 2, wide, high)
        x, room = x + wide + 2.5, room - wide - 2.5
    sheet.same("running head", lambda: _running_words(paper, x, y, room))


def _running_words(paper: Paper[Printed], x: float, y: float, room: float) -> None:
    sheet, styles = paper.sheet, paper.styles
    number = sheet.clipped(paper.number, styles.running, 40.0)
    buyer = sheet.clipped(paper.name(paper.document.buyer), styles.running, 34.0)
    facts = dotted([text for text in (isolate(number), paper.issue_day, buyer) if text], styles.running)
    pieces = [(f"{paper.title}\u00a0", styles.running_bold), *facts]
    total = sum(sheet.width(text, style) for text, style in pieces)
    # The seller has what the rest leaves.
    room = max(room, paper.look.right - total - 6.0 - x)
    sheet.text(x, y, sheet.clipped(paper.name(paper.document.seller), styles.running_bold, room), styles.running_bold)
    sheet.pieces(paper.look.right - total, y, pieces)


def draw_feet(paper: Paper[Printed]) -> None:
    """Draw each page's foot: who sells, and which page of how many this is."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    rows = _foot_rows(paper)
    end = look.page[1] - look.foot_end
    top = end - _text_height(paper, rows)
    for page in range(len(sheet.pages)):
        sheet.page = page
        sheet.same("foot", lambda: _foot(paper, rows, top))
        count = paper.word("page").format(ltr(paper.count(page + 1)), ltr(paper.count(len(sheet.pages))))
        place = look.page[0] / 2 if look.foot_centred else look.right
        align: Align = "centre" if look.foot_centred else "end"
        sheet.text(place, end - styles.foot.pitch, count, styles.foot, align)


def _foot(paper: Paper[Printed], rows: Sequence[Sequence[tuple[str, Style]]], top: float) -> None:
    sheet, look = paper.sheet, paper.look
    sheet.rule(look.left, look.right, top - look.foot_rule, 0.4, paper.colours.rule)
    for at, pieces in enumerate(rows):
        wide = sum(sheet.width(text, style) for text, style in pieces) if look.foot_centred else look.width
        if pieces:
            sheet.pieces(look.left + (look.width - wide) / 2, top + at * paper.styles.foot.pitch, pieces)


def foot_height(paper: Paper[Printed]) -> float:
    """Return how much more the foot takes than the look leaves to it."""
    return max(0.0, paper.styles.foot.pitch * (len(_foot_rows(paper)) - 2))


def ids_left_out(paper: Paper[Printed]) -> list[str]:
    """Return the seller's identifiers that the foot has no room for."""
    _, rows = _foot_texts(paper)
    shown = {text for row in rows[:2] for text in row}
    return [text for text in _ids(paper) if text not in shown]


def has_contact(paper: Paper[Printed]) -> bool:
    """Return whether all of the seller's address, telephone and mail stand in the foot."""
    rows, _ = _foot_texts(paper)
    return len([text for row in rows[:1] for text in row]) == len(_contact(paper))


def _text_height(paper: Paper[Printed], rows: Sequence[Sequence[tuple[str, Style]]]) -> float:
    """Return the height of the foot's text, with the count of pages on a line of its own where that is centred."""
    alone = paper.styles.foot.pitch + ABOVE_COUNT if paper.look.foot_centred else 0.0
    return paper.styles.foot.pitch * len(rows) + alone


def _foot_rows(paper: Paper[Printed]) -> list[list[tuple[str, Style]]]:
    """Return the foot's lines: the business's own, then name and address, then identifiers."""
    styles = paper.styles
    rows: list[list[tuple[str, Style]]] = []
    if footer_in_foot(paper):
        rows += [[(line, styles.foot)] for line in paper.document.footer.strip().split("\n")]
    beside, ids = _foot_texts(paper)
    first = dotted(["", *(text for row in beside[:1] for text in row)], styles.foot)
    rows.append([(_name(paper), styles.foot_name), *first])
    # The count of pages stands at the end of the last line, which there is for it alone if need be.
    rows += [dotted(row, styles.foot) for row in ids[:2] or ([] if paper.look.foot_centred else [[]])]
    return rows


def _foot_texts(paper: Paper[Printed]) -> tuple[list[list[str]], list[list[str]]]:
    """Return address and contact, and identifiers, as lines; the foot has one of those and two of these."""
    name = paper.sheet.width(_name(paper), paper.styles.foot_name)
    count = 0.0 if paper.look.foot_centred else PAGE_COUNT
    beside = rows_of(paper, _contact(paper), paper.look.width - name - 5.0)
    return beside, rows_of(paper, _ids(paper), paper.look.width - count)


def _name(paper: Paper[Printed]) -> str:
    return paper.sheet.clipped(paper.name(paper.document.seller), paper.styles.foot_name, 80.0)


def _contact(paper: Paper[Printed]) -> list[str]:
    seller = paper.document.seller
    contact = [ltr(text) for text in (seller.phone, seller.email) if text.strip()]
    return [*(isolate(line) for line in seller.address_lines), *contact]


def _ids(paper: Paper[Printed]) -> list[str]:
    return [
        isolate(value) if key == "legal_form" else f"{id_label(key, paper.language, paper.country)} {isolate(value)}"
        for key, value in foot_ids(paper.document.seller.ids, paper.country)
    ]


def footer_in_foot(paper: Paper[Printed]) -> bool:
    """Return whether the business's own footer is short enough to stand in the foot."""
    footer = paper.document.footer.strip()
    lines = footer.split("\n") if footer else []
    return 0 < len(lines) <= 3 and all(paper.sheet.width(line, paper.styles.foot) <= paper.look.width for line in lines)


def rows_of(paper: Paper[Printed], texts: Iterable[str], room: float) -> list[list[str]]:
    """Divide texts into lines; one that is wider than a line stands among the parties only."""
    sheet, style = paper.sheet, paper.styles.foot
    gap = sheet.width(DOT, style)
    rows: list[list[str]] = []
    used = 0.0
    for text in texts:
        wide = sheet.width(text, style)
        if not 0 < wide <= room:
            continue
        if rows and used + gap + wide <= room:
            rows[-1].append(text)
            used += gap + wide
        else:
            rows.append([text])
            used = wide
    return rows
