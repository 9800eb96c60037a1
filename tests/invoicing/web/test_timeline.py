from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.html import strip_tags

from accounts.choices import Channel
from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Event, Invoice
from invoicing.services.corrections import cancel_invoice
from invoicing.services.drafts import duplicate_invoice, save_draft
from invoicing.services.issuing import issue_invoice
from invoicing.services.sending import mark_sent, record_view, send_invoice
from invoicing.services.settlement import record_payment
from invoicing.web.timeline import LOOKS, timeline
from tests.factories.accounts import make_actor
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 5, 9, 30, tzinfo=UTC)


def titles(invoice: Invoice) -> list[str]:
    return [strip_tags(entry["title"]).replace("\u00a0", " ") for entry in timeline(invoice)]


def details(invoice: Invoice) -> list[str]:
    return [strip_tags(entry["detail"]) for entry in timeline(invoice)]


def test_timeline_tells_in_words_newest_first(business: Business, customer: Client) -> None:
    actor = make_actor(business)
    invoice = make_issued(business, customer, actor=actor, at=AT)
    send_invoice(invoice=invoice, actor=actor, at=AT, data={})
    record_view(token=invoice.token, actor=Actor(channel=Channel.PUBLIC), at=AT + timedelta(hours=1))
    record_payment(invoice=invoice, actor=actor, at=AT + timedelta(days=1), data={"amount": "100", "method": "cash"})
    assert titles(invoice) == [
        "Payment of MAD 100.00 recorded", "Opened by the client", "Mail is on its way", "Issued as INV-2026-0001",
        "Draft begun",
    ]  # fmt: skip
    assert details(invoice) == [
        f"09:30 · {actor.name} · Cash", "10:30 · on the public page", f"09:30 · {actor.name} · compta@example.com",
        f"09:30 · {actor.name}", f"09:30 · {actor.name}",
    ]  # fmt: skip


def test_timeline_puts_what_was_ordered_at_once_into_its_order(business: Business) -> None:
    for _try in range(5):
        invoice = make_draft(business, at=AT)
        send_invoice(invoice=invoice, actor=Actor.system(business.pk), at=AT, data={})
        assert [entry["icon"] for entry in timeline(invoice)] == ["mail", "lock", "pencil"]


def test_timeline_shows_changes_of_a_draft_in_a_row_as_one(business: Business) -> None:
    invoice = make_draft(business, at=AT)
    for minute in (1, 2, 3):
        save_draft(
            actor=Actor.system(business.pk), business=business, data={"notes": str(minute)},
            at=AT + timedelta(minutes=minute), invoice=invoice,
        )  # fmt: skip
    assert titles(invoice) == ["Draft changed", "Draft begun"]


def test_timeline_names_copies_and_credit_notes(business: Business) -> None:
    actor = Actor.system(business.pk)
    invoice = mark_sent(invoice=make_issued(business, at=AT), actor=actor, at=AT)
    note = cancel_invoice(invoice=invoice, actor=actor, at=AT).credit_note
    assert note is not None
    assert titles(invoice)[0] == "Credit note over MAD 360.00 issued"
    assert details(note)[-1] == "09:30 · To INV-2026-0001"
    assert details(duplicate_invoice(actor=actor, invoice=invoice, at=AT)) == ["09:30 · From a copy of INV-2026-0001"]


def test_timeline_says_who_came_by_the_api(business: Business) -> None:
    invoice = make_draft(business, actor=make_actor(business, channel=Channel.API), at=AT)
    assert details(invoice)[0].endswith(" by the API")


def test_timeline_escapes_what_people_wrote(business: Business) -> None:
    invoice = make_draft(business, at=AT)
    Event.objects.update(actor_name="<b>", channel=Channel.BROWSER)
    assert "&lt;b&gt;" in timeline(invoice)[0]["detail"]


def test_every_kind_of_event_has_words(business: Business) -> None:
    issue_invoice(invoice=make_draft(business, at=AT), actor=Actor.system(business.pk), at=AT)
    assert set(Event.objects.values_list("kind", flat=True)) <= set(LOOKS)
