"""The parts of the look *modern*, in reading order: head, parties, lines, closing, notes, foot.

A further look is a further set of these functions over the same sheet and paper.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from functools import partial
from typing import Final

from invoicing.pdf import formats, qr
from invoicing.pdf.content import Party, TaxGroup
from invoicing.pdf.labels import CATEGORIES, REVERSE_CHARGE, id_label, mark
from invoicing.pdf.layout import MM, Block, Style
from invoicing.pdf.paper import HANG, LEFT, RIGHT, WIDTH, Paper
from invoicing.pdf.table import Table
from invoicing.pdf.text import isolate, ltr

LOGO: Final = (50.0, 14.0)
HERO: Final = 42.0
PARTY: Final = 84.0
CLOSING_START: Final = 94.0
TOTALS: Final = RIGHT - 74.0
ROW: Final = 6.2
QR_SIZES: Final = {"payment": 25.0, "zatca": 35.0}
FOOT_END: Final = 287.0
DOT: Final = "\u00a0 · \u00a0"


# -- on every page ---------------------------------------------------------------------------------------


def dress_page(paper: Paper, page: int) -> None:
    """Draw what lies under a page's text, and the running head of all pages but the first."""
    document, sheet = paper.document, paper.sheet
    if document.mark in ("draft", "cancelled"):
        word, _ = mark(document.mark, document.type, paper.language)
        size = 110.0 if sheet.rtl else 120.0
        wide = sheet.width(word, Style("bold", size, size, ""))
        sheet.watermark(word, size * min(1.0, 190.0 / wide), paper.colours.shadow)
    if page:
        _running_head(paper)


def _running_head(paper: Paper) -> None:
    sheet, styles = paper.sheet, paper.styles
    x, y, room = LEFT, 14.4, 58.0
    if paper.logo:
        wide, high = _within(paper.logo, 20.0, 5.0)
        sheet.image(LEFT, y + styles.running.pitch / 2 - high / 2, wide, high)
        x, room = x + wide + 2.5, room - wide - 2.5
    seller = sheet.clipped(paper.name(paper.document.seller), styles.running_bold, room)
    sheet.text(x, y, seller, styles.running_bold)
    number = sheet.clipped(paper.number, styles.running, 40.0)
    buyer = sheet.clipped(paper.name(paper.document.buyer), styles.running, 34.0)
    pieces = [(paper.title, styles.running_bold), (f"\u00a0{isolate(number)}", styles.running)]
    for text in (paper.issue_day, buyer):
        if text:
            pieces += [(DOT, styles.running), (text, styles.running)]
    total = sum(sheet.width(text, style) for text, style in pieces)
    sheet.pieces(RIGHT - total, y, pieces)


def draw_feet(paper: Paper) -> None:
    """Draw each page's foot: who sells, and which page of how many this is."""
    sheet, styles = paper.sheet, paper.styles
    rows = _foot_rows(paper)
    top = FOOT_END - styles.foot.pitch * len(rows)
    for page in range(len(sheet.pages)):
        sheet.page = page
        sheet.rule(LEFT, RIGHT, top - 1.6, 0.4, paper.colours.rule)
        for at, pieces in enumerate(rows):
            if pieces:
                sheet.pieces(LEFT, top + at * styles.foot.pitch, pieces)
        count = paper.word("page").format(ltr(str(page + 1)), ltr(str(len(sheet.pages))))
        sheet.text(RIGHT, FOOT_END - styles.foot.pitch, count, styles.foot, "end")


def foot_height(paper: Paper) -> float:
    """Return how much more than two lines the foot takes."""
    return max(0.0, paper.styles.foot.pitch * (len(_foot_rows(paper)) - 2))


def _foot_rows(paper: Paper) -> list[list[tuple[str, Style]]]:
    """Return the foot's lines: the business's own, then name and address, then identifiers."""
    sheet, styles, seller = paper.sheet, paper.styles, paper.document.seller
    rows: list[list[tuple[str, Style]]] = []
    if footer_in_foot(paper):
        rows += [[(line, styles.foot)] for line in paper.document.footer.strip().split("\n")]
    name = sheet.clipped(paper.name(seller), styles.foot_name, 80.0)
    room = WIDTH - sheet.width(name, styles.foot_name)
    contact = [ltr(text) for text in (seller.phone, seller.email) if text.strip()]
    address = [isolate(line) for line in seller.address_lines]
    beside = _joined(paper, address if sheet.rtl else [*address, *contact], room)
    rows.append([(name, styles.foot_name), (f"{DOT}{beside}" if beside else "", styles.foot)])
    if sheet.rtl and contact:
        # Readers turn a telephone number around that stands on one line with Arabic words.
        rows.append([(_joined(paper, contact, WIDTH), styles.foot)])
    ids = [f"{id_label(key, paper.language)} {_id_value(value)}" for key, value in seller.ids]
    rows.append([(_joined(paper, ids, WIDTH - 30.0), styles.foot)])
    return rows


