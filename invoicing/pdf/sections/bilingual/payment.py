"""How to pay: the bank's details between their names, the codes."""

from __future__ import annotations

from typing import Final, NamedTuple

from invoicing.pdf import qr
from invoicing.pdf.layout import Block
from invoicing.pdf.sections.bilingual.pairs import caption, own_lines, put_pair, wrapped
from invoicing.pdf.sections.blocks import height, space, together
from invoicing.pdf.sections.payment import QR_SIZES, known, labelled
from invoicing.pdf.text import isolate
from invoicing.pdf.two_languages import TwoLanguages, reads_from_right, sides

LABELS: Final = (20.0, 24.0)
BESIDE_CODE: Final = 10.0
# Taller details flow on from page to page.
TALLEST_WHOLE: Final = 60.0
DOT: Final = "\u00a0 · \u00a0"
# Under the rule of the caption: where rows begin, and a code, which needs four white modules.
ROWS: Final = 1.9
CODE: Final = 3.6


class Detail(NamedTuple):
    """A value between its names; either may be empty."""

    label: str
    arabic: str
    value: str


def first_code(paper: TwoLanguages) -> Block | None:
    """Return the code beside the totals: a Saudi tax code, else the one to pay by; on a draft where it will be."""
    document, x = paper.document, paper.look.left
    if document.mark == "draft":
        if paper.country == "SA" and any(key == "vat" for key, _ in document.seller.ids):
            return _code_to_come(paper, x, QR_SIZES["zatca"])
        return None if document.is_note else _code_to_come(paper, x, QR_SIZES["payment"])
    # Nobody pays what is cancelled.
    if not document.qr_payload or (document.qr_kind == "payment" and document.mark == "cancelled"):
        return None
    key = "tax_qr_short" if document.qr_kind == "zatca" else "scan_to_pay_short"
    return _code(paper, document.qr_payload, x, QR_SIZES[document.qr_kind], key)


def payment(paper: TwoLanguages) -> list[Block]:
    """Return how to pay, at the right edge with the code to pay by if a tax code has the other place."""
    document, look = paper.document, paper.look
    if document.type == "credit_note":
        return []
    code = _code_to_pay(paper)
    taken = QR_SIZES["payment"] + BESIDE_CODE if code else 0.0
    rows = _rows(paper, look.right - taken)
    if not rows and not code:
        return []
    head = caption(paper, "payment")
    tall = height(rows) > TALLEST_WHOLE
    if not code:
        return [together([head, space(ROWS), rows[0]]), *rows[1:]] if tall else [together([head, space(ROWS), *rows])]
    if tall:
        return [together([head, space(CODE), code]), space(5.0), *_rows(paper, look.right)]
    beside = together([space(ROWS), *rows])

    def draw(y: float) -> None:
        code.draw(y + CODE)
        beside.draw(y)

    return [together([head, Block(max(beside.height, CODE + code.height), draw)])]


def _code_to_pay(paper: TwoLanguages) -> Block | None:
    document, size = paper.document, QR_SIZES["payment"]
    if document.qr_kind == "payment" or not document.payment_payload or document.mark in ("draft", "cancelled"):
        return None
    return _code(paper, document.payment_payload, paper.look.right - size, size, "scan_to_pay_short")


def _code(paper: TwoLanguages, payload: str, x: float, size: float, key: str) -> Block:
    sheet, style = paper.sheet, paper.styles.under_code
    side, image = qr.inline_image(payload)

    def draw(y: float) -> None:
        sheet.code(x, y, size, side, image)
        put_pair(paper, y + size + 1.0, key, style, (x, x + size))

    return Block(size + 1.0 + style.pitch, draw)


def _code_to_come(paper: TwoLanguages, x: float, size: float) -> Block:
    sheet, style = paper.sheet, paper.styles.under_code
    said = [line for each in (paper.arabic, paper) for line in sheet.wrap(each.word("qr_from_issue"), style)]

    def draw(y: float) -> None:
        sheet.outline(x, y, size, size, points=0.6, colour=paper.colours.frame, dashed=True)
        sheet.paragraph(x + size / 2, y + (size - len(said) * style.pitch) / 2, said, style, "centre")

    return Block(size, draw)


def _rows(paper: TwoLanguages, right: float) -> list[Block]:
    styles, sheet = paper.styles, paper.sheet
    details = _details(paper)
    named = [each for each in details if each.label or each.arabic]
    widths = [
        max([least, *(sheet.width(text, styles.bank_label) + 2.0 for text in texts)])
        for least, texts in zip(LABELS, zip(*((each.label, each.arabic) for each in named), strict=True), strict=False)
    ]
    blocks: list[Block] = []
    for each in details:
        if each.label or each.arabic:
            blocks += _row(paper, each, (paper.look.left, right), (widths[0], widths[1]))
        else:
            blocks += own_lines(paper, each.value, styles.bank_value, (paper.look.left, right))
    return blocks


def _row(paper: TwoLanguages, detail: Detail, edges: tuple[float, float], labels: tuple[float, float]) -> list[Block]:
    sheet, style, label = paper.sheet, paper.styles.bank_value, paper.styles.bank_label
    first, last = edges[0] + labels[0], edges[1] - labels[1]
    centre = (first + last) / 2
    found = wrapped(paper, detail.value, sheet.fitted(detail.value, style, last - first, 7.0), last - first)

    def draw(y: float) -> None:
        sheet.text(edges[0], y, detail.label, label)
        sheet.paragraph(centre, y, found, style, "centre")
        if detail.arabic:
            sheet.text(edges[1], y, detail.arabic, label, "end", 1)

    return [Block(style.pitch * len(found), draw)]


def _details(paper: TwoLanguages) -> list[Detail]:
    """Return terms, the bank's details and what to quote; what is given in both languages stands once."""
    document = paper.document
    found: list[Detail] = []
    places: dict[str, int] = {}
    if document.payment_terms.strip():
        found.append(_named(paper, "terms", document.payment_terms.strip()))
    for line in document.bank_details.split("\n"):
        if not line.strip():
            continue
        name, value = labelled(line)
        key = known(name, value)
        earlier = found[places[key]] if key in places else None
        if earlier and value == earlier.value:
            continue
        if earlier and reads_from_right(value) != reads_from_right(earlier.value):
            pair = sorted((earlier.value, value), key=reads_from_right)
            found[places.pop(key)] = earlier._replace(value=DOT.join(map(isolate, pair)))
        elif key:
            places[key] = len(found)
            found.append(_named(paper, key, value))
        else:
            found.append(Detail(*sides(name, ""), value))
    if document.bank_details.strip() and document.number:
        found.append(_named(paper, "quote", document.number))
    return found


def _named(paper: TwoLanguages, key: str, value: str) -> Detail:
    return Detail(paper.word(key), paper.arabic.word(key), value)
