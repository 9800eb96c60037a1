from __future__ import annotations

from html import unescape
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business, Delivery
from clients.models import Client
from invoicing.models import Invoice
from invoicing.services.papers import pdf_of
from invoicing.web.mail_preview import mail_preview
from tests.factories.accounts import make_member
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
WRITTEN = {
    "to_email": "other@example.com", "cc": "copy@example.com", "subject": "Your <invoice>",
    "message": "Hello & welcome.\n\nSecond part.",
}  # fmt: skip


@pytest.fixture
def issued(business: Business, customer: Client) -> Invoice:
    return make_issued(business, customer)


def address(invoice: Invoice, part: str = "") -> str:
    return f"/invoices/{invoice.pk}/send{part}"


def body_of(delivery: Delivery) -> str:
    return delivery.html.partition('<body class="m-body">')[2].partition("</body>")[0].strip()


def shown(page: str) -> str:
    """Return the mail on a page as it would stand in its own body."""
    inside = page.partition('<div class="m-body"')[2].partition(">")[2].rpartition("</article>")[0]
    return inside.rpartition("</div>")[0].replace('<a target="_blank" rel="noopener" ', "<a ").strip()


@pytest.mark.parametrize("language", ["en", "ar", "fr"])
def test_the_preview_is_what_is_sent(browser: Browser, business: Business, customer: Client, language: str) -> None:
    invoice = make_issued(business, customer, language=language)
    preview = browser.post(address(invoice, "/preview"), WRITTEN).content.decode()
    browser.post(address(invoice), WRITTEN)
    delivery = Delivery.objects.get()
    assert shown(preview) == body_of(delivery)
    assert (delivery.subject, delivery.to, delivery.cc) == (
        "Your <invoice>",
        ["other@example.com"],
        ["copy@example.com"],
    )
    assert delivery.subject in unescape(preview)
    assert "invoice_INV-2026-0001.pdf" in preview


def test_what_is_offered_can_be_sent_as_it_is(browser: Browser, issued: Invoice) -> None:
    page = browser.get(address(issued))
    fields = {name: page.context["form"][name].value() or "" for name in ("to_email", "cc", "subject", "message")}
    assert fields["subject"] == "Invoice INV-2026-0001 from Studio Argan SARL"
    browser.post(address(issued), fields)
    offered = Delivery.objects.get()
    browser.post(address(issued), {"to_email": "", "cc": "", "subject": "", "message": ""})
    usual = Delivery.objects.exclude(pk=offered.pk).get()
    assert (offered.subject, offered.text, offered.html) == (usual.subject, usual.text, usual.html)


def test_the_preview_of_a_draft_names_the_number_that_it_would_get(browser: Browser, business: Business) -> None:
    make_issued(business)
    page = browser.get(address(make_draft(business))).content.decode()
    assert "invoice_INV-2026-0002.pdf" in page
    assert 'placeholder="Invoice INV-2026-0002 from' in page
    assert Invoice.objects.filter(number="INV-2026-0002").exists() is False


def test_without_scripts_the_page_shows_what_is_written(browser: Browser, issued: Invoice) -> None:
    page = browser.post(address(issued), WRITTEN | {"act": "preview"})
    assert (page.status_code, Delivery.objects.count()) == (200, 0)
    assert "Second part." in shown(page.content.decode())
    wrong = browser.post(address(issued), WRITTEN | {"act": "preview", "to_email": "nobody", "cc": "a@example.com, b"})
    assert (wrong.status_code, set(wrong.context["form"].errors)) == (422, {"to_email", "cc"})


def test_a_wrong_address_is_named_and_nothing_is_sent(browser: Browser, issued: Invoice) -> None:
    page = browser.post(address(issued), WRITTEN | {"cc": "a@example.com, nobody"})
    assert (page.status_code, list(page.context["form"].errors), Delivery.objects.count()) == (422, ["cc"], 0)
    assert page.context["form"]["message"].value() == WRITTEN["message"]


def test_a_second_press_sends_nothing_more(browser: Browser, issued: Invoice) -> None:
    once = browser.get(address(issued)).context["form"]["once"].value()
    for _press in range(2):
        assert browser.post(address(issued), WRITTEN | {"once": once}).status_code == 302
    assert Delivery.objects.count() == 1


def test_a_reminder_says_when_it_was_due(browser: Browser, business: Business, customer: Client) -> None:
    invoice = make_issued(business, customer, issue_date="2026-01-05", due_date="2026-01-20")
    page = browser.get(address(invoice) + "?as=reminder").content.decode()
    assert "was due on 20 January 2026" in page
    browser.post(address(invoice), {"as": "reminder", "to_email": "", "cc": "", "subject": "", "message": ""})
    delivery = Delivery.objects.get()
    assert (delivery.template, delivery.subject) == (
        "reminder", "Reminder: Invoice INV-2026-0001 from Studio Argan SARL",
    )  # fmt: skip
    assert "Reminder is on its way" in browser.get(f"/invoices/{invoice.pk}").content.decode()


def test_nobody_is_reminded_of_what_is_paid(browser: Browser, issued: Invoice) -> None:
    browser.post(f"/invoices/{issued.pk}/mark", {"as": "paid"})
    page = browser.get(address(issued) + "?as=reminder")
    assert page.context["forbidden"] == "Nothing is due any more."
    browser.post(address(issued), {"as": "reminder", "to_email": "a@example.com"})
    assert Delivery.objects.count() == 0


@pytest.mark.parametrize("part", ["", "/preview"])
def test_only_who_writes_sends(business: Business, issued: Invoice, stranger: Browser, part: str) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    for browser, status in ((viewer, 403), (stranger, 404), (Browser(), 302)):
        assert browser.post(address(issued, part), WRITTEN).status_code == status
    assert Delivery.objects.count() == 0


def test_an_unsaved_invoice_has_a_preview(business: Business, customer: Client) -> None:
    draft = make_draft(business, customer, language="ar")
    unsaved = Invoice.objects.get(pk=draft.pk)
    unsaved.pk = ""
    page = mail_preview(unsaved, at=timezone.now())
    assert 'dir="rtl"' in page
    assert "compta@example.com" in page


def test_the_page_shows_no_pdf_of_its_own(browser: Browser, issued: Invoice, monkeypatch: Any) -> None:
    def drawn(*_args: Any) -> bytes:
        raise AssertionError("the preview draws nothing")

    monkeypatch.setattr("invoicing.services.papers.render", drawn)
    assert browser.get(address(issued)).status_code == 200
    monkeypatch.undo()
    assert pdf_of(issued)
