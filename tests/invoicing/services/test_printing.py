"""From stored rows to what is printed."""

from __future__ import annotations

import base64
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Business
from accounts.storage import forget
from accounts.tenancy import Actor
from invoicing.choices import InvoiceType
from invoicing.models import Invoice
from invoicing.pdf import render
from invoicing.pdf.words import amount_in_words
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.papers import pdf_of
from invoicing.services.printing import document_of, public_url, qr_of
from invoicing.services.sending import mark_sent
from tests.factories.accounts import make_business
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def test_code_is_the_public_page_and_none_on_a_draft_or_a_credit_note() -> None:
    business = make_business(currency="USD")
    invoice = make_issued(business, at=AT)
    data = {"reason": "Wrong", "issue": True}
    note, debit = (
        write_note(parent=invoice, kind=kind, actor=Actor.system(business.pk), at=AT, data=data)
        for kind in (InvoiceType.CREDIT_NOTE, InvoiceType.DEBIT_NOTE)
    )
    assert document_of(make_draft(business)).qr_payload is None
    assert document_of(note).qr_payload is None
    assert [document_of(each).qr_payload for each in (invoice, debit)] == [public_url(invoice), public_url(debit)]
    assert (document_of(note).parent_number, document_of(note).reason) == (invoice.number, "Wrong")


def test_saudi_code_states_total_and_tax_in_riyals() -> None:
    business = make_business(
        country="SA", currency="SAR", legal_name="شركة المثال", vat_number="300000000000003", address=SAUDI["address"]
    )
    client = make_client(business, **SAUDI)
    invoice = make_issued(business, client, tax_rate=15, currency="USD", exchange_rate="3.75", at=AT)
    payload, kind = qr_of(invoice)
    raw, fields = base64.b64decode(payload), {}
    while raw:
        tag, length = raw[0], raw[1]
        fields[tag], raw = raw[2 : 2 + length].decode(), raw[2 + length :]
    assert kind == "zatca"
    assert fields == {
        1: "شركة المثال",
        2: "300000000000003",
        3: "2026-11-20T09:30:00Z",
        4: "1293.75",
        5: "168.75",
    }
    assert qr_of(invoice, payment=True) == (public_url(invoice), "payment")


def test_lines_with_tax_show_what_was_priced() -> None:
    business = make_business(currency="EUR")
    items = [{"name": "Thing", "quantity": 2, "unit_price": 60, "discount_rate": 50, "tax_rate": 20}]
    invoice = make_issued(business, items=items, prices_include_tax=True, discount_rate=10, at=AT)
    assert [item.total for item in document_of(invoice).items] == [Decimal(60)]


def test_paper_of_the_issued_stays_while_names_change() -> None:
    business = make_business(name="Before", currency="EUR")
    invoice = make_issued(business, at=AT)
    first = pdf_of(invoice)
    business.name = "After"
    business.save()
    invoice.refresh_from_db()
    assert (pdf_of(invoice), document_of(invoice).seller.name) == (first, "Before")


def test_cancelled_paper_is_a_marked_copy_and_the_first_bytes_remain() -> None:
    business = make_business(currency="EUR")
    invoice = make_issued(business, at=AT)
    first = pdf_of(invoice)
    cancelled = cancel_invoice(invoice=invoice, actor=Actor.system(business.pk), at=AT).invoice
    assert pdf_of(cancelled) != first
    assert pdf_of(cancelled, original=True) == first


def test_note_of_a_cancellation_speaks_the_invoices_language() -> None:
    business = make_business(currency="EUR")
    invoice = make_issued(business, language="fr", at=AT)
    mark_sent(invoice=invoice, actor=Actor.system(business.pk), at=AT)
    note = cancel_invoice(invoice=invoice, actor=Actor.system(business.pk), at=AT).credit_note
    assert note is not None
    assert note.reason == "Annulation de la facture"


LOOK: dict[str, Any] = {"look": "compact", "paper_size": "letter", "digits": "arab", "signature_frame": True}


def printed_look(invoice: Invoice) -> dict[str, Any]:
    return {name: getattr(document_of(invoice), name) for name in LOOK}


def test_look_is_the_one_of_the_day_of_issue() -> None:
    business = make_business(**LOOK)
    draft, issued = make_draft(business), make_issued(business, at=AT)
    Business.objects.update(look="classic", paper_size="a4", digits="latn", signature_frame=False)
    now = {"look": "classic", "paper_size": "a4", "digits": "latn", "signature_frame": False}
    again = [Invoice.objects.get(pk=each.pk) for each in (draft, issued)]
    assert [printed_look(each) for each in again] == [now, LOOK]


def test_what_was_issued_before_there_were_looks_prints_as_it_did() -> None:
    business = make_business(
        country="SA", currency="SAR", legal_name="Sample", vat_number="300000000000003", address=SAUDI["address"]
    )
    invoice = make_issued(business, make_client(business, **SAUDI), at=AT)
    assert document_of(invoice).second_language == "ar"
    assert invoice.seller is not None
    for name in (*LOOK, "second_language"):
        del invoice.seller[name]
    document = document_of(invoice)
    assert printed_look(invoice) == {
        "look": "modern", "paper_size": "a4", "digits": "latn", "signature_frame": False,
    }  # fmt: skip
    assert document.second_language is None


ITEM_AR: dict[str, Any] = {"name": "Design", "name_ar": "تصميم", "description": "Two", "description_ar": "اثنان"}


