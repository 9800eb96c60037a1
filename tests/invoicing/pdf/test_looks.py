from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pypdfium2
import pytest
import zxingcpp

from invoicing.pdf import Document, Party, TaxGroup
from invoicing.pdf.content import LookName, PaperSize
from invoicing.pdf.document import draw
from invoicing.pdf.looks import look_for
from tests.invoicing.pdf import documents, reading
from tests.invoicing.pdf.test_document import ARABIC, DIGITS, LANGUAGES, MARKUP, WIDE, hostile, logo

LOOKS: list[LookName] = ["modern", "classic", "compact"]
OTHERS: list[LookName] = ["classic", "compact"]
SIZES: list[PaperSize] = ["a4", "letter"]
POINTS = 72 / 25.4


def long(language: str = "en", count: int = 25) -> Document:
    return documents.full(language, count, footer="Made to order\nNo returns\nNo exchange")


# -- what a look measures ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("look", "size", "expected"),
    [
        ("modern", "a4", (16, 194, 272)),
        ("modern", "letter", (16, 199.9, 254.4)),
        ("classic", "a4", (20, 190, 272)),
        ("classic", "letter", (20, 195.9, 254.4)),
        ("compact", "a4", (12, 198, 280)),
        ("compact", "letter", (12, 203.9, 262.4)),
    ],
)
def test_measures_follow_the_size_of_the_page(look: LookName, size: PaperSize, expected: Any) -> None:
    found = look_for(look, size, "#C2512F")
    assert (found.left, found.right, found.bottom) == pytest.approx(expected)


@pytest.mark.parametrize("look", LOOKS)
def test_columns_leave_room_to_the_description(look: LookName) -> None:
    """Leave the description no less than 36 mm, with every optional column."""
    found = look_for(look, "a4", "#C2512F")
    usual = found.table.tight or found.table.columns
    for columns in (usual, found.table.saudi or usual):
        assert found.width - sum(columns.values()) >= 36.0


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", LOOKS)
def test_page_is_as_large_as_its_paper(look: LookName, size: PaperSize) -> None:
    data = draw(documents.invoice("en", look=look, paper_size=size))
    with pypdfium2.PdfDocument(data) as document:
        assert [round(side, 1) for side in document[0].get_size()] == {"a4": [595.3, 841.9], "letter": [612, 792]}[size]


# -- nothing is cut, nothing lies over another -----------------------------------------------------------


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("make", [hostile, long, documents.credit_note])
def test_all_text_stands_inside_the_margins_and_no_letter_over_another(
    make: Any, look: LookName, language: str, size: PaperSize
) -> None:
    measures = look_for(look, size, "#C2512F")
    for page in reading.boxes(draw(replace(make(language), look=look, paper_size=size, signature_frame=True))):
        assert min(box[0] for _, box in page) / POINTS >= measures.left - 0.5
        assert max(box[2] for _, box in page) / POINTS <= measures.right + 0.5
        assert min(box[1] for _, box in page) / POINTS >= measures.foot_end - 1.0
        assert reading.overlaps(page) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("look", OTHERS)
def test_hostile_text_is_printed_whole(look: LookName, size: PaperSize) -> None:
    document = replace(hostile("en"), look=look, paper_size=size)
    read = reading.text(draw(document)).replace("\n", "")
    # Buyer: name, address, identifier; the line's name; reference, terms, bank, words; seller: name, address, identifier.
    assert read.count(WIDE) + read.count("W" * 150) >= 8
    assert read.count("W") >= 11 * 200
    assert "N" * 60 in read
    assert read.count(DIGITS) >= 7
    assert MARKUP[:8] in read
    assert "root:" not in read


@pytest.mark.parametrize("look", OTHERS)
def test_hostile_arabic_is_printed_whole(look: LookName) -> None:
    read = re.sub(r"\s", "", reading.text(draw(replace(hostile("ar"), look=look))))
    letters = read.count("ط")
    # Of each party name and address, then the bank, the line's description and the next one's name.
    assert letters >= 7 * ARABIC.count("ط")


@pytest.mark.parametrize("look", OTHERS)
def test_thousand_lines_are_all_printed(look: LookName) -> None:
    document = documents.full("en", 1000, look=look)
    found = [re.findall(r"WEB-\d{4}", page) for page in reading.page_texts(draw(document))]
    assert [code for page in found for code in page] == [line.sku for line in document.items]
    assert min(map(len, found)) >= 2


