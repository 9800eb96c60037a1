"""A page in Arabic and another language: words twice, numbers once, and what the picture leaves out."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pypdfium2
import pytest
import zxingcpp
from hypothesis import given, settings
from hypothesis import strategies as st

from invoicing.pdf import Document, Party, TaxGroup
from invoicing.pdf.document import draw
from tests.invoicing.pdf import bilingual_documents as documents
from tests.invoicing.pdf import reading, samples
from tests.invoicing.pdf.test_document import hostile, logo

PAIRS = documents.PAIRS
READERS = [reading.text, reading.poppler_text]
MM = 72 / 25.4


def place(data: bytes, text: str, page: int = 0, at: int = 0) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a text, in millimetres from the page's top left."""
    with pypdfium2.PdfDocument(data) as document:
        read = document[page].get_textpage()
        start = -1
        for _ in range(at + 1):
            start = read.get_text_range().index(text, start + 1)
        boxes = [read.get_charbox(start + offset) for offset in range(len(text))]
        height = document[page].get_height()
    left, bottom, right, top = (pick(box[side] for box in boxes) for side, pick in enumerate((min, min, max, max)))
    return left / MM, (height - top) / MM, right / MM, (height - bottom) / MM


def collisions(data: bytes) -> list[tuple[str, str]]:
    """Return texts that stand on each other."""
    found = []
    with pypdfium2.PdfDocument(data) as document:
        for page in document:
            read = page.get_textpage()
            boxes = [read.get_rect(at) for at in range(read.count_rects())]
            boxes = [box for box in boxes if box[3] - box[1] > 1.5 and read.get_text_bounded(*box).strip()]
            for at, one in enumerate(boxes):
                for other in boxes[at + 1 :]:
                    wide = min(one[2], other[2]) - max(one[0], other[0])
                    high = min(one[3], other[3]) - max(one[1], other[1])
                    if wide > 0.8 and high > 0.45 * min(one[3] - one[1], other[3] - other[1]):
                        found.append((read.get_text_bounded(*one), read.get_text_bounded(*other)))
    return found


def many(beside: str, **changes: Any) -> Document:
    """Return an invoice with several rates, all optional columns, texts in one language, part payment."""
    reason = "سلع طبية مؤهلة، نسبة الصفر: المادة 35 من اللائحة التنفيذية."
    items = (
        documents.line(beside, 0, "240", "18.5", sku="GLV-NTM", unit="box", discount_rate=Decimal(5)),
        documents.line(beside, 1, "12", "219", "0", tax_category="Z", sku="BPM-DGT", unit="علبة"),
        replace(documents.line(beside, 2, "3", "100", "0", tax_category="AE"), name_ar="", description_ar=""),
        replace(documents.line(beside, 2, "3", "100"), name="خدمة التوصيل", description="جدة", name_ar=""),
    )
    groups = (
        TaxGroup("S", Decimal(15), Decimal("4518.00"), Decimal("677.70")),
        TaxGroup("Z", Decimal(0), Decimal("2628.00"), Decimal(0), reason),
        TaxGroup("AE", Decimal(0), Decimal("300.00"), Decimal(0)),
    )
    return documents.invoice(
        beside,
        **{
            "items": items,
            "tax_groups": groups,
            "reference": "PO-22917",
            "payment_terms": "Net 30 days",
            "notes": "شكرًا لثقتكم.\nThank you for your business.",
            "footer": "Made to order\nصنع حسب الطلب",
            "amount_paid": Decimal("10000.00"),
            "amount_due": Decimal("24327.50"),
            "currency": "USD",
            "tax_currency": "SAR",
            "exchange_rate": Decimal("3.75"),
            "tax_amount_in_tax_currency": Decimal("16790.63"),
            **changes,
        },
    )  # fmt: skip - a table reads better in rows


