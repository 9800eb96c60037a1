from __future__ import annotations

import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import date
from decimal import Decimal
from io import BytesIO

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from invoicing.pdf import Document, LineItem, Party, TaxGroup, render
from tests.invoicing.pdf import documents, reading

LANGUAGES = ["ar", "en", "fr"]
WIDE = "W" * 200
DIGITS = "1234567890" * 4
MARKUP = '<b>bold</b><img src="file:///etc/passwd"/>&amp; %s {0} \\u0000 \x00\x07\x1b[31m<para>'
ARABIC = "شركةالاختبارالطويلةجدابدونمسافات" * 6


def logo(width: int = 800, height: int = 300) -> bytes:
    image = Image.new("RGBA", (width, height), (0, 0, 0, 0))
    ImageDraw.Draw(image).rectangle((0, 0, width - 1, height - 1), fill=(10, 90, 200, 255))
    data = BytesIO()
    image.save(data, "PNG")
    return data.getvalue()


def hostile(language: str) -> Document:
    """Return a document in which everything is as long and as strange as can be."""
    big = Decimal("999999999999999.99")
    party = Party(
        name=WIDE,
        name_ar=ARABIC,
        address_lines=(WIDE, DIGITS, ARABIC, MARKUP),
        ids=(("vat", DIGITS), ("ice", "001"), ("a label of its own that is long", WIDE), ("cr", "12 34 56")),
        email="x" * 120 + "@example.com",
        phone=DIGITS,
    )
    items = (
        documents.item(
            WIDE,
            "999999.123456",
            "123456789.123456",
            sku=DIGITS,
            unit="kilogramme par mètre",
            discount_rate=Decimal("12.345"),
            description=f"{MARKUP}\n{DIGITS * 3}\n{ARABIC}",
        ),
        documents.item(ARABIC, "1", "5", rate="0", tax_category="E", sku="SKU-2"),
        documents.item("😀 株式会社", "1", "5", rate="0", tax_category="AE"),
    )  # fmt: skip - one call a line
    groups = (
        TaxGroup("S", Decimal(20), big, Decimal("123456789012345.67")),
        TaxGroup("E", Decimal(0), Decimal(5), Decimal(0), "Exempt. " * 20),
        TaxGroup("AE", Decimal(0), Decimal(5), Decimal(0)),
    )
    return documents.invoice(
        language,
        items=items,
        tax_groups=groups,
        seller=party,
        buyer=party,
        reference=WIDE,
        number="N" * 60,
        subtotal=big,
        total=big,
        taxable_amount=big,
        tax_amount=Decimal("123456789012345.67"),
        amount_paid=Decimal(5),
        amount_due=big,
        notes=f"{MARKUP}\n" * 5,
        footer="Line one\nline two",
        bank_details=f"IBAN: {DIGITS}\nSwift: {WIDE}\n{ARABIC}",
        payment_terms=WIDE,
        amount_in_words=WIDE,
        tax_currency="SAR",
        exchange_rate=Decimal("3.75"),
        tax_amount_in_tax_currency=Decimal("4477.50"),
    )  # fmt: skip - one call a line


def words(document: Document) -> set[str]:
    """Return the Arabic words that a document was given."""
    given_text = [document.notes, document.payment_terms, document.amount_in_words, document.reason]
    for party in (document.seller, document.buyer):
        given_text += [party.name_ar, *party.address_lines, *(value for _, value in party.ids)]
    for line in document.items:
        given_text += [line.name, line.description]
    found = re.findall(r"[\u0600-\u06ff]+", " ".join(given_text).replace("،", " ").replace("؛", " "))
    return {word for word in found if len(word) > 1}


# -- reading back ----------------------------------------------------------------------------------------