def test_compact_page_bears_many_lines() -> None:
    items = tuple(documents.item(f"Line {at}", "1", "10") for at in range(200))
    texts = reading.page_texts(draw(documents.long_invoice("en", 200, items=items, look="compact")))
    rows = [len(re.findall(r"Line \d+", page)) for page in texts]
    assert rows[:2] == [37, 43]


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("count", range(20, 32, 2))
def test_totals_stay_with_the_last_two_lines(count: int, look: LookName) -> None:
    items = tuple(documents.item(f"Line {at}.", "1", "10", description="More") for at in range(1, count + 1))
    texts = reading.page_texts(draw(documents.long_invoice("en", count, items=items, look=look)))
    (last,) = [page for page in texts if "Subtotal" in page]
    assert f"Line {count - 1}." in last
    assert "Scan to pay" in last
    assert all(len(re.findall(r"Line \d+\.", page)) >= 2 for page in texts)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", OTHERS)
def test_carried_sums_are_those_of_the_last_column(look: LookName, language: str) -> None:
    document = replace(documents.full(language, 90, look=look), seller_country="SA")
    texts = reading.page_texts(draw(document))
    carried, brought = {
        "en": ("Carried forward", "Brought forward"),
        "fr": ("À reporter", "Report"),
        "ar": ("يُرحَّل", "مُرحَّل"),
    }[language]
    number = r"\d[\d,. ]*\d"
    sums, total = [], Decimal(0)
    for line in document.items:
        total += line.total
        written = f"{total:,.2f}"
        sums.append(written.replace(",", " ").replace(".", ",") if language == "fr" else written)
    for before, after in pairwise(texts):
        (one,) = {found for found in re.findall(number, _line_of(before, carried)) if found in sums}
        assert re.findall(re.escape(one), _line_of(after, brought))


def _line_of(page: str, words: str) -> str:
    """Return the line of a page that has the words; a reader may give the number before them."""
    lines = page.replace("\u064f", "").replace("\u064e", "").replace("\u0651", "").split("\n")
    plain = words.replace("\u064f", "").replace("\u064e", "").replace("\u0651", "")
    (at,) = [at for at, line in enumerate(lines) if plain in line]
    return "\n".join(lines[max(0, at - 1) : at + 2])


# -- what is printed where -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("look", "order"),
    [
        ("classic", ["27, Boulevard", "Invoice", "INV-2026-0047", "Net 30 days", "Billed to", "Riad Zellige"]),
        ("compact", ["Invoice", "INV-2026-0047", "Seller", "27, Boulevard", "Buyer", "Riad Zellige", "Amount due"]),
        ("modern", ["Invoice", "INV-2026-0047", "Amount due", "Billed to", "Riad Zellige", "From"]),
    ],
)
def test_page_reads_in_logical_order(look: LookName, order: list[str]) -> None:
    read = reading.text(draw(documents.full("en", look=look, signature_frame=look == "classic")))
    order = [*order, "WEB-0000", "WEB-0001", "Subtotal", "Total MAD"]
    rest = ["Twenty-two", "Payment\n", "IBAN"] if look == "modern" else ["IBAN", "Twenty-two"]
    places = [read.index(word) for word in [*order, *rest, "Thank you", "Page 1 of 1"]]
    assert places == sorted(places)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", OTHERS)
def test_values_are_never_reversed(look: LookName, language: str) -> None:
    read = reading.text(draw(documents.full(language, look=look))).replace("\u00a0", " ")
    for value in (
        "INV-2026-0047",
        "PO-8841",
        "WEB-0001",
        "MA64 0077 8000 0123 4567 8901 2396",
        "001523784000091",
        "002190665000026",
        "15237840",
        "+212 522 48 61 90",
        "compta@riad-zellige.example",
        "10 %" if language == "fr" else "10%",
    ):
        assert value in read


@pytest.mark.parametrize("look", OTHERS)
def test_arabic_words_come_back(look: LookName) -> None:
    document = documents.full("ar", look=look)
    expected = set(re.findall(r"[\u0600-\u06ff]{2,}", f"{document.notes} {document.amount_in_words}"))
    expected |= set(re.findall(r"[\u0600-\u06ff]{2,}", f"{document.seller.name_ar} {document.buyer.name_ar}"))
    read = set(re.findall(r"[\u0600-\u06ff]+", reading.text(draw(document))))
    assert {word.strip("،") for word in expected} - {word.strip("،") for word in read} == set()