# -- words twice, numbers once ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("beside", "words"),
    [
        (
            "en",
            [
                ("Tax Invoice", "فاتورة ضريبية"),
                ("Issue date", "تاريخ الإصدار"),
                ("Supply date", "تاريخ التوريد"),
                ("Due date", "تاريخ الاستحقاق"),
                ("Amount due", "المبلغ المستحق"),
                ("Seller", "البائع"),
                ("Buyer", "المشتري"),
                ("VAT No.", "الرقم الضريبي"),
                ("CR No.", "السجل التجاري"),
                ("Description", "البيان"),
                ("Qty", "الكمية"),
                ("Unit price", "سعر الوحدة"),
                ("Disc.", "الخصم"),
                ("Net amount", "الصافي"),
                ("VAT 15%", "الضريبة 15%"),
                ("Incl. VAT", "شامل الضريبة"),
                ("Subtotal", "المجموع قبل الخصم"),
                ("Taxable amount", "المبلغ الخاضع للضريبة"),
                ("Total SAR", "الإجمالي شامل الضريبة ريال"),
                ("Tax QR", "رمز الفاتورة"),
                ("Payment", "الدفع"),
                ("IBAN", "الآيبان"),
                ("BIC", "رمز السويفت"),
                ("Quote", "المرجع"),
                ("Pay", "امسح للدفع"),
            ],
        ),
        (
            "fr",
            [
                ("Facture", "فاتورة"),
                ("Date d’émission", "تاريخ الإصدار"),
                ("Date d’échéance", "تاريخ الاستحقاق"),
                ("Net à payer", "المبلغ المستحق"),
                ("Vendeur", "البائع"),
                ("Client", "الزبون"),
                ("ICE", "التعريف الموحد للمقاولة"),
                ("Désignation", "البيان"),
                ("Prix unitaire", "سعر الوحدة"),
                ("Remise", "الخصم"),
                ("Montant HT", "الصافي"),
                ("Montant TTC", "شامل الضريبة"),
                ("Total HT brut", "المجموع قبل الخصم"),
                ("TVA 15 %", "الضريبة على القيمة المضافة 15%"),
                ("Total TTC MAD", "الإجمالي شامل الضريبة درهم"),
                ("Règlement", "الدفع"),
                ("Banque", "البنك"),
                ("Payer", "امسح للدفع"),
            ],
        ),
    ],
)  # fmt: skip - pairs read better side by side
@pytest.mark.parametrize("reader", READERS)
def test_words_stand_in_both_languages_and_read_in_order(
    beside: str, words: list[tuple[str, str]], reader: Callable[[bytes], str]
) -> None:
    read = re.sub(r"\s+", " ", reader(draw(documents.invoice(beside))))
    for pair in words:
        for word in pair:
            assert word in read


@pytest.mark.parametrize("beside", PAIRS)
@pytest.mark.parametrize("reader", READERS)
def test_arabic_and_values_come_back(beside: str, reader: Callable[[bytes], str]) -> None:
    document = documents.invoice(beside)
    read = reader(draw(document))
    given_text = " ".join(
        [*document.seller.address_lines_ar, *document.buyer.address_lines_ar, document.seller.name_ar]
        + [f"{line.name_ar} {line.description_ar}" for line in document.items]
    )
    expected = set(re.findall(r"[\u0621-\u064a]{2,}", given_text))
    assert len(expected) > 25
    assert expected - set(re.findall(r"[\u0621-\u064a]{2,}", read)) == set()
    numbers = ["INV-2026-0118", "2026-10-05", "2026-10-02", "2026-11-04", *(value for _, value in document.seller.ids)]
    numbers += [document.seller.email, document.buyer.email, "−750,00" if beside == "fr" else "−750.00"]
    numbers += ["34 327,50" if beside == "fr" else "34,327.50", "Casablanca" if beside == "fr" else "12214-2963"]
    for number in numbers:
        assert number in read.replace("\u00a0", " ")


def test_amount_in_the_strip_and_in_the_totals_stands_once_each() -> None:
    assert reading.text(draw(documents.invoice("en"))).count("34,327.50") == 2


