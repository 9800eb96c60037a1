from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from invoicing.pdf import TaxGroup
from invoicing.pdf.paper import Paper
from tests.invoicing.pdf import documents

NOTHING = Decimal(0)


@pytest.mark.parametrize(
    ("category", "rate", "tax", "ids", "expected"),
    [
        ("S", "5", "50", (("vat", "100123456700003"),), "Tax Invoice"),
        ("Z", "0", "0", (("vat", "100123456700003"),), "Tax Invoice"),
        ("S", "5", "50", (), "Tax Invoice"),
        ("Z", "0", "0", (("cr", "12"),), "Invoice"),
        ("E", "0", "0", (("vat", "100123456700003"),), "Invoice"),
    ],
)
def test_who_has_no_tax_number_and_charges_no_tax_writes_no_tax_invoice(
    category: str, rate: str, tax: str, ids: tuple[tuple[str, str], ...], expected: str
) -> None:
    group = TaxGroup(category, Decimal(rate), Decimal(1000), Decimal(tax))
    made = documents.invoice(
        "en", seller_country="AE", seller=replace(documents.SELLER_MA, ids=ids), tax_groups=(group,),
        tax_amount=Decimal(tax),
    )  # fmt: skip
    assert Paper(made, "general").title == expected