def footer_in_foot(paper: Paper) -> bool:
    """Return whether the business's own footer is short enough to stand in the foot."""
    footer = paper.document.footer.strip()
    lines = footer.split("\n") if footer else []
    return 0 < len(lines) <= 3 and all(paper.sheet.width(line, paper.styles.foot) <= WIDTH for line in lines)


def _joined(paper: Paper, texts: Iterable[str], room: float) -> str:
    """Join as many texts as fit the room; what the foot leaves out stands among the parties."""
    joined = ""
    for text in texts:
        longer = f"{joined}{DOT}{text}" if joined else text
        if len(text) > 2 and paper.sheet.width(longer, paper.styles.foot) <= room - 4.0:
            joined = longer
    return joined


# -- the first page --------------------------------------------------------------------------------------


def draw_head(paper: Paper) -> float:
    """Draw logo or letterhead, then title, number and mark; return where they end."""
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    room = WIDTH - LOGO[0] - 8.0
    if paper.logo:
        wide, high = _within(paper.logo, *LOGO)
        sheet.image(LEFT, 18.0 + (LOGO[1] - high) / 2, wide, high)
    else:
        room = _letterhead(paper)
    heading = sheet.fitted(paper.title, styles.title, room, 12.0)
    sheet.text(RIGHT, 14.6 + (styles.title.pitch - heading.pitch) / 2, paper.title, heading, "end")
    number = sheet.fitted(paper.number, styles.number, room, 7.0)
    y = 14.6 + styles.title.pitch + 1.0
    for line in sheet.wrap(ltr(paper.number) if document.number else paper.number, number, room):
        sheet.put(RIGHT, y, line, number, "end")
        y += number.pitch
    return _chip(paper, y + 1.2) if document.mark else y


def _letterhead(paper: Paper) -> float:
    """Draw the seller's name where a logo would stand; return the room left for the title."""
    sheet, name = paper.sheet, paper.name(paper.document.seller)
    beside = max(60.0, sheet.width(paper.title, paper.styles.title)) + 8.0
    style = paper.styles.letterhead
    lines = sheet.wrap(name, style, max(80.0, WIDTH - beside))
    if len(lines) > 2:
        # A name this long stands in full among the parties.
        style = style.sized(10.0)
        lines = sheet.wrap(name, style, max(80.0, WIDTH - beside))[:5]
    sheet.paragraph(LEFT, 16.0, lines, style)
    return WIDTH - 8.0 - max(line.width * style.size / 1000 / MM for line in lines)


def _chip(paper: Paper, y: float) -> float:
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    word, sentence = mark(document.mark or "copy", document.type, paper.language)
    pieces = [(word, styles.chip)]
    if sentence:
        pieces.append((f"\u00a0 {sentence}", styles.chip_sentence))
    wide = sum(sheet.width(text, style) for text, style in pieces)
    sheet.outline(RIGHT - wide - 4.6, y, wide + 4.6, 5.2, points=0.8, colour=paper.colours.ink, radius=1.0)
    sheet.pieces(RIGHT - wide - 2.3, y + 2.6 - styles.chip.pitch / 2, pieces)
    return y + 5.2


