"""What is looked at before a look is chosen."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from accounts.choices import Role
from accounts.errors import Invalid, NotFound
from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.models import Invoice
from invoicing.pdf.content import Document
from invoicing.pdf.document import draw
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.samples import latest_issued, sample_of
from tests.factories.accounts import make_actor, make_business
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
CHOICES: dict[str, Any] = {
    "brand_colour": "#AA3300", "look": "classic", "paper_size": "letter", "digits": "arab", "signature_frame": True,
}  # fmt: skip


def sample(business: Business, invoice: Invoice | None = None, language: str = "", **data: Any) -> Document:
    actor = Actor.system(business.pk)
    return sample_of(actor=actor, business=business, data=data, at=AT, invoice=invoice, language=language)


def test_latest_issued_is_an_invoice_that_stands() -> None:
    business = make_business(currency="EUR")
    assert latest_issued(business) is None
    first, second = make_issued(business, at=AT), make_issued(business, at=AT.replace(day=21))
    make_issued(make_business(), at=AT.replace(day=22))
    make_draft(business)
    write_note(parent=second, kind="debit_note", actor=Actor.system(business.pk), at=AT, data={"reason": "More"})
    assert latest_issued(business) == second
    cancel_invoice(invoice=second, actor=Actor.system(business.pk), at=AT)
    assert latest_issued(business) == first


def test_sample_prints_an_invoice_with_what_is_chosen_and_stores_nothing() -> None:
    business = make_business(currency="EUR", language="fr")
    invoice = make_issued(business, at=AT)
    before = (list(Business.objects.values()), list(Invoice.objects.values()))
    document = sample(business, invoice, **CHOICES)
    assert {name: getattr(document, name) for name in CHOICES} == CHOICES
    assert (document.number, document.language, document.total) == (invoice.number, "fr", invoice.total)
    assert sample(business, invoice, language="ar").language == "ar"
    assert (list(Business.objects.values()), list(Invoice.objects.values())) == before
    assert (business.look, invoice.language) == ("modern", "fr")


@pytest.mark.parametrize(
    ("language", "client"), [("en", "Sample Client Ltd"), ("fr", "Client Exemple SARL"), ("ar", "شركة العميل المثال")]
)
def test_sample_is_made_up_in_the_businesss_language(language: str, client: str) -> None:
    business = make_business(
        language=language, currency="BHD", country="BH", tax_rate=Decimal(10), timezone="Asia/Bahrain"
    )
    document = sample(business)
    assert (document.language, document.buyer.name, document.number) == (language, client, "INV-2026-0001")
    assert (document.issue_date, document.currency, document.total, document.mark) == (
        date(2026, 11, 20), "BHD", 2310, None,
    )  # fmt: skip
    assert document.qr_payload == "http://localhost:8000"
    assert Invoice.objects.exists() is False
    assert draw(document) == draw(sample(business))


def test_made_up_sample_of_a_saudi_seller_is_in_two_languages() -> None:
    business = make_business(
        country="SA", currency="SAR", legal_name="Sample", vat_number="300000000000003", address=SAUDI["address"]
    )
    document = sample(business)
    assert (document.second_language, document.items[0].name, document.items[0].name_ar) == (
        "ar", "Website design", "تصميم موقع إلكتروني",
    )  # fmt: skip
    assert (document.qr_kind, document.payment_payload) == ("zatca", "http://localhost:8000")
    assert sample(business, second_language="none").second_language is None
    both = sample(business, language="ar", second_language="fr")
    assert (both.second_language, both.items[0].name) == ("fr", "Conception d’un site web")


def test_sample_names_what_is_wrong() -> None:
    with pytest.raises(Invalid) as caught:
        sample(make_business(), look="band", brand_colour="red")
    assert sorted(caught.value.errors) == ["brand_colour", "look"]


def test_sample_is_for_members_alone() -> None:
    business = make_business()
    viewer = make_actor(business, Role.VIEWER)
    assert sample_of(actor=viewer, business=business, data={}, at=AT).seller.name == business.name
    with pytest.raises(NotFound):
        sample_of(actor=make_actor(), business=business, data={}, at=AT)


def test_a_sample_with_a_client_and_a_logo_can_be_drawn() -> None:
    business = make_business(currency="MAD", country="MA", tax_ids=[{"type": "ICE", "value": "001525713000097"}])
    document = sample(business, make_issued(business, make_client(business), at=AT), **CHOICES)
    assert draw(document)[:5] == b"%PDF-"