def arabic_sample() -> Document:
    return documents.long_invoice(
        "ar",
        4,
        amount_in_words=documents.WORDS["ar"],
        notes=f"{documents.NOTES['ar']}\nالرجاء ذكر رقم الفاتورة عند التحويل المصرفي، وإرسال الإشعار إلى قسم المحاسبة خلال أسبوع واحد."
        "\nلا تشمل هذه الأسعار رسوم الاستضافة أو أسماء النطاقات، والله ولي التوفيق.",
    )


def test_arabic_words_come_back_from_pdfium() -> None:
    document = arabic_sample()
    expected = words(document)
    read = set(re.findall(r"[\u0600-\u06ff]+", reading.text(render(document)).replace("،", " ").replace("؛", " ")))
    assert len(expected) >= 67
    assert expected - read == set()


def test_arabic_words_come_back_from_poppler() -> None:
    document = arabic_sample()
    read = re.findall(r"[\u0600-\u06ff]+", reading.poppler_text(render(document)).replace("،", " ").replace("؛", " "))
    assert words(document) - set(read) == set()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("reader", [reading.text, reading.poppler_text])
def test_structured_values_are_never_reversed(language: str, reader: object) -> None:
    read = reader(render(documents.invoice(language))).replace("\u00a0", " ")  # type: ignore[operator]  # two readers
    for value in (
        "INV-2026-0047",
        "PO-8841",
        "MA64 0077 8000 0123 4567 8901 2396",
        "ATLSMAMC",
        "001523784000091",
        "002190665000026",
        "412905",
        "+212 522 48 61 90",
        "+212 524 43 17 02",
        "billing@atlas-studio.example",
        "compta@riad-zellige.example",
        "22 680,00" if language == "fr" else "22,680.00",
        "−2 100,00" if language == "fr" else "−2,100.00",
        "20 %" if language == "fr" else "20%",
    ):
        assert value in read


@pytest.mark.parametrize("reader", [reading.text, reading.poppler_text])
def test_values_inside_arabic_sentences_are_not_reversed(reader: object) -> None:
    notes = (
        "سلمت الأعمال كلها بتاريخ 2026-10-02 حسب الاتفاق\nالهاتف لمن يسأل +212 522 48 61 90 كل يوم\n"
        "خصم قدره 15% على مبلغ 1,234.50 درهم\nالساعة 12:30 يوم الأحد\n"
        "التحويل إلى MA64 0077 8000 0123 4567 8901 2396 في البنك\nالمراسلة على a.b@c-d.example من فضلكم\n"
        "الفاتورة INV-2025-0099 المذكورة أعلاه"
    )
    read = reader(render(documents.invoice("ar", notes=notes))).replace("\u00a0", " ")  # type: ignore[operator]  # as above
    for value in (
        "2026-10-02",
        "+212 522 48 61 90",
        "15%",
        "1,234.50",
        "12:30",
        "MA64 0077 8000 0123 4567 8901 2396",
        "a.b@c-d.example",
        "INV-2025-0099",
    ):  # fmt: skip - a list reads better in rows
        assert value in read


def test_dates_read_in_the_language_of_the_page() -> None:
    read = reading.text(render(documents.invoice("ar")))
    assert "2 أكتوبر 2026" in read
    assert "1 نونبر 2026" in read
    assert "2 oct. 2026" in reading.text(render(documents.invoice("fr")))


def test_english_page_reads_from_top_to_bottom() -> None:
    read = reading.text(render(documents.invoice("en")))
    order = [
        "Invoice",
        "INV-2026-0047",
        "Issue date",
        "Billed to",
        "From",
        "Description",
        "Web Development",
        "Subtotal",
    ]
    places = [read.index(word) for word in order]
    assert places == sorted(places)


# -- the file --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_same_document_gives_the_same_bytes(language: str) -> None:
    document = documents.invoice(language, logo=logo())
    assert render(document) == render(replace(document))


