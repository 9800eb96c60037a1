"""The papers that are kept as they should look, and shown in the documentation: made-up businesses, amounts that add up."""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, partial
from itertools import groupby
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageFont

from invoicing.pdf import Document, LineItem, Party, TaxGroup, fonts, render, zatca_tlv
from invoicing.pdf.content import OpenItem, Printed, Receipt, Statement, StatementAccount, StatementRow
from invoicing.pdf.papers import render_receipt, render_statement
from invoicing.pdf.words import amount_in_words
from tests.invoicing.pdf import bilingual_documents, documents, papers

DIGITS = {"JPY": 0, "BHD": 3}
BOLD, REGULAR = (Path(fonts.__file__).with_name("fonts_data") / f"Vazirmatn-{name}.ttf" for name in ("Bold", "Regular"))
PAGE = "https://invoices.example/p/7Hq2mZ4kT9wX"


@dataclass(frozen=True)
class Sample:
    """A paper, and the codes that can be read from it."""

    paper: Printed
    codes: tuple[str, ...] = ()

    def pdf(self) -> bytes:
        if isinstance(self.paper, Document):
            return render(self.paper)
        if isinstance(self.paper, Receipt):
            return render_receipt(self.paper)
        assert isinstance(self.paper, Statement)
        return render_statement(self.paper)


# -- marks of the businesses -----------------------------------------------------------------------------


def star(draw: ImageDraw.ImageDraw) -> None:
    for corners in ([(40, 40), (200, 40), (200, 200), (40, 200)], [(120, 7), (233, 120), (120, 233), (7, 120)]):
        draw.polygon(corners, fill="#C2512F")
    draw.ellipse((65, 65, 175, 175), fill="white")
    draw.ellipse((95, 95, 145, 145), fill="#C2512F")


def mountains(draw: ImageDraw.ImageDraw) -> None:
    draw.polygon([(10, 180), (80, 40), (120, 115), (150, 75), (230, 180)], fill="#0B6E4F")
    draw.rectangle((50, 200, 190, 218), fill="#0B6E4F")


def leaves(draw: ImageDraw.ImageDraw) -> None:
    for box in ((85, 15, 155, 165), (10, 75, 115, 165), (125, 75, 230, 165)):
        draw.ellipse(box, fill="#F2B705")
    draw.rectangle((112, 150, 128, 230), fill="#F2B705")


@cache
def logo(mark: Callable[[ImageDraw.ImageDraw], None], name: str, line: str) -> bytes:
    """Return a mark with a name and a line beside it, as a PNG with a transparent ground."""
    image = Image.new("RGBA", (760, 240), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    mark(draw)
    draw.text((290, 10), name, "#16181D", ImageFont.truetype(str(BOLD), 110))
    draw.text((290, 135), line, "#434951", ImageFont.truetype(str(REGULAR), 50))
    data = io.BytesIO()
    image.crop((0, 0, image.getbbox()[2], 240)).save(data, "PNG")  # type: ignore[index]  # there is ink
    return data.getvalue()


ATLAS = partial(logo, star, "atlas", "digital studio")
NAJD = partial(logo, mountains, "najd", "cloud")
SAFRAN = partial(logo, leaves, "safran", "office & print")


# -- amounts ---------------------------------------------------------------------------------------------


def rounded(value: Decimal, digits: int = 2) -> Decimal:
    return value.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)


def reckoned(document: Document, *, paid: str = "0", reasons: dict[str, str] | None = None) -> Document:
    """Return a document whose sums, groups of tax and words are those of its lines."""
    digits = DIGITS.get(document.currency, 2)
    share = 1 - document.discount_rate / 100
    items = tuple(_line(item, digits) for item in document.items)
    subtotal = sum((rounded(item.quantity * item.unit_price, digits) for item in items), Decimal(0))
    by_group = sorted(items, key=lambda item: (item.tax_category != "S", -item.tax_rate, item.tax_category))
    groups = []
    for (category, rate), lines in groupby(by_group, key=lambda item: (item.tax_category, item.tax_rate)):
        net = rounded(sum((item.net_amount for item in lines), Decimal(0)) * share, digits)
        groups.append(
            TaxGroup(category, rate, net, rounded(net * rate / 100, digits), (reasons or {}).get(category, ""))
        )
    taxable = sum((group.taxable_amount for group in groups), Decimal(0))
    tax = sum((group.tax_amount for group in groups), Decimal(0))
    said = partial(amount_in_words, taxable + tax, document.currency, digits, country=document.seller_country)
    return replace(
        document,
        items=items,
        currency_digits=digits,
        subtotal=subtotal,
        discount_amount=subtotal - taxable,
        taxable_amount=taxable,
        tax_amount=tax,
        total=taxable + tax,
        amount_paid=Decimal(paid),
        amount_due=taxable + tax - Decimal(paid),
        tax_groups=tuple(groups),
        amount_in_words=said(language=document.language),
        second_amount_in_words=said(language=document.second_language) if document.second_language else "",
    )


