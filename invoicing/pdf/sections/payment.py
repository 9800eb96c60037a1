"""How to pay: the code, the bank, the terms."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Final

from invoicing.pdf import qr
from invoicing.pdf.content import Document, Printed
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import caption, height, lines, space, together

QR_SIZES: Final = {"payment": 25.0, "zatca": 35.0}
TALLEST_BESIDE: Final = 90.0


def payment(paper: Paper[Document]) -> list[Block]:
    """Return the code, and beside it how to pay; the two stay together."""
    code = _code(paper)
    taken = QR_SIZES[paper.document.qr_kind] + 5.0 if code else 0.0
    beside = _bank(paper, paper.look.left + taken, paper.look.closing - taken)
    if not code:
        return beside
    if height(beside) > TALLEST_BESIDE:
        return [code, space(5.0), *_bank(paper, paper.look.left, paper.look.closing)]
    details = together(beside)

    def draw(y: float) -> None:
        code.draw(y)
        details.draw(y)

    return [Block(max(code.height, details.height), draw)]


def _code(paper: Paper[Document]) -> Block | None:
    """Return the code with its caption; a draft has a dashed frame, and nobody pays what is cancelled."""
    document = paper.document
    to_pay = document.qr_kind == "payment"
    if document.mark == "draft":
        return None if to_pay and document.is_note else _code_to_come(paper)
    if not document.qr_payload or (to_pay and document.mark == "cancelled"):
        return None
    sheet, style = paper.sheet, paper.styles.under_code
    size = QR_SIZES[document.qr_kind]
    side, image = qr.inline_image(document.qr_payload)
    under = paper.word("scan_to_pay" if to_pay else "tax_qr")

    def draw(y: float) -> None:
        sheet.code(paper.look.left, y, size, side, image)
        sheet.text(paper.look.left + size / 2, y + size + 1.0, under, style, "centre")

    return Block(size + 1.0 + style.pitch, draw)


def _code_to_come(paper: Paper[Document]) -> Block:
    sheet, style = paper.sheet, paper.styles.under_code
    size = QR_SIZES[paper.document.qr_kind]
    words = sheet.wrap(paper.word("qr_from_issue"), style)

    def draw(y: float) -> None:
        sheet.outline(paper.look.left, y, size, size, points=0.6, colour=paper.colours.frame, dashed=True)
        top = y + (size - len(words) * style.pitch) / 2
        for at, line in enumerate(words):
            sheet.put(paper.look.left + size / 2, top + at * style.pitch, line, style, "centre")

    return Block(size, draw)


def _bank(paper: Paper[Document], x: float, room: float) -> list[Block]:
    """Return how to pay: terms, the bank's details, what to quote."""
    document = paper.document
    if document.type == "credit_note":
        return []
    rows = [(paper.word("terms"), document.payment_terms)] if document.payment_terms.strip() else []
    rows += bank_rows(document.bank_details)
    if document.bank_details.strip() and document.number:
        rows.append((paper.word("quote"), document.number))
    return how_to_pay(paper, x, room, rows)


def how_to_pay(paper: Paper[Printed], x: float, room: float, rows: Sequence[tuple[str, str]]) -> list[Block]:
    """Return labels and values under the heading of payment; nothing where there are none."""
    if not rows:
        return []
    sheet, styles = paper.sheet, paper.styles
    column = max(sheet.width(name, styles.bank_label) for name, _ in rows) + 2.0
    column = max(column, 12.0)
    blocks = caption(paper, x, "payment", room)
    for name, value in rows:
        blocks += _bank_row(paper, x, name, value, column, room)
    return blocks


def bank_rows(bank_details: str) -> list[tuple[str, str]]:
    """Return the lines of bank details, each with its label."""
    return [labelled(line) for line in bank_details.split("\n") if line.strip()]


def labelled(line: str) -> tuple[str, str]:
    """Split `IBAN: MA64 …` at its colon; a line without a short label is all value."""
    name, colon, value = line.partition(":")
    if colon and value.strip() and len(name.strip()) <= 18 and not value.startswith("//"):
        return name.strip(), value.strip()
    return "", line.strip()


def _bank_row(paper: Paper[Printed], x: float, name: str, value: str, column: float, room: float) -> list[Block]:
    sheet, styles = paper.sheet, paper.styles
    if not name:
        return lines(paper, x, value, styles.bank_value, room)
    style = sheet.fitted(value, styles.bank_value, room - column, 7.0)
    style = style if sheet.width(value, style) <= room - column + 0.1 else styles.bank_value
    wrapped = sheet.wrap(value, style, room - column + 0.1)

    def draw_first(y: float) -> None:
        sheet.text(x, y, name, styles.bank_label)
        sheet.put(x + column, y, wrapped[0], style)

    pitch = styles.bank_value.pitch
    rest = [Block(pitch, partial(sheet.put, x + column, line=line, style=style)) for line in wrapped[1:]]
    return [Block(pitch, draw_first), *rest]