def test_same_bytes_come_from_another_process() -> None:
    program = (
        "import hashlib, sys; from invoicing.pdf import render; from tests.invoicing.pdf import documents\n"
        "render(documents.long_invoice('en', 3)) if sys.argv[1] == 'warm' else None\n"
        "print(hashlib.sha256(render(documents.invoice('ar'))).hexdigest())"
    )
    found = {
        subprocess.run(
            [sys.executable, "-c", program, state],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for state, seed in (("warm", "1"), ("cold", "2"))
    }  # fmt: skip - one call a line
    assert len(found) == 1


def test_package_does_not_need_django() -> None:
    program = "import sys, invoicing.pdf; print([name for name in sys.modules if name.split('.')[0] == 'django'])"
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        check=True,
        text=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
    )  # fmt: skip - one call a line
    assert done.stdout == "[]\n"


def test_information_says_what_the_file_is() -> None:
    with pypdfium2.PdfDocument(render(documents.invoice("fr"))) as document:
        found = document.get_metadata_dict()
    assert found["Title"] == "Facture INV-2026-0047"
    assert found["Author"] == "Atlas Digital Studio SARL"
    assert found["CreationDate"] == "D:20261002000000+00'00'"
    assert found["Producer"]


def test_every_font_is_embedded_and_none_is_a_standard_one() -> None:
    data = render(documents.invoice("ar"))
    assert b"Helvetica" not in data
    assert sorted(set(re.findall(rb"/BaseFont /[A-Z]{6}\+(Vazirmatn-\w+)", data))) == [
        b"Vazirmatn-Bold",
        b"Vazirmatn-Regular",
    ]
    assert data.count(b"/FontFile2") == 2
    assert len(data) < 40_000


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_a4(language: str) -> None:
    with pypdfium2.PdfDocument(render(documents.invoice(language))) as document:
        assert [round(side, 1) for side in document[0].get_size()] == [595.3, 841.9]


ANY_TEXT = st.text(max_size=120)


@settings(max_examples=60)
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, st.sampled_from(LANGUAGES))
def test_any_text_gives_a_valid_file(name: str, description: str, other: str, notes: str, language: str) -> None:
    party = Party(
        name=name, name_ar=other, address_lines=(other, name), ids=(("vat", other), (name, other)), email=other
    )
    line = documents.item(name, "1", "10", description=description, sku=other, unit=notes)
    document = documents.invoice(
        language,
        items=(line,),
        seller=party,
        buyer=party,
        notes=notes,
        footer=other,
        reference=name,
        bank_details=notes,
        payment_terms=other,
        amount_in_words=description,
        number=name or None,
    )  # fmt: skip - one call a line
    data = render(document)
    assert reading.pages(data) >= 1
    # Code 0 is .notdef: no string of glyphs may hold it.
    for stream in reading.streams(data):
        for codes in re.findall(rb"<([0-9a-f]+)>(?=[^\n]*TJ)", stream):
            assert all(codes[at : at + 4] != b"0000" for at in range(0, len(codes), 4))


# -- pages -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("count", "expected"), [(1, 1), (2, 1), (10, 2), (60, 5)])
def test_page_count_follows_the_lines(language: str, count: int, expected: int) -> None:
    texts = reading.page_texts(render(documents.long_invoice(language, count)))
    assert len(texts) == expected
    of = {"en": "of", "fr": "sur", "ar": "من"}[language]
    for number, page in enumerate(texts, start=1):
        assert f"{number} {of} {expected}" in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_thousand_lines_are_all_printed(language: str) -> None:
    document = documents.long_invoice(language, 1000)
    items = tuple(replace(line, sku=f"SKU-{at:04}") for at, line in enumerate(document.items))
    data = render(replace(document, items=items))
    texts = reading.page_texts(data)
    head = {"en": "Description", "fr": "Désignation", "ar": "البيان"}[language]
    found = [re.findall(r"SKU-\d{4}", page) for page in texts]
    assert sorted(sku for page in found for sku in page) == [f"SKU-{at:04}" for at in range(1000)]
    assert all(head in page for page in texts)
    assert min(len(page) for page in found) >= 2


