"""Documents of made-up businesses for the tests of the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from invoicing.pdf import Document, LineItem, Party, TaxGroup, zatca_tlv

SELLER_MA = Party(
    name="Atlas Digital Studio SARL",
    name_ar="أطلس ديجيتال ستوديو ش.م.م",
    address_lines=("27, Boulevard Zerktouni, 4th floor", "20250 Casablanca, Morocco"),
    ids=(("ice", "001523784000091"), ("if", "15237840"), ("tp", "34205187"), ("rc", "412905 Casablanca")),
    email="billing@atlas-studio.example",
    phone="+212 522 48 61 90",
)
BUYER_MA = Party(
    name="Riad Zellige Hospitality SA",
    name_ar="رياض زليج للضيافة ش.م",
    address_lines=("8, Avenue Mohammed VI, Hivernage", "40000 Marrakech, Morocco"),
    ids=(("ice", "002190665000026"),),
    email="compta@riad-zellige.example",
    phone="+212 524 43 17 02",
)
ARABIC_SELLER = replace(
    SELLER_MA,
    address_lines=("27، شارع الزرقطوني، الطابق الرابع", "20250 الدار البيضاء، المغرب"),
    ids=(*SELLER_MA.ids[:3], ("rc", "412905 الدار البيضاء")),
)
ARABIC_BUYER = replace(BUYER_MA, address_lines=("8، شارع محمد السادس، الحي الشتوي", "40000 مراكش، المغرب"))
BANK = {
    "en": "Bank: Banque Atlas\nIBAN: MA64 0077 8000 0123 4567 8901 2396\nBIC: ATLSMAMC",
    "fr": "Banque : Banque Atlas\nIBAN : MA64 0077 8000 0123 4567 8901 2396\nBIC : ATLSMAMC",
    "ar": "البنك: بنك أطلس\nالآيبان: MA64 0077 8000 0123 4567 8901 2396\nBIC: ATLSMAMC",
}
NOTES = {
    "en": "Thank you for your business. Source files are delivered on receipt of payment.",
    "fr": "Merci de votre confiance. Les fichiers sources sont remis à réception du règlement.",
    "ar": "شكرًا لثقتكم. تُسلَّم الملفات المصدرية عند استلام الدفعة.",
}
TERMS = {"en": "Net 30 days", "fr": "30 jours nets", "ar": "خلال 30 يومًا"}
WORDS = {
    "en": "Twenty-two thousand six hundred eighty Moroccan dirhams.",
    "fr": "Vingt-deux mille six cent quatre-vingts dirhams marocains.",
    "ar": "اثنان وعشرون ألفًا وستمائة وثمانون درهمًا مغربيًّا.",
}
NAMES = {
    "en": (
        ("Web Development", "Corporate site with bilingual CMS, design to launch"),
        ("SEO Optimization", "Monthly package: audit, on-page fixes, reporting"),
        ("Brand audit and competitor review", ""),
        (
            "Interface design, desktop and mobile",
            "Booking funnel, room pages, restaurant, events, press; two rounds of revision included, further rounds at the daily rate",
        ),
    ),
    "fr": (
        ("Développement web", "Site institutionnel bilingue, de la maquette à la mise en ligne"),
        ("Référencement SEO", "Forfait mensuel : audit, corrections, rapport"),
        ("Audit de marque", ""),
        (
            "Conception d’interface, bureau et mobile",
            "Tunnel de réservation, pages des chambres, restaurant, évènements, presse ; deux allers-retours compris",
        ),
    ),
    "ar": (
        ("تطوير موقع إلكتروني", "موقع مؤسسي ثنائي اللغة، من التصميم إلى الإطلاق"),
        ("تحسين محركات البحث (SEO)", "باقة شهرية: تدقيق وتصحيحات وتقرير"),
        ("مراجعة الهوية البصرية", ""),
        (
            "تصميم الواجهات للحاسوب والهاتف",
            "مسار الحجز وصفحات الغرف والمطعم والفعاليات والصحافة؛ تشمل الخدمة جولتي تعديل، وما زاد يحتسب بالسعر اليومي 1,450.00",
        ),
    ),
}  # fmt: skip - long texts on purpose


def item(name: str, quantity: str, price: str, rate: str = "20", **more: Any) -> LineItem:
    net = (Decimal(quantity) * Decimal(price) * (1 - more.get("discount_rate", Decimal(0)) / 100)).quantize(
        Decimal("0.01")
    )
    tax = (net * Decimal(rate) / 100).quantize(Decimal("0.01"))
    return LineItem(
        name=name,
        quantity=Decimal(quantity),
        unit_price=Decimal(price),
        tax_rate=Decimal(rate),
        net_amount=net,
        tax_amount=tax,
        total=net + tax,
        **more,
    )  # fmt: skip - one call


def invoice(language: str = "en", **changes: Any) -> Document:
    """Return the two-line invoice of the known answer: 21,000 less 10 %, 20 % tax, 22,680.00."""
    (web, web_more), (seo, seo_more) = NAMES[language][:2]
    arabic = language == "ar"
    base = Document(
        type="general",
        seller_country="MA",
        language=language,  # type: ignore[arg-type]  # one of the three
        number="INV-2026-0047",
        issue_date=date(2026, 10, 2),
        due_date=date(2026, 11, 1),
        reference="PO-8841",
        payment_terms=TERMS[language],
        seller=ARABIC_SELLER if arabic else SELLER_MA,
        buyer=ARABIC_BUYER if arabic else BUYER_MA,
        currency="MAD",
        currency_digits=2,
        items=(
            item(web, "1", "15000", description=web_more),
            item(seo, "3", "2000", description=seo_more),
        ),
        subtotal=Decimal("21000.00"),
        discount_rate=Decimal(10),
        discount_amount=Decimal("2100.00"),
        taxable_amount=Decimal("18900.00"),
        tax_amount=Decimal("3780.00"),
        total=Decimal("22680.00"),
        amount_paid=Decimal(0),
        amount_due=Decimal("22680.00"),
        tax_groups=(TaxGroup("S", Decimal(20), Decimal("18900.00"), Decimal("3780.00")),),
        amount_in_words=WORDS[language],
        notes=NOTES[language],
        bank_details=BANK[language],
        qr_payload="https://invoices.example/p/7Hq2mZ4kT9wX",
    )
    return replace(base, **changes)


def long_invoice(language: str = "en", count: int = 10, **changes: Any) -> Document:
    """Return an invoice of `count` lines at 20 %, without a discount."""
    names = NAMES[language]
    items = tuple(
        item(names[at % 4][0], str(1 + at % 7), f"{125 * (1 + at % 40)}.50", description=names[at % 4][1])
        for at in range(count)
    )
    net = sum((line.net_amount for line in items), Decimal(0))
    tax = (net * Decimal("0.2")).quantize(Decimal("0.01"))
    amounts = {
        "items": items,
        "subtotal": net,
        "discount_amount": Decimal(0),
        "discount_rate": Decimal(0),
        "taxable_amount": net,
        "tax_amount": tax,
        "total": net + tax,
        "amount_due": net + tax,
        "amount_in_words": "",
        "tax_groups": (TaxGroup("S", Decimal(20), net, tax),),
    }  # fmt: skip - a table reads better in rows
    return invoice(language, **{**amounts, **changes})


def simplified(language: str = "ar", **changes: Any) -> Document:
    """Return a Saudi simplified tax invoice with its tax code."""
    seller = Party(
        name="Najd Cloud Systems Co.",
        name_ar="شركة نجد للأنظمة السحابية",
        address_lines=(
            ("7421 طريق الملك فهد، حي العليا", "الرياض 12214-2963، المملكة العربية السعودية")
            if language == "ar"
            else ("7421 King Fahd Road, Al Olaya", "Riyadh 12214-2963, Saudi Arabia")
        ),
        ids=(("vat", "310294785600003"), ("cr", "1010583942")),
        email="ar@najdcloud.example",
        phone="+966 11 465 2210",
    )
    issued = datetime(2026, 10, 2, 9, 30, 5, tzinfo=UTC)
    payload = zatca_tlv(seller.name_ar, "310294785600003", issued, Decimal("10925.00"), Decimal("1425.00"))
    name = "اشتراك سحابي، 10 مستخدمين" if language == "ar" else "Cloud subscription, 10 users"
    return invoice(
        language,
        **{
            "type": "simplified",
            "seller_country": "SA",
            "seller": seller,
            "currency": "SAR",
            "buyer": Party(name="Walk-in customer", name_ar="عميل نقدي"),
            "brand_colour": "#0B6E4F",
            "number": "INV-2026-0118",
            "bank_details": "",
            "payment_terms": "",
            "items": (
                item(name, "10", "1000", "15", discount_rate=Decimal(5), unit="شهر" if language == "ar" else "month"),
            ),
            "subtotal": Decimal("10000.00"),
            "discount_rate": Decimal(0),
            "discount_amount": Decimal("500.00"),
            "taxable_amount": Decimal("9500.00"),
            "tax_amount": Decimal("1425.00"),
            "total": Decimal("10925.00"),
            "amount_due": Decimal("10925.00"),
            "tax_groups": (TaxGroup("S", Decimal(15), Decimal("9500.00"), Decimal("1425.00")),),
            "amount_in_words": "",
            "qr_payload": payload,
            "qr_kind": "zatca",
            **changes,
        },
    )  # fmt: skip - a table reads better in rows


def credit_note(language: str = "en", **changes: Any) -> Document:
    """Return a credit note on the two-line invoice."""
    reasons = {
        "en": "Two days of consulting were not delivered, agreed on 18 October 2026.",
        "fr": "Deux jours de conseil non réalisés, accord du 18 octobre 2026.",
        "ar": "يومان استشاريان لم يُنفَّذا، بالاتفاق في 18 أكتوبر 2026.",
    }
    return invoice(
        language,
        **{
            "type": "credit_note",
            "number": "CN-2026-0009",
            "issue_date": date(2026, 10, 20),
            "due_date": None,
            "parent_number": "INV-2026-0047",
            "parent_issue_date": date(2026, 10, 2),
            "reason": reasons[language],
            "reference": "",
            "qr_payload": None,
            **changes,
        },
    )  # fmt: skip - a table reads better in rows


def full(language: str = "en", count: int = 2, **changes: Any) -> Document:
    """Return an invoice with every optional column: SKU, unit, discount."""
    long = long_invoice(language, count, amount_in_words=WORDS[language])
    items = tuple(
        item(
            line.name,
            str(line.quantity),
            str(line.unit_price),
            description=line.description,
            sku=f"WEB-{at:04}",
            unit="project" if at % 2 else "session",
            discount_rate=Decimal(10),
        )
        for at, line in enumerate(long.items)
    )
    return replace(long, **{"items": items, **changes})


def standard(language: str = "ar", **changes: Any) -> Document:
    """Return a Saudi tax invoice between businesses, with its tax code and one to pay."""
    arabic = language == "ar"
    names = ("استضافة سحابية سنوية", "تدريب المستخدمين") if arabic else ("Cloud hosting, annual", "User training")
    buyer = Party(
        name="Al Waha Medical Supplies Est.",
        name_ar="مؤسسة الواحة للمستلزمات الطبية",
        address_lines=(
            ("3318 شارع الأمير سلطان، حي الروضة", "جدة 23435-7105، المملكة العربية السعودية")
            if arabic
            else ("3318 Prince Sultan Street, Ar Rawdah", "Jeddah 23435-7105, Saudi Arabia")
        ),
        ids=(("vat", "300518824700003"), ("cr", "4030217765")),
        email="ap@alwaha-med.example",
    )
    return simplified(
        language,
        **{
            "type": "standard",
            "buyer": buyer,
            "items": (
                item(names[0], "1", "12000", "15", unit="سنة" if arabic else "year", sku="HST-1"),
                item(names[1], "2", "1800", "15", unit="جلسة" if arabic else "session", sku="TRN-2"),
            ),
            "subtotal": Decimal("15600.00"),
            "discount_amount": Decimal(0),
            "taxable_amount": Decimal("15600.00"),
            "tax_amount": Decimal("2340.00"),
            "total": Decimal("17940.00"),
            "amount_due": Decimal("17940.00"),
            "tax_groups": (TaxGroup("S", Decimal(15), Decimal("15600.00"), Decimal("2340.00")),),
            "payment_terms": TERMS[language],
            "bank_details": "IBAN: SA51 8000 0123 6080 1034 5678\nBIC: OASISARI",
            "payment_payload": "https://invoices.example/p/4kT9wX7Hq2mZ",
            **changes,
        },
    )  # fmt: skip - a table reads better in rows
