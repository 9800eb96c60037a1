"""Documents in Arabic and another language, of made-up businesses, for the tests of the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from invoicing.pdf import Document, LineItem, Party, TaxGroup, zatca_tlv
from tests.invoicing.pdf.documents import item

PAIRS = ["en", "fr"]
SELLER = Party(
    name="Najd Cloud Systems Co.",
    name_ar="شركة نجد للأنظمة السحابية",
    address_lines=("7421 King Fahd Road, Al Olaya", "Riyadh 12214-2963, Saudi Arabia"),
    address_lines_ar=("7421 طريق الملك فهد، حي العليا", "الرياض 12214-2963، المملكة العربية السعودية"),
    ids=(("vat", "310294785600003"), ("cr", "1010583942")),
    email="ar@najdcloud.example",
    phone="+966 11 465 2210",
)
BUYER = Party(
    name="Al Waha Medical Supplies Est.",
    name_ar="مؤسسة الواحة للمستلزمات الطبية",
    address_lines=("3318 Prince Sultan Street, Ar Rawdah", "Jeddah 23435-7105, Saudi Arabia"),
    address_lines_ar=("3318 شارع الأمير سلطان، حي الروضة", "جدة 23435-7105، المملكة العربية السعودية"),
    ids=(("vat", "300518824700003"), ("cr", "4030217765")),
    email="ap@alwaha-med.example",
)
SELLER_MA = Party(
    name="Atlas Digital Studio SARL",
    name_ar="أطلس ديجيتال ستوديو ش.م.م",
    address_lines=("27, boulevard Zerktouni, 4e étage", "20250 Casablanca, Maroc"),
    address_lines_ar=("27، شارع الزرقطوني، الطابق الرابع", "20250 الدار البيضاء، المغرب"),
    ids=(("ice", "001523784000091"), ("if", "15237840"), ("tp", "34205187"), ("rc", "412905 Casablanca")),
    email="billing@atlas-studio.example",
    phone="+212 522 48 61 90",
)
BUYER_MA = Party(
    name="Riad Zellige Hospitality SA",
    name_ar="رياض زليج للضيافة ش.م",
    address_lines=("8, avenue Mohammed VI, Hivernage", "40000 Marrakech, Maroc"),
    address_lines_ar=("8، شارع محمد السادس، الحي الشتوي", "40000 مراكش، المغرب"),
    ids=(("ice", "002190665000026"),),
    email="compta@riad-zellige.example",
    phone="+212 524 43 17 02",
)
BANK = {
    "en": "Bank: Oasis Bank\nالبنك: مصرف الواحات\nIBAN: SA51 8000 0123 6080 1034 5678\nBIC: OASISARI",
    "fr": "Banque : Banque Atlas\nالبنك: بنك أطلس\nIBAN : MA64 0077 8000 0123 4567 8901 2396\nBIC : ATLSMAMC",
}
WORDS = {
    "en": "Thirty-four thousand three hundred twenty-seven Saudi riyals and fifty halalas.",
    "fr": "Trente-quatre mille trois cent vingt-sept dirhams marocains et cinquante centimes.",
}
ARABIC_WORDS = {
    "en": "فقط أربعة وثلاثون ألفًا وثلاثمائة وسبعة وعشرون ريالًا سعوديًّا وخمسون هللة لا غير.",
    "fr": "أربعة وثلاثون ألفًا وثلاثمائة وسبعة وعشرون درهمًا مغربيًّا وخمسون سنتيمًا.",
}
LINES = {
    "en": (
        ("Cloud hosting, annual", "Oct 2026 to Sep 2027"),
        ("ERP implementation, consulting day", "Finance and inventory"),
        ("On-site user training", ""),
    ),
    "fr": (
        ("Hébergement cloud, annuel", "Oct. 2026 à sept. 2027"),
        ("Mise en place de l’ERP, journée de conseil", "Finance et stocks"),
        ("Formation des utilisateurs sur site", ""),
    ),
}
ARABIC_LINES = (
    ("استضافة سحابية سنوية", "أكتوبر 2026 إلى سبتمبر 2027"),
    ("تنفيذ نظام تخطيط الموارد، يوم استشاري", "وحدتا المالية والمخزون"),
    ("تدريب المستخدمين بالموقع", ""),
)


def line(language: str, at: int, quantity: str, price: str, rate: str = "15", **more: Any) -> LineItem:
    (name, description), (name_ar, description_ar) = LINES[language][at % 3], ARABIC_LINES[at % 3]
    texts = {"description": description, "name_ar": name_ar, "description_ar": description_ar}
    return item(name, quantity, price, rate, **{**texts, **more})


def invoice(beside: str = "en", **changes: Any) -> Document:
    """Return a tax invoice of three lines: Saudi in Arabic and English, Moroccan in French and Arabic."""
    saudi = beside == "en"
    seller, buyer = (SELLER, BUYER) if saudi else (SELLER_MA, BUYER_MA)
    issued = datetime(2026, 10, 5, 9, 30, 5, tzinfo=UTC)
    code = zatca_tlv(seller.name_ar, "310294785600003", issued, Decimal("34327.50"), Decimal("4477.50"))
    page = "https://invoices.example/p/7Hq2mZ4kT9wX"
    base = Document(
        type="standard" if saudi else "general",
        seller_country="SA" if saudi else "MA",
        language="ar" if saudi else "fr",
        second_language="en" if saudi else "ar",
        number="INV-2026-0118",
        issue_date=date(2026, 10, 5),
        supply_date=date(2026, 10, 2),
        due_date=date(2026, 11, 4),
        seller=seller,
        buyer=buyer,
        currency="SAR" if saudi else "MAD",
        currency_digits=2,
        items=(
            line(beside, 0, "1", "12000"),
            line(beside, 1, "6", "2500", discount_rate=Decimal(5)),
            line(beside, 2, "2", "1800"),
        ),
        subtotal=Decimal("30600.00"),
        discount_amount=Decimal("750.00"),
        taxable_amount=Decimal("29850.00"),
        tax_amount=Decimal("4477.50"),
        total=Decimal("34327.50"),
        amount_paid=Decimal(0),
        amount_due=Decimal("34327.50"),
        tax_groups=(TaxGroup("S", Decimal(15), Decimal("29850.00"), Decimal("4477.50")),),
        amount_in_words=ARABIC_WORDS[beside] if saudi else WORDS[beside],
        second_amount_in_words=WORDS[beside] if saudi else ARABIC_WORDS[beside],
        bank_details=BANK[beside],
        brand_colour="#0B6E4F" if saudi else "#C2512F",
        qr_payload=code if saudi else page,
        qr_kind="zatca" if saudi else "payment",
        payment_payload=page if saudi else None,
    )
    return replace(base, **changes)


def long_invoice(beside: str = "en", count: int = 30, **changes: Any) -> Document:
    """Return an invoice of `count` lines at 15 %, without a discount."""
    items = tuple(line(beside, at, str(1 + at % 7), f"{125 * (1 + at % 40)}.50") for at in range(count))
    net = sum((each.net_amount for each in items), Decimal(0))
    tax = sum((each.tax_amount for each in items), Decimal(0))
    amounts = {
        "items": items,
        "subtotal": net,
        "discount_amount": Decimal(0),
        "taxable_amount": net,
        "tax_amount": tax,
        "total": net + tax,
        "amount_due": net + tax,
        "tax_groups": (TaxGroup("S", Decimal(15), net, tax),),
    }  # fmt: skip - a table reads better in rows
    return invoice(beside, **{**amounts, **changes})


def credit_note(beside: str = "en", **changes: Any) -> Document:
    """Return a credit note on two of the six consulting days."""
    reasons = {
        "en": "Two consulting days not delivered, agreed on 18 October 2026.",
        "fr": "Deux jours de conseil non réalisés, accord du 18 octobre 2026.",
    }
    return invoice(
        beside,
        **{
            "type": "credit_note",
            "number": "CN-2026-0009",
            "issue_date": date(2026, 10, 20),
            "supply_date": None,
            "due_date": None,
            "parent_number": "INV-2026-0118",
            "parent_issue_date": date(2026, 10, 5),
            "reason": reasons[beside],
            "items": (line(beside, 1, "2", "2500", discount_rate=Decimal(5)),),
            "subtotal": Decimal("5000.00"),
            "discount_amount": Decimal("250.00"),
            "taxable_amount": Decimal("4750.00"),
            "tax_amount": Decimal("712.50"),
            "total": Decimal("5462.50"),
            "amount_due": Decimal("5462.50"),
            "tax_groups": (TaxGroup("S", Decimal(15), Decimal("4750.00"), Decimal("712.50")),),
            "amount_in_words": "فقط خمسة آلاف وأربعمائة واثنان وستون ريالًا سعوديًّا وخمسون هللة لا غير.",
            "second_amount_in_words": "Five thousand four hundred sixty-two Saudi riyals and fifty halalas.",
            "payment_payload": None,
            **changes,
        },
    )  # fmt: skip - a table reads better in rows