def test_carried_sums_are_those_of_the_lines_before() -> None:
    document = documents.long_invoice("en", 30)
    texts = reading.page_texts(render(document))
    carried = [re.findall(r"Carried forward ([\d,.]+)", page) for page in texts]
    brought = [re.findall(r"Brought forward ([\d,.]+)", page) for page in texts]
    assert carried[:-1] == brought[1:]
    assert (brought[0], carried[-1]) == ([], [])
    sums = []
    total = Decimal(0)
    for line in document.items:
        total += line.net_amount
        sums.append(f"{total:,.2f}")
    assert all(found[0] in sums for found in carried[:-1])


@pytest.mark.parametrize("count", range(5, 16))
def test_totals_stay_with_the_last_two_lines(count: int) -> None:
    items = tuple(documents.item(f"Line {at}", "1", "10", description="More") for at in range(1, count + 1))
    texts = reading.page_texts(render(documents.long_invoice("en", count, items=items)))
    (last,) = [page for page in texts if "Subtotal" in page]
    assert f"Line {count - 1}\n" in last
    assert "Scan to pay" in last


def test_long_row_is_divided_between_pages_without_loss() -> None:
    description = " ".join(f"word{at:04}" for at in range(900))
    items = (documents.item("Tall", "1", "10", description=description), documents.item("Short", "1", "5"))
    read = reading.text(render(documents.invoice("en", items=items)))
    assert re.findall(r"word\d{4}", read) == description.split()
    assert read.count("Tall") == 1


def test_long_notes_flow_on_without_loss() -> None:
    notes = " ".join(f"note{at:04}" for at in range(1500))
    read = reading.text(
        render(documents.invoice("en", notes=notes, footer=" ".join(f"foot{at:03}" for at in range(200))))
    )
    assert re.findall(r"note\d{4}", read) == notes.split()
    assert len(re.findall(r"foot\d{3}", read)) == 200


# -- nothing is cut, nothing lies over another -----------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("make", [documents.invoice, lambda language: documents.long_invoice(language, 60)])
def test_all_text_stands_inside_the_margins_and_no_letter_over_another(make: object, language: str) -> None:
    for page in reading.boxes(render(make(language))):  # type: ignore[operator]  # two makers
        left = min(box[0] for _, box in page) * 25.4 / 72
        right = max(box[2] for _, box in page) * 25.4 / 72
        bottom = min(box[1] for _, box in page) * 25.4 / 72
        assert left >= 15.5
        assert right <= 194.5
        assert bottom >= 9.0
        assert reading.overlaps(page) == []


def test_hostile_text_is_printed_whole() -> None:
    read = reading.text(render(hostile("en"))).replace("\n", "")
    assert read.count("W") >= 3 * 200
    assert "N" * 60 in read
    assert '<img src="file:///etc/passwd"/>' in read.replace("/ ", "/")
    assert "root:" not in read


# -- what is printed when --------------------------------------------------------------------------------


def test_logo_takes_the_letterheads_place() -> None:
    with_logo = render(documents.invoice("en", logo=logo()))
    assert reading.text(with_logo).index("Atlas Digital Studio SARL") > reading.text(with_logo).index("Invoice")
    assert reading.picture(with_logo).getpixel((int(30 * 150 / 25.4), int(25 * 150 / 25.4))) == (10, 90, 200)
    without = reading.text(render(documents.invoice("en")))
    assert without.index("Atlas Digital Studio SARL") < without.index("Invoice")


def test_logo_stands_at_the_right_on_an_arabic_page() -> None:
    picture = reading.picture(render(documents.invoice("ar", logo=logo())))
    assert picture.getpixel((int(180 * 150 / 25.4), int(25 * 150 / 25.4))) == (10, 90, 200)