def draw_hero(paper: Paper, top: float) -> float:
    """Draw the strip of dates, reference and the amount that matters; return where it ends."""
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    cells = _hero_cells(paper)
    key, amount = _hero_amount(paper)
    number = sheet.fitted(amount, styles.hero_amount, 58.0, 8.0)
    code = paper.currency()
    unit = number.sized(number.size * 0.62)
    between = 1.6
    taken = max(sheet.width(amount, number) + between + sheet.width(code, unit), 30.0)
    widths = _hero_widths(len(cells), WIDTH - taken - 4.0)
    style = styles.hero_value
    if any(len(sheet.wrap(text, style, wide - 3.0)) > 2 for (_, text), wide in zip(cells, widths, strict=True)):
        style = style.sized(7.5)
    values = [sheet.wrap(text, style, wide - 3.0) for (_, text), wide in zip(cells, widths, strict=True)]
    height = 17.0 + max([len(lines) - 1 for lines in values], default=0) * style.pitch
    sheet.surface(LEFT - HANG, top, WIDTH + 2 * HANG, height, 1.5, paper.colours.tint)
    x = LEFT
    baseline = top + 7.0 + _drop(styles.hero_amount)
    for (text, _), lines, width in zip(cells, values, widths, strict=True):
        sheet.text(x, top + 3.5, paper.word(text), styles.hero_label)
        sheet.paragraph(x, baseline - _drop(style), lines, style)
        x += width
    sheet.text(RIGHT, top + 3.5, paper.word(key), styles.hero_label, "end")
    pieces = [(code, unit), (amount, number)] if paper.language == "en" else [(amount, number), (code, unit)]
    wide = sum(sheet.width(text, style) for text, style in pieces) + between
    sheet.pieces(RIGHT - wide, baseline - _drop(pieces[0][1]), pieces, gap=between)
    return top + height


def _drop(style: Style) -> float:
    """Return how far a line's baseline lies under its top, in millimetres."""
    return (style.leading / 2 + 0.244 * style.size) / MM


def _hero_cells(paper: Paper) -> list[tuple[str, str]]:
    document = paper.document
    cells = [("issue_date", paper.issue_day)]
    if document.is_note:
        parent = document.parent_issue_date
        cells.append(("original", ltr(document.parent_number or "")))
        cells.append(("original_date", _day(paper, parent)))
    else:
        cells.append(("due_date", _day(paper, document.due_date)))
    if document.supply_date and document.supply_date != document.issue_date:
        cells.append(("supply_date", _day(paper, document.supply_date)))
    cells.append(("reference", isolate(document.reference)))
    return [(key, text) for key, text in cells if len(text) > 2]


def _hero_widths(count: int, room: float) -> list[float]:
    usual = [38.0, 38.0, 42.0][:count]
    if count <= 3 and sum(usual) <= room:
        return usual
    return [room / count] * count


def _hero_amount(paper: Paper) -> tuple[str, str]:
    document = paper.document
    if document.type == "credit_note":
        return "credit_amount", paper.amount(document.total)
    return ("remaining" if document.amount_paid else "amount_due"), paper.amount(document.amount_due)


def _day(paper: Paper, value: date | None) -> str:
    return formats.day(value, paper.language, paper.country) if value else ""


# -- parties ---------------------------------------------------------------------------------------------


def draw_parties(paper: Paper, y: float) -> float:
    """Draw buyer and seller side by side; return where the longer one ends."""
    document = paper.document
    buyer = _party(paper, "billed_to", document.buyer, LEFT)
    seller = _party(paper, "from", document.seller, RIGHT - PARTY)
    return paper.sheet.flow_columns([buyer, seller], y)


def _party(paper: Paper, key: str, party: Party, x: float) -> list[Block]:
    styles = paper.styles
    blocks = _caption(paper, x, key, PARTY)
    blocks += _lines(paper, x, paper.name(party), styles.name, PARTY)
    blocks.append(_space(0.3))
    for line in party.address_lines:
        blocks += _lines(paper, x, line, styles.address, PARTY)
    blocks.append(_space(1.1))
    blocks += _ids(paper, party, x)
    contact = [ltr(text) for text in (party.email, party.phone) if text.strip()]
    joined = DOT.join(contact)
    if joined and paper.sheet.width(joined, styles.contact) <= PARTY:
        contact = [joined]
    for text in contact:
        blocks += _lines(paper, x, text, styles.contact, PARTY)
    return blocks


