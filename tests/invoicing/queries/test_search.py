from __future__ import annotations

from decimal import Decimal

import pytest

from invoicing.queries.search import amounts_meant, documents_of_amount
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_draft, make_issued


@pytest.mark.parametrize(
    ("term", "amounts"),
    [
        ("22680", ["22680"]),
        ("22,680", ["22680", "22.680"]),
        ("22,680.00", ["22680.00"]),
        ("22.680,00", ["22680.00"]),
        ("22\u202f680,00", ["22680.00"]),
        ("٢٢٬٦٨٠٫٠٠", ["22680.00"]),
        ("1.234.567", ["1234567"]),
        ("$1,200.50", ["1200.50"]),
        ("500 د.م.", ["500"]),
        ("MAD 500", ["500"]),
        ("12.5", ["12.5"]),
        ("INV-2026-0147", []),
        ("2026-11-05", []),
        ("1,2,3", []),
        ("1.23456", []),
        ("9" * 30, []),
        ("abc", []),
        ("", []),
    ],
)
def test_amounts_are_read_as_people_write_them(term: str, amounts: list[str]) -> None:
    assert amounts_meant(term) == [Decimal(amount) for amount in amounts]


@pytest.mark.django_db
def test_documents_of_an_amount_are_those_of_this_total_in_the_business() -> None:
    business = make_business()
    draft, issued = make_draft(business), make_issued(business)
    make_issued(make_business())
    total = issued.total
    found = documents_of_amount(business=business, amounts=[total])
    assert [invoice.pk for invoice in found] == [issued.pk, draft.pk]
    assert not documents_of_amount(business=business, amounts=[total + 1])
