"""What every page has: the mark under its text, the running head, the foot."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from invoicing.pdf.content import Printed
from invoicing.pdf.labels import id_label
from invoicing.pdf.law import foot_ids
from invoicing.pdf.layout import Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import DOT, dotted, within
from invoicing.pdf.text import isolate, ltr

# What *page x of y* takes at the end of the last line.
PAGE_COUNT: Final = 24.0


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
    sheet, styles = paper.sheet, paper.styles
    x, y, room = paper.look.left, 14.4, 58.0
    if paper.logo:
        wide, high = within(paper.logo, 20.0, 5.0)
        sheet.image(paper.look.left, y + styles.running.pitch / 2 - high / 2, wide, high)
        x, room = x + wide + 2.5, room - wide - 2.5
    seller = sheet.clipped(paper.name(paper.document.seller), styles.running_bold, room)
    sheet.text(x, y, seller, styles.running_bold)
    number = sheet.clipped(paper.number, styles.running, 40.0)
    buyer = sheet.clipped(paper.name(paper.document.buyer), styles.running, 34.0)
    facts = dotted([text for text in (isolate(number), paper.issue_day, buyer) if text], styles.running)
    pieces = [(f"{paper.title}\u00a0", styles.running_bold), *facts]
    total = sum(sheet.width(text, style) for text, style in pieces)
    sheet.pieces(paper.look.right - total, y, pieces)


def draw_feet(paper: Paper[Printed]) -> None:
    """Draw each page's foot: who sells, and which page of how many this is."""
    sheet, styles = paper.sheet, paper.styles
    rows = _foot_rows(paper)
    end = paper.look.page[1] - paper.look.foot_end
    top = end - styles.foot.pitch * len(rows)
    for page in range(len(sheet.pages)):
        sheet.page = page
        sheet.rule(paper.look.left, paper.look.right, top - 1.6, 0.4, paper.colours.rule)
        for at, pieces in enumerate(rows):
            if pieces:
                sheet.pieces(paper.look.left, top + at * styles.foot.pitch, pieces)
        count = paper.word("page").format(ltr(paper.count(page + 1)), ltr(paper.count(len(sheet.pages))))
        sheet.text(paper.look.right, end - styles.foot.pitch, count, styles.foot, "end")


def foot_height(paper: Paper[Printed]) -> float:
    """Return how much more than two lines the foot takes."""
    return max(0.0, paper.styles.foot.pitch * (len(_foot_rows(paper)) - 2))


def _foot_rows(paper: Paper[Printed]) -> list[list[tuple[str, Style]]]:
    """Return the foot's lines: the business's own, then name and address, then identifiers."""
    sheet, styles, seller = paper.sheet, paper.styles, paper.document.seller
    rows: list[list[tuple[str, Style]]] = []
    if footer_in_foot(paper):
        rows += [[(line, styles.foot)] for line in paper.document.footer.strip().split("\n")]
    name = sheet.clipped(paper.name(seller), styles.foot_name, 80.0)
    room = paper.look.width - sheet.width(name, styles.foot_name)
    contact = [ltr(text) for text in (seller.phone, seller.email) if text.strip()]
    address = [isolate(line) for line in seller.address_lines]
    beside = rows_of(paper, [*address, *contact], room - 5.0)[:1]
    rows.append([(name, styles.foot_name), *dotted(["", *(text for row in beside for text in row)], styles.foot)])
    ids = [
        isolate(value) if key == "legal_form" else f"{id_label(key, paper.language, paper.country)} {isolate(value)}"
        for key, value in foot_ids(seller.ids, paper.country)
    ]
    rows += [dotted(row, styles.foot) for row in rows_of(paper, ids, paper.look.width - PAGE_COUNT)[:2] or [[]]]
    return rows


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
