from __future__ import annotations

import json
from dataclasses import fields
from datetime import date
from decimal import Decimal

import pytest

from invoicing.pdf import Document, LineItem, Party, TaxGroup
from invoicing.pdf.data import data_of
from tests.invoicing.pdf import documents

# How it is shown, and what follows from the rest.
NOT_DATA = {
    *("logo", "brand_colour", "look", "paper_size", "digits", "second_language", "footer", "signature_frame"),
    *("currency_digits", "qr_payload", "qr_kind", "payment_payload", "amount_in_words", "second_amount_in_words"),
}
OTHER_NAMES = {"number": "invoice_number", "tax_groups": "tax_breakdown"}
DOCUMENT = documents.invoice(
    "fr",
    type="credit_note",
    supply_date=date(2026, 9, 30),
    parent_number="INV-2026-0040",
    parent_issue_date=date(2026, 9, 1),
    reason="Prix",
    currency="KWD",
    currency_digits=3,
    items=(
        LineItem(
            name="Heures",
            name_ar="ساعات",
            description="Conseil\nsur place",
            description_ar="استشارة",
            sku="H-1",
            unit="h",
            quantity=Decimal("1.500000"),
            unit_price=Decimal("1E+2"),
            discount_rate=Decimal("10.00"),
            tax_rate=Decimal("0.000"),
            tax_category="E",
            net_amount=Decimal("135.0000"),
            tax_amount=Decimal(0),
            total=Decimal("135.000"),
        ),
    ),
    subtotal=Decimal("135.0000"),
    discount_rate=Decimal("0.00"),
    discount_amount=Decimal(0),
    taxable_amount=Decimal(135),
    tax_amount=Decimal("0.0000"),
    total=Decimal("135.0000"),
    amount_due=Decimal("135.0000"),
    tax_groups=(TaxGroup("E", Decimal(0), Decimal(135), Decimal(0), "Article 91"),),
    tax_currency="SAR",
    exchange_rate=Decimal("12.200000"),
    tax_amount_in_tax_currency=Decimal("0.00"),
)


def test_every_value_is_there_as_written() -> None:
    assert json.loads(data_of(DOCUMENT)) == {
        "version": 1,
        "type": "credit_note",
        "invoice_number": "INV-2026-0047",
        "mark": None,
        "language": "fr",
        "issue_date": "2026-10-02",
        "due_date": "2026-11-01",
        "supply_date": "2026-09-30",
        "reference": "PO-8841",
        "parent_number": "INV-2026-0040",
        "parent_issue_date": "2026-09-01",
        "reason": "Prix",
        "seller_country": "MA",
        "seller": {
            "name": "Atlas Digital Studio SARL",
            "name_ar": "أطلس ديجيتال ستوديو ش.م.م",
            "address_lines": ["27, Boulevard Zerktouni, 4th floor", "20250 Casablanca, Morocco"],
            "address_lines_ar": [],
            "ids": [
                {"type": "ice", "value": "001523784000091"},
                {"type": "if", "value": "15237840"},
                {"type": "tp", "value": "34205187"},
                {"type": "rc", "value": "412905 Casablanca"},
            ],
            "email": "billing@atlas-studio.example",
            "phone": "+212 522 48 61 90",
        },
        "buyer": {
            "name": "Riad Zellige Hospitality SA",
            "name_ar": "رياض زليج للضيافة ش.م",
            "address_lines": ["8, Avenue Mohammed VI, Hivernage", "40000 Marrakech, Morocco"],
            "address_lines_ar": [],
            "ids": [{"type": "ice", "value": "002190665000026"}],
            "email": "compta@riad-zellige.example",
            "phone": "+212 524 43 17 02",
        },
        "currency": "KWD",
        "prices_include_tax": False,
        "items": [
            {
                "name": "Heures",
                "description": "Conseil\nsur place",
                "name_ar": "ساعات",
                "description_ar": "استشارة",
                "sku": "H-1",
                "unit": "h",
                "quantity": "1.5",
                "unit_price": "100",
                "discount_rate": "10",
                "tax_category": "E",
                "tax_rate": "0",
                "net_amount": "135.000",
                "tax_amount": "0.000",
                "total": "135.000",
            }
        ],
        "subtotal": "135.000",
        "discount_rate": "0",
        "discount_amount": "0.000",
        "taxable_amount": "135.000",
        "tax_breakdown": [
            {
                "category": "E",
                "rate": "0",
                "taxable_amount": "135.000",
                "tax_amount": "0.000",
                "exemption_reason": "Article 91",
            }
        ],
        "tax_amount": "0.000",
        "total": "135.000",
        "amount_paid": "0.000",
        "amount_due": "135.000",
        "tax_currency": "SAR",
        "exchange_rate": "12.2",
        "tax_amount_in_tax_currency": "0",
        "payment_terms": "30 jours nets",
        "bank_details": "Banque : Banque Atlas\nIBAN : MA64 0077 8000 0123 4567 8901 2396\nBIC : ATLSMAMC",
        "notes": "Merci de votre confiance. Les fichiers sources sont remis à réception du règlement.",
    }


def test_no_field_is_forgotten() -> None:
    data = json.loads(data_of(DOCUMENT))
    stated = {OTHER_NAMES.get(each.name, each.name) for each in fields(Document) if each.name not in NOT_DATA}
    assert set(data) == stated | {"version"}
    assert set(data["items"][0]) == {each.name for each in fields(LineItem)}
    assert set(data["seller"]) == {each.name for each in fields(Party)} - {"is_business"}  # which sentences apply
    assert set(data["tax_breakdown"][0]) == {each.name for each in fields(TaxGroup)}


def test_currency_without_decimals_has_none() -> None:
    data = json.loads(data_of(documents.invoice(currency="JPY", currency_digits=0, total=Decimal("22680.0000"))))
    assert data["total"] == "22680"


@pytest.mark.parametrize("text", ["\x00\x1f", '"\\', "\ud800", "\U0001f600", "</script>"])
def test_any_text_comes_back(text: str) -> None:
    data = data_of(documents.invoice(notes=text))
    assert json.loads(data)["notes"] == text
    assert data.decode("utf-8").startswith('{"version":1,"type":"general"')
