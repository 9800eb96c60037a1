"""Handing invoices over: the mail that is queued, sent and noted."""

from __future__ import annotations

import email.policy
from datetime import UTC, datetime
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pypdfium2
import pytest
from django.conf import settings

from accounts.errors import NotAllowed, NotFound, QuotaExceeded, RateLimited
from accounts.models import Business, Delivery, Plan
from accounts.queue import Lease, fail, run_due, run_one
from accounts.tenancy import Actor
from invoicing.domain.lifecycle import status
from invoicing.errors import ImpossibleMove, InvalidInvoice, NoRecipient
from invoicing.models import Artifact, Invoice
from invoicing.services.corrections import cancel_invoice
from invoicing.services.papers import pdf_of
from invoicing.services.sending import mark_sent, record_view, send_invoice
from tests.factories.accounts import make_actor, make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio Test", email="studio@example.com", currency="USD")


@pytest.fixture
def invoice(business: Business) -> Invoice:
    return make_issued(business, make_client(business, email="client@example.com"), at=AT)


@pytest.fixture(autouse=True)
def mail_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(settings, "MAIL_DIR", tmp_path)
    return tmp_path


def send(invoice: Invoice, actor: Actor | None = None, **data: Any) -> Delivery:
    return send_invoice(invoice=invoice, actor=actor or Actor.system(invoice.business_id), at=AT, data=data)


def mails(folder: Path) -> list[EmailMessage]:
    return [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in folder.glob("*.eml")]


def test_sent_invoice_brings_its_pdf_once(invoice: Invoice, mail_folder: Path) -> None:
    delivery = send(invoice, cc=["copy@example.com"], subject="Your invoice", message="Hello <b>you</b>")
    assert status(Invoice.objects.get(), at=AT) == "issued"
    assert run_due() == 1  # the mail renders and keeps the paper that it brings
    assert run_due() == 0
    (mail,) = mails(mail_folder)
    assert (mail["To"], mail["Cc"], mail["Subject"]) == ("client@example.com", "copy@example.com", "Your invoice")
    assert mail["Reply-To"] == "studio@example.com"
    (paper,) = mail.iter_attachments()
    assert (paper.get_filename(), paper.get_content_type()) == ("invoice_INV-2026-0001.pdf", "application/pdf")
    invoice.refresh_from_db()
    assert paper.get_content() == pdf_of(invoice)
    assert "INV-2026-0001" in pypdfium2.PdfDocument(paper.get_content())[0].get_textpage().get_text_range()
    html = mail.get_body(("html",))
    assert html is not None
    assert "Hello &lt;b&gt;you&lt;/b&gt;" in html.get_content()
    assert f"/pay/{invoice.token}" in html.get_content()
    assert invoice.sent_at == invoice.email_sent_at is not None
    assert status(invoice, at=AT) == "sent"
    assert invoice.events.all()[0].kind == "email_sent"
    delivery.refresh_from_db()
    assert delivery.state == "done"


@pytest.mark.parametrize(("language", "word"), [("ar", "فاتورة"), ("fr", "Facture"), ("en", "Invoice")])
def test_mail_speaks_the_invoices_language(business: Business, mail_folder: Path, language: str, word: str) -> None:
    send(make_issued(business, language=language, at=AT))
    run_due()
    (mail,) = mails(mail_folder)
    text = mail.get_body(("plain",))
    assert text is not None
    assert word in mail["Subject"]
    assert mail["Content-Language"] == language


def test_draft_is_issued_when_it_is_sent(business: Business) -> None:
    draft = make_draft(business, at=AT)
    send(draft)
    draft.refresh_from_db()
    assert (draft.number, draft.state) == ("INV-2026-0001", "issued")


def test_mail_that_cannot_go_is_noted(invoice: Invoice) -> None:
    delivery = send(invoice)
    Delivery.objects.filter(pk=delivery.pk).update(state="running", lease_token="mine", attempts=6)
    delivery.refresh_from_db()
    fail("delivery", Lease(Delivery, delivery.pk, "mine"), delivery, OSError("no route"))
    invoice.refresh_from_db()
    assert (invoice.sent_at, invoice.email_sent_at) == (None, None)
    assert invoice.events.get(kind="email_failed").data["to"] == "client@example.com"