@pytest.mark.parametrize("second", ["en", "fr"])
def test_language_that_leads_changes_no_place(second: str) -> None:
    one = documents.invoice("en", language="ar", second_language=second)
    other = replace(one, language=second, second_language="ar")  # type: ignore[arg-type]  # one of the three
    assert reading.page_texts(draw(one)) == reading.page_texts(draw(other))


def test_file_says_which_language_leads() -> None:
    with pypdfium2.PdfDocument(draw(documents.invoice("en"))) as document:
        assert document.get_metadata_dict()["Title"] == "فاتورة ضريبية INV-2026-0118"
        assert document.get_metadata_dict()["Author"] == "شركة نجد للأنظمة السحابية"
    with pypdfium2.PdfDocument(draw(documents.invoice("fr"))) as document:
        assert document.get_metadata_dict()["Title"] == "Facture INV-2026-0118"


@pytest.mark.parametrize("look", ["modern", "classic", "compact"])
def test_every_look_in_two_languages_is_the_bilingual_one(look: str) -> None:
    assert draw(documents.invoice("en", look=look)) == draw(documents.invoice("en"))


# -- places, in millimetres ------------------------------------------------------------------------------


def test_measures_are_those_of_the_design() -> None:
    data = draw(documents.invoice("en"))
    for text, left in {"Issue date": 16.0, "Seller": 16.0, "Subtotal": 76.0, "Payment": 16.0}.items():
        assert place(data, text)[0] == pytest.approx(left, abs=0.6)
    assert place(data, "12,000.00")[2] == pytest.approx(82.0, abs=0.4)
    assert place(data, "14,250.00")[2] == pytest.approx(115.0, abs=0.4)
    assert place(data, "16,387.50")[2] == pytest.approx(155.0, abs=0.4)
    assert place(data, "310294785600003")[0] == pytest.approx(93.0, abs=0.6)
    assert place(data, "البائع")[2] == pytest.approx(194.0, abs=0.6)
    assert place(data, "Page 1")[0] == pytest.approx(96.0, abs=1.0)


@pytest.mark.parametrize("beside", PAIRS)
def test_codes_can_be_read_and_have_their_size(beside: str) -> None:
    document = documents.invoice(beside)
    found = {each.text: each for each in zxingcpp.read_barcodes(reading.picture(draw(document)))}
    assert set(found) == {payload for payload in (document.qr_payload, document.payment_payload) if payload}
    box = found[document.qr_payload or ""].position
    size = 35.0 if beside == "en" else 25.0
    assert (box.top_right.x - box.top_left.x) * 25.4 / 150 == pytest.approx(size, abs=0.6)
    assert box.top_left.x * 25.4 / 150 == pytest.approx(16.0, abs=0.6)


@pytest.mark.parametrize("beside", PAIRS)
@pytest.mark.parametrize("size", ["a4", "letter"])
@pytest.mark.parametrize(
    "make",
    [
        documents.invoice,
        documents.long_invoice,
        documents.credit_note,
        many,
        lambda beside, **more: replace(hostile(beside), second_language="ar", **more),
    ],
)
def test_nothing_stands_on_anything_or_outside(beside: str, size: str, make: Callable[..., Document]) -> None:
    data = draw(make(beside, paper_size=size))
    assert collisions(data) == []
    width = 210.0 if size == "a4" else 215.9
    for page in range(reading.pages(data)):
        left, _, right, _ = reading.ink(data, page)
        assert left >= 10.8
        assert right <= width - 10.8


# -- what the picture leaves out -------------------------------------------------------------------------


def test_several_rates_have_a_table_with_sentences_on_their_sides() -> None:
    data = draw(many("en"))
    read = re.sub(r"\s+", " ", reading.text(data))
    for words in (
        "Tax category",
        "فئة الضريبة",
        "Zero rate",
        "نسبة الصفر",
        "Reverse charge",
        "VAT due by the customer",
        "الاحتساب العكسي",
        "الضريبة مستحقة على العميل",
        "اللائحة التنفيذية",
    ):  # fmt: skip - a list reads better in rows
        assert words in read
    assert "VAT 15%" not in read