def _ids(paper: Paper, party: Party, x: float) -> list[Block]:
    """Return identifiers: two a line where both fit, in Arabic one a line under each other."""
    sheet, styles = paper.sheet, paper.styles
    pairs = [(id_label(key, paper.language), value) for key, value in party.ids if value.strip()]
    half = PARTY / 2 - 2.0
    widths = [_id_indent(paper, k) + sheet.width(v, styles.id_value) for k, v in pairs]
    blocks: list[Block] = []
    at = 0
    while at < len(pairs):
        if not sheet.rtl and len(pairs) > 2 and at + 1 < len(pairs) and max(widths[at : at + 2]) <= half:
            blocks.append(_id_row(paper, [(x, pairs[at]), (x + PARTY / 2, pairs[at + 1])]))
            at += 2
        elif widths[at] <= PARTY:
            blocks.append(_id_row(paper, [(x, pairs[at])]))
            at += 1
        else:
            blocks += _lines(paper, x, pairs[at][0], styles.id_label, PARTY)
            blocks += _lines(paper, x, pairs[at][1], styles.id_value, PARTY)
            at += 1
    return blocks


def _id_row(paper: Paper, cells: Sequence[tuple[float, tuple[str, str]]]) -> Block:
    sheet, styles = paper.sheet, paper.styles

    def draw(y: float) -> None:
        for x, (name, value) in cells:
            sheet.text(x, y, name, styles.id_label)
            sheet.text(x + _id_indent(paper, name), y, value, styles.id_value)

    return Block(styles.id_value.pitch, draw)


def _id_indent(paper: Paper, name: str) -> float:
    """Return how far after its name an identifier stands; in Arabic they stand under each other."""
    wide = paper.sheet.width(name, paper.styles.id_label)
    return max(38.0, wide + 2.0) if paper.sheet.rtl else wide + 1.0


def _id_value(value: str) -> str:
    return isolate(value)


# -- closing ---------------------------------------------------------------------------------------------


def draw_lines_and_closing(paper: Paper, y: float) -> float:
    """Draw the table of lines and what must stay with its end; return where that ends."""
    start, end = _closing_start(paper), _totals(paper)
    tall = max(sum(block.height for block in start), sum(block.height for block in end))
    room = paper.sheet.bottom - paper.sheet.next_top
    # What is taller than half a page flows on by itself; only the totals stay with the last rows.
    kept = tall if tall < room / 2 else sum(block.height for block in end)
    y = Table(paper).draw(y, closing=5.0 + kept) + 5.0
    if y + kept > paper.sheet.bottom:
        y = paper.sheet.next_page()
    return paper.sheet.flow_columns([start, end], y)


def _closing_start(paper: Paper) -> list[Block]:
    parts = [_tax_table(paper), _in_words(paper), _payment(paper)]
    blocks: list[Block] = []
    for part in parts:
        if part and blocks:
            blocks.append(_space(5.0))
        blocks += part
    return blocks


def _needs_tax_table(paper: Paper) -> bool:
    groups = paper.document.tax_groups
    return len(groups) > 1 or any(group.category != "S" for group in groups)


def _tax_table(paper: Paper) -> list[Block]:
    if not _needs_tax_table(paper):
        return []
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    rows = [
        (
            formats.NONE if group.category in ("E", "O") else paper.rate(group.rate),
            paper.amount(group.taxable_amount),
            paper.amount(group.tax_amount),
        )
        for group in document.tax_groups
    ]
    style = styles.tax_row
    heads = [paper.word(key) for key in ("rate", "tax_taxable", "tax_amount")]
    while True:
        blocks = [max(sheet.width(row[at], style) for row in rows) for at in range(3)]
        widths = [
            max(usual, block + 3.0, sheet.width(head, styles.tax_head) + 3.0)
            for usual, block, head in zip((13.0, 25.0, 22.0), blocks, heads, strict=True)
        ]
        if sum(widths) <= CLOSING_START - 24.0 or style.size <= 5.0:
            break
        style = style.sized(style.size - 0.5)
    ends = [LEFT + CLOSING_START - sum(widths[at + 1 :]) for at in range(3)]
    found = [_tax_head(paper, heads, ends)]
    for group, row in zip(document.tax_groups, rows, strict=True):
        numbers = list(zip(row, ends, blocks, strict=True))
        found += _tax_row(paper, group, numbers, style, CLOSING_START - sum(widths) - 1.0)
    return found


def _tax_head(paper: Paper, heads: Sequence[str], ends: Sequence[float]) -> Block:
    sheet, style = paper.sheet, paper.styles.tax_head

    def draw(y: float) -> None:
        sheet.text(LEFT, y, paper.word("tax_category"), style)
        for head, end in zip(heads, ends, strict=True):
            sheet.text(end, y, head, style, "end")
        sheet.rule(LEFT, LEFT + CLOSING_START, y + style.pitch + 1.4, 0.6, paper.colours.soft)

    return Block(style.pitch + 2.4, draw)


