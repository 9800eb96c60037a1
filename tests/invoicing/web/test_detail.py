from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.choices import QueueState, Role
from accounts.models import Business, Delivery
from accounts.queue import Lease, fail, run_due
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice
from invoicing.services.papers import pdf_of
from invoicing.services.sending import mark_sent, send_invoice
from invoicing.services.settlement import record_payment
from invoicing.web.detail import MOST_LOOKS, settled_percent
from invoicing.web.offers import cancelling
from tests.factories.accounts import make_business, make_member
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db


def detail(browser: Browser, invoice: Invoice) -> Any:
    return browser.get(f"/invoices/{invoice.pk}")


def able(page: Any) -> set[str]:
    found: set[str] = page.context["able"]
    return found


def test_detail_of_a_draft_offers_what_a_draft_allows(browser: Browser, business: Business) -> None:
    page = detail(browser, make_draft(business))
    assert able(page) == {"edit", "issue", "send", "mark_sent", "duplicate", "delete"}
    assert [offer.name for offer in page.context["head"]] == ["send", "issue", "edit"]
    assert (page.context["status"], page.context["public_url"]) == ("draft", "")


def test_detail_of_an_issued_invoice_offers_what_it_allows(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    page = detail(browser, invoice)
    assert able(page) == {
        "send", "mark_sent", "pay", "mark_paid", "amend", "duplicate", "credit", "debit", "cancel",
    }  # fmt: skip
    assert page.context["public_url"] == f"http://localhost:8000/pay/{invoice.token}"


def test_detail_of_a_paid_invoice_offers_no_payment(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    actor = Actor.system(business.pk)
    record_payment(invoice=invoice, actor=actor, at=timezone.now(), data={"amount": "360", "method": "cash"})
    page = detail(browser, invoice)
    assert (page.context["status"], page.context["settled_percent"]) == ("paid", "100")
    reasons = {offer.name: offer.reason for offer in page.context["offers"] if offer.reason}
    assert reasons == {
        "pay": "Nothing is due any more.",
        "cancel": "This invoice was paid. Refund the payment first, then cancel it.",
    }
    assert "Refund the payment first" in page.content.decode()
    assert not cancelling(Invoice.objects.get()).allowed


def test_detail_shows_a_viewer_no_acts(business: Business) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    page = detail(viewer, make_draft(business))
    assert (page.status_code, able(page)) == (200, set())
    assert 'action="/invoices/' not in page.content.decode()
    assert "You may look at the invoices of this business" in page.content.decode()


def test_detail_of_a_strangers_invoice_is_not_there(stranger: Browser, business: Business) -> None:
    invoice = make_issued(business)
    paths = (
        "",
        "/edit",
        "/pdf",
        "/pages/1",
        "/progress",
        "/issue",
        "/send",
        "/mark",
        "/payment",
        "/cancel",
        "/credit",
        "/duplicate",
        "/delete",
    )
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
        with django_assert_max_num_queries(22) as queries:
            detail(browser, invoice)
        counts.append(len(queries.captured_queries))
    assert counts[0] == counts[1]


def test_detail_of_a_cancelled_invoice_says_why_nothing_more_can_be_done(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    browser.post(f"/invoices/{invoice.pk}/cancel")
    page = detail(browser, invoice)
    assert able(page) == {"duplicate"}
    assert {offer.name for offer in page.context["offers"] if offer.reason} == {"send_again", "pay"}


def test_detail_of_a_credit_note_leads_to_its_invoice(browser: Browser, business: Business) -> None:
    invoice = mark_sent(invoice=make_issued(business), actor=Actor.system(business.pk), at=timezone.now())
    browser.post(f"/invoices/{invoice.pk}/cancel")
    note = Invoice.objects.get(parent=invoice)
    page = detail(browser, note)
    assert able(page) == {"send", "mark_sent", "amend", "duplicate"}
    offer = next(offer for offer in page.context["offers"] if offer.name == "cancel")
    assert offer.way_on is not None
    assert offer.way_on.url == f"/invoices/{invoice.pk}/debit"


def test_detail_leads_to_its_neighbours_in_the_list(browser: Browser, business: Business) -> None:
    oldest, middle, newest = (make_draft(business) for _time in range(3))
    page = detail(browser, middle)
    assert (page.context["newer_url"], page.context["older_url"]) == (
        f"/invoices/{newest.pk}",
        f"/invoices/{oldest.pk}",
    )
    assert (detail(browser, newest).context["newer_url"], detail(browser, oldest).context["older_url"]) == ("", "")


def test_detail_has_no_neighbours_elsewhere(browser: Browser, business: Business) -> None:
    make_draft(make_business(name="Elsewhere"))
    page = detail(browser, make_draft(business))
    assert (page.context["newer_url"], page.context["older_url"]) == ("", "")


def test_detail_shows_the_pages_of_the_pdf_as_pictures(browser: Browser, business: Business) -> None:
    invoice = make_issued(business, items=[{"name": f"Line {n}", "unit_price": "5"} for n in range(60)])
    pdf_of(invoice)
    page = detail(browser, invoice)
    assert page.context["progress"].sheets.count > 1
    assert f"/invoices/{invoice.pk}/pages/2?v=" in page.content.decode()
    picture = browser.get(f"/invoices/{invoice.pk}/pages/2")
    assert (picture["Content-Type"], picture.content[:4]) == ("image/png", b"\x89PNG")
    assert browser.get(f"/invoices/{invoice.pk}/pages/99").status_code == 404


def test_detail_of_a_draft_shows_how_it_will_print(browser: Browser, business: Business) -> None:
    draft = make_draft(business)
    assert detail(browser, draft).context["progress"].sheets.count == 1
    assert browser.get(f"/invoices/{draft.pk}/pages/1").status_code == 200


def test_detail_looks_again_while_the_pdf_is_made(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    page = detail(browser, invoice).content.decode()
    assert "The PDF is being made…" in page
    assert f"/invoices/{invoice.pk}/progress?look=1" in page
    pdf_of(invoice)
    part = browser.get(f"/invoices/{invoice.pk}/progress?look=1").content.decode()
    assert f"/invoices/{invoice.pk}/pages/1" in part
    assert "progress?look" not in part
    assert (
        f"/invoices/{invoice.pk}/pages/1"
        not in browser.get(f"/invoices/{invoice.pk}/progress?look=2&drawn=1").content.decode()
    )


def test_detail_does_not_look_for_ever(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    for look in (str(MOST_LOOKS), "99999999999", "-1", "x", "٣"):
        part = browser.get(f"/invoices/{invoice.pk}/progress", {"look": look}).content.decode()
        assert ("Something is still under way." in part) == (look in {str(MOST_LOOKS), "99999999999"})


def test_detail_tells_when_a_mail_has_gone(browser: Browser, business: Business) -> None:
    invoice = make_issued(business)
    pdf_of(invoice)
    delivery = send_invoice(invoice=invoice, actor=Actor.system(business.pk), at=timezone.now(), data={})
    assert "progress?look=1&amp;drawn=1" in detail(browser, invoice).content.decode()
    assert run_due()
    part = browser.get(f"/invoices/{invoice.pk}/progress?look=1&drawn=1").content.decode()
    assert "Sent by mail" in part
    assert "progress?look" not in part
    assert delivery.to[0] in part


def test_a_failed_mail_is_tried_again_once(browser: Browser, business: Business, stranger: Browser) -> None:
    invoice = make_issued(business)
    delivery = send_invoice(invoice=invoice, actor=Actor.system(business.pk), at=timezone.now(), data={})
    Delivery.objects.update(state=QueueState.RUNNING, lease_token="mine", attempts=6)
    delivery.refresh_from_db()
    fail("delivery", Lease(Delivery, delivery.pk, "mine"), delivery, OSError("no route"))
    address = f"/invoices/{invoice.pk}/mails/{delivery.pk}/again"
    page = detail(browser, invoice).content.decode()
    assert address in page
    assert "no route" in page
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    assert address not in detail(viewer, invoice).content.decode()
    assert (viewer.post(address).status_code, stranger.post(address).status_code) == (403, 404)
    assert [browser.post(address).status_code for _press in range(2)] == [302, 302]
    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (QueueState.QUEUED, 0)
    assert [event.kind for event in invoice.events.all()].count("email_queued") == 2
    assert browser.post(f"/invoices/{make_issued(business).pk}/mails/{delivery.pk}/again").status_code == 404