def test_mail_before_the_paper_is_stored_renders_it(invoice: Invoice, mail_folder: Path) -> None:
    send(invoice)
    assert run_one("delivery")
    assert len(mails(mail_folder)) == 1
    artifact = Artifact.objects.get()
    assert (artifact.state, artifact.sha256) == ("done", Invoice.objects.get().pdf_sha256)
    assert run_due() == 0


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"to_email": "nobody"}, {"to_email"}),
        ({"cc": ["a@example.com", "b"]}, {"cc[1]"}),
        ({"cc": ["a@example.com"] * 11}, {"cc"}),
        ({"subject": "x" * 201}, {"subject"}),
        ({"message": "a\x00"}, {"message"}),
    ],
)
def test_bad_message_names_the_fields_and_sends_nothing(
    business: Business, data: dict[str, Any], fields: set[str]
) -> None:
    draft = make_draft(business, at=AT)
    with pytest.raises(InvalidInvoice) as error:
        send(draft, **data)
    assert set(error.value.errors) == fields
    draft.refresh_from_db()
    assert (draft.state, Delivery.objects.count()) == ("draft", 0)


def test_invoice_without_an_address_names_the_field(business: Business) -> None:
    draft = make_draft(business, client_name="By post", at=AT)
    with pytest.raises(NoRecipient) as error:
        send(draft)
    assert set(error.value.errors) == {"to_email"}


def test_cancelled_invoice_is_not_sent(invoice: Invoice) -> None:
    cancel_invoice(invoice=invoice, actor=Actor.system(invoice.business_id), at=AT)
    with pytest.raises(ImpossibleMove):
        send(invoice.__class__.objects.get())


def test_mails_are_limited_by_user_and_by_plan(business: Business, invoice: Invoice) -> None:
    actor = make_actor(business)
    for _number in range(5):
        send(invoice, actor)
    with pytest.raises(RateLimited):
        send(invoice, actor)
    business.plan = Plan.objects.get(code="free")
    business.save()
    with pytest.raises(QuotaExceeded):
        send(invoice, make_actor(business))
    assert Delivery.objects.count() == 5


def test_invoice_on_its_way_is_taken_back_by_a_note(invoice: Invoice) -> None:
    send(invoice)
    done = cancel_invoice(invoice=invoice, actor=Actor.system(invoice.business_id), at=AT)
    assert done.credit_note is not None


def test_sending_is_for_members_not_for_viewers_or_outsiders(invoice: Invoice, business: Business) -> None:
    send(invoice, make_actor(business, "member"))
    with pytest.raises(NotAllowed):
        send(invoice, make_actor(business, "viewer"))
    with pytest.raises(NotFound):
        send(invoice, make_actor())
    assert Delivery.objects.count() == 1


def test_view_counts_once_and_never_by_a_member(invoice: Invoice, business: Business) -> None:
    member, stranger = make_actor(business, "viewer"), Actor(ip="203.0.113.9")
    assert record_view(token=invoice.token, actor=member, at=AT) is False
    assert record_view(token=invoice.token, actor=stranger, at=AT) is True
    assert record_view(token=invoice.token, actor=stranger, at=AT) is False
    event = invoice.events.get(kind="viewed")
    assert (event.channel, event.ip, event.actor_id) == ("public", "203.0.113.9", "")
    invoice.refresh_from_db()
    assert status(invoice, at=AT) == "viewed"


def test_marked_sent_issues_a_draft(business: Business) -> None:
    sent = mark_sent(invoice=make_draft(business, at=AT), actor=Actor.system(business.pk), at=AT)
    assert (sent.number, sent.sent_at, sent.email_sent_at) == ("INV-2026-0001", AT, None)


def test_arabic_mail_names_the_seller_in_arabic(mail_folder: Path) -> None:
    business = make_business(legal_name="Atelier Test", legal_name_ar="أتولييه الاختبار", currency="USD")
    send(make_issued(business, language="ar", at=AT))
    send(make_issued(business, language="fr", at=AT))
    run_due()
    names = ["أتولييه الاختبار" in mail["Subject"] for mail in mails(mail_folder)]
    assert sorted(names) == [False, True]