def _line(item: LineItem, digits: int) -> LineItem:
    net = rounded(item.quantity * item.unit_price * (1 - item.discount_rate / 100), digits)
    tax = rounded(net * item.tax_rate / 100, digits)
    return replace(item, net_amount=net, tax_amount=tax, total=net + tax)


def items(rows: list[tuple[Any, ...]]) -> tuple[LineItem, ...]:
    """Return lines of (name, description, SKU, unit, quantity, price, discount, rate, category)."""
    return tuple(
        documents.item(
            name,
            quantity,
            price,
            rate,
            description=description,
            sku=sku,
            unit=unit,
            discount_rate=Decimal(discount),
            tax_category=category,
        )
        for name, description, sku, unit, quantity, price, discount, rate, category in rows
    )


# -- the studio: few lines, texts ------------------------------------------------------------------------


def parties(language: str) -> dict[str, Any]:
    """Return studio and client as a French page writes them, where it is one."""
    beside = {"seller": bilingual_documents.SELLER_MA, "buyer": bilingual_documents.BUYER_MA}
    return beside if language == "fr" else {}


def atlas(language: str, **changes: Any) -> Document:
    """Return the studio's invoice of two services, 10 % off the whole."""
    return reckoned(documents.invoice(language, **({"logo": ATLAS()} | parties(language) | changes)))


COLUMNS = {
    "en": (("WEB-01", "project"), ("SEO-03", "month")),
    "fr": (("WEB-01", "projet"), ("SEO-03", "mois")),
    "ar": (("WEB-01", "مشروع"), ("SEO-03", "شهر")),
}


def atlas_columns(language: str, **changes: Any) -> Document:
    """Return the studio's invoice with SKU, unit and each line's discount."""
    invoice = documents.invoice(language, logo=ATLAS(), discount_rate=Decimal(0), signature_frame=True, **changes)
    lines = tuple(
        replace(item, sku=sku, unit=unit, discount_rate=Decimal(10))
        for item, (sku, unit) in zip(invoice.items, COLUMNS[language], strict=True)
    )
    return reckoned(replace(invoice, items=lines))


def atlas_long(language: str, count: int = 17, **changes: Any) -> Document:
    """Return an invoice of the studio that needs a second page."""
    return reckoned(documents.long_invoice(language, count, logo=ATLAS(), **changes))


def atlas_credit(language: str, **changes: Any) -> Document:
    """Return the credit note on two days of consulting."""
    names = {"en": "Consulting, day", "fr": "Conseil, journée", "ar": "استشارة، يوم"}
    given = parties(language) | {"logo": ATLAS(), "discount_rate": Decimal(0), "notes": ""}
    note = documents.credit_note(language, **(given | changes))
    return reckoned(replace(note, items=(documents.item(names[language], "2", "1450"),)))


# -- the stationer: many lines, two groups of tax --------------------------------------------------------

