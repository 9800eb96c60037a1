"""What a page reads does not grow with the rows it shows: as many queries for a few as for many."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.models import Business, User
from accounts.services.api_keys import create_api_key
from accounts.services.invitations import invite
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Invoice
from invoicing.services.corrections import write_note
from invoicing.services.drafts import save_draft
from invoicing.services.settlement import record_payment
from invoicing.services.views import save_view
from tests.factories.accounts import make_actor, make_business, make_member, owner_of
from tests.factories.clients import make_client
from tests.factories.invoicing import ITEMS, make_draft, make_issued

pytestmark = [pytest.mark.django_db, pytest.mark.slow]


class Growing:
    """A business whose rows become more, and the addresses of its pages."""

    def __init__(self) -> None:
        self.business: Business = make_business(name="Example", country="MA", currency="MAD")
        self.owner: User = owner_of(self.business)
        self.actor, self.count = make_actor(user=self.owner), 0
        self.client: Client = make_client(self.business, name="Example of many")
        self.invoice: Invoice = make_issued(self.business, self.client, [{"name": "All", "unit_price": 100000}])
        self.draft: Invoice = make_draft(self.business, self.client)
        self.grow(1)

    def grow(self, times: int) -> None:
        """Add as many of everything."""
        at = timezone.now()
        for _time in range(times):
            self.count += 1
            other = make_client(self.business, name=f"Example {self.count}")
            make_issued(self.business, other, at=at)
            make_draft(self.business, other, at=at)
            further = make_issued(self.business, self.client, at=at)
            part: dict[str, Any] = {"amount": 1, "method": "cash"}
            for invoice in (self.invoice, further):
                record_payment(invoice=invoice, actor=self.actor, at=at, data=part)
            note = {"reason": "Less", "items": [{"name": "All", "quantity": "0.0001", "unit_price": 100000}]}
            write_note(parent=self.invoice, kind="debit_note", actor=self.actor, at=at, data=note)
            make_member(self.business)
            invite(actor=self.actor, business=self.business, email=f"new{self.count}@example.com", at=at)
            create_api_key(actor=self.actor, business=self.business, data={"name": f"Key {self.count}"}, at=at)
            save_view(actor=self.actor, business=self.business, name=f"View {self.count}", query="status=paid", at=at)
            make_business(owner=self.owner, name=f"Other {self.count}")
        # A draft of many lines.
        make_lines(self.draft, self.count, Actor.system(self.business.pk))

    def addresses(self) -> dict[str, str]:
        """Return what is asked for, by name."""
        plain = (
            "home",
            "invoicing:invoice_list",
            "invoicing:invoice_new",
            "clients:client_list",
            "accounts:settings_businesses",
            "accounts:settings_members",
            "accounts:settings_api_keys",
            "accounts:settings_usage",
            "accounts:settings_taxes",
            "accounts:settings_numbering",
            "accounts:settings_security",
            "usersessions_list",
        )
        detail, edit = ("invoicing:invoice_detail", "invoicing:invoice_edit")
        return {
            **{name: reverse(name) for name in plain},
            "list, by status": reverse("invoicing:invoice_list") + "?status=issued",
            "search": reverse("search") + "?q=example",
            "selected": reverse("invoicing:selected") + "?act=pay&all=1",
            detail: reverse(detail, args=[self.invoice.pk]),
            "draft": reverse(detail, args=[self.draft.pk]),
            edit: reverse(edit, args=[self.draft.pk]),
            "credit": reverse("invoicing:invoice_credit", args=[self.invoice.pk]),
            "client": reverse("clients:client_detail", args=[self.client.pk]),
            "statement": reverse("invoicing:client_statement", args=[self.client.pk]),
            "pay": f"/pay/{self.invoice.token}",
        }


def make_lines(draft: Invoice, count: int, actor: Actor) -> None:
    items = [dict(ITEMS[0]) for _line in range(count)]
    business = draft.business
    save_draft(actor=actor, business=business, invoice=draft, data={"items": items}, at=timezone.now())


def asked(browser: Browser, address: str) -> int:
    """Return the queries of a page, the second time it is asked for."""
    browser.get(address)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        answer = browser.get(address)
    assert answer.status_code == 200, f"{address}: {answer.status_code}"
    return len(queries)


def test_no_page_reads_more_for_more_rows(settings: Any) -> None:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "100000/m")
    here, browser = Growing(), Browser()
    browser.force_login(here.owner)
    few = {name: asked(browser, address) for name, address in here.addresses().items()}
    here.grow(6)
    many = {name: asked(browser, address) for name, address in here.addresses().items()}
    assert many == few
    assert max(many.values()) <= 40