def test_optional_columns_stand_under_others() -> None:
    data = draw(many("en"))
    assert place(data, "SKU GLV-NTM")[0] == pytest.approx(16.0, abs=0.5)
    number, unit = place(data, "240"), place(data, "box")
    assert number[2] == pytest.approx(unit[2], abs=0.5)
    assert unit[1] > number[3]


def test_long_unit_stands_under_the_names() -> None:
    items = (documents.line("en", 0, "2", "10", unit="kilogramme par mètre"),)
    data = draw(documents.invoice("en", items=items))
    assert place(data, "kilogramme par mètre")[0] == pytest.approx(16.0, abs=0.5)


def test_line_in_one_language_stands_on_its_own_side() -> None:
    line = replace(documents.line("en", 2, "3", "100"), name_ar="", description_ar="")
    english = draw(documents.invoice("en", items=(line,)))
    arabic = draw(documents.invoice("en", items=(replace(line, name="خدمة التوصيل"),)))
    assert place(english, "On-site user training")[0] == pytest.approx(16.0, abs=0.5)
    assert place(arabic, "خدمة")[2] == pytest.approx(194.0, abs=0.6)
    assert "On-site" not in reading.text(arabic)


def test_parties_in_one_language_stand_on_their_own_side() -> None:
    party = Party(name="شركة نجد", address_lines=("7421 طريق الملك فهد",))
    data = draw(documents.invoice("en", buyer=party))
    assert place(data, "شركة نجد", at=2)[2] == pytest.approx(194.0, abs=0.6)
    assert place(data, "طريق الملك", at=1)[0] > 137.0


def test_part_payment_and_tax_in_another_currency_are_rows() -> None:
    read = re.sub(r"\s+", " ", reading.text(draw(many("en"))))
    for words in (
        "Paid −10,000.00 المدفوع",
        "Amount due 24,327.50 المبلغ المستحق",
        "VAT in SAR 16,790.63 الضريبة بعملة ريال",
        "Exchange rate 1 USD = 3.75 SAR سعر الصرف",
    ):
        assert words in read


def test_notes_and_footer_of_both_directions_stand_beside_each_other() -> None:
    data = draw(many("en"))
    last = reading.pages(data) - 1
    english, arabic = place(data, "Thank you", last), place(data, "شكر", last)
    assert english[0] == pytest.approx(16.0, abs=0.5)
    assert arabic[2] == pytest.approx(194.0, abs=0.8)
    assert english[3] == pytest.approx(arabic[3], abs=1.6)
    assert place(data, "Made to order", last)[3] == pytest.approx(place(data, "حسب", last)[3], abs=1.6)


@pytest.mark.parametrize("beside", PAIRS)
def test_note_names_the_invoice_and_says_why(beside: str) -> None:
    read = re.sub(r"\s+", " ", reading.text(draw(documents.credit_note(beside))))
    labels = {
        "en": ("Credit Note", "Original invoice", "Reason"),
        "fr": ("Facture d’avoir", "Facture d’origine", "Motif"),
    }
    for words in (*labels[beside], "إشعار دائن", "الفاتورة الأصلية", "السبب", "INV-2026-0118", "2026-10-05", "5"):
        assert words in read
    assert "2026" in read
    assert "IBAN" not in read


def test_reason_in_both_languages_stands_on_both_sides() -> None:
    data = draw(documents.credit_note("en", reason="Two days not delivered.\nيومان لم يُنفَّذا."))
    english, arabic = place(data, "Two days"), place(data, "يومان")
    assert english[3] == pytest.approx(arabic[3], abs=1.6)
    assert arabic[0] > 140


