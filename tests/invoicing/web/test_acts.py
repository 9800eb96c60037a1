from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.messages import get_messages
from django.test import Client as Browser
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business, Delivery
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice, Payment, Refund
from invoicing.services.sending import mark_sent
from tests.factories.accounts import make_member
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(business: Business, customer: Client) -> Invoice:
    return make_draft(business, customer)


@pytest.fixture
def issued(business: Business, customer: Client) -> Invoice:
    return make_issued(business, customer)


def act(browser: Browser, invoice: Invoice, what: str, **data: str) -> Any:
    return browser.post(f"/invoices/{invoice.pk}/{what}", data)


def order(browser: Browser, invoice: Invoice, what: str) -> str:
    """Return what names the one order of the page that asks."""
    found = re.search(r'name="once" value="([^"]+)"', browser.get(f"/invoices/{invoice.pk}/{what}").content.decode())
    assert found is not None
    return found[1]


def said(response: Any) -> list[str]:
    return [str(message) for message in get_messages(response.wsgi_request)]


@pytest.mark.parametrize("what", ["issue", "send", "mark", "duplicate", "delete"])
def test_each_act_asks_on_a_page_of_its_own(browser: Browser, draft: Invoice, what: str) -> None:
    page = browser.get(f"/invoices/{draft.pk}/{what}")
    assert (page.status_code, Invoice.objects.get().version) == (200, draft.version)


@pytest.mark.parametrize("what", ["payment", "cancel", "credit", "send", "mark?as=paid"])
def test_each_act_on_an_issued_invoice_asks_too(browser: Browser, issued: Invoice, what: str) -> None:
    page = browser.get(f"/invoices/{issued.pk}/{what}")
    assert (page.status_code, Invoice.objects.get().version) == (200, issued.version)


@pytest.mark.parametrize("what", ["issue", "send", "mark", "payment", "cancel", "credit", "duplicate", "delete"])
def test_viewers_do_nothing(business: Business, draft: Invoice, what: str) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    assert (viewer.get(f"/invoices/{draft.pk}/{what}").status_code, act(viewer, draft, what).status_code) == (403, 403)


def test_issue_twice_is_issued_once(browser: Browser, draft: Invoice) -> None:
    first, second = act(browser, draft, "issue"), act(browser, draft, "issue")
    assert (first["Location"], second["Location"]) == (f"/invoices/{draft.pk}",) * 2
    assert list(Invoice.objects.get().events.order_by("at").values_list("kind", flat=True)) == ["created", "issued"]


def test_issue_refused_goes_back_and_says_why(browser: Browser, business: Business, draft: Invoice) -> None:
    business.tax_ids = []
    business.save()
    response = act(browser, draft, "issue")
    assert (response["Location"], Invoice.objects.get().state) == (f"/invoices/{draft.pk}", "draft")
    assert said(response) == [
        "This draft cannot be issued yet. To invoice with tax, enter ICE, IF, TP in the settings of the business."
    ]


def test_send_issues_and_queues_one_mail(browser: Browser, draft: Invoice) -> None:
    data = {
        "once": order(browser, draft, "send"), "to_email": "other@example.com", "cc": "a@example.com, b@example.com",
        "subject": "Ours", "message": "Hello",
    }  # fmt: skip
    for _press in range(2):
        response = act(browser, draft, "send", **data)
    mail = Delivery.objects.get(topic="invoice")
    assert (response["Location"], Invoice.objects.get().state) == (f"/invoices/{draft.pk}", "issued")
    assert (mail.to, mail.cc, mail.subject) == (["other@example.com"], ["a@example.com", "b@example.com"], "Ours")
    assert "Hello" in mail.text


def test_send_without_an_address_takes_the_clients(browser: Browser, issued: Invoice) -> None:
    act(browser, issued, "send", to_email="")
    assert Delivery.objects.get(topic="invoice").to == ["compta@example.com"]


def test_send_to_no_address_shows_it_at_the_field(browser: Browser, draft: Invoice) -> None:
    page = act(browser, draft, "send", to_email="nobody", cc="x")
    assert (page.status_code, sorted(page.context["form"].errors)) == (422, ["cc", "to_email"])
    assert Invoice.objects.get().state == "draft"


def test_send_too_often_is_told_to_wait(browser: Browser, issued: Invoice) -> None:
    answers = [act(browser, issued, "send", to_email="a@example.com").status_code for _press in range(6)]
    assert answers == [302] * 5 + [429]


