from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Event, Invoice
from invoicing.services.corrections import cancel_invoice
from invoicing.services.papers import pdf_of
from invoicing.services.sending import mark_sent
from invoicing.services.settlement import record_payment
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def issued(business: Business, customer: Client) -> Invoice:
    return make_issued(business, customer, language="ar", items=[{"name": "تصميم", "unit_price": "300"}])


def url(invoice: Invoice, part: str = "") -> str:
    return f"/pay/{invoice.token}{part}"


def viewed_at() -> Any:
    return Invoice.objects.get().viewed_at


def test_pay_shows_the_invoice_in_its_language(client: Browser, issued: Invoice) -> None:
    page = client.get(url(issued), headers={"Accept-Language": "fr"})
    text = page.content.decode()
    assert page.status_code == 200
    assert '<html lang="ar"' in text
    assert 'dir="rtl"' in text
    assert "360,00" in text  # as Morocco writes it
    assert "Studio Argan SARL" in text


def test_pay_keeps_its_address_private(client: Browser, issued: Invoice) -> None:
    for response in (client.get(url(issued)), client.get(url(issued, "/pdf")), client.post(url(issued, "/seen"))):
        assert response["Referrer-Policy"] == "no-referrer"
        assert response["X-Robots-Tag"] == "noindex, nofollow, noarchive"
        assert "private" in response["Cache-Control"]
    assert '<meta name="robots" content="noindex, nofollow, noarchive">' in client.get(url(issued)).content.decode()


def test_pay_of_a_draft_or_an_unknown_token_is_not_there(client: Browser, business: Business) -> None:
    draft = make_draft(business)
    for part in ("", "/pdf"):
        assert client.get(url(draft, part)).status_code == 404
        assert client.get(f"/pay/{'x' * 28}{part}").status_code == 404
    assert client.post(url(draft, "/seen")).status_code == 404


def test_looking_at_page_or_pdf_changes_nothing(client: Browser, issued: Invoice) -> None:
    assert [client.get(url(issued)).status_code, client.get(url(issued, "/pdf")).status_code] == [200, 200]
    assert client.get(url(issued, "/seen")).status_code == 405
    assert viewed_at() is None


def test_seen_notes_the_first_view(client: Browser, issued: Invoice) -> None:
    assert [client.post(url(issued, "/seen")).status_code for _time in range(2)] == [204, 204]
    event = Event.objects.get(kind="viewed")
    assert (viewed_at(), event.channel, event.ip) == (event.at, "public", "127.0.0.1")


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Origin": "http://testserver"}, 204),
        ({"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"}, 204),
        ({"Origin": "https://elsewhere.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Origin": "http://testserver"}, 403),
    ],
)
def test_seen_is_told_by_our_own_page_alone(issued: Invoice, headers: dict[str, str], status: int) -> None:
    strict = Browser(enforce_csrf_checks=True)
    assert strict.post(url(issued, "/seen"), headers=headers).status_code == status
    assert (viewed_at() is not None) == (status == 204)


def test_public_pages_set_no_cookies(client: Browser, issued: Invoice) -> None:
    assert [dict(client.get(url(issued, part)).cookies) for part in ("", "/pdf")] == [{}, {}]


def test_taking_the_pdf_by_the_button_notes_the_view(issued: Invoice) -> None:
    # The page's own policy makes browsers hide the origin of a form.
    strict = Browser(enforce_csrf_checks=True)
    response = strict.post(url(issued, "/pdf"), headers={"Origin": "null"})
    assert response.content == pdf_of(Invoice.objects.get())
    assert viewed_at() is not None


def test_members_are_no_clients(browser: Browser, stranger: Browser, issued: Invoice) -> None:
    browser.post(url(issued, "/seen"))
    browser.post(url(issued, "/pdf"))
    assert viewed_at() is None
    stranger.post(url(issued, "/seen"))
    assert viewed_at() is not None


def test_pay_of_a_cancelled_invoice_says_so(client: Browser, business: Business) -> None:
    invoice = make_issued(business)
    cancel_invoice(invoice=invoice, actor=Actor.system(business.pk), at=timezone.now())
    text = client.get(url(invoice)).content.decode()
    assert "This invoice was cancelled. Nothing is to be paid." in text
    client.post(url(invoice, "/seen"))
    assert viewed_at() is None


def test_pay_of_a_paid_invoice_asks_for_nothing(client: Browser, business: Business) -> None:
    invoice = make_issued(business)
    actor = Actor.system(business.pk)
    data = {"amount": "360", "method": "cash", "received_at": "2026-03-05"}
    record_payment(invoice=invoice, actor=actor, at=timezone.now(), data=data)
    page = client.get(url(invoice)).content.decode()
    assert "Paid in full on 5 March 2026. Thank you." in page
    assert "bank-details" not in page


def test_pay_of_a_credited_invoice_and_of_its_note_asks_for_nothing(client: Browser, business: Business) -> None:
    invoice = mark_sent(invoice=make_issued(business), actor=Actor.system(business.pk), at=timezone.now())
    note = cancel_invoice(invoice=invoice, actor=Actor.system(business.pk), at=timezone.now()).credit_note
    assert note is not None
    assert "Settled by a credit note. Nothing is to be paid." in client.get(url(invoice)).content.decode()
    assert "This amount is credited to you. Nothing is to be paid." in client.get(url(note)).content.decode()


def test_pay_of_an_overdue_invoice_is_polite(client: Browser, business: Business) -> None:
    invoice = make_issued(business, issue_date="2026-01-05", due_date="2026-01-06")
    page = client.get(url(invoice))
    assert "If you have paid already, there is nothing to do." in page.content.decode()


def test_pay_lets_the_bank_details_be_copied(client: Browser, business: Business) -> None:
    business.bank_details = "Banque Exemple\nIBAN MA64 0111"
    business.save()
    page = client.get(url(make_issued(business))).content.decode()
    assert 'id="bank-amount" value="360.00"' in page
    assert 'data-copy="bank-details"' in page


def test_pay_speaks_another_language_where_it_is_asked_to(client: Browser, issued: Invoice) -> None:
    page = client.get(url(issued) + "?language=fr").content.decode()
    assert '<html lang="fr"' in page
    assert '<html lang="ar"' in client.get(url(issued) + "?language=xx").content.decode()


def test_pay_shows_a_draft_to_its_members_alone(
    client: Browser, browser: Browser, stranger: Browser, business: Business
) -> None:
    draft = make_draft(business)
    assert "A draft, which you alone see." in browser.get(url(draft)).content.decode()
    assert [one.get(url(draft)).status_code for one in (client, stranger)] == [404, 404]


def test_pay_shows_the_pages_of_the_pdf(client: Browser, issued: Invoice) -> None:
    pdf_of(issued)
    assert url(issued, "/pages/1") in client.get(url(issued)).content.decode()
    picture = client.get(url(issued, "/pages/1"))
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert client.get(url(issued, "/pages/2")).status_code == 404


def test_pay_loads_nothing_from_elsewhere(client: Browser, issued: Invoice) -> None:
    page = client.get(url(issued))
    assert "default-src 'self'" in page["Content-Security-Policy"]
    assert " style=" not in page.content.decode()
