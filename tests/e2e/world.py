"""What the pages are looked at with: a business with documents in every status, one with the longest values, an empty one."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from allauth.account.internal.flows import login
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.conf import settings
from django.test import Client as Session
from django.utils import timezone, translation

from accounts.choices import Role
from accounts.mail import file_of
from accounts.models import Business, Delivery, User
from accounts.queue import run_due, run_one
from accounts.services.api_keys import create_api_key
from accounts.services.invitations import invite
from accounts.services.users import register, request_password_reset, reset_key
from accounts.tenancy import Actor
from accounts.web.dev_mail import read
from clients.models import Client
from config.demo import fill
from extraction.models import Document
from extraction.services.runs import Order, refetch
from extraction.services.verifying import correct
from invoicing.models import Invoice, Payment
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.sending import mark_sent, record_view, send_invoice
from invoicing.services.settlement import record_payment, record_refund
from invoicing.services.views import save_view
from payments.services.inbox import keep_message
from tests.extraction import papers, printed
from tests.factories.accounts import make_actor, make_business, make_member, make_user
from tests.factories.clients import make_client
from tests.factories.extraction import make_document, make_read
from tests.factories.invoicing import make_draft, make_issued

LONG_NAME = ("Society of the Examples for Trade, Transport and Unusually Long Names " * 4)[:200].strip()
LONG_WORD = "Exemplarisch" * 16
ARABIC_NAME = "مؤسسة المثال للتجارة والمقاولات العامة والخدمات اللوجستية المحدودة"
DIGITS = "1234567890" * 4
GREAT_PRICE = "999999999999.99"
WRONG_IBAN = "MA64011519000001205000534999"

# Who looks; each has a window of their own.
NOBODY, OWNER, NEWCOMER, VIEWER, LONG, SECURED, HOMELESS = (
    "nobody",
    "owner",
    "newcomer",
    "viewer",
    "long",
    "secured",
    "homeless",
)


@dataclass
class World:
    """All that is there, by name."""

    users: Mapping[str, User]
    business: Business
    invoices: Mapping[str, Invoice]
    clients: Mapping[str, Client]
    payments: Mapping[str, Payment]
    long_invoices: Mapping[str, Invoice]
    long_client: Client
    documents: Mapping[str, Document]  # those of suppliers
    long_document: Document
    invitation: str  # its token
    verification: str  # the key in the mail
    reset: str  # likewise
    mail: str  # the name of a mail's file
    view: str  # of the owner's list

    def cookie_of(self, who: str) -> str | None:
        """Return the cookie of a fresh session in which the person has just said their password."""
        user = self.users.get(who)
        if user is None:
            return None
        session = Session()
        session.force_login(user)
        kept = session.session
        said: dict[str, Any] = {"at": time.time(), "reauthenticated": True}
        kept[login._AUTHENTICATION_METHODS_USER_SESSION_KEY] = str(user.pk)
        kept[login.AUTHENTICATION_METHODS_SESSION_KEY] = [
            said | {"method": "password", "email": user.email},
            *([said | {"method": "mfa", "type": "totp"}] if who == SECURED else []),
        ]
        kept.save()
        return session.cookies["sessionid"].value


def make_world(language: str = "en") -> World:
    """Make it; everybody speaks the language."""
    with translation.override("en"):
        return _make(language, timezone.now())


def _make(language: str, at: datetime) -> World:
    owner = fill(email="owner@example.com", password="demo", at=at)
    business = Business.objects.get()
    actor = Actor.system(business.pk)
    users = {
        OWNER: owner,
        NEWCOMER: make_business(name="New Example", country="MA").memberships.get().user,
        VIEWER: make_member(business, Role.VIEWER, full_name="Viewer Example"),
        SECURED: make_business(name="Secured Example").memberships.get().user,
        HOMELESS: make_user(full_name="Homeless Example"),
    }
    TOTP.activate(users[SECURED], generate_totp_secret())
    RecoveryCodes.activate(users[SECURED])
    invoices = {**_of_the_demo(business), **_others(business, actor, at)}
    clients = {
        "filled": Client.objects.filter(business=business, invoices__isnull=False).distinct().order_by("name")[0],
        "bare": make_client(business, name="Bare Example"),
        "archived": make_client(business, name="Archived Example", archived_at=at),
    }
    create_api_key(actor=actor, business=business, data={"name": "Shop"}, at=at)
    keep_message(
        business_id=business.pk,
        method="POST",
        query="source=shop",
        headers={"Content-Type": "application/json", "X-Trace": LONG_WORD[:300]},
        body=b'{"order": 1042, "note": "' + LONG_WORD[:300].encode() + b'"}',
        ip="203.0.113.7",
        at=at,
    )
    make_member(business, Role.MEMBER, full_name="Member Example")
    offered = invite(actor=actor, business=business, email="invited@example.com", at=at)
    register(email="unverified@example.com", username="unverified", password="seven quiet lamps", language="en", at=at)
    request_password_reset(email=owner.email)
    send_invoice(invoice=invoices["sent"], actor=actor, at=at, data={"to_email": "client@example.com"})
    run_due(limit=100)
    person = make_actor(user=owner)
    view = save_view(
        actor=person, business=business, name="Late in dirhams", query="status=overdue&currency=MAD", at=at
    )
    users[LONG], long_client, long_invoices = _long(at)
    documents = _documents(business, person, at)
    long_document = _long_document(users[LONG].memberships.get().business)
    User.objects.update(language=language)
    mails = dict(_mails())
    return World(
        users={who: User.objects.get(pk=user.pk) for who, user in users.items()},
        business=business,
        invoices=invoices,
        clients=clients,
        payments={invoice.pk: payment for payment in Payment.objects.all() for invoice in [payment.invoice]},
        long_invoices=long_invoices,
        long_client=long_client,
        documents=documents,
        long_document=long_document,
        invitation=_key(mails[offered.email], "/invitations/"),
        verification=_key(mails["unverified@example.com"], "/accounts/confirm-email/"),
        reset=reset_key(owner),
        view=view.pk,
        mail=file_of(Delivery.objects.filter(to=["client@example.com"]).latest("created_at").message_id).stem,
    )


def _of_the_demo(business: Business) -> dict[str, Invoice]:
    rows = Invoice.objects.filter(business=business).order_by("created_at", "number")
    issued = rows.filter(state="issued")
    late = issued.filter(amount_due__gt=0, overdue_at__lt=timezone.now())
    return {
        "draft": rows.filter(state="draft")[0],
        "paid": issued.filter(settlement="paid")[0],
        "overdue": late.filter(amount_paid=0)[0],
        "partly paid": issued.filter(amount_paid__gt=0, amount_due__gt=0)[0],
    }


def _others(business: Business, actor: Actor, at: datetime) -> dict[str, Invoice]:
    """Make a document of each status that the demo has none of."""
    names = ("issued", "sent", "viewed", "cancelled", "refunded", "credited", "debited")
    made = {name: make_issued(business, actor=actor, at=at - timedelta(hours=1)) for name in names}
    mark_sent(invoice=made["sent"], actor=actor, at=at)
    mark_sent(invoice=made["viewed"], actor=actor, at=at)
    record_view(token=made["viewed"].token, actor=Actor(ip="203.0.113.7"), at=at)
    cancel_invoice(invoice=made["cancelled"], actor=actor, at=at)
    full = {"amount": made["refunded"].total, "method": "cash"}
    record_refund(
        payment=record_payment(invoice=made["refunded"], actor=actor, at=at, data=full), actor=actor, at=at, data={}
    )
    note: dict[str, Any] = {"reason": "Sent back", "issue": True}
    made["credit note"] = write_note(parent=made["credited"], kind="credit_note", actor=actor, at=at, data=note)
    note["items"] = [{"name": "Freight", "quantity": 1, "unit_price": 20, "tax_rate": 20}]
    made["debit note"] = write_note(parent=made["debited"], kind="debit_note", actor=actor, at=at, data=note)
    return {name: Invoice.objects.get(pk=invoice.pk) for name, invoice in made.items()}


def _documents(business: Business, person: Actor, at: datetime) -> dict[str, Document]:
    """Make a supplier's document in each state."""
    made = {
        "verified": make_read(business, printed.invoice(number="F-2026/0801"), name="al-boughaz_0801.pdf"),
        "to verify": make_read(business, printed.invoice(pages=2, iban=WRONG_IBAN), name="al-boughaz_0883.pdf"),
        "read twice": make_read(business, printed.invoice(number="F-2026/0884"), name="al-boughaz_0884.pdf"),
        "unreadable": make_read(business, papers.plain(), name="blank.pdf"),
        "new": make_document(business, printed.invoice(number="F-2026/0885"), name="al-boughaz_0885.pdf"),
        "queued": make_document(business, printed.invoice(number="F-2026/0886"), order=Order(), name="al-boughaz_0886.pdf"),
    }  # fmt: skip
    correct(document=made["verified"], actor=person, at=at, data={"manual_verified": True})
    correct(document=made["read twice"], actor=person, at=at, data={"data": {"total": "7081"}})
    run = refetch(document=made["read twice"], actor=person, at=at, data={"engine": "embedded"})
    run_one("extraction", pk=run.pk)
    return {name: Document.objects.get(pk=document.pk) for name, document in made.items()}


