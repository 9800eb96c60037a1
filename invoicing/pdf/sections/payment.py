"""How to pay: the code, the bank, the terms."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Final

from invoicing.pdf import qr
from invoicing.pdf.content import Document, Printed, QrKind
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import caption, height, lines, space, together

QR_SIZES: Final = {"payment": 25.0, "zatca": 35.0}
TALLEST_BESIDE: Final = 90.0

# How businesses name what their bank wants to know.
_BIC: Final = ("bic", "swift", "bic/swift", "swift/bic", "bic / swift", "swift code")
LABELS: Final[dict[str, dict[str, tuple[str, ...]]]] = {
    "bank": {
        "en": ("bank", "bank name"),
        "fr": ("banque", "nom de la banque"),
        "ar": ("البنك", "اسم البنك", "المصرف"),
    },
    "account": {
        "en": ("account", "account name", "account holder", "beneficiary"),
        "fr": ("titulaire", "bénéficiaire"),
        "ar": ("صاحب الحساب", "المستفيد"),
    },
    "account_number": {
        "en": ("account number", "account no", "account no."),
        "fr": ("n° de compte", "compte"),
        "ar": ("رقم الحساب",),
    },
    "iban": {"en": ("iban",), "fr": ("iban",), "ar": ("الآيبان", "آيبان", "الايبان", "رقم الآيبان")},
    "bic": {"en": _BIC, "fr": _BIC, "ar": (*_BIC, "رمز السويفت", "السويفت", "سويفت")},
}
KEYS: Final = {name: key for key, languages in LABELS.items() for names in languages.values() for name in names}


def payment(paper: Paper[Document], width: float, words: Callable[[float, float], list[Block]]) -> list[Block]:
    """Return the code, and beside it how to pay and what `words` returns for a place and a width; all stay together."""
    look = paper.look
    code = _code(paper)

    def details_at(x: float, room: float) -> list[Block]:
        bank, said = _bank(paper, x, room), words(x, room)
        return [*bank, space(3.0), *said] if bank and said else [*bank, *said]

    if not code:
        return details_at(look.left, width)
    taken = QR_SIZES[paper.document.qr_kind] + look.bank_gap
    beside = details_at(look.left + taken, width - taken)
    if height(beside) > TALLEST_BESIDE:
        return [code, space(5.0), *details_at(look.left, width)]
    details = together(beside)

    def draw(y: float) -> None:
        code.draw(y)
        details.draw(y)

    return [Block(max(code.height, details.height), draw)]


def _code(paper: Paper[Document]) -> Block | None:
    """Return the code with its caption; a draft has a dashed frame, and nobody pays what is cancelled or nothing."""
    document = paper.document
    to_pay = document.qr_kind == "payment"
    if to_pay and not document.amount_due:
        return None
    if document.mark == "draft":
        return None if to_pay and document.is_note else _code_to_come(paper)
    if not document.qr_payload or (to_pay and document.mark == "cancelled"):
        return None
    return _drawn(paper, document.qr_payload, document.qr_kind, paper.look.left)


def payment_code(paper: Paper[Document]) -> list[Block]:
    """Return the code to pay that stands at the end edge, opposite the one of the tax."""
    document = paper.document
    if not (document.payment_payload and document.amount_due):
        return []
    if document.qr_kind == "payment" or document.mark in ("draft", "cancelled"):
        return []
    code = _drawn(paper, document.payment_payload, "payment", paper.look.right - QR_SIZES["payment"])
    return [code]


def _drawn(paper: Paper[Document], payload: str, kind: QrKind, x: float) -> Block:
    """Return a code over its caption."""
    sheet, style = paper.sheet, paper.styles.under_code
    size = QR_SIZES[kind]
    side, image = qr.inline_image(payload)
    under = paper.word("scan_to_pay" if kind == "payment" else "tax_qr")

    def draw(y: float) -> None:
        sheet.code(x, y, size, side, image)
        sheet.text(x + size / 2, y + size + 1.0, under, style, "centre")

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
    terms = document.payment_terms.strip()
    rows = [(paper.word("terms"), terms)] if terms and not paper.look.terms_in_meta else []
    rows += bank_rows(paper, document.bank_details)
    # Where the terms stand above the table, the number stands out there too.
    if document.bank_details.strip() and document.number and not paper.look.terms_in_meta:
        rows.append((paper.word("quote"), document.number))
    return how_to_pay(paper, x, room, rows)


def how_to_pay(paper: Paper[Printed], x: float, room: float, rows: Sequence[tuple[str, str]]) -> list[Block]:
    """Return labels and values under the heading of payment; nothing where there are none."""
    if not rows:
        return []
    sheet, styles = paper.sheet, paper.styles
    column = max(sheet.width(name, styles.bank_label) for name, _ in rows) + 2.0
    column = max(column, paper.look.bank_label)
    blocks = caption(paper, x, "payment", room)
    for name, value in rows:
        blocks += _bank_row(paper, x, name, value, column, room)
    return blocks


def bank_rows(paper: Paper[Printed], bank_details: str) -> list[tuple[str, str]]:
    """Return the lines of bank details, each with its label; in the page's language if it is known in another."""
    rows = [labelled(line) for line in bank_details.split("\n") if line.strip()]
    keys = [known(name, value) for name, value in rows]
    return [
        # What is given in both languages says so itself.
        (paper.word(key) if keys.count(key) == 1 and _foreign(name, key, paper.language) else name, value)
        for key, (name, value) in zip(keys, rows, strict=True)
    ]


def known(name: str, value: str) -> str:
    """Return the key of the label that a business means by a name, empty if it is one of its own."""
    key = KEYS.get(name.casefold(), "")
    return "account_number" if key == "account" and not any(map(str.isalpha, value)) else key


def _foreign(name: str, key: str, language: str) -> bool:
    """Return whether a label is known, and of another language than the page's."""
    return key in LABELS and not any(name.casefold() in each.get(language, ()) for each in LABELS.values())


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
