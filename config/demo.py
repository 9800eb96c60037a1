"""A made-up business with a year of work, written through the services like everything else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from allauth.account.models import EmailAddress
from django.db import transaction

from accounts.choices import Channel
from accounts.models import Business, Delivery, User
from accounts.queries import actor_for
from accounts.services.businesses import update_business
from accounts.services.users import register
from accounts.tenancy import Actor
from clients.models import Client
from clients.services import save_client
from extraction.services.runs import Order
from extraction.services.uploads import Upload, upload_document
from invoicing.models import Invoice
from invoicing.pdf.document import render
from invoicing.services.drafts import save_draft
from invoicing.services.issuing import issue_invoice
from invoicing.services.samples import sample_of
from invoicing.services.sending import mark_sent, record_view
from invoicing.services.settlement import record_payment

BUSINESS = {
    "name": "Atelier Exemple",
    "legal_name": "Atelier Exemple SARL",
    "legal_name_ar": "أتولييه إكزمبل ش.ذ.م.م",
    "country": "MA",
    "currency": "MAD",
    "language": "fr",
    "timezone": "Africa/Casablanca",
    "address": {"street": "12, rue de l’Exemple", "city": "Casablanca", "postal_code": "20000", "country": "MA"},
    "tax_ids": [
        {"type": "ICE", "value": "001234567000062"},
        {"type": "IF", "value": "12345678"},
        {"type": "TP", "value": "34567890"},
        {"type": "RC", "value": "123456"},
    ],
    "phone": "+212522000000",
    "email": "bonjour@atelier.example",
    "bank_details": "Banque Exemple\nIBAN MA64 0111 1100 0000 1234 5678 9012",
    "payment_terms": "Net 30",
    "tax_rate": 20,
    "footer": "Merci de votre confiance.",
}
BEGAN = timedelta(days=350)  # before the demo is made
CLIENTS: dict[str, dict[str, Any]] = {
    "riad": {
        "name": "Riad Exemple",
        "email": "compta@riad.example",
        "language": "fr",
        "address": {"street": "8, derb Modèle", "city": "Marrakech", "postal_code": "40000", "country": "MA"},
        "tax_ids": [{"type": "ICE", "value": "009876543000016"}],
    },
    "dar": {
        "name": "دار المثال",
        "email": "hisabat@dar.example",
        "language": "ar",
        "address": {"street": "شارع المثال 5", "city": "الرباط", "postal_code": "10000", "country": "MA"},
    },
    "northwind": {
        "name": "Sample Harbour Ltd",
        "email": "accounts@harbour.example",
        "language": "en",
        "currency": "EUR",
        "address": {"line2": "Unit 4", "street": "Sample Quay", "city": "Dublin", "postal_code": "D02 XY00", "country": "IE"},
    },
    "coop": {
        "name": "Coopérative Modèle",
        "email": "bureau@cooperative.example",
        "language": "fr",
        "address": {"street": "3, place du Spécimen", "city": "Agadir", "postal_code": "80000", "country": "MA"},
    },
    "clinic": {
        "name": "مصحة النموذج",
        "email": "idara@clinic.example",
        "language": "ar",
        "address": {"street": "شارع العينة 21", "city": "طنجة", "postal_code": "90000", "country": "MA"},
    },
    "person": {"name": "Client Particulier", "type": "individual", "email": "particulier@mail.example", "language": "fr"},
}  # fmt: skip


@dataclass(frozen=True)
class Example:
    """An invoice of the demo: how many days ago it was issued (None: still a draft), and what came of it."""

    client: str
    items: Sequence[tuple[str, str, str]]  # name, quantity, unit price
    days_ago: int | None = None
    discount: str = "0"
    tax: str = "20"
    paid: str = ""  # "all", an amount, or nothing
    seen: bool = False
    sent: bool = True
    left_for: int = 0  # days for which nobody has touched a draft


SITE = (("Identité visuelle", "1", "15000"), ("Page web", "3", "2000"))
SITE_AR = (("تصميم الهوية البصرية", "1", "15000"), ("صفحة ويب", "3", "2000"))
UPKEEP = (("Maintenance mensuelle", "1", "1800"),)
LABELS = (("Étiquettes, trois formats", "3", "2400"), ("Livraison des fichiers", "1", "600"))
SIGNS_AR = (("لوحات إرشادية", "12", "850"), ("تركيب", "1", "1800"))
HOURS = (("Design consulting", "12.5", "85"), ("Workshop, half a day", "1", "640"))
ICONS = (("Icon set", "1", "1450"),)
EXAMPLES = (
    Example("riad", SITE, 348, discount="10", paid="all"),
    Example("coop", LABELS, 329, paid="all"),
    Example("riad", UPKEEP, 311, paid="all"),
    Example("dar", SITE_AR, 298, paid="all", seen=True),
    Example("northwind", HOURS, 281, tax="0", paid="all", seen=True),
    Example("clinic", SIGNS_AR, 264, paid="all"),
    Example("riad", UPKEEP, 250, paid="all"),
    Example("coop", SITE, 233, discount="15", paid="all", seen=True),
    Example("northwind", ICONS, 214, tax="0", paid="all", seen=True),
    Example("dar", SIGNS_AR, 203, paid="all"),
    Example("riad", UPKEEP, 190, paid="all"),
    Example("coop", LABELS, 176, paid="all", seen=True),
    Example("riad", SITE, 168, discount="10", paid="all"),
    Example("clinic", SITE_AR, 149, discount="5", paid="all"),
    Example("riad", UPKEEP, 140, paid="all"),
    Example("dar", SITE_AR, 120, paid="all", seen=True),
    Example("coop", LABELS, 108, paid="all"),
    Example("northwind", HOURS, 96, tax="0", paid="all", seen=True),
    Example("clinic", SIGNS_AR, 88, paid="all", seen=True),
    Example("riad", UPKEEP, 75, paid="all"),
    Example("coop", SITE, 67, discount="15", paid="all"),
    Example("person", (("Faire-part", "80", "12.50"),), 58, paid="400"),
    Example("dar", (("تحديث الموقع", "2", "3500"),), 47, seen=True),
    Example("clinic", SIGNS_AR, 41, paid="all", seen=True),
    Example("riad", UPKEEP, 33, paid="all"),
    Example("coop", LABELS, 29, paid="all"),
    Example("northwind", ICONS, 21, tax="0", seen=True),
    Example("clinic", SITE_AR, 16, paid="8000", seen=True),
    Example("riad", UPKEEP, 9, seen=True),
    Example("dar", SITE_AR, 4, discount="10"),
    Example("person", (("Carte de visite", "250", "1.20"),), 1, sent=False),
    Example("riad", (("Refonte du menu", "1", "5200"),), left_for=6),
    Example("northwind", HOURS, tax="0"),
)

# Whose invoices came in, how many days ago, and in which language
SUPPLIERS: tuple[tuple[int, dict[str, Any], str], ...] = (
    (19, {"name": "Papeterie Modèle", "legal_name": "Papeterie Modèle SARL", "email": "ventes@papeterie.example", "bank_details": ""}, "fr"),
    (
        8,
        {
            "name": "Sample Hosting Ltd", "legal_name": "Sample Hosting Ltd", "country": "IE", "currency": "EUR",
            "tax_ids": [], "email": "billing@hosting.example", "bank_details": "",
            "address": {"street": "2 Sample Quay", "city": "Dublin", "postal_code": "D02 XY00", "country": "IE"},
        },
        "en",
    ),
    (
        2,
        {
            "name": "مؤسسة العينة للطباعة", "legal_name": "Sample Print Est.", "legal_name_ar": "مؤسسة العينة للطباعة",
            "country": "SA", "currency": "SAR", "tax_ids": [], "vat_number": "300000000000003", "tax_rate": 15,
            "email": "sales@print.example",
            "address": {
                "building_number": "1234", "street": "طريق المثال", "district": "حي العينة", "city": "الرياض",
                "postal_code": "12345", "country": "SA",
            },
        },
        "ar",
    ),
)  # fmt: skip


def fill(*, email: str, password: str, at: datetime) -> User:
    """Make the demo user with a business full of examples, all or nothing; return the user who is there already."""
    with transaction.atomic():
        user = User.objects.filter(email=email).first() or _user(email, password, at - BEGAN)
        actor = actor_for(user, channel=Channel.SYSTEM)
        business = Business.objects.get(pk=actor.default_business_id)
        if not Invoice.objects.filter(business=business).exists():
            _work(business, actor, at)
    return user


def _user(email: str, password: str, at: datetime) -> User:
    user = register(email=email, username="demo", password="set below, once checked", language="en", at=at)  # noqa: S106 -- replaced at once
    EmailAddress.objects.filter(user=user).update(verified=True)
    user.set_password(password)
    # Staff too, so that the admin can be looked at; there is no such user in production.
    user.is_staff = user.is_superuser = True
    user.save()
    Delivery.objects.filter(to=[email]).delete()  # nobody reads it
    return user


def _work(business: Business, actor: Actor, at: datetime) -> None:
    begin = at - BEGAN
    business = update_business(actor=actor, business=business, data=BUSINESS, at=begin)
    clients = {name: save_client(actor=actor, business=business, data=data, at=begin) for name, data in CLIENTS.items()}
    for example, moment in _moments(at):
        _invoice(example, business, clients[example.client], actor, moment, at)
    _documents(business, actor, at)


def _documents(business: Business, actor: Actor, at: datetime) -> None:
    """Let suppliers' invoices have come in, which the worker reads; our own code draws them."""
    for days, supplier, language in SUPPLIERS:
        moment = at - timedelta(days=days)
        paper = render(sample_of(actor=actor, business=business, data=supplier, at=moment, language=language))
        name = f"{supplier['name'].split()[0].lower()}-{moment:%Y-%m}.pdf"
        upload_document(actor=actor, business=business, file=Upload(name, paper), data={}, order=Order(), at=moment)