@pytest.mark.parametrize("broken", [b"", b"not a picture", logo()[:200]])
def test_broken_logo_is_left_out(broken: bytes) -> None:
    assert "Atlas Digital Studio SARL" in reading.text(render(documents.invoice("en", logo=broken)))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("mark", [None, "copy"])
def test_payment_code_reads_from_the_page(language: str, mark: str | None) -> None:
    document = documents.invoice(language, mark=mark)
    (code,) = zxingcpp.read_barcodes(reading.picture(render(document)))
    assert code.text == document.qr_payload
    place = code.position
    assert (place.top_right.x - place.top_left.x) / 150 * 25.4 == pytest.approx(25, abs=0.6)


@pytest.mark.parametrize("language", ["ar", "en"])
def test_tax_code_reads_from_the_page(language: str) -> None:
    document = documents.simplified(language)
    (code,) = zxingcpp.read_barcodes(reading.picture(render(document)))
    assert code.text == document.qr_payload
    place = code.position
    assert (place.top_right.x - place.top_left.x) / 150 * 25.4 == pytest.approx(35, abs=0.6)


@pytest.mark.parametrize(
    ("mark", "sentence"), [("draft", "not an invoice, no payment is due"), ("cancelled", "CANCELLED")]
)
def test_draft_and_cancelled_have_no_payment_code(mark: str, sentence: str) -> None:
    data = render(documents.invoice("en", mark=mark))
    assert zxingcpp.read_barcodes(reading.picture(data)) == []
    assert sentence in reading.text(data)


def test_draft_has_no_number_yet() -> None:
    read = reading.text(render(documents.invoice("fr", mark="draft", number=None, issue_date=None)))
    assert "Sans numéro" in read
    assert "BROUILLON" in read
    assert "Date d’émission" not in read
    assert "Code QR" in read


def test_credit_note_names_its_invoice_and_reason() -> None:
    read = reading.text(render(documents.credit_note("en")))
    for words_of_it in (
        "Credit Note",
        "Original invoice",
        "INV-2026-0047",
        "Credit amount",
        "agreed on 18 October 2026.",
    ):
        assert words_of_it in read
    assert "Payment" not in read
    assert "Due date" not in read


def test_discount_column_is_there_only_if_it_is_used() -> None:
    plain = documents.long_invoice("en", 2)
    assert "Disc." not in reading.text(render(plain))
    first = replace(plain.items[0], discount_rate=Decimal(5))
    read = reading.text(render(replace(plain, items=(first, plain.items[1]))))
    assert "Disc." in read
    assert "5%" in read


def test_tax_table_is_there_for_several_groups_only() -> None:
    assert "Tax category" not in reading.text(render(documents.invoice("en")))
    groups = (
        TaxGroup("S", Decimal(20), Decimal("18000.00"), Decimal("3780.00")),
        TaxGroup("O", Decimal(0), Decimal("900.00"), Decimal(0), "Disbursement in the client’s name."),
    )
    read = reading.text(render(documents.invoice("en", tax_groups=groups)))
    assert "Standard rate 20% 18,000.00 3,780.00" in read
    assert "Out of scope – 900.00 0.00" in read
    assert "Disbursement in the client’s name." in read
    assert "VAT 20%" not in read


@pytest.mark.parametrize("language", LANGUAGES)
def test_french_seller_states_what_late_payment_costs(language: str) -> None:
    buyer = replace(documents.BUYER_MA, is_business=True)
    read = reading.text(render(documents.invoice(language, seller_country="FR", buyer=buyer)))
    assert "L. 441-10" in read
    assert "D. 441-5" in read
    assert "L. 441-10" not in reading.text(render(documents.invoice(language, buyer=buyer)))


