"""Over which parts of an invoice's lines a credit note comes to what went back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from accounts.tenancy import Actor
from invoicing.models import Invoice
from invoicing.services.refund_notes import matching_quantities, total_of
from tests.factories.accounts import make_business
from tests.factories.invoicing import make_issued

ITEMS = [
    {"name": "Design", "quantity": "3", "unit_price": "99.95", "tax_rate": "20"},
    {"name": "Hosting", "quantity": "1", "unit_price": "120", "tax_rate": "0"},
    {"name": "Hours", "quantity": "7.5", "unit_price": "33.33", "tax_rate": "10", "discount_rate": "5"},
]


def matched(invoice: Invoice, amount: Decimal) -> tuple[dict[str, Decimal], Decimal]:
    actor, at = Actor.system(invoice.business_id), timezone.now()
    parts = matching_quantities(invoice, amount, actor=actor, at=at)
    by_name = {line.pk: line.name for line in invoice.lines.all()}
    return {by_name[pk]: part for pk, part in parts.items()}, total_of(invoice, parts, actor=actor, at=at)


@pytest.mark.django_db
def test_the_one_line_that_comes_to_it_is_taken() -> None:
    invoice = make_issued(make_business(currency="EUR"), items=ITEMS)
    assert matched(invoice, Decimal(120)) == ({"Hosting": Decimal(1)}, Decimal(120))


@pytest.mark.django_db
def test_all_that_is_left_is_taken_for_as_much_or_more() -> None:
    invoice = make_issued(make_business(currency="EUR"), items=ITEMS)
    everything = {"Design": Decimal(3), "Hosting": Decimal(1), "Hours": Decimal("7.5")}
    assert matched(invoice, invoice.total) == matched(invoice, invoice.total * 2) == (everything, invoice.total)


@pytest.mark.django_db
def test_large_prices_come_as_near_as_quantities_allow() -> None:
    items = [{"name": "Plant", "quantity": "1", "unit_price": "90000000"}]
    _parts, total = matched(make_issued(make_business(currency="EUR"), items=items), Decimal("1234567.89"))
    assert abs(total - Decimal("1234567.89")) <= 90


class TestParts(TestCase):
    @settings(max_examples=15, deadline=None)
    @given(cents=st.integers(1, 70_000), discount=st.sampled_from(["0", "12.5"]), included=st.booleans())
    def test_any_amount_is_met_to_the_cent(self, cents: int, discount: str, included: bool) -> None:
        invoice = make_issued(
            make_business(currency="EUR"), items=ITEMS, discount_rate=discount, prices_include_tax=included
        )
        amount = min(Decimal(cents) / 100, invoice.total)
        _parts, total = matched(invoice, amount)
        assert total == amount