def _moments(at: datetime) -> Iterator[tuple[Example, datetime]]:
    for example in EXAMPLES:
        yield example, at - timedelta(days=example.days_ago or example.left_for)


def _invoice(
    example: Example, business: Business, client: Client, actor: Actor, moment: datetime, at: datetime
) -> None:
    export = {"tax_category": "G", "exemption_reason": "Export of services"} if example.tax == "0" else {}
    data = {
        "client_id": client.pk,
        "items": [
            {"name": name, "quantity": quantity, "unit_price": price, "tax_rate": example.tax, **export}
            for name, quantity, price in example.items
        ],
        "discount_rate": example.discount,
    }
    invoice = save_draft(actor=actor, business=business, data=data, at=moment)
    if example.days_ago is None:
        return
    invoice = issue_invoice(invoice=invoice, actor=actor, at=moment)
    if example.sent:
        invoice = mark_sent(invoice=invoice, actor=actor, at=moment)
    if example.seen:
        record_view(token=invoice.token, actor=Actor(ip="203.0.113.7"), at=min(moment + timedelta(days=1), at))
    if example.paid:
        when = min(moment + timedelta(days=17), at)
        amount = invoice.total if example.paid == "all" else example.paid
        payment = {"amount": amount, "method": "bank_transfer"}
        record_payment(invoice=invoice, actor=actor, at=when, data=payment)
