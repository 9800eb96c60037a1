"""What every page has: the mark under its text, the running head, the foot."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest
from typing import Final

from invoicing.pdf.labels import id_label
from invoicing.pdf.law import foot_ids
from invoicing.pdf.layout import Style
from invoicing.pdf.sections.blocks import dotted, within
from invoicing.pdf.sections.frame import footer_in_foot, rows_of
from invoicing.pdf.text import isolate, ltr
from invoicing.pdf.two_languages import TwoLanguages, paragraphs, sides

# The count of pages stands in the middle, between what the foot says at both edges.
COUNT: Final = 28.0
BETWEEN: Final = 3.0
WIDEST_MARK: Final = 200.0

Pieces = Sequence[tuple[str, Style]]
NOTHING: Final[Pieces] = ()


def dress_page(paper: TwoLanguages, page: int) -> None:
    """Draw what lies under a page's text, and the running head of all pages but the first."""
    if paper.mark and paper.arabic.mark and paper.document.mark in ("draft", "cancelled"):
        words = f"{paper.mark[0]}\u00a0 {paper.arabic.mark[0]}"
        wide = paper.sheet.width(words, Style("bold", 100.0, 100.0, ""))
        paper.sheet.watermark(words, min(100.0, 100.0 * WIDEST_MARK / wide), paper.colours.shadow)
    if page:
        _running_head(paper)


def _running_head(paper: TwoLanguages) -> None:
    """Draw who sells at both edges, and in the middle what this is, its number and date."""
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    y = 14.4
    plain, bold = styles.running, styles.running_bold
    number = sheet.clipped(paper.document.number or paper.word("not_numbered"), plain, 44.0)
    facts = [text for text in (isolate(number), paper.issue_day) if text]
    middle = [
        (f"{paper.title}\u00a0 ", bold),
        *dotted(facts, plain),
        ("\u00a0\u00a0", plain),
        (paper.arabic.title, bold),
    ]
    wide = sum(sheet.width(text, style) for text, style in middle)
    sheet.pieces((look.left + look.right - wide) / 2, y, middle)
    x, room = look.left, (look.width - wide) / 2 - 4.0
    left, right = sides(paper.document.seller.name, paper.document.seller.name_ar)
    sheet.text(look.right, y, sheet.clipped(right, bold, room), bold, "end", 1)
    if paper.logo:
        logo_wide, high = within(paper.logo, 20.0, 5.0)
        sheet.image(x, y + plain.pitch / 2 - high / 2, logo_wide, high)
        x, room = x + logo_wide + 2.5, room - logo_wide - 2.5
    sheet.text(x, y, sheet.clipped(left, bold, max(room, 4.0)), bold)


def draw_feet(paper: TwoLanguages) -> None:
    """Draw each page's foot: who sells at both edges, and between them which page of how many this is."""
    sheet, look, style = paper.sheet, paper.look, paper.styles.foot
    rows = _foot_rows(paper)
    end = look.page[1] - look.foot_end
    for page in range(len(sheet.pages)):
        sheet.page = page
        y = end - style.pitch * len(rows)
        sheet.rule(look.left, look.right, y - 1.6, 0.4, paper.colours.rule)
        count = f"{ltr(str(page + 1))} / {ltr(str(len(sheet.pages)))}"
        # Readers join what follows each other on one line: between Arabic texts stands another.
        _put_count(paper, end - style.pitch, count)
        for left, right in rows:
            if left:
                sheet.pieces(look.left, y, left)
            if right:
                sheet.pieces(look.right, y, right, base=1)
            y += style.pitch


def _put_count(paper: TwoLanguages, y: float, count: str) -> None:
    """Draw a page's number between the word for it in both languages, in the middle."""
    sheet, look, style = paper.sheet, paper.look, paper.styles.foot
    left, right = f"{paper.word('page_short')} {count}", paper.arabic.word("page_short")
    wide = sheet.width(left, style) + 1.0 + sheet.width(right, style)
    start = (look.left + look.right - wide) / 2
    sheet.text(start, y, left, style)
    sheet.text(start + wide, y, right, style, "end", 1)


def foot_height(paper: TwoLanguages) -> float:
    """Return how much more than two lines the foot takes."""
    return max(0.0, paper.styles.foot.pitch * (len(_foot_rows(paper)) - 2))


def _own(paper: TwoLanguages) -> list[tuple[Pieces, Pieces]]:
    """Return the business's own lines, those of both languages beside each other if all have the room."""
    if not footer_in_foot(paper):
        return []
    sheet, style = paper.sheet, paper.styles.foot
    left, right = paragraphs(paper.document.footer)
    widest = max((sheet.width(line, style) for line in (*left, *right)), default=0.0)
    if left and right and widest > paper.look.width / 2 - BETWEEN:
        left, right = [*left, *[""] * len(right)], [*[""] * len(left), *right]
    return [
        ([(one, style)] if one else [], [(other, style)] if other else [])
        for one, other in zip_longest(left, right, fillvalue="")
    ]


def _foot_rows(paper: TwoLanguages) -> list[tuple[Pieces, Pieces]]:
    """Return the foot's lines for both edges: the business's own, names with telephone and mail, identifiers."""
    sheet, styles, seller = paper.sheet, paper.styles, paper.document.seller
    side = (paper.look.width - COUNT) / 2
    left, right = (sheet.clipped(name, styles.foot_name, side) for name in sides(seller.name, seller.name_ar))
    contact = rows_of(
        paper,
        [ltr(text) for text in (seller.phone, seller.email) if text.strip()],
        paper.look.width - sheet.width(left, styles.foot_name) - sheet.width(right, styles.foot_name) - 12.0,
    )[:1]
    texts = [text for row in contact for text in row]
    first = [(left, styles.foot_name)] if left else []
    first += dotted(["", *texts] if left else texts, styles.foot)
    rows: list[tuple[Pieces, Pieces]] = [*_own(paper), (first, [(right, styles.foot_name)] if right else [])]
    # Only the last line leaves room to the count of pages.
    for room in (paper.look.width / 2 - BETWEEN, side):
        words, arabic = (_id_rows(paper, language, room) for language in (paper.language, "ar"))
        pairs = list(zip_longest(words, arabic, fillvalue=NOTHING)) or [(NOTHING, NOTHING)]
        if all(sum(sheet.width(text, style) for text, style in pieces) <= side for pieces in pairs[-1]):
            break
    return [*rows, *pairs]


def _id_rows(paper: TwoLanguages, language: str, room: float) -> list[Pieces]:
    ids = [
        _id(key, value, language, paper.country) for key, value in foot_ids(paper.document.seller.ids, paper.country)
    ]
    return [dotted(row, paper.styles.foot) for row in rows_of(paper, ids, room)[:4]]


def _id(key: str, value: str, language: str, country: str) -> str:
    return isolate(value) if key == "legal_form" else f"{id_label(key, language, country)} {isolate(value)}"