def _tax_row(
    paper: Paper,
    group: TaxGroup,
    numbers: Sequence[tuple[str, float, float]],
    style: Style,
    room: float,
) -> list[Block]:
    sheet, styles = paper.sheet, paper.styles
    names = CATEGORIES.get(group.category)
    name = sheet.wrap(names[paper.language] if names else group.category, style, room)

    def draw(y: float) -> None:
        sheet.paragraph(LEFT, y, name, style)
        for text, end, block in numbers:
            sheet.number(end, y, text, style, block)

    blocks = [Block(style.pitch * len(name), draw)]
    sentence = group.exemption_reason.strip()
    if not sentence and group.category == "AE":
        sentence = REVERSE_CHARGE[paper.language]
    if sentence:
        blocks += _lines(paper, LEFT, sentence, styles.legal, CLOSING_START)
    return [*blocks, _space(1.0)]


def _in_words(paper: Paper) -> list[Block]:
    document, styles = paper.document, paper.styles
    if not document.amount_in_words.strip():
        return []
    key = "in_words_credit" if document.type == "credit_note" else "in_words"
    blocks = _caption(paper, LEFT, key, CLOSING_START)
    return blocks + _lines(paper, LEFT, document.amount_in_words, styles.body, CLOSING_START)


def _payment(paper: Paper) -> list[Block]:
    """Return the code, and beside it how to pay; the two stay together."""
    code = _code(paper)
    taken = QR_SIZES[paper.document.qr_kind] + 5.0 if code else 0.0
    beside = _bank(paper, LEFT + taken, CLOSING_START - taken)
    if not code:
        return beside
    tall = sum(block.height for block in beside)
    if tall > 90.0:
        return [code, _space(5.0), *_bank(paper, LEFT, CLOSING_START)]

    def draw(y: float) -> None:
        code.draw(y)
        for block in beside:
            block.draw(y)
            y += block.height

    return [Block(max(code.height, tall), draw)]


def _code(paper: Paper) -> Block | None:
    """Return the code with its caption; a draft has a dashed frame in its place."""
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    size = QR_SIZES[document.qr_kind]
    style = styles.under_code
    middle = LEFT + size / 2
    if document.mark == "draft":
        if document.is_note and document.qr_kind == "payment":
            return None
        words = sheet.wrap(paper.word("qr_from_issue"), style)

        def draw_frame(y: float) -> None:
            colour = paper.colours.frame
            sheet.outline(LEFT, y, size, size, points=0.6, colour=colour, dashed=True)
            for at, line in enumerate(words):
                sheet.put(middle, y + size / 2 + (at - len(words) / 2) * style.pitch, line, style, "centre")

        return Block(size, draw_frame)
    if not document.qr_payload or (document.mark == "cancelled" and document.qr_kind == "payment"):
        return None
    side, image = qr.inline_image(document.qr_payload)
    caption = paper.word("tax_qr" if document.qr_kind == "zatca" else "scan_to_pay")

    def draw(y: float) -> None:
        sheet.code(LEFT, y, size, side, image)
        sheet.text(middle, y + size + 1.0, caption, style, "centre")

    return Block(size + 1.0 + style.pitch, draw)


def _bank(paper: Paper, x: float, room: float) -> list[Block]:
    """Return how to pay: terms, the bank's details, what to quote."""
    document, styles, sheet = paper.document, paper.styles, paper.sheet
    if document.is_note and document.type == "credit_note":
        return []
    rows = [(paper.word("terms"), document.payment_terms)] if document.payment_terms.strip() else []
    rows += [_labelled(line) for line in document.bank_details.split("\n") if line.strip()]
    if document.bank_details.strip() and document.number:
        rows.append((paper.word("quote"), document.number))
    if not rows:
        return []
    column = max(sheet.width(name, styles.bank_label) for name, _ in rows) + 2.0
    column = max(column, 12.0)
    blocks = _caption(paper, x, "payment", room)
    for name, value in rows:
        blocks += _bank_row(paper, x, name, value, column, room)
    return blocks


def _labelled(line: str) -> tuple[str, str]:
    """Split `IBAN: MA64 …` at its colon; a line without a short label is all value."""
    name, colon, value = line.partition(":")
    if colon and value.strip() and len(name.strip()) <= 18 and not value.startswith("//"):
        return name.strip(), value.strip()
    return "", line.strip()