def test_mark_sent_and_mark_paid(browser: Browser, issued: Invoice) -> None:
    act(browser, issued, "mark", **{"as": "sent"})
    assert Invoice.objects.get().sent_at is not None
    for _press in range(2):
        act(browser, issued, "mark", **{"as": "paid"})
    assert (Invoice.objects.get().settlement, Payment.objects.get().amount) == ("paid", Decimal(360))


def test_payment_sent_twice_is_booked_once(browser: Browser, issued: Invoice) -> None:
    data = {"once": order(browser, issued, "payment"), "amount": "100,50", "method": "cash", "reference": "T-1"}
    for _press in range(2):
        response = act(browser, issued, "payment", **data)
    payment = Payment.objects.get()
    assert (payment.amount, payment.method, payment.reference) == (Decimal("100.50"), "cash", "T-1")
    assert (response["Location"], Invoice.objects.get().amount_due) == (f"/invoices/{issued.pk}", Decimal("259.50"))


def test_payment_of_more_than_is_due_shows_it_at_the_field(browser: Browser, issued: Invoice) -> None:
    page = act(browser, issued, "payment", amount="361", method="cash")
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["amount"])
    assert page.context["form"]["amount"].value() == "361"


def test_payment_form_offers_all_that_is_due_today(browser: Browser, issued: Invoice) -> None:
    form = browser.get(f"/invoices/{issued.pk}/payment").context["form"]
    assert (form["amount"].value(), form["method"].value()) == ("360.00", "bank_transfer")


def test_refund_books_what_went_back(browser: Browser, issued: Invoice) -> None:
    act(browser, issued, "payment", amount="360", method="cash")
    payment = Payment.objects.get()
    url = f"payments/{payment.pk}/refund"
    assert browser.get(f"/invoices/{issued.pk}/{url}").context["form"]["amount"].value() == "360.00"
    act(browser, issued, url, amount="60", reopen="on")
    assert (Refund.objects.get().amount, Invoice.objects.get().amount_due) == (Decimal(60), Decimal(60))
    assert act(browser, issued, "payments/pay_other/refund", amount="1").status_code == 404


def test_cancel_of_what_nobody_saw_cancels(browser: Browser, issued: Invoice) -> None:
    for _press in range(2):
        response = act(browser, issued, "cancel")
    assert (response["Location"], Invoice.objects.get().state) == (f"/invoices/{issued.pk}", "cancelled")


def test_cancel_of_what_was_sent_issues_a_credit_note(browser: Browser, business: Business, issued: Invoice) -> None:
    mark_sent(invoice=issued, actor=Actor.system(business.pk), at=timezone.now())
    response = act(browser, issued, "cancel")
    note = Invoice.objects.get(type="credit_note")
    assert (response["Location"], note.total, note.parent) == (f"/invoices/{note.pk}", Decimal(360), issued)


def test_cancel_of_what_was_paid_is_refused_with_the_way_on(browser: Browser, issued: Invoice) -> None:
    act(browser, issued, "mark", **{"as": "paid"})
    page = browser.get(f"/invoices/{issued.pk}/cancel")
    sentence = "This invoice was paid. Refund the payment first, then cancel it."
    assert (page.context["forbidden"], page.context["way_on"].url) == (sentence, f"/invoices/{issued.pk}#payments")
    assert said(act(browser, issued, "cancel")) == [sentence]


def test_duplicate_sent_twice_is_one_copy(browser: Browser, issued: Invoice) -> None:
    name = order(browser, issued, "duplicate")
    for _press in range(2):
        response = act(browser, issued, "duplicate", once=name)
    copy = Invoice.objects.get(state="draft")
    assert (response["Location"], copy.total) == (f"/invoices/{copy.pk}/edit", issued.total)


def test_delete_sent_twice_goes_to_the_list_both_times(browser: Browser, draft: Invoice) -> None:
    name = order(browser, draft, "delete")
    answers = [act(browser, draft, "delete", once=name)["Location"] for _press in range(2)]
    assert (answers, Invoice.objects.count()) == (["/invoices", "/invoices"], 0)
    assert act(browser, draft, "delete", once="another").status_code == 404


def test_delete_of_what_was_issued_is_refused(browser: Browser, issued: Invoice) -> None:
    assert browser.get(f"/invoices/{issued.pk}/delete").context["forbidden"] == (
        "The document is “Issued”, which does not allow this."
    )
    response = act(browser, issued, "delete")
    assert (response["Location"], Invoice.objects.count()) == (f"/invoices/{issued.pk}", 1)
    assert said(response) == ["This document is in the state “Issued”, which does not allow that."]