def test_a_paper_in_two_languages_has_the_sellers_two_addresses() -> None:
    business = make_business(
        country="SA", currency="SAR", name="Sample", address={"city": "Riyadh", "country": "SA"},
        address_ar={"city": "الرياض", "country": "SA"},
    )  # fmt: skip
    client = make_client(business, address={"city": "جدة", "country": "SA"}, name_ar="العميل")
    items = [ITEM_AR | {"unit_price": 10}]
    english, arabic = (document_of(make_draft(business, client, items, language=each)) for each in ("en", "ar"))
    assert (english.second_language, arabic.second_language) == ("ar", None)
    assert (english.seller.address_lines, english.seller.address_lines_ar) == (
        ("Riyadh, Saudi Arabia",), ("الرياض، المملكة العربية السعودية",),
    )  # fmt: skip
    assert (arabic.seller.address_lines, arabic.seller.address_lines_ar) == (
        ("الرياض، المملكة العربية السعودية",), (),
    )  # fmt: skip
    assert (english.buyer.address_lines, english.buyer.address_lines_ar) == ((), ("جدة، المملكة العربية السعودية",))
    assert {name: getattr(english.items[0], name) for name in ITEM_AR} == ITEM_AR
    business.second_language = "en"
    business.save()
    both = document_of(make_draft(business, client, items, language="ar"))
    assert (both.second_language, both.seller.address_lines, both.seller.address_lines_ar) == (
        "en", ("Riyadh, Saudi Arabia",), ("الرياض، المملكة العربية السعودية",),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("address", "language", "expected"),
    [
        ({"text": "12 Quai Ouest\nÉtage 2", "country": "FR"}, "fr", ("12 Quai Ouest", "Étage 2, France")),
        ({"building_number": "8", "street": "Main Street", "district": "Olaya", "city": "Jeddah", "country": "SA"}, "ar",
         ("8 Main Street, Olaya", "Jeddah", "المملكة العربية السعودية")),
        ({"text": "12 Quai Ouest, Lyon, FRANCE", "country": "FR"}, "fr", ("12 Quai Ouest, Lyon, FRANCE",)),
        ({"city": "جدة", "country": "SA"}, "en", ("جدة", "Saudi Arabia")),
        ({"country": "SA"}, "en", ("Saudi Arabia",)),
        ({"text": "No country"}, "en", ("No country",)),
        ({"street": "شارع 5", "district": "العليا", "city": "الرياض", "country": "SA"}, "ar",
         ("شارع 5، العليا", "الرياض، المملكة العربية السعودية")),
    ],
)  # fmt: skip
def test_the_country_stands_behind_the_town_where_both_read_one_way(
    address: dict[str, str], language: str, expected: tuple[str, ...]
) -> None:
    business = make_business(country="MA", currency="MAD")
    client = make_client(business, address=address)
    assert document_of(make_draft(business, client, language=language)).buyer.address_lines == expected


@pytest.mark.parametrize(
    ("number", "expected"), [("+966114652210", "+966 11 465 2210"), ("+33142685300", "+33 1 42 68 53 00"), ("", "")]
)
def test_telephones_are_printed_in_groups(number: str, expected: str) -> None:
    business = make_business(phone=number)
    assert document_of(make_draft(business)).seller.phone == expected


def test_buyer_is_printed_as_the_business_or_person_that_it_is() -> None:
    business = make_business()
    buyers = [make_client(business, type=each) for each in ("business", "individual")]
    documents = [document_of(make_draft(business, each)) for each in buyers]
    assert [(each.seller.is_business, each.buyer.is_business) for each in documents] == [(False, True), (False, False)]


def test_amounts_are_in_words_of_each_language() -> None:
    business = make_business(
        country="SA", currency="SAR", legal_name="Sample", vat_number="300000000000003", address=SAUDI["address"]
    )
    client = make_client(business, **SAUDI)
    english, arabic = (document_of(make_issued(business, client, language=each, at=AT)) for each in ("en", "ar"))
    words = {each: amount_in_words(Decimal(300), "SAR", 2, each, "SA") for each in ("en", "ar")}
    assert (english.amount_in_words, english.second_amount_in_words) == (words["en"], words["ar"])
    assert (arabic.amount_in_words, arabic.second_amount_in_words) == (words["ar"], "")


def test_a_paper_with_the_tax_code_has_one_to_pay_too() -> None:
    business = make_business(
        country="SA", currency="SAR", legal_name="Sample", vat_number="300000000000003", address=SAUDI["address"]
    )
    invoice = make_issued(business, make_client(business, **SAUDI), at=AT)
    note = write_note(
        parent=invoice, kind="credit_note", actor=Actor.system(business.pk), at=AT, data={"reason": "x", "issue": True}
    )
    payloads = [document_of(each).payment_payload for each in (invoice, note, make_draft(business))]
    assert payloads == [public_url(invoice), None, None]
    assert document_of(make_issued(make_business(), at=AT)).payment_payload is None


def test_where_the_stored_file_is_lost_a_marked_copy_is_drawn() -> None:
    invoice = make_issued(make_business(currency="EUR"), at=AT)
    first, key = pdf_of(invoice), invoice.pdf_key
    forget(key)
    copy = render(document_of(invoice, mark="copy"))
    assert (copy != first, pdf_of(invoice), pdf_of(invoice, original=True)) == (True, copy, copy)
    assert Invoice.objects.get(pk=invoice.pk).pdf_key == key