@pytest.mark.parametrize("look", OTHERS)
def test_seller_has_every_identifier(look: LookName) -> None:
    ids = tuple((f"Register of trade {at}", f"{at:02}-{'9' * 20}") for at in range(12))
    document = documents.invoice("en", look=look, seller=replace(documents.SELLER_MA, ids=ids))
    page = reading.text(draw(document))
    assert [value for _, value in ids if value not in page] == []


@pytest.mark.parametrize("look", LOOKS)
def test_reference_too_long_for_its_place_stands_over_the_table(look: LookName) -> None:
    reference = " ".join(f"PO-{at:04}" for at in range(60))
    read = reading.text(draw(documents.invoice("en", look=look, reference=reference)))
    assert re.findall(r"PO-\d{4}", read) == reference.split()
    assert read.index("Billed to" if look != "compact" else "Buyer") < read.index("PO-0000") < read.index("Description")


@pytest.mark.parametrize("look", LOOKS)
def test_terms_of_payment_are_said_once(look: LookName) -> None:
    assert reading.text(draw(documents.invoice("en", look=look))).count("Net 30 days") == 1


@pytest.mark.parametrize("look", OTHERS)
def test_absent_fields_have_no_labels(look: LookName) -> None:
    document = documents.invoice(
        "en",
        look=look,
        due_date=None,
        reference="",
        payment_terms="",
        bank_details="",
        notes="",
        amount_in_words="",
        qr_payload=None,
        seller=Party(name="Only a name"),
        buyer=Party(name="Nobody"),
    )  # fmt: skip - one call
    read = reading.text(draw(document))
    absent = ("Due date", "Your reference", "terms", "Payment", "Notes", "Amount in words", "Scan", "SKU", "Unit\n")
    assert [label for label in (*absent, "Signature") if label in read] == []


@pytest.mark.parametrize("look", OTHERS)
def test_credit_note_names_its_invoice_and_reason(look: LookName) -> None:
    read = reading.text(draw(documents.credit_note("en", look=look)))
    for words in ("Credit Note", "CN-2026-0009", "Original invoice", "INV-2026-0047", "agreed on 18 October 2026."):
        assert words in read
    assert "Due date" not in read
    assert "Total credit MAD 22,680.00" in read


@pytest.mark.parametrize("look", LOOKS)
def test_credit_note_bills_nobody_and_names_no_terms_of_payment(look: LookName) -> None:
    read = reading.text(draw(documents.credit_note("en", look=look)))
    assert [word for word in ("Seller", "Buyer") if word in read] == ["Seller", "Buyer"][look == "classic" :]
    assert [word for word in ("Billed to", "From", "Net 30 days") if word in read] == []
    assert "Billed to" in reading.text(draw(documents.credit_note("en", look="modern", type="debit_note")))


@pytest.mark.parametrize("look", OTHERS)
def test_part_payment_shows_what_remains(look: LookName) -> None:
    paid = {"amount_paid": Decimal("2680.00"), "amount_due": Decimal("20000.00")}
    read = reading.text(draw(documents.invoice("en", look=look, **paid)))
    assert "Paid −2,680.00" in read
    assert "Amount due 20,000.00" in read
    assert "Total MAD 22,680.00" in read


@pytest.mark.parametrize("look", LOOKS)
def test_tax_table_stands_beside_the_totals(look: LookName) -> None:
    groups = (
        TaxGroup("S", Decimal(20), Decimal("18000.00"), Decimal("3780.00")),
        TaxGroup("O", Decimal(0), Decimal("900.00"), Decimal(0), "Disbursement in the client’s name."),
    )
    read = reading.text(draw(documents.invoice("en", look=look, tax_groups=groups)))
    assert "Standard rate 20% 18,000.00 3,780.00" in read
    assert "Out of scope – 900.00 0.00" in read
    assert "Disbursement in the client’s name." in read


@pytest.mark.parametrize("look", OTHERS)
def test_saudi_lines_state_net_tax_and_total(look: LookName) -> None:
    read = reading.text(draw(documents.standard("en", look=look)))
    assert re.search(r"12,000.00 12,000.00 (15% )?1,800.00 13,800.00", read)
    assert "HST-1" in read
    assert "Total SAR 17,940.00" in read