@pytest.mark.parametrize(
    ("mark", "words"),
    [
        ("draft", ("DRAFT", "not an invoice, no payment is due", "مسودة", "ليست فاتورة ولا يُستحق بها دفع")),
        ("cancelled", ("CANCELLED", "ملغاة")),
        ("copy", ("COPY", "نسخة")),
    ],
)
def test_marks_are_in_both_languages(mark: str, words: tuple[str, ...]) -> None:
    read = re.sub(r"\s+", " ", reading.text(draw(documents.invoice("en", mark=mark))))
    for word in words:
        assert word in read


@pytest.mark.parametrize("beside", PAIRS)
def test_draft_has_no_code_and_no_number(beside: str) -> None:
    bare = {"number": None, "qr_payload": None, "qr_kind": "payment", "payment_payload": None}
    data = draw(documents.invoice(beside, mark="draft", **bare))
    assert zxingcpp.read_barcodes(reading.picture(data)) == []
    read = re.sub(r"\s+", " ", reading.text(data))
    for words in ("بلا رقم بعد", "عند الإصدار", {"en": "Not yet numbered", "fr": "Sans numéro"}[beside]):
        assert words in read


def test_nobody_pays_what_is_cancelled() -> None:
    for beside, expected in (("en", 1), ("fr", 0)):
        data = draw(documents.invoice(beside, mark="cancelled"))
        assert len(zxingcpp.read_barcodes(reading.picture(data))) == expected


@pytest.mark.parametrize("beside", PAIRS)
def test_long_table_carries_its_sums_in_both_languages(beside: str) -> None:
    document = documents.long_invoice(beside, 30)
    texts = [re.sub(r"\s+", " ", page) for page in reading.page_texts(draw(document))]
    assert len(texts) == 3
    names = {"en": ("Brought forward", "Carried forward"), "fr": ("Report", "À reporter")}[beside]
    brought = [re.findall(rf"{names[0]} ([\d,. ]+\d) مُرحَّل من الصفحة السابقة", page) for page in texts]
    carried = [re.findall(rf"{names[1]} ([\d,. ]+\d) يُرحَّل إلى الصفحة التالية", page) for page in texts]
    assert carried[:-1] == brought[1:]
    assert [len(found) for found in brought] == [0, 1, 1]
    for number, page in enumerate(texts, start=1):
        assert f"Page {number} / 3 صفحة" in page
        assert documents.SELLER.name_ar in page if beside == "en" else documents.SELLER_MA.name_ar in page


def test_no_page_ends_within_the_amount_in_words() -> None:
    ends = ("Thirty-four", "halalas.", "أربعة وثلاثون", "غير")
    long = documents.WORDS["en"].replace("riyals", "riyals and as many other riyals beside them")
    split = 0
    for count in range(2, 24):
        line = documents.line("en", 2, "3", "100", description="\n".join(f"row {at}" for at in range(count)))
        document = documents.invoice("en", items=(line,), reference="PO-1", second_amount_in_words=long)
        pages = reading.page_texts(draw(document))
        assert [all(end in page for end in ends) for page in pages if any(end in page for end in ends)] == [True]
        split += "Total" in pages[0] and ends[0] not in pages[0]
    assert split


def test_prices_with_tax_leave_out_the_net_amounts() -> None:
    read = re.sub(r"\s+", " ", reading.text(draw(documents.invoice("en", prices_include_tax=True))))
    assert "Price incl. VAT" in read
    assert "السعر شامل الضريبة" in read
    assert "Net amount" not in read


def test_french_seller_states_what_late_payment_costs_in_both_languages() -> None:
    buyer = replace(documents.BUYER_MA, is_business=True)
    read = re.sub(r"\s+", " ", reading.text(draw(documents.invoice("fr", seller_country="FR", buyer=buyer))))
    assert read.count("L. 441-10") == 2
    assert "لا خصم عند الدفع المبكر" in read
    assert "Pas d’escompte" in read


