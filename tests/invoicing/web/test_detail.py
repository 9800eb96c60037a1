from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.choices import QueueState, Role
from accounts.models import Business, Delivery
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice
from invoicing.services.papers import pdf_of
from invoicing.services.sending import mark_sent, send_invoice
from invoicing.services.settlement import record_payment
from invoicing.web.detail import cancelling, settled_percent
from tests.factories.accounts import make_business, make_member
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


def detail(browser: Browser, invoice: Invoice) -> Any:
    return browser.get(f"/invoices/{invoice.pk}")


def flags(page: Any) -> set[str]:
    names = ("edit", "issue", "send", "mark_sent", "pay", "credit", "amend", "delete", "cancel")
    return {name for name in names if page.context[f"can_{name}"]}


def test_detail_of_a_draft_offers_what_a_draft_allows(browser: Browser, business: Business) -> None:
    page = detail(browser, make_draft(business))
    assert flags(page) == {"edit", "issue", "send", "delete"}
    assert (page.context["status"], page.context["public_url"]) == ("draft", "")


def test_detail_of_an_issued_invoice_offers_what_it_allows(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    page = detail(browser, invoice)
    assert flags(page) == {"send", "mark_sent", "pay", "credit", "amend", "cancel"}
    assert page.context["public_url"] == f"http://localhost:8000/pay/{invoice.token}"


def test_detail_of_a_paid_invoice_offers_no_payment(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    actor = Actor.system(business.pk)
    record_payment(invoice=invoice, actor=actor, at=timezone.now(), data={"amount": "360", "method": "cash"})
    page = detail(browser, invoice)
    assert (page.context["status"], page.context["can_pay"], page.context["settled_percent"]) == ("paid", False, "100")
    assert not page.context["cancelling"].allowed


def test_detail_shows_a_viewer_no_acts(business: Business) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    page = detail(viewer, make_draft(business))
    assert (page.status_code, flags(page)) == (200, set())
    assert 'action="/invoices/' not in page.content.decode()


def test_detail_of_a_strangers_invoice_is_not_there(stranger: Browser, business: Business) -> None:
    invoice = make_issued(business)
    paths = ("", "/edit", "/pdf", "/issue", "/send", "/mark", "/payment", "/cancel", "/credit", "/duplicate", "/delete")
    assert {stranger.get(f"/invoices/{invoice.pk}{path}").status_code for path in paths} == {404}
    posts = ("/issue", "/send", "/mark", "/payment", "/cancel", "/credit", "/duplicate", "/delete")
    assert {stranger.post(f"/invoices/{invoice.pk}{path}").status_code for path in posts} == {404}


def test_detail_says_what_stops_a_draft_and_where_to_mend_it(browser: Browser, business: Business) -> None:
    business.tax_ids = []
    business.save()
    assert detail(browser, make_draft(business)).context["stops"] == [
        {
            "text": "To invoice with tax, enter ICE, IF, TP in the settings of the business.",
            "url": "/settings/business",
            "action": "Settings",
        }
    ]


def test_detail_shows_the_warnings_of_an_issued_document(browser: Browser) -> None:
    saudi = make_business(
        owner=make_member(make_business()), country="SA", currency="SAR", legal_name="Riyadh Studio",
        vat_number="310122393500003", address=SAUDI["address"], tax_rate=15,
    )  # fmt: skip
    browser.force_login(saudi.memberships.get().user)
    session = browser.session
    session["business_id"] = saudi.pk
    session.save()
    page = detail(browser, make_issued(saudi, make_client(saudi, **SAUDI)))
    assert page.context["warnings"] == [
        "Saudi law wants the legal name of the business in Arabic too.",
        "Saudi law wants the address of the business in Arabic too.",
        "Saudi law wants the client’s name in Arabic too.",
    ]


def test_detail_names_everything_that_a_saudi_seller_still_has_to_enter(browser: Browser) -> None:
    saudi = make_business(country="SA", currency="SAR")
    browser.force_login(saudi.memberships.get().user)
    page = detail(browser, make_draft(saudi, client=make_client(saudi, type="individual")))
    assert [stop["text"] for stop in page.context["stops"]] == [
        "A tax invoice needs the legal name of the business. Enter it in the settings.",
        "A tax invoice needs the VAT number of the business. Enter it in the settings.",
        "A tax invoice needs the address of the business. Enter it in the settings.",
    ]


def test_detail_tells_of_a_mail_on_its_way_and_of_one_that_failed(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    delivery = send_invoice(invoice=invoice, actor=Actor.system(business.pk), at=timezone.now(), data={})
    page = detail(browser, invoice)
    assert (page.context["was_sent"], page.context["failed_mail"]) == (True, None)
    Delivery.objects.update(state=QueueState.FAILED)
    page = detail(browser, invoice)
    assert (page.context["was_sent"], page.context["failed_mail"]) == (False, delivery)


@pytest.mark.parametrize(("sent", "words"), [(False, "so it is cancelled"), (True, "a credit note over all")])
def test_cancelling_says_what_it_will_do(business: Business, sent: bool, words: str) -> None:
    invoice = make_issued(business)
    if sent:
        invoice = mark_sent(invoice=invoice, actor=Actor.system(business.pk), at=timezone.now())
    assert words in cancelling(invoice).text


def test_settled_percent_is_whole_and_never_more_than_all(business: Business) -> None:
    invoice = Invoice(total=Decimal(300), amount_paid=Decimal(100), amount_credited=Decimal(99))
    assert settled_percent(invoice) == "66"
    assert settled_percent(Invoice(total=0)) == "100"


def test_pdf_is_the_one_that_is_kept(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    response = browser.get(f"/invoices/{invoice.pk}/pdf")
    assert response.content == pdf_of(Invoice.objects.get())
    assert response["Content-Disposition"] == f'attachment; filename="invoice_{invoice.number}.pdf"'
    assert browser.get(f"/invoices/{invoice.pk}/pdf?show")["Content-Disposition"].startswith("inline")


def test_detail_takes_the_same_number_of_queries_however_long(
    browser: Browser, business: Business, customer: Client, django_assert_max_num_queries: Any
) -> None:
    browser.get("/")  # notes the session
    counts = []
    for lines in (1, 40):
        invoice = make_issued(business, customer, [{"name": f"Line {n}", "unit_price": "5"} for n in range(lines)])
        with django_assert_max_num_queries(20) as queries:
            detail(browser, invoice)
        counts.append(len(queries.captured_queries))
    assert counts[0] == counts[1]