SAFRAN_ROWS: dict[str, list[tuple[Any, ...]]] = {
    "en": [
        ("Copy paper A4 80 g", "5 reams of 500 sheets a box", "PAP-A480", "box", "24", "212.50", 5, "20", "S"),
        ("Copy paper A3 80 g", "", "PAP-A380", "ream", "40", "89", 5, "20", "S"),
        ("Toner cartridge 26A, black", "", "TON-26A", "pc", "6", "890", 10, "20", "S"),
        (
            "Toner cartridge 415A, set of four colours",
            "Original, 2,100 pages a colour",
            "TON-415A",
            "set",
            "2",
            "4120",
            10,
            "20",
            "S",
        ),
        ("Letterhead, 2 colours", "Laid paper 100 g, printed one side", "PRT-LH2", "1000", "3", "780", 0, "20", "S"),
        ("Envelopes DL, window", "", "ENV-DLW", "500", "8", "165", 0, "20", "S"),
        (
            "Menu cards, 3 languages",
            "Folded A4, matt lamination, die-cut",
            "PRT-MNU",
            "pc",
            "180",
            "18.75",
            0,
            "20",
            "S",
        ),
        ("Guest directory, cloth binding", "", "PRT-GDR", "pc", "64", "74", 8, "20", "S"),
        ("Guide book “Médina de Marrakech”", "", "BKS-MDM", "pc", "30", "120", 0, "0", "E"),
        ("Children’s colouring book", "", "BKS-COL", "pc", "50", "32", 0, "0", "E"),
        ("Delivery and installation, Marrakech", "", "SRV-DLV", "trip", "1", "850", 0, "20", "S"),
    ],
    "fr": [
        (
            "Papier copie A4 80 g",
            "Carton de 5 ramettes de 500 feuilles",
            "PAP-A480",
            "carton",
            "24",
            "212.50",
            5,
            "20",
            "S",
        ),
        ("Papier copie A3 80 g", "", "PAP-A380", "ramette", "40", "89", 5, "20", "S"),
        ("Cartouche toner 26A, noir", "", "TON-26A", "pièce", "6", "890", 10, "20", "S"),
        (
            "En-têtes de lettre, 2 couleurs",
            "Papier vergé 100 g, recto seul",
            "PRT-LH2",
            "mille",
            "3",
            "780",
            0,
            "20",
            "S",
        ),
        (
            "Cartes de menu, 3 langues",
            "A4 plié, pelliculage mat, forme de découpe",
            "PRT-MNU",
            "pièce",
            "180",
            "18.75",
            0,
            "20",
            "S",
        ),
        ("Livret d’accueil, reliure toile", "", "PRT-GDR", "pièce", "64", "74", 8, "20", "S"),
        ("Guide « Médina de Marrakech »", "", "BKS-MDM", "pièce", "30", "120", 0, "0", "E"),
        ("Livraison et pose, Marrakech", "", "SRV-DLV", "course", "1", "850", 0, "20", "S"),
    ],
    "ar": [
        ("ورق نسخ A4 وزن 80 غ", "علبة من 5 رزم، في كل منها 500 ورقة", "PAP-A480", "علبة", "24", "212.50", 5, "20", "S"),
        ("ورق نسخ A3 وزن 80 غ", "", "PAP-A380", "رزمة", "40", "89", 5, "20", "S"),
        ("خرطوشة حبر 26A، أسود", "", "TON-26A", "قطعة", "6", "890", 10, "20", "S"),
        ("ورق مراسلات بلونين", "ورق مضلع 100 غ، مطبوع على وجه واحد", "PRT-LH2", "ألف", "3", "780", 0, "20", "S"),
        (
            "قوائم طعام بثلاث لغات",
            "A4 مطوي، تغليف مطفأ اللمعة (10×10)",
            "PRT-MNU",
            "قطعة",
            "180",
            "18.75",
            0,
            "20",
            "S",
        ),
        ("دليل الضيوف، تجليد قماشي", "", "PRT-GDR", "قطعة", "64", "74", 8, "20", "S"),
        ("كتاب «مدينة مراكش»", "", "BKS-MDM", "نسخة", "30", "120", 0, "0", "E"),
        ("توصيل وتركيب، مراكش", "", "SRV-DLV", "رحلة", "1", "850", 0, "20", "S"),
    ],
}  # fmt: skip - tables read better in rows
EXEMPT = {
    "en": "Books, exempt without right of deduction: General Tax Code, art. 91.",
    "fr": "Livres, exonération sans droit à déduction : Code général des impôts, art. 91.",
    "ar": "كتب، إعفاء بلا حق في الخصم: المدونة العامة للضرائب، المادة 91.",
}
SAFRAN_ADDRESS = {
    "en": ("112, Avenue Hassan II", "10020 Rabat, Morocco"),
    "fr": ("112, avenue Hassan II", "10020 Rabat, Maroc"),
    "ar": ("112، شارع الحسن الثاني", "10020 الرباط، المغرب"),
}


