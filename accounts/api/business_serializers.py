"""What a business looks like in the API. These describe; ``accounts.services.businesses`` decides what is right."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.serializers import AddressField
from accounts.choices import Digits, Language, Look, Metric, PaperSize, Role, SecondLanguage

ADDRESS = {"street": "Rue des Orangers", "building_number": "12", "city": "Casablanca", "country": "MA"}
WRITTEN = {
    "name": "Studio Atlas",
    "legal_name": "Studio Atlas SARL",
    "country": "MA",
    "language": "fr",
    "timezone": "Africa/Casablanca",
    "address": ADDRESS,
    "tax_ids": [{"type": "ICE", "value": "001561191000066"}],
    "tax_rate": 20,
    "payment_terms": "Net 30",
}
READ = {
    "id": "biz_8sK1pQw5VnC6yHt2RzJe",
    "name": "Studio Atlas",
    "legal_name": "Studio Atlas SARL",
    "legal_name_ar": "",
    "country": "MA",
    "currency": "MAD",
    "language": "fr",
    "timezone": "Africa/Casablanca",
    "address": ADDRESS,
    "address_ar": {},
    "vat_number": "",
    "cr_number": "",
    "tax_ids": [{"type": "ICE", "value": "001561191000066"}],
    "phone": "+212522000000",
    "email": "studio@example.com",
    "website": "https://studio.example",
    "logo": None,
    "brand_colour": "#0B6B50",
    "look": "modern",
    "paper_size": "a4",
    "digits": "latn",
    "second_language": "auto",
    "signature_frame": True,
    "bank_details": "",
    "notes": "",
    "footer": "",
    "payment_terms": "Net 30",
    "tax_rate": 20,
    "number_formats": {"invoice": "INV-{YYYY}-{seq:04}", "credit_note": "CN-{YYYY}-{seq:04}", "debit_note": "DN-{YYYY}-{seq:04}"},
    "next_numbers": {"invoice": 1, "credit_note": 1, "debit_note": 1},
    "slug": "studio-atlas",
    "payment_link": "",
    "webhook_inbox_url": "https://invoices.example/webhooks/inbox/5fJ0…",
    "plan": "enterprise",
    "role": "owner",
    "archived": False,
    "created_at": "2026-11-20T09:00:00Z",
    "updated_at": "2026-11-20T09:00:00Z",
}  # fmt: skip
MEMBER = {
    "user_id": "usr_4fQ7mZx2LrT9aKd03WbN",
    "email": "studio@example.com",
    "username": "studio",
    "full_name": "Studio Atlas",
    "role": "owner",
    "created_at": "2026-11-20T09:00:00Z",
}
USAGE = {
    "plan": "free",
    "metrics": [
        {"metric": "invoices", "used": 3, "limit": 10, "renews_at": "2026-12-01T00:00:00Z"},
        {"metric": "emails", "used": 1, "limit": 5, "renews_at": "2026-11-21T00:00:00Z"},
    ],
}


class BusinessTaxIdSerializer(serializers.Serializer[Any]):
    """A tax number besides the VAT number."""

    type = serializers.CharField(max_length=20, help_text="`ICE`, `IF`, `TP`, `RC`, `CNSS`, `SIRET` or any other.")
    value = serializers.CharField(max_length=50, help_text="Checked where the type's form is known.")


def words(max_length: int, help_text: str = "") -> serializers.CharField:
    """Return a text that may be left out or empty."""
    return serializers.CharField(required=False, allow_blank=True, max_length=max_length, help_text=help_text)


class BusinessSerializer(serializers.Serializer[Any]):
    """Who sells. What is printed on an invoice is copied from here when it is issued."""

    id = serializers.CharField(read_only=True)
    name = serializers.CharField(max_length=200)
    legal_name = words(200)
    legal_name_ar = words(200)
    country = words(2, "ISO 3166-1 alpha-2.")
    currency = serializers.CharField(required=False, help_text="ISO 4217. Left out at first: the country's, else USD.")
    language = serializers.ChoiceField(Language.choices, required=False, help_text="Of invoices.")
    timezone = serializers.CharField(required=False, help_text="A name of the IANA database. `UTC` at first.")
    address = AddressField(required=False)
    address_ar = AddressField(required=False)
    vat_number = words(30)
    cr_number = words(50)
    tax_ids = BusinessTaxIdSerializer(many=True, required=False)
    phone = words(60, "E.164; a national number is read in the business's country.")
    email = words(254)
    website = words(200)
    logo = serializers.URLField(read_only=True, allow_null=True, help_text="Set by `PUT …/logo`.")
    brand_colour = serializers.CharField(required=False, help_text="`#RRGGBB`.")
    look = serializers.ChoiceField(Look.choices, required=False, help_text="Of papers.")
    paper_size = serializers.ChoiceField(
        PaperSize.choices, required=False, help_text="At first `a4`; in US and CA `letter`."
    )
    digits = serializers.ChoiceField(
        Digits.choices, required=False, help_text="Of amounts, quantities and dates on papers in Arabic."
    )
    second_language = serializers.ChoiceField(
        SecondLanguage.choices,
        required=False,
        help_text=(
            "Beside the invoice's own; one of the two is Arabic. `auto`: Arabic beside English or French for sellers "
            "in SA, else none."
        ),
    )
    signature_frame = serializers.BooleanField(
        required=False, help_text="Room for signature and stamp. At first false; in MA true."
    )
    bank_details = words(2000)
    notes = words(5000, "On each new invoice.")
    footer = words(1000, "Of each new invoice.")
    payment_terms = words(200, "Such as `Net 30` or `Due on receipt`, also in Arabic and French.")
    tax_rate = serializers.DecimalField(
        max_digits=7, decimal_places=4, required=False, min_value=0, max_value=100, help_text="Percent."
    )
    number_formats = serializers.DictField(
        child=serializers.CharField(),
        required=False,
        help_text="By kind (`invoice`, `credit_note`, `debit_note`), of `{YYYY} {YY} {MM} {DD} {seq:04}`.",
    )
    next_numbers = serializers.DictField(
        child=serializers.IntegerField(min_value=1),
        required=False,
        help_text="By kind; can be set until the first of the kind is issued.",
    )
    slug = serializers.CharField(required=False, max_length=60, help_text="Short name in addresses, unique.")
    payment_link = words(500, "A payment link of the business's own.")
    webhook_inbox_url = serializers.URLField(
        read_only=True, allow_null=True, help_text="Secret; null for those who only read."
    )
    plan = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(Role.choices, read_only=True, help_text="The caller's.")
    archived = serializers.BooleanField(read_only=True, help_text="Put away by `POST …/archive`.")
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class MemberSerializer(serializers.Serializer[Any]):
    """Somebody who belongs to a business."""

    user_id = serializers.CharField(read_only=True)
    email = serializers.CharField(read_only=True)
    username = serializers.CharField(read_only=True)
    full_name = serializers.CharField(read_only=True)
    role = serializers.ChoiceField(Role.choices)
    created_at = serializers.DateTimeField(read_only=True)


class LogoSerializer(serializers.Serializer[Any]):
    """A picture in PNG, JPEG, WebP or GIF, at most 2 MB and 25 million pixels."""

    logo = serializers.FileField()


class MetricSerializer(serializers.Serializer[Any]):
    """What is used of one quota in its current period."""

    metric = serializers.ChoiceField(Metric.choices)
    used = serializers.IntegerField()
    limit = serializers.IntegerField(allow_null=True, help_text="Null: without bound.")
    renews_at = serializers.DateTimeField()


class UsageSerializer(serializers.Serializer[Any]):
    """What the plan allows and the business has used."""

    plan = serializers.CharField()
    metrics = MetricSerializer(many=True)
