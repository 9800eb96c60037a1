"""What a client looks like in the API. These describe; ``clients.services`` decides what is right."""

from __future__ import annotations

from typing import Any

from drf_spectacular.utils import OpenApiExample, extend_schema_serializer
from rest_framework import serializers

from accounts.api.serializers import AddressField
from accounts.choices import Language
from accounts.schema import ADDRESS_LENGTHS
from clients.choices import ClientType

ADDRESS = {
    "building_number": "12",
    "street": "Avenue Exemple",
    "city": "Casablanca",
    "postal_code": "20000",
    "country": "MA",
}
WRITTEN = {
    "type": "business",
    "name": "Atlas Example SARL",
    "email": "billing@atlas.example",
    "phone": "+212600111222",
    "tax_ids": [{"type": "ICE", "value": "001561191000066"}],
    "address": ADDRESS,
    "categories": ["Retail"],
    "currency": "MAD",
    "language": "fr",
}
READ = {
    "id": "cli_4fQ8mT2xKc0vRw7LzE1b",
    "business_id": "biz_9sD3hN6pYq5uJk8XaG2e",
    "type": "business",
    "name": "Atlas Example SARL",
    "name_ar": "",
    "contact_name": "",
    "email": "billing@atlas.example",
    "phone": "+212600111222",
    "vat_number": "",
    "cr_number": "",
    "tax_ids": [{"type": "ICE", "value": "001561191000066"}],
    "vat_registered": True,
    "address": ADDRESS,
    "latitude": None,
    "longitude": None,
    "categories": ["Retail"],
    "currency": "MAD",
    "language": "fr",
    "send_mail": True,
    "notes": "",
    "archived": False,
    "created_at": "2026-11-20T09:00:00Z",
    "updated_at": "2026-11-20T09:00:00Z",
}
SAUDI = {
    "type": "business",
    "name": "Example Trading",
    "name_ar": "شركة المثال التجارية",
    "vat_number": "300000000000003",
    "cr_number": "1010000000",
    "address": {
        "building_number": "8228",
        "street": "Example Street",
        "district": "Olaya",
        "city": "Riyadh",
        "postal_code": "12611",
        "country": "SA",
    },
}


class AddressSerializer(serializers.Serializer[Any]):
    """An address in parts, those that were given."""

    text = serializers.CharField(required=False, max_length=ADDRESS_LENGTHS["text"])
    line2 = serializers.CharField(required=False, max_length=ADDRESS_LENGTHS["line2"])
    building_number = serializers.CharField(required=False, max_length=ADDRESS_LENGTHS["building_number"])
    street = serializers.CharField(required=False, max_length=ADDRESS_LENGTHS["street"])
    district = serializers.CharField(required=False, max_length=ADDRESS_LENGTHS["district"])
    city = serializers.CharField(required=False, max_length=ADDRESS_LENGTHS["city"])
    region = serializers.CharField(required=False, max_length=ADDRESS_LENGTHS["region"])
    postal_code = serializers.CharField(required=False, max_length=ADDRESS_LENGTHS["postal_code"])
    country = serializers.CharField(required=False, help_text="ISO 3166-1 alpha-2.")


class TaxIdSerializer(serializers.Serializer[Any]):
    """A tax number besides the VAT number."""

    type = serializers.CharField(max_length=20, help_text="`ICE`, `IF`, `TP`, `RC`, `CNSS`, `SIRET` or any other.")
    value = serializers.CharField(max_length=50, help_text="Checked where the type's form is known.")


@extend_schema_serializer(
    examples=[
        OpenApiExample("A business in Morocco", value=WRITTEN, request_only=True),
        OpenApiExample("A business in Saudi Arabia", value=SAUDI, request_only=True),
        OpenApiExample("A client", value=READ, response_only=True),
    ]
)
class ClientSerializer(serializers.Serializer[Any]):
    """Who is billed."""

    id = serializers.CharField(read_only=True)
    business_id = serializers.CharField(required=False, help_text="Left out: the caller's default business.")
    type = serializers.ChoiceField(ClientType.choices, default=ClientType.BUSINESS)
    name = serializers.CharField(max_length=200)
    name_ar = serializers.CharField(required=False, allow_blank=True, max_length=200)
    contact_name = serializers.CharField(required=False, allow_blank=True, max_length=200)
    email = serializers.CharField(
        required=False, allow_blank=True, max_length=254, help_text="Unique within a business, whatever its case."
    )
    phone = serializers.CharField(
        required=False, allow_blank=True, help_text="E.164; a national number is read in the client's country."
    )
    vat_number = serializers.CharField(required=False, allow_blank=True, max_length=30)
    cr_number = serializers.CharField(required=False, allow_blank=True, max_length=50)
    tax_ids = TaxIdSerializer(many=True, required=False)
    vat_registered = serializers.BooleanField(default=True)
    address = AddressField(required=False, help_text="A text, or an object of its parts; comes back as the object.")
    latitude = serializers.DecimalField(
        max_digits=9, decimal_places=6, required=False, allow_null=True, min_value=-90, max_value=90
    )
    longitude = serializers.DecimalField(
        max_digits=9, decimal_places=6, required=False, allow_null=True, min_value=-180, max_value=180
    )
    categories = serializers.ListField(child=serializers.CharField(max_length=50), required=False, max_length=20)
    currency = serializers.CharField(required=False, allow_blank=True, help_text="ISO 4217. Empty: the business's.")
    language = serializers.ChoiceField(
        Language.choices, required=False, allow_blank=True, help_text="Empty: the business's."
    )
    send_mail = serializers.BooleanField(
        default=True, help_text="False: no receipts and reminders by themselves; an explicit send still works."
    )
    notes = serializers.CharField(required=False, allow_blank=True, max_length=5000)
    archived = serializers.BooleanField(default=False, help_text="Hidden from lists. May be set and unset.")
    created_at = serializers.DateTimeField(read_only=True)
    updated_at = serializers.DateTimeField(read_only=True)


class ArchivedSerializer(serializers.Serializer[Any]):
    """The answer for a client that was archived because it has invoices."""

    message = serializers.CharField()
    client = ClientSerializer()
