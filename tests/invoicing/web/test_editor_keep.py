from __future__ import annotations

from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone

from accounts.choices import Role
from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice
from invoicing.services.drafts import delete_draft, save_draft
from invoicing.services.issuing import issue_invoice
from tests.factories.accounts import make_member
from tests.factories.invoicing import make_draft
from tests.invoicing.web.conftest import line

pytestmark = pytest.mark.django_db
KEEP, NEW = "/invoices/keep", "/invoices/new"


@pytest.fixture
def sent(customer: Client) -> dict[str, str]:
    return {"once": "page-1", "invoice": "", "version": "", "client_id": customer.pk, "currency": "MAD"} | line(
        0, "Identity", "100"
    )


def of(invoice: Invoice, sent: dict[str, str], **more: str) -> dict[str, str]:
    return sent | {"invoice": invoice.pk, "version": str(invoice.version)} | more


def changed_elsewhere(invoice: Invoice) -> None:
    actor = Actor.system(invoice.business_id)
    save_draft(actor=actor, business=invoice.business, data={"notes": "Theirs"}, at=timezone.now(), invoice=invoice)


def test_what_is_typed_becomes_a_draft_once_for_a_page(browser: Browser, sent: dict[str, str]) -> None:
    first = browser.post(KEEP, sent)
    invoice = Invoice.objects.get()
    assert (first.status_code, first.context["invoice"], invoice.version) == (200, invoice, 1)
    again = browser.post(KEEP, sent | line(0, "Identity", "150"))
    assert (Invoice.objects.count(), again.context["invoice"].version) == (1, 2)
    assert Invoice.objects.get().subtotal == 150


def test_the_button_saves_the_draft_that_the_page_has_not_heard_of(browser: Browser, sent: dict[str, str]) -> None:
    browser.post(KEEP, sent)
    browser.post(NEW, sent | line(0, "Identity", "200") | {"act": "save"})
    assert [(each.subtotal, each.version) for each in Invoice.objects.all()] == [(200, 2)]


def test_a_page_that_comes_back_after_the_issue_writes_another(browser: Browser, sent: dict[str, str]) -> None:
    browser.post(KEEP, sent)
    browser.post(NEW, sent | {"act": "issue"})
    browser.post(NEW, sent | line(0, "Something else", "5") | {"act": "save"})
    assert sorted(Invoice.objects.values_list("state", flat=True)) == ["draft", "issued"]


def test_a_draft_is_changed_at_the_version_the_page_has_read(
    browser: Browser, business: Business, sent: dict[str, str]
) -> None:
    invoice = make_draft(business)
    kept = browser.post(KEEP, of(invoice, sent))
    assert f'data-version="{invoice.version + 1}"' in kept.content.decode()
    assert Invoice.objects.get().lines.get().name == "Identity"


def test_what_somebody_else_saved_is_not_overwritten(
    browser: Browser, business: Business, sent: dict[str, str]
) -> None:
    invoice = make_draft(business)
    version = invoice.version
    changed_elsewhere(invoice)
    lost = browser.post(KEEP, of(invoice, sent, version=str(version)))
    now = Invoice.objects.get()
    assert (lost.status_code, lost.context["kind"], now.notes) == (409, "changed", "Theirs")
    assert f'data-version="{now.version}"' in lost.content.decode()
    assert browser.post(KEEP, of(now, sent)).status_code == 200


def test_an_answer_that_got_lost_does_not_set_a_page_against_itself(
    browser: Browser, business: Business, sent: dict[str, str]
) -> None:
    invoice = make_draft(business)
    browser.post(KEEP, of(invoice, sent))
    again = browser.post(KEEP, of(invoice, sent) | line(0, "Identity", "300"))
    assert (again.status_code, Invoice.objects.get().subtotal) == (200, 300)
    other = browser.post(KEEP, of(invoice, sent, once="page-2"))
    assert other.status_code == 409


def test_what_was_issued_or_deleted_meanwhile_stays_so(
    browser: Browser, business: Business, sent: dict[str, str]
) -> None:
    invoice = make_draft(business)
    version = str(invoice.version)
    issued = issue_invoice(invoice=invoice, actor=Actor.system(business.pk), at=timezone.now())
    answer = browser.post(KEEP, of(invoice, sent, version=version))
    assert (answer.status_code, answer.context["kind"]) == (409, "issued")
    assert str(issued.number) in answer.content.decode()
    draft = make_draft(business)
    delete_draft(actor=Actor.system(business.pk), invoice=Invoice.objects.get(pk=draft.pk))
    gone = browser.post(KEEP, of(draft, sent))
    assert (gone.status_code, gone.context["kind"], Invoice.objects.count()) == (409, "gone", 1)


@pytest.mark.parametrize(
    "unfinished",
    [
        {"client_id": "", "client_name": "Somebody"},
        {"items-0-name": "", "items-0-unit_price": ""},
        {"items-0-unit_price": ""},
        {"items-0-unit_price": "dear"},
        {"due_date": "soon"},
    ],
)
def test_what_is_not_finished_waits(browser: Browser, sent: dict[str, str], unfinished: dict[str, str]) -> None:
    answer = browser.post(KEEP, sent | unfinished)
    assert (answer.status_code, Invoice.objects.count(), Client.objects.count()) == (202, 0, 1)
    assert "Not saved yet" in answer.content.decode()


def test_only_who_may_write_keeps_a_draft(
    stranger: Browser, business: Business, sent: dict[str, str], browser: Browser
) -> None:
    member, viewer = Browser(), Browser()
    member.force_login(make_member(business, Role.MEMBER))
    viewer.force_login(make_member(business, Role.VIEWER))
    invoice = make_draft(business)
    statuses: list[Any] = [each.post(KEEP, of(invoice, sent)).status_code for each in (member, viewer)]
    assert statuses == [200, 403]
    refused = stranger.post(KEEP, of(invoice, sent))
    assert (refused.status_code, refused.context["kind"], refused.context["invoice"]) == (409, "gone", None)