def test_foot_of_a_french_seller_follows_its_law() -> None:
    ids = (("vat", "FR40552100554"), ("siret", "55210055400013"), ("rcs", "Paris 552 100 554"), ("legal form", "SAS"))
    seller = replace(documents.SELLER_MA, ids=(*ids, ("capital social", "10 000 €")))
    foot = reading.text(render(documents.invoice("fr", seller_country="FR", seller=seller)))[-300:]
    expected = ["SAS", "Capital social 10 000 €", "SIREN 552100554", "SIRET", "RCS Paris", "N° TVA FR40552100554"]
    places = [foot.replace("\u00a0", " ").index(part) for part in expected]
    assert places == sorted(places)


def test_invoice_without_tax_has_no_tax_invoices_title() -> None:
    groups = (TaxGroup("O", Decimal(0), Decimal(18900), Decimal(0), "Not registered"),)
    assert "Tax Invoice" in reading.text(render(documents.invoice("en", seller_country="AE")))
    assert "Tax Invoice" not in reading.text(render(documents.invoice("en", seller_country="AE", tax_groups=groups)))


def test_reverse_charge_has_its_sentence() -> None:
    groups = (TaxGroup("AE", Decimal(0), Decimal("18900.00"), Decimal(0)),)
    read = reading.text(render(documents.invoice("fr", tax_groups=groups)))
    assert read.count("Autoliquidation") == 1
    assert "TVA due par le preneur" in read


def test_part_payment_shows_what_remains() -> None:
    read = reading.text(render(documents.invoice("en", amount_paid=Decimal("2680.00"), amount_due=Decimal("20000.00"))))
    assert "Paid −2,680.00" in read
    assert "Amount due 20,000.00" in read
    assert "Paid" not in reading.text(render(documents.invoice("en")))


def test_tax_in_another_currency_has_a_row() -> None:
    changes = {
        "currency": "USD",
        "tax_currency": "SAR",
        "exchange_rate": Decimal("3.750000"),
        "tax_amount_in_tax_currency": Decimal("14175.00"),
    }
    assert "VAT in SAR 14,175.00 (1 USD = 3.75 SAR)" in reading.text(render(documents.invoice("en", **changes)))


def test_prices_with_tax_are_called_so() -> None:
    line = LineItem(
        name="Ticket",
        quantity=Decimal(1),
        unit_price=Decimal(500),
        net_amount=Decimal("454.55"),
        tax_rate=Decimal(10),
        tax_amount=Decimal("45.45"),
        total=Decimal("500.00"),
    )  # fmt: skip - one call
    read = reading.text(
        render(
            documents.invoice(
                "en",
                items=(line,),
                prices_include_tax=True,
                subtotal=Decimal("500.00"),
                discount_rate=Decimal(0),
                discount_amount=Decimal(0),
                taxable_amount=Decimal("454.55"),
                tax_amount=Decimal("45.45"),
                total=Decimal("500.00"),
                amount_due=Decimal("500.00"),
                tax_groups=(TaxGroup("S", Decimal(10), Decimal("454.55"), Decimal("45.45")),),
            )
        )
    )  # fmt: skip - one call
    assert "Price incl. VAT" in read
    assert "Ticket 1 500.00 10% 500.00" in read
    assert "Taxable amount 454.55" in read


@pytest.mark.parametrize(("digits", "expected"), [(0, "22,680"), (2, "22,680.00"), (3, "22,680.000")])
def test_amounts_have_the_currencys_decimals(digits: int, expected: str) -> None:
    assert f"Total MAD {expected}" in reading.text(render(documents.invoice("en", currency_digits=digits)))


def test_own_footer_stands_in_the_foot_of_each_page() -> None:
    texts = reading.page_texts(render(documents.long_invoice("en", 20, footer="Made to order\nNo returns")))
    assert len(texts) > 1
    assert all("Made to order\nNo returns\n" in page for page in texts)