def _bank_row(paper: Paper, x: float, name: str, value: str, column: float, room: float) -> list[Block]:
    sheet, styles = paper.sheet, paper.styles
    if not name:
        return _lines(paper, x, value, styles.bank_value, room)
    style = sheet.fitted(value, styles.bank_value, room - column, 7.0)
    style = style if sheet.width(value, style) <= room - column + 0.1 else styles.bank_value
    wrapped = sheet.wrap(value, style, room - column + 0.1)
    blocks = []
    for at, line in enumerate(wrapped):

        def draw(y: float, at: int = at, line: object = line) -> None:
            if not at:
                sheet.text(x, y, name, styles.bank_label)
            sheet.put(x + column, y, wrapped[at], style)

        blocks.append(Block(styles.bank_value.pitch, draw))
    return blocks


def _totals(paper: Paper) -> list[Block]:
    """Return the totals, which stay together as one block."""
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    before, after = _total_rows(paper), _paid_rows(paper)
    total = paper.amount(document.total)
    big = sheet.fitted(total, styles.grand_value, 44.0, 8.0)
    numbers = [number for _, number in (*before, *after)]
    block = max([sheet.width(total, big), *(sheet.width(n, styles.total_value) for n in numbers)])
    other = _other_currency(paper)
    name = paper.word("total_credit" if document.type == "credit_note" else "total")
    label_style = sheet.fitted(name, styles.grand_label, 62.0 - sheet.width(total, big), 7.0)

    def rows(y: float, shown: Sequence[tuple[str, str]]) -> float:
        for text, number in shown:
            style = sheet.fitted(text, styles.total_label, 72.0 - sheet.width(number, styles.total_value), 6.0)
            top = y + ROW / 2
            sheet.text(TOTALS, top - style.pitch / 2, text, style)
            sheet.number(RIGHT, top - styles.total_value.pitch / 2, number, styles.total_value, block)
            y += ROW
        return y

    def draw(y: float) -> None:
        y = rows(y, before) + 1.6
        sheet.surface(TOTALS - HANG, y, 74.0 + 2 * HANG, 12.0, 1.5, paper.colours.tint)
        middle = y + 6.0
        pieces = [(name, label_style), (paper.currency(), styles.grand_currency)]
        sheet.pieces(TOTALS, middle - label_style.pitch / 2, pieces, gap=1.2)
        sheet.number(RIGHT, middle - big.pitch / 2, total, big, block)
        if document.mark == "cancelled":
            ends = sheet.width(total, big)
            shift = block - ends if sheet.rtl else 0.0
            sheet.rule(RIGHT - ends - shift, RIGHT - shift, middle, 1.0, paper.colours.ink)
        y = rows(y + 12.0 + (1.6 if after else 0.0), after)
        if other:
            sheet.paragraph(TOTALS, y + 1.4, other, styles.other_currency)

    height = ROW * (len(before) + len(after)) + 1.6 + 12.0 + (1.6 if after else 0.0)
    height += 1.4 + len(other) * styles.other_currency.pitch if other else 0.0
    return [Block(height, draw)]


def _total_rows(paper: Paper) -> list[tuple[str, str]]:
    """Return what stands above the total: sum, discount, what is taxed, tax."""
    document = paper.document
    gross = document.prices_include_tax
    rows: list[tuple[str, str]] = []
    if document.discount_amount:
        rows.append((paper.word("subtotal_incl" if gross else "subtotal"), paper.amount(document.subtotal)))
        rows.append((_discount_label(paper), paper.amount(-document.discount_amount)))
    if document.discount_amount or gross or document.seller_country == "SA":
        rows.append((paper.word("taxable_amount"), paper.amount(document.taxable_amount)))
    else:
        rows.append((paper.word("subtotal_only"), paper.amount(document.subtotal)))
    rows.append((_tax_label(paper), paper.amount(document.tax_amount)))
    return rows


def _discount_label(paper: Paper) -> str:
    """Return the discount's name, with its rate if it is the only discount."""
    document = paper.document
    if document.discount_rate and not any(item.discount_rate for item in document.items):
        return f"{paper.word('discount')} {ltr(paper.rate(document.discount_rate))}"
    return paper.word("discount")