def test_supply_date_and_reference_find_their_place() -> None:
    data = draw(documents.invoice("fr", reference="PO-22917 " + "x" * 60))
    assert place(data, "Votre référence")[1] > place(data, "2026-10-02")[3]


def test_bank_named_in_both_languages_has_one_row() -> None:
    read = re.sub(r"\s+", " ", reading.text(draw(documents.invoice("fr"))))
    assert "Banque Banque Atlas · البنك بنك أطلس" in read.replace("بنك أطلس البنك", "البنك بنك أطلس")


def test_number_of_the_account_labelled_in_both_languages_stands_once() -> None:
    bank = "Account number: 0123 4567\nرقم الحساب: 0123 4567\nOur own label: 89\nCall us first."
    read = re.sub(r"\s+", " ", reading.text(draw(documents.invoice("en", bank_details=bank))))
    assert read.count("0123 4567") == 1
    for words in ("Account No. 0123 4567 رقم الحساب", "Our own label 89", "Call us first."):
        assert words in read


@pytest.mark.parametrize("beside", PAIRS)
def test_same_document_gives_the_same_bytes(beside: str) -> None:
    document = documents.invoice(beside, logo=logo())
    assert draw(document) == draw(replace(document))


def test_signature_has_its_frame() -> None:
    read = re.sub(r"\s+", " ", reading.text(draw(documents.invoice("en", signature_frame=True))))
    assert "Signature and stamp التوقيع والختم" in read


def test_document_of_nothing_is_a_page_too() -> None:
    empty: dict[str, Any] = dict.fromkeys(
        ("bank_details", "amount_in_words", "second_amount_in_words", "reference", "payment_terms"), ""
    )
    nobody = Party(name="")
    data = draw(
        documents.invoice(
            "en",
            **empty,
            items=(),
            tax_groups=(),
            seller=nobody,
            buyer=nobody,
            issue_date=None,
            due_date=None,
            supply_date=None,
            number=None,
            qr_payload=None,
            payment_payload=None,
            mark="draft",
        )
    )  # fmt: skip - one call
    assert reading.pages(data) == 1


ANY_TEXT = st.text(max_size=80)


@settings(max_examples=40)
@given(ANY_TEXT, ANY_TEXT, ANY_TEXT, ANY_TEXT, st.sampled_from(PAIRS))
def test_any_text_gives_a_valid_file(name: str, arabic: str, other: str, notes: str, beside: str) -> None:
    party = Party(
        name=name,
        name_ar=arabic,
        address_lines=(other, name),
        address_lines_ar=(arabic,),
        ids=((other, name),),
        email=other,
    )
    line = replace(
        documents.line(beside, 0, "1", "10", sku=other, unit=notes), name=name, name_ar=arabic, description=notes
    )
    data = draw(
        documents.invoice(
            beside,
            items=(line,),
            seller=party,
            buyer=party,
            notes=notes,
            footer=arabic,
            reference=other,
            bank_details=notes,
            payment_terms=name,
            amount_in_words=other,
            number=name or None,
            issue_date=date(2026, 1, 2),
        )
    )  # fmt: skip - one call
    assert reading.pages(data) >= 1
    for stream in reading.streams(data):
        for codes in re.findall(rb"<([0-9a-f]+)>(?=[^\n]*TJ)", stream):
            assert all(codes[at : at + 4] != b"0000" for at in range(0, len(codes), 4))


@pytest.mark.parametrize(
    "changes",
    [
        {"supply_date": date(2026, 10, 1), "reference": "PO-88123"},
        {
            "currency": "USD",
            "tax_currency": "SAR",
            "exchange_rate": Decimal("3.75"),
            "tax_amount_in_tax_currency": Decimal("4477.50"),
        },
    ],
)
def test_ordinary_invoice_closes_up_to_stand_on_one_page(changes: dict[str, Any]) -> None:
    assert reading.pages(draw(replace(samples.both("en"), **changes))) == 1
