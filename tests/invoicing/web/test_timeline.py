from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from django.utils.html import strip_tags

from accounts.choices import Channel
from accounts.models import Business, Delivery
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Event, Invoice
from invoicing.services.corrections import cancel_invoice
from invoicing.services.drafts import duplicate_invoice, edit_invoice, save_draft
from invoicing.services.issuing import issue_invoice
from invoicing.services.sending import InvoiceMail, mark_sent, record_view, send_invoice
from invoicing.services.settlement import record_payment
from invoicing.web.timeline import LOOKS, is_under_way, timeline
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


def deliver(delivery: Delivery) -> None:
    InvoiceMail.delivered(delivery, AT + timedelta(minutes=1))


def test_timeline_tells_of_a_mail_once(business: Business, customer: Client) -> None:
    actor = make_actor(business)
    invoice = make_issued(business, customer, actor=actor, at=AT)
    for _mail in range(2):
        deliver(send_invoice(invoice=invoice, actor=actor, at=AT, data={}))
    send_invoice(invoice=invoice, actor=actor, at=AT + timedelta(minutes=2), data={}, reminder=True)
    assert titles(invoice)[:3] == ["Reminder is on its way", "Sent by mail", "Sent by mail"]
    assert details(invoice)[1] == f"09:31 · {actor.name} · compta@example.com"


def test_timeline_joins_a_mail_whose_outcome_does_not_name_it(business: Business, customer: Client) -> None:
    actor = make_actor(business)
    invoice = make_issued(business, customer, actor=actor, at=AT)
    deliver(send_invoice(invoice=invoice, actor=actor, at=AT, data={}))
    Event.objects.filter(kind="email_sent").update(data={"to": "compta@example.com"})
    assert titles(invoice)[0:2] == ["Sent by mail", "Issued as INV-2026-0001"]
    assert actor.name in details(invoice)[0]


def test_timeline_says_when_a_mail_is_tried_again(business: Business, customer: Client) -> None:
    actor = make_actor(business)
    invoice = make_issued(business, customer, actor=actor, at=AT)
    delivery = send_invoice(invoice=invoice, actor=actor, at=AT, data={})
    delivery.attempts, delivery.last_error, delivery.run_after = 1, "OSError: greylisted", AT + timedelta(minutes=5)
    (told, *_rest) = timeline(invoice, deliveries=[delivery])
    assert told["title"] == "The mail could not be sent yet"
    assert strip_tags(told["detail"]).endswith("tried again at 09:35 · greylisted")
    assert not is_under_way(delivery, at=AT)


def test_timeline_says_what_of_an_issued_invoice_was_changed(business: Business) -> None:
    actor = make_actor(business)
    invoice = make_issued(business, actor=actor, at=AT)
    edit_invoice(invoice=invoice, actor=actor, at=AT, data={"reference": "PO 1", "notes": "Soon"})
    assert details(invoice)[0] == f"09:30 · {actor.name} · Client’s reference, Notes"