def safran(language: str, times: int = 1, **changes: Any) -> Document:
    """Return the stationer's invoice, its lines `times` over."""
    town = "الرباط" if language == "ar" else "Rabat"
    seller = Party(
        name="Safran Office & Print SARL",
        name_ar="زعفران للمكتب والطباعة ش.م.م",
        address_lines=SAFRAN_ADDRESS[language],
        ids=(("ice", "001744512000018"), ("if", "20417716"), ("tp", "25731904"), ("rc", f"98341 {town}")),
        email="ventes@safran-print.example",
        phone="+212 537 70 22 84",
    )
    base = {
        "number": "INV-2026-0316",
        "issue_date": date(2026, 10, 8),
        "due_date": date(2026, 12, 7),
        "reference": "PO-8865",
        "payment_terms": {"en": "Net 60 days", "fr": "60 jours nets", "ar": "خلال 60 يومًا"}[language],
        "seller": seller,
        "buyer": parties(language).get("buyer", documents.ARABIC_BUYER if language == "ar" else documents.BUYER_MA),
        "logo": SAFRAN(),
        "brand_colour": "#F2B705",
        "look": "compact",
        "discount_rate": Decimal(0),
        "notes": "",
        "items": items(SAFRAN_ROWS[language] * times),
    }
    return reckoned(documents.invoice(language, **{**base, **changes}), reasons={"E": EXEMPT[language]})


# -- others ----------------------------------------------------------------------------------------------


def coded(document: Document) -> Document:
    """Return a Saudi document with the code of its own amounts."""
    issued = datetime(2026, 10, 5, 9, 30, 5, tzinfo=UTC)
    code = zatca_tlv(document.seller.name_ar, "310294785600003", issued, document.total, document.tax_amount)
    return replace(document, qr_payload=code, qr_kind="zatca")


def saudi(language: str, **changes: Any) -> Document:
    """Return a tax invoice of three lines between businesses, with its tax code and one to pay."""
    names = bilingual_documents.ARABIC_LINES if language == "ar" else bilingual_documents.LINES["en"]
    units = ("سنة", "يوم", "جلسة") if language == "ar" else ("year", "day", "session")
    figures = (("1", "12000", 0), ("6", "2500", 5), ("2", "1800", 0))
    rows = [
        (name, more, "", unit, quantity, price, discount, "15", "S")
        for (name, more), unit, (quantity, price, discount) in zip(names, units, figures, strict=True)
    ]
    base = documents.standard(language, **{"logo": NAJD(), "supply_date": date(2026, 9, 30), **changes})
    return coded(reckoned(replace(base, items=items(rows))))


def simplified(language: str, **changes: Any) -> Document:
    """Return a simplified tax invoice to a customer who is not named further."""
    return coded(reckoned(documents.simplified(language, logo=NAJD(), **changes)))


def both(beside: str, **changes: Any) -> Document:
    """Return an invoice in two languages: Saudi beside English, Moroccan beside French."""
    mark, rate = (NAJD(), "15") if beside == "en" else (ATLAS(), "20")
    invoice = bilingual_documents.invoice(beside, logo=mark, **changes)
    lines = tuple(replace(item, tax_rate=Decimal(rate)) for item in invoice.items)
    made = reckoned(replace(invoice, items=lines))
    return coded(made) if beside == "en" else made


def both_credit(beside: str) -> Document:
    return coded(reckoned(bilingual_documents.credit_note(beside, logo=NAJD())))


def both_groups() -> Document:
    """Return an invoice in two languages with two groups of tax, optional columns and a part payment."""
    lines = (
        bilingual_documents.line("en", 0, "240", "18.5", sku="GLV-NTM", unit="box", discount_rate=Decimal(5)),
        bilingual_documents.line("en", 2, "12", "219", "0", tax_category="Z", sku="BPM-DGT", unit="علبة"),
    )
    invoice = bilingual_documents.invoice(
        "en",
        logo=NAJD(),
        items=lines,
        reference="PO-22917",
        notes="شكرًا لثقتكم.\nThank you for your business.",
    )
    reason = "سلع طبية مؤهلة، نسبة الصفر: المادة 35 من اللائحة التنفيذية."
    return coded(reckoned(invoice, paid="2000", reasons={"Z": reason}))


