"""What an invoice says in letters that its paper has no type for."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.services.issuing import issue_invoice, preview_invoice
from tests.factories.accounts import make_actor, make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def business() -> Business:
    return make_business(currency="USD")


def test_preview_names_field_and_letters(business: Business) -> None:
    items: list[dict[str, Any]] = [
        {"name": "Paper", "quantity": "1", "unit_price": "5"},
        {"name": "東京 paper 東", "description": "كتاب", "quantity": "1", "unit_price": "5"},
    ]
    seen = preview_invoice(
        actor=make_actor(business), business=business, data={"client_name": "Test Co", "items": items}, at=AT
    )
    assert [(warning["code"], warning["field"]) for warning in seen.warnings] == [
        ("characters_missing", "items[1].name")
    ]
    assert seen.warnings[0]["detail"].endswith(": 東 京")


def test_issued_document_keeps_the_warning(business: Business) -> None:
    draft = make_draft(business, make_client(business, name="שלום"), at=AT)
    issued = issue_invoice(invoice=draft, actor=Actor.system(business.pk), at=AT)
    assert [warning["field"] for warning in issued.warnings] == ["client.name"]


def test_many_letters_are_cut_short(business: Business) -> None:
    draft = make_draft(business, make_client(business, name="一二三四五六七八九"), at=AT)
    issued = issue_invoice(invoice=draft, actor=Actor.system(business.pk), at=AT)
    assert issued.warnings[0]["detail"].endswith("八 …")


def test_what_prints_otherwise_is_no_warning(business: Business) -> None:
    draft = make_draft(business, make_client(business, name="Łódź ﬁlm Ⅷ\u200b"), at=AT)
    assert issue_invoice(invoice=draft, actor=Actor.system(business.pk), at=AT).warnings == []