def _long_document(business: Business) -> Document:
    lines = ((LONG_NAME, DIGITS[:12], GREAT_PRICE, GREAT_PRICE), (LONG_WORD[:180], "1", "1.00", "1.00"))
    said = {"number": DIGITS, "vendor": LONG_NAME, "buyer": LONG_WORD[:180], "tax_id": DIGITS, "iban": DIGITS}
    return make_read(business, printed.invoice(**said, lines=lines, total=GREAT_PRICE), name=f"{LONG_WORD[:180]}.pdf")


def _long(at: datetime) -> tuple[User, Client, dict[str, Invoice]]:
    """Make a business in which everything is as long as it may be."""
    business = make_business(
        name=LONG_NAME,
        legal_name=LONG_NAME,
        legal_name_ar=ARABIC_NAME,
        country="MA",
        currency="MAD",
        email=f"{'long' * 12}@example.com",
        owner=make_user(full_name=LONG_NAME[:150], email=f"{'owner' * 10}@example.com"),
        bank_details=f"Bank of the Examples\nIBAN {DIGITS}",
    )
    actor = Actor.system(business.pk)
    client = make_client(business, name=LONG_NAME, name_ar=ARABIC_NAME, email=f"{'client' * 8}@example.com")
    arabic = make_client(business, name=ARABIC_NAME)
    worded = make_client(business, name=LONG_WORD[:190])
    items = [
        {"name": LONG_NAME, "quantity": "1", "unit_price": GREAT_PRICE},
        {"name": LONG_WORD[:180], "description": ARABIC_NAME * 4, "quantity": "1234567.891", "unit_price": "1.23"},
    ]
    more = {"reference": DIGITS, "notes": LONG_WORD + ARABIC_NAME, "invoice_number": f"INV-{DIGITS}"}
    made = {"draft": make_draft(business, client, items, actor=actor, at=at, reference=DIGITS, notes=LONG_WORD)}
    made["overdue"] = make_issued(business, arabic, items, actor=actor, at=at - timedelta(days=90), reference=DIGITS)
    made["issued"] = make_issued(business, client, items, actor=actor, at=at, **more)
    made["word"] = make_issued(business, worded, items, actor=actor, at=at, currency="USD")
    part = {"amount": "123456789012.34", "method": "bank_transfer", "reference": DIGITS}
    record_payment(invoice=made["issued"], actor=actor, at=at, data=part)
    user = business.memberships.get().user
    return user, client, {name: Invoice.objects.get(pk=invoice.pk) for name, invoice in made.items()}


def _mails() -> Iterator[tuple[str, str]]:
    for path in Path(settings.MAIL_DIR).glob("*.eml"):
        mail = read(path)
        yield mail.to, mail.text


def _key(text: str, path: str) -> str:
    return text.partition(path)[2].split()[0].strip("/")