def french(**changes: Any) -> Document:
    """Return a French seller's invoice to a business elsewhere in the Union, without a logo."""
    seller = Party(
        name="Atelier Lumen SAS",
        address_lines=("14, rue des Tanneurs", "44000 Nantes, France"),
        ids=(
            ("siren", "552 100 554"),
            ("rcs", "Nantes 552 100 554"),
            ("legal form", "SAS"),
            ("capital social", "10 000 €"),
            ("vat", "FR40552100554"),
        ),
        email="compta@lumen.example",
        phone="+33 2 40 11 22 33",
    )
    buyer = Party(
        name="Studio Noord B.V.",
        address_lines=("Oosterkade 8", "1011 AD Amsterdam, Pays-Bas"),
        ids=(("vat", "NL854502130B01"),),
        email="facturen@noord.example",
        is_business=True,
    )
    rows = [
        ("Éclairage de scène, étude", "Plans, puissance, réglages", "", "jour", "4", "640", 0, "0", "AE"),
        ("Programmation du pupitre", "", "", "jour", "2.5", "580", 0, "0", "AE"),
    ]
    base = {
        "seller_country": "FR",
        "seller": seller,
        "buyer": buyer,
        "brand_colour": "#1F3A8A",
        "currency": "EUR",
        "number": "F2026-112",
        "reference": "",
        "notes": "",
        "discount_rate": Decimal(0),
        "bank_details": "Banque : Banque de l’Ouest\nIBAN : FR76 3000 4000 0312 3456 7890 143\nBIC : BDLOFRPP",
        "items": items(rows),
        "qr_payload": None,
    }
    return reckoned(documents.invoice("fr", **{**base, **changes}))


def american() -> Document:
    """Return an invoice on Letter, in dollars, without tax, of which a part was paid."""
    seller = Party(
        name="Harbor & Pine Carpentry LLC",
        address_lines=("2207 Wharf Street, Suite 4", "Portland, OR 97209, USA"),
        ids=(("EIN", "84-2913377"),),
        email="office@harborpine.example",
        phone="+1 503 555 0142",
    )
    buyer = Party(name="Northside Library Trust", address_lines=("410 Elm Avenue", "Salem, OR 97301, USA"))
    rows = [
        ("Reading-room shelving, white oak", "Eleven bays, fitted", "", "bay", "11", "1240", 0, "0", "O"),
        ("Removal of old shelving", "", "", "", "1", "900", 0, "0", "O"),
    ]
    base = documents.invoice(
        "en",
        seller_country="US",
        seller=seller,
        buyer=buyer,
        paper_size="letter",
        brand_colour="#22543D",
        currency="USD",
        number="2026-0088",
        reference="Contract 7714",
        bank_details="Bank: Cascade Bank\nRouting: 123000220\nAccount: 0045 7781 2290",
        discount_rate=Decimal(0),
        items=items(rows),
    )
    return reckoned(base, paid="5000")


def dollars(language: str) -> Document:
    """Return a Saudi invoice in dollars, with the tax in riyals too."""
    made = saudi(language, currency="USD", logo=None, payment_payload=None)
    rate = Decimal("3.75")
    return replace(
        made, tax_currency="SAR", exchange_rate=rate, tax_amount_in_tax_currency=rounded(made.tax_amount * rate)
    )


# -- other papers ----------------------------------------------------------------------------------------


def account(language: str) -> StatementAccount:
    """Return an account of October: opened, billed, paid, credited, refunded."""
    reason = {"en": "Paid twice", "fr": "Payé en double", "ar": "دُفعت مرتين"}[language]
    rows = [
        (2, "invoice", "INV-2026-0047", "PO-8841", "", "22680.00", "0"),
        (5, "payment", "INV-2026-0031", "VIR 88-1204", "bank_transfer", "0", "4320.00"),
        (14, "payment", "INV-2026-0047", "pi_3QK8Zt2eZvKYlo2Cx7Fd", "stripe", "0", "15000.00"),
        (20, "credit_note", "CN-2026-0009", "INV-2026-0047", "", "0", "3480.00"),
        (22, "refund", "INV-2026-0031", reason, "bank_transfer", "120.00", "120.00"),
        (28, "debit_note", "DN-2026-0002", "INV-2026-0044", "", "960.00", "0"),
    ]
    balance = Decimal("4320.00")
    entries = []
    for day, kind, number, reference, method, debit, credit in rows:
        balance += Decimal(debit) - Decimal(credit)
        entries.append(
            StatementRow(date(2026, 10, day), kind, number, reference, method, Decimal(debit), Decimal(credit), balance)
        )
    debits = sum((row.debit for row in entries), Decimal(0))
    credits_ = sum((row.credit for row in entries), Decimal(0))
    open_items = (
        OpenItem(
            "invoice",
            "INV-2026-0047",
            date(2026, 10, 2),
            date(2026, 10, 25),
            Decimal(22680),
            Decimal("4200.00"),
            is_overdue=True,
        ),
        OpenItem(
            "debit_note",
            "DN-2026-0002",
            date(2026, 10, 28),
            date(2026, 11, 27),
            Decimal(960),
            Decimal("960.00"),
            is_overdue=False,
        ),
    )
    return StatementAccount(
        "MAD",
        2,
        Decimal("4320.00"),
        tuple(entries),
        debits,
        credits_,
        balance,
        Decimal("4200.00"),
        Decimal("120.00"),
        open_items,
    )