def test_saudi_lines_of_several_rates_say_theirs_in_classic() -> None:
    document = documents.standard("en", look="classic")
    first, second = document.items
    items = (first, replace(second, tax_rate=Decimal(0), tax_category="Z", tax_amount=Decimal(0)))
    groups = (
        TaxGroup("S", Decimal(15), Decimal("12000.00"), Decimal("1800.00")),
        TaxGroup("Z", Decimal(0), Decimal("3600.00"), Decimal(0), "Medicines"),
    )
    rates = [rate for rate in ("15%", "0%") if rate in reading.text(draw(document)).split("Taxable amount")[0]]
    assert rates == []
    table = reading.text(draw(replace(document, items=items, tax_groups=groups))).split("Tax category")[0]
    assert [rate for rate in ("15%", "0%") if f"{rate}\n" in table] == ["15%", "0%"]


# -- codes, marks, signature -------------------------------------------------------------------------------


@pytest.mark.parametrize("language", ["ar", "en"])
@pytest.mark.parametrize("look", LOOKS)
def test_tax_code_and_payment_code_stand_at_opposite_edges(look: LookName, language: str) -> None:
    document = documents.standard(language, look=look, signature_frame=True)
    data = draw(document)
    assert reading.pages(data) == 1
    found = {code.text: code.position for code in zxingcpp.read_barcodes(reading.picture(data))}
    tax, pay = found[str(document.qr_payload)], found[str(document.payment_payload)]
    in_mm = 25.4 / 150
    measures = look_for(look, "a4", "#C2512F")
    first, second = (tax, pay) if language == "en" else (pay, tax)
    assert first.top_left.x * in_mm == pytest.approx(measures.left, abs=0.7)
    assert second.top_right.x * in_mm == pytest.approx(measures.right, abs=0.7)
    assert (tax.top_right.x - tax.top_left.x) * in_mm == pytest.approx(35, abs=0.7)
    assert (pay.top_right.x - pay.top_left.x) * in_mm == pytest.approx(25, abs=0.7)
    assert (second.top_left.x - first.top_right.x) * in_mm >= 15


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("mark", ["draft", "cancelled"])
def test_what_is_not_owed_has_no_payment_code(mark: Any, look: LookName) -> None:
    data = draw(documents.standard("en", look=look, mark=mark))
    kept = {"draft": [], "cancelled": [documents.standard("en").qr_payload]}[mark]
    assert [code.text for code in zxingcpp.read_barcodes(reading.picture(data))] == kept


@pytest.mark.parametrize("look", OTHERS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_payment_code_reads_from_the_page(language: str, look: LookName) -> None:
    document = documents.full(language, 14, look=look, mark="copy")
    data = draw(document)
    last = reading.pages(data) - 1
    (code,) = zxingcpp.read_barcodes(reading.picture(data, last))
    assert code.text == document.qr_payload


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("draft", ["DRAFT", "not an invoice, no payment is due"]),
        ("cancelled", ["CANCELLED"]),
        ("copy", ["COPY"]),
    ],
)
def test_marks_are_words(mark: Any, words: list[str], look: LookName) -> None:
    read = reading.text(draw(documents.full("en", look=look, mark=mark)))
    assert [word for word in words if word not in read] == []
    assert [word for word in words if word in reading.text(draw(documents.full("en", look=look)))] == []


def lines_through(data: bytes, amount: str) -> list[bool]:
    """Return for each place where the first page says an amount whether a dark line goes through all of it."""
    picture, scale = reading.picture(data, dpi=300), 300 / 72
    found = []
    with pypdfium2.PdfDocument(data) as opened:
        text, height = opened[0].get_textpage(), opened[0].get_height()
        for at in (each.start() for each in re.finditer(re.escape(amount), text.get_text_range())):
            marks = [text.get_charbox(place) for place in range(at, at + len(amount))]
            left, right = min(box[0] for box in marks), max(box[2] for box in marks)
            middle = int((height - (min(box[1] for box in marks) + max(box[3] for box in marks)) / 2) * scale)
            columns = range(int(left * scale) + 2, int(right * scale) - 2)
            found.append(
                all(min(sum(picture.getpixel((x, middle + shift))) for shift in range(-6, 7)) < 200 for x in columns)
            )
    return found


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_amounts_of_what_was_cancelled_are_struck_through(language: str, look: LookName) -> None:
    document = documents.invoice(language, look=look, mark="cancelled")
    amount = "22\u00a0680,00" if language == "fr" else "22,680.00"
    count = 1 if look == "classic" else 2
    assert lines_through(draw(document), amount) == [True] * count
    assert lines_through(draw(replace(document, mark="copy")), amount) == [False] * count