def _tax_label(paper: Paper) -> str:
    groups = paper.document.tax_groups
    if len(groups) == 1 and not _needs_tax_table(paper):
        return f"{paper.word('vat')} {ltr(paper.rate(groups[0].rate))}"
    return paper.word("vat")


def _paid_rows(paper: Paper) -> list[tuple[str, str]]:
    document = paper.document
    if not document.amount_paid or document.type == "credit_note":
        return []
    return [
        (paper.word("paid"), paper.amount(-document.amount_paid)),
        (paper.word("remaining"), paper.amount(document.amount_due)),
    ]


def _other_currency(paper: Paper) -> list[object]:
    """Return the tax in the currency of the seller's country, with its rate, as lines."""
    document = paper.document
    if document.tax_currency is None or document.tax_amount_in_tax_currency is None:
        return []
    other = document.tax_currency
    text = f"{paper.word('tax_in').format(paper.currency(other))} "
    tax = document.tax_amount_in_tax_currency
    text += ltr(formats.amount(tax, max(2, formats.decimals(tax)), paper.language))
    if document.exchange_rate is not None:
        rate = formats.quantity(document.exchange_rate, paper.language)
        text += f" ({ltr(f'1 {document.currency} = {rate} {other}')})"
    return list(paper.sheet.wrap(text, paper.styles.other_currency, 74.0))


# -- words -----------------------------------------------------------------------------------------------


def draw_reason(paper: Paper, y: float) -> float:
    """Draw why a note was issued, between two rules; return where that ends."""
    reason = paper.document.reason.strip()
    if not paper.document.is_note or not reason:
        return y
    sheet, styles = paper.sheet, paper.styles
    at = sheet.width(paper.word("reason"), styles.caption) + 4.0
    wrapped = sheet.wrap(reason, styles.body, WIDTH - at)

    def first(y: float) -> None:
        sheet.rule(LEFT, RIGHT, y, 0.4, paper.colours.rule)
        sheet.text(LEFT, y + 2.6 + 0.2, paper.word("reason"), styles.caption)
        sheet.put(LEFT + at, y + 2.6, wrapped[0], styles.body)

    blocks = [Block(2.6 + styles.body.pitch, first)]
    for line in wrapped[1:]:
        blocks.append(Block(styles.body.pitch, partial(sheet.put, LEFT + at, line=line, style=styles.body)))
    blocks.append(Block(2.6, lambda y: sheet.rule(LEFT, RIGHT, y + 2.6, 0.4, paper.colours.rule)))
    return sheet.flow(blocks, y + 6.0)


def draw_notes(paper: Paper, y: float) -> float:
    """Draw the notes, and the business's footer if it is too long for the foot."""
    document, styles = paper.document, paper.styles
    if document.notes.strip():
        blocks = _caption(paper, LEFT, "notes", WIDTH)
        y = paper.sheet.flow(
            _kept(blocks + _lines(paper, LEFT, document.notes.strip(), styles.body, WIDTH)), y + 7.0
        )
    if document.footer.strip() and not footer_in_foot(paper):
        y = paper.sheet.flow(_lines(paper, LEFT, document.footer.strip(), styles.legal, WIDTH), y + 7.0)
    return y


def _kept(blocks: list[Block]) -> list[Block]:
    """Join a caption with the line under it, so that no page ends between them."""
    head, rest = blocks[:3], blocks[3:]

    def draw(y: float) -> None:
        for block in head:
            block.draw(y)
            y += block.height

    return [Block(sum(block.height for block in head), draw), *rest]


def _lines(paper: Paper, x: float, text: str, style: Style, width: float) -> list[Block]:
    """Return a text as blocks of one line each."""
    sheet = paper.sheet
    return [
        Block(style.pitch, partial(sheet.put, x, line=line, style=style))
        for line in sheet.wrap(text, style, width)
    ]


def _caption(paper: Paper, x: float, key: str, width: float) -> list[Block]:
    """Return the small heading of a part, with the space under it."""
    return [*_lines(paper, x, paper.word(key), paper.styles.caption, width), _space(0.9)]


def _space(height: float) -> Block:
    return Block(height, lambda y: None)


def _within(size: tuple[int, int], width: float, height: float) -> tuple[float, float]:
    """Return an image's measures in a box: by the smaller ratio, and no coarser than 200 dpi."""
    ratio = min(width / size[0], height / size[1], 25.4 / 200 if size[0] else 1.0)
    return size[0] * ratio, size[1] * ratio