def statement(language: str, **changes: Any) -> Statement:
    """Return the studio's statement of October for the riad."""
    given = parties(language) | {"accounts": (account(language),), "logo": ATLAS()}
    return papers.statement(language, **(given | changes))


def receipt(language: str, **changes: Any) -> Receipt:
    """Return the studio's receipt of a part payment."""
    return papers.receipt(language, **(parties(language) | {"logo": ATLAS()} | changes))


BARE: dict[str, Any] = {"mark": "draft", "number": None, "qr_payload": None, "payment_payload": None}
MAKERS: dict[str, Callable[[], Printed]] = {
    "invoice-modern-en": partial(atlas, "en"),
    "invoice-modern-fr": partial(atlas, "fr"),
    "invoice-modern-ar": partial(atlas, "ar"),
    "invoice-classic-en": partial(atlas_columns, "en", look="classic"),
    "invoice-classic-fr": partial(french, look="classic", signature_frame=True),
    "invoice-classic-ar": partial(saudi, "ar", look="classic", signature_frame=True),
    "invoice-compact-en": partial(safran, "en"),
    "invoice-compact-fr": partial(safran, "fr", 6),
    "invoice-compact-ar": partial(safran, "ar"),
    "invoice-ar-en": partial(both, "en"),
    "invoice-ar-fr": partial(both, "fr"),
    "groups-ar-en": both_groups,
    "credit-note-ar-en": partial(both_credit, "en"),
    "credit-note-modern-en": partial(atlas_credit, "en"),
    "credit-note-classic-fr": partial(atlas_credit, "fr", look="classic"),
    "credit-note-compact-ar": partial(atlas_credit, "ar", look="compact"),
    "receipt-modern-fr": partial(receipt, "fr"),
    "receipt-classic-ar": partial(receipt, "ar", look="classic"),
    "receipt-compact-en": partial(receipt, "en", look="compact"),
    "statement-modern-ar": partial(statement, "ar"),
    "statement-classic-en": partial(statement, "en", look="classic"),
    "statement-compact-fr": partial(statement, "fr", look="compact"),
    "draft-modern-en": partial(atlas, "en", **BARE),
    "draft-classic-ar": partial(atlas_columns, "ar", look="classic", **BARE),
    "cancelled-compact-fr": partial(safran, "fr", mark="cancelled"),
    "copy-modern-ar": partial(atlas, "ar", mark="copy", brand_colour="#FFFFFF"),
    "digits-modern-ar": partial(atlas, "ar", digits="arab"),
    "digits-compact-ar": partial(safran, "ar", digits="arab", paper_size="letter"),
    "letter-modern-en": american,
    "long-modern-ar": partial(atlas_long, "ar"),
    "saudi-modern-en": partial(saudi, "en"),
    "simplified-compact-ar": partial(simplified, "ar", look="compact"),
    "dollars-modern-ar": partial(dollars, "ar"),
}


def codes(paper: Printed) -> tuple[str, ...]:
    """Return what can be scanned from a paper."""
    if not isinstance(paper, Document) or paper.mark == "draft":
        return ()
    payable = paper.mark != "cancelled"
    found = [paper.qr_payload] if payable or paper.qr_kind == "zatca" else []
    return tuple(sorted(code for code in (*found, paper.payment_payload if payable else None) if code))


@cache
def sample(name: str) -> Sample:
    paper = MAKERS[name]()
    return Sample(paper, codes(paper))