@pytest.mark.parametrize("look", LOOKS)
def test_last_word_of_an_amount_stands_on_no_line_alone(look: LookName) -> None:
    for length in range(50, 130, 2):
        words = ("million " * 40)[:length].strip() + " last."
        lines = reading.text(draw(documents.invoice("en", look=look, amount_in_words=words))).split("\n")
        (last,) = [line for line in lines if "last." in line]
        assert last.strip() != "last."


@pytest.mark.parametrize("language", LANGUAGES)
def test_signature_has_a_frame_in_each_look_if_it_is_asked_for(language: str) -> None:
    words = {"en": "Signature and stamp", "fr": "Cachet et signature", "ar": "التوقيع والختم"}[language]
    shown = {
        look: words in reading.text(draw(documents.invoice(language, look=look, signature_frame=True)))
        for look in LOOKS
    }
    assert shown == {"modern": True, "classic": True, "compact": True}
    assert words not in reading.text(draw(documents.invoice(language, look="classic")))


@pytest.mark.parametrize("count", range(4, 14))
def test_signature_stays_whole(count: int) -> None:
    document = documents.full("en", count, look="classic", signature_frame=True, notes="")
    pages = reading.boxes(draw(document))
    for page in pages:
        letters = "".join(letter for letter, _ in page)
        if "Signatureandstamp" in letters:
            _, box = page[letters.index("Signatureandstamp")]
            # The words stand 3 mm under the frame's upper edge, and 25 over the lower one.
            assert box[1] / POINTS - 25.0 >= 297 - 272
            return
    pytest.fail("no frame")


def test_frame_of_facts_has_no_empty_row() -> None:
    buyer = replace(documents.BUYER_MA, address_lines=tuple(f"Line {at} of an address" for at in range(12)))
    data = draw(documents.invoice("en", look="classic", buyer=buyer))
    picture = reading.picture(data, dpi=127).convert("L")
    # The fill behind the labels, 3 mm from the frame's left edge, goes from its top to where the last label's row ends.
    filled = [y for y in range(picture.size[1]) if picture.getpixel((5 * 121, y)) == 244]
    with pypdfium2.PdfDocument(data) as opened:
        text = opened[0].get_textpage()
        last = opened[0].get_height() - text.get_charbox(text.get_text_range().index("Payment terms"))[1]
    # A rule between rows is a pixel or two; the head of the table below is further away.
    end = next(y for y, after in pairwise([*filled, 10_000]) if after - y > 10)
    assert filled[0] / 5 == pytest.approx(60, abs=0.5)
    assert 2.0 < end / 5 - last / POINTS < 4.5


@pytest.mark.parametrize("look", LOOKS)
def test_logo_stands_at_the_start(look: LookName) -> None:
    at = {"modern": (30, 25), "classic": (30, 27), "compact": (20, 16.5)}[look]
    for language, mirrored in (("en", False), ("ar", True)):
        picture = reading.picture(draw(documents.invoice(language, look=look, logo=logo())))
        x = 210 - at[0] if mirrored else at[0]
        assert picture.getpixel((int(x * 150 / 25.4), int(at[1] * 150 / 25.4))) == (10, 90, 200)


@pytest.mark.parametrize("look", LOOKS)
def test_mark_of_a_draft_is_seen_over_surfaces(look: LookName) -> None:
    """Find the mark's grey on the stripes and between them, under all text."""
    picture = reading.picture(draw(documents.long_invoice("en", 12, look=look, mark="draft")), dpi=72)
    greys = [pixel for _, pixel in picture.getcolors(1_000_000)]
    assert (242, 242, 243) in greys
    middle = [picture.getpixel((x, y)) for x in range(180, 420) for y in range(330, 520)]
    assert middle.count((242, 242, 243)) > 4000


def test_wide_mark_may_take_sixty_millimetres() -> None:
    ends = []
    for size in ((2000, 400), (1200, 400)):
        data = draw(documents.invoice("en", look="classic", logo=logo(*size)))
        picture = reading.picture(data).crop((0, 0, 620, 235))
        blue = [x for x in range(620) if any(picture.getpixel((x, y)) == (10, 90, 200) for y in range(235))]
        ends.append((max(blue) - min(blue)) * 25.4 / 150)
    assert ends == pytest.approx([60, 50], abs=0.4)


def test_title_of_latin_letters_is_set_closer() -> None:
    operators = {language: b"".join(reading.streams(draw(documents.invoice(language)))) for language in LANGUAGES}
    assert [operators[language].count(b"-0.3 Tc") for language in ("en", "fr", "ar")] == [1, 1, 0]