def test_absent_fields_have_no_labels() -> None:
    document = documents.invoice(
        "en",
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
    read = reading.text(render(document))
    for label in ("Due date", "Your reference", "Terms", "Payment", "Notes", "Amount in words", "Scan to pay", "SKU"):
        assert label not in read


def test_supply_date_is_shown_if_it_is_another_day() -> None:
    assert "Supply date" in reading.text(render(documents.invoice("en", supply_date=date(2026, 9, 30))))
    assert "Supply date" not in reading.text(render(documents.invoice("en", supply_date=date(2026, 10, 2))))


def test_arabic_page_is_mirrored() -> None:
    data = render(documents.invoice("ar"))
    with pypdfium2.PdfDocument(data) as document:
        text = document[0].get_textpage()
        place = text.get_text_range().index("INV-2026-0047")
        assert text.get_charbox(place)[0] * 25.4 / 72 == pytest.approx(16, abs=0.5)


def test_document_without_lines_is_a_page_too() -> None:
    read = reading.text(render(documents.invoice("en", mark="draft", items=(), tax_groups=())))
    assert "Description" in read
    assert "Subtotal" in read


@pytest.mark.parametrize("language", LANGUAGES)
def test_foot_has_every_identifier_of_the_seller(language: str) -> None:
    for page in reading.page_texts(render(documents.long_invoice(language, 20))):
        foot = page[-330:]
        for value in ("001523784000091", "15237840", "34205187", "412905"):
            assert value in foot


@pytest.mark.parametrize(("language", "at"), [("en", 20), ("ar", 190)])
def test_logo_stands_small_on_further_pages(language: str, at: int) -> None:
    data = render(documents.long_invoice(language, 20, logo=logo()))
    spot = (int(at * 150 / 25.4), int(16.5 * 150 / 25.4))
    assert reading.picture(data, 1).getpixel(spot) == (10, 90, 200)


def test_tax_in_another_currency_needs_no_rate_to_be_shown() -> None:
    changes = {"tax_currency": "SAR", "tax_amount_in_tax_currency": Decimal("14175.000")}
    assert "VAT in SAR 14,175.00\n" in reading.text(render(documents.invoice("en", **changes)))


def test_closing_goes_to_a_new_page_when_one_tall_row_fills_the_first() -> None:
    items = (documents.item("Tall", "1", "10", description="\n".join(f"row {at}" for at in range(25))),)
    texts = reading.page_texts(render(documents.invoice("en", items=items, notes="\n".join("note" for _ in range(12)))))
    assert [("row 24" in page, "Subtotal" in page) for page in texts] == [(True, False), (False, True)]


@pytest.mark.parametrize("changes", [{}, {"look": "classic"}, {"look": "compact"}, {"second_language": "ar"}])
@pytest.mark.parametrize("country", ["US", "SA"])
def test_who_is_not_registered_does_not_speak_of_tax(changes: dict[str, str], country: str) -> None:
    document = documents.invoice(
        "fr",
        seller_country=country,
        tax_amount=Decimal(0),
        total=Decimal("18900.00"),
        tax_groups=(TaxGroup("Z", Decimal(0), Decimal("18900.00"), Decimal(0)),),
        **changes,
    )
    read = reading.text(render(document))
    assert "TVA" not in read
    assert "TTC" not in read
    assert "HT" not in read
    assert "الضريبة" not in read
    assert "Montant" in read
    assert "18 900,00" in read.replace("\u00a0", " ")


def test_who_is_not_registered_but_has_a_reason_gives_it() -> None:
    reason = "TVA non applicable, art. 293 B du CGI"
    group = TaxGroup("E", Decimal(0), Decimal("18900.00"), Decimal(0), exemption_reason=reason)
    read = reading.text(render(documents.invoice("fr", seller_country="FR", tax_groups=(group,))))
    assert reason in read.replace("\n", " ")


def test_not_each_of_several_rates_is_the_standard_one() -> None:
    groups = tuple(TaxGroup("S", Decimal(rate), Decimal(100), Decimal(rate)) for rate in ("20", "5.5"))
    read = reading.text(render(documents.invoice("fr", tax_groups=groups)))
    assert "Taux normal" not in read
