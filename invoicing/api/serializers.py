"""What invoices look like in the API. These describe; ``invoicing.services`` decides what is right."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import TextChoices
from drf_spectacular.extensions import OpenApiSerializerFieldExtension
from drf_spectacular.utils import extend_schema_field, extend_schema_serializer
from rest_framework import serializers

from accounts.api.serializers import ADDRESS_SCHEMA
from accounts.choices import Channel, Language
from clients.api.serializers import AddressSerializer, TaxIdSerializer
from clients.choices import ClientType
from invoicing.api import examples
from invoicing.choices import METHODS_BY_HAND, InvoiceType, ItemType, PaymentMethod, TaxCategory
from invoicing.domain.fields import MAX_ITEMS
from invoicing.domain.lifecycle import Status


class SettableStatus(TextChoices):
    """The words that an act leads to; the others follow from facts."""

    ISSUED = "issued"
    SENT = "sent"
    PAID = "paid"
    CANCELLED = "cancelled"


def money(**options: Any) -> serializers.DecimalField:
    """Return a field for an amount of money: a JSON number of at most 15 digits."""
    return serializers.DecimalField(max_digits=19, decimal_places=4, **options)


class Positive(serializers.DecimalField):
    """A number above 0; the service says so where it is not."""


class PositiveScheme(OpenApiSerializerFieldExtension):  # type: ignore[no-untyped-call]  # its registry has no types
    """How such a number is described."""

    target_class = Positive

    def map_serializer_field(self, auto_schema: Any, direction: Any) -> dict[str, Any]:
        """Return the schema of a decimal with its open bound."""
        schema: dict[str, Any] = auto_schema._map_serializer_field(self.target, direction, bypass_extensions=True)
        return schema | {"exclusiveMinimum": 0}


def percent(**options: Any) -> serializers.DecimalField:
    """Return a field for a rate in percent."""
    return serializers.DecimalField(max_digits=7, decimal_places=4, min_value=0, max_value=100, **options)


def decimal(**options: Any) -> serializers.DecimalField:
    """Return a field for a quantity or a unit price, of at most six decimals."""
    return serializers.DecimalField(max_digits=21, decimal_places=6, **options)


def text(length: int, **options: Any) -> serializers.CharField:
    """Return a field for a text that may be left out or empty."""
    return serializers.CharField(max_length=length, required=False, allow_blank=True, **options)


@extend_schema_field(ADDRESS_SCHEMA)
class AddressInput(serializers.JSONField):
    """An address: a text, or an object of its parts."""


# What is sent


class ItemInputSerializer(serializers.Serializer[Any]):
    """A line."""

    name = serializers.CharField(max_length=200)
    description = text(2000)
    name_ar = text(200, help_text="Printed on the Arabic side of a paper in two languages.")
    description_ar = text(2000)
    sku = text(100)
    type = serializers.ChoiceField(ItemType.choices, default=ItemType.SERVICE)
    quantity = Positive(max_digits=21, decimal_places=6, default=Decimal(1), help_text="More than 0.")
    unit = text(30)
    unit_price = decimal(min_value=0)
    discount_rate = percent(default=0, help_text="Percent.")
    tax_rate = percent(required=False, help_text="Percent. Left out: the invoice's.")
    tax_category = serializers.ChoiceField(TaxCategory.choices, required=False, help_text="Left out: `S`, at 0 % `Z`.")
    exemption_reason = text(300, help_text="Needed to issue with `E`, `O`, `AE`, `K` or `G`.")


class NoteItemSerializer(ItemInputSerializer):
    """A line of a note. A credit note's names the line it corrects, or is matched to one with quantity left."""

    parent_item_id = serializers.CharField(required=False)
    name = serializers.CharField(max_length=200, required=False)
    quantity = Positive(
        max_digits=21,
        decimal_places=6,
        required=False,
        help_text="More than 0. Left out: of a credit note all that is left of the line, else 1.",
    )
    unit_price = decimal(min_value=0, required=False, help_text="Of a credit note the line's own, as the rates are.")


class InvoiceBodySerializer(serializers.Serializer[Any]):
    """The fields of an invoice that can be written. Whoever is billed is a client by its id, or given inline."""

    type = serializers.ChoiceField(
        InvoiceType.choices, required=False, help_text="Left out: `general`; in SA a tax invoice by the client."
    )
    client_id = serializers.CharField(required=False)
    client_type = serializers.ChoiceField(ClientType.choices, required=False)
    client_name = text(200)
    client_email = text(254, help_text="A client with this email is used again, and not altered.")
    client_phone = text(40)
    client_address = AddressInput(required=False, help_text="A text, or an object of its parts.")
    client_vat_number = text(30)
    client_cr_number = text(50)
    client_tax_ids = TaxIdSerializer(many=True, required=False)
    items = ItemInputSerializer(many=True, allow_empty=False, max_length=MAX_ITEMS)  # type: ignore[call-arg]  # the list's, not the item's
    currency = serializers.CharField(required=False, help_text="ISO 4217. Left out: the client's, else the business's.")
    language = serializers.ChoiceField(Language.choices, required=False)
    issue_date = serializers.DateField(
        required=False, allow_null=True, help_text="Not in the future. Left out: the day it is issued."
    )
    due_date = serializers.DateField(
        required=False, allow_null=True, help_text="Left out: by `payment_terms`, else 30 days."
    )
    supply_date = serializers.DateField(required=False, allow_null=True)
    payment_terms = text(200, help_text="`Net 30`, `Due on receipt`, and their Arabic and French.")
    reference = text(200)
    notes = text(5000)
    footer = text(1000)
    tax_rate = percent(required=False, help_text="Percent, for lines without one. Left out: the business's.")
    discount_rate = percent(required=False, help_text="Percent, on the whole invoice.")
    prices_include_tax = serializers.BooleanField(required=False)
    exchange_rate = serializers.DecimalField(
        max_digits=23, decimal_places=8, required=False, allow_null=True,
        help_text="How many units of the tax currency 1 unit of the invoice's costs, such as 0.92 for USD where the tax "
        "is stated in EUR. Needed to issue in SA and the EU where tax is billed in another currency than the country's.",
    )  # fmt: skip
    invoice_number = text(50, help_text="A number of your own, given at issue if it is free.")
    reason = text(500, help_text="Of a note: required.")


@extend_schema_serializer(examples=examples.CREATE)
class InvoiceInputSerializer(InvoiceBodySerializer):
    """An invoice to be written."""

    business_id = serializers.CharField(required=False, help_text="Left out: the caller's default business.")
    issue = serializers.BooleanField(required=False, help_text="True: issued in the same step.")
    parent_invoice_id = serializers.CharField(required=False, help_text="Of a note: what it corrects.")
    parent_invoice_number = serializers.CharField(required=False, help_text="Or its number.")


@extend_schema_serializer(examples=examples.CHANGE)
class InvoiceChangeSerializer(InvoiceBodySerializer):
    """A change of an invoice. Absent fields stay; items are replaced as given."""

    items = ItemInputSerializer(many=True, allow_empty=False, max_length=MAX_ITEMS, required=False)  # type: ignore[call-arg]  # likewise


@extend_schema_serializer(examples=examples.NOTE)
class NoteInputSerializer(serializers.Serializer[Any]):
    """A credit or debit note to be written. Amounts are positive."""

    reason = serializers.CharField(max_length=500)
    items = NoteItemSerializer(  # type: ignore[call-arg]  # the list's, not the item's
        many=True,
        required=False,
        allow_empty=False,
        max_length=MAX_ITEMS,
        help_text="Left out: the invoice's, what is left of them.",
    )
    issue = serializers.BooleanField(required=False, help_text="True: issued in the same step.")
    reference = text(200)
    notes = text(5000)
    language = serializers.ChoiceField(Language.choices, required=False)
    issue_date = serializers.DateField(required=False, allow_null=True)
    due_date = serializers.DateField(required=False, allow_null=True, help_text="Of a debit note.")
    invoice_number = text(50)


@extend_schema_serializer(examples=examples.STATUS)
class StatusInputSerializer(serializers.Serializer[Any]):
    """A status to bring an invoice to. The other words follow from facts and are refused."""

    status = serializers.ChoiceField(SettableStatus.choices)


@extend_schema_serializer(examples=examples.MESSAGE)
class EmailInputSerializer(serializers.Serializer[Any]):
    """A mail that brings an invoice."""

    to_email = text(254, help_text="Left out: the client's.")
    cc = serializers.ListField(child=serializers.CharField(), required=False, max_length=10)
    subject = text(200)
    message = text(5000)


@extend_schema_serializer(examples=examples.PAYMENT_INPUT)
class PaymentInputSerializer(serializers.Serializer[Any]):
    """A payment received by hand."""

    amount = Positive(max_digits=19, decimal_places=4, help_text="At most what is due.")
    method = serializers.ChoiceField(METHODS_BY_HAND)
    received_at = serializers.DateTimeField(required=False, help_text="A moment or a day, not in the future.")
    reference = text(200)
    send_receipt = serializers.BooleanField(required=False, help_text="True: the receipt is mailed to the client.")


@extend_schema_serializer(examples=examples.REFUND_INPUT)
class RefundInputSerializer(serializers.Serializer[Any]):
    """A refund, by hand or by Stripe."""

    amount = Positive(max_digits=19, decimal_places=4, required=False, help_text="Left out: all that is left.")
    reason = text(500)
    reopen = serializers.BooleanField(required=False, help_text="True: the amount is due again.")
    credit_note = serializers.BooleanField(
        required=False, help_text="True: the draft of a credit note over the amount is written in the same step."
    )
    items = NoteItemSerializer(
        many=True, required=False, help_text="Of the credit note. Left out: the lines, or parts, that match the amount."
    )


# What is answered


class ItemSerializer(serializers.Serializer[Any]):
    """A line with its amounts."""

    id = serializers.CharField()
    parent_item_id = serializers.CharField(allow_null=True)
    name = serializers.CharField()
    description = serializers.CharField()
    name_ar = serializers.CharField()
    description_ar = serializers.CharField()
    sku = serializers.CharField()
    type = serializers.ChoiceField(ItemType.choices)
    quantity = decimal()
    unit = serializers.CharField()
    unit_price = decimal()
    discount_rate = percent()
    tax_rate = percent()
    tax_category = serializers.ChoiceField(TaxCategory.choices)
    exemption_reason = serializers.CharField()
    subtotal = money()
    discount_amount = money()
    net_amount = money()
    tax_amount = money()
    total = money()


class SellerSerializer(serializers.Serializer[Any]):
    """The seller as printed."""

    legal_name = serializers.CharField()
    address = AddressSerializer()
    vat_number = serializers.CharField()
    cr_number = serializers.CharField()
    tax_ids = TaxIdSerializer(many=True)
    email = serializers.CharField()
    phone = serializers.CharField()


class TaxGroupSerializer(serializers.Serializer[Any]):
    """The tax of one category and rate."""

    category = serializers.ChoiceField(TaxCategory.choices)
    rate = percent()
    taxable_amount = money()
    tax_amount = money()
    exemption_reason = serializers.CharField()


class WarningSerializer(serializers.Serializer[Any]):
    """Something that may not be as it was meant."""

    code = serializers.CharField()
    field = serializers.CharField()
    detail = serializers.CharField()


@extend_schema_serializer(examples=examples.INVOICE)
class InvoiceSerializer(serializers.Serializer[Any]):
    """An invoice or a note."""

    id = serializers.CharField()
    business_id = serializers.CharField()
    type = serializers.ChoiceField(InvoiceType.choices)
    status = serializers.ChoiceField(Status.choices, help_text="Follows from the facts below.")
    invoice_number = serializers.CharField(allow_null=True, help_text="Null on a draft.")
    reference = serializers.CharField()
    client_id = serializers.CharField()
    client_type = serializers.ChoiceField(ClientType.choices)
    client_name = serializers.CharField()
    client_email = serializers.CharField()
    client_phone = serializers.CharField()
    client_address = AddressSerializer()
    client_vat_number = serializers.CharField()
    client_cr_number = serializers.CharField()
    client_tax_ids = TaxIdSerializer(many=True)
    seller = SellerSerializer(allow_null=True, help_text="Null on a draft.")
    language = serializers.ChoiceField(Language.choices)
    currency = serializers.CharField()
    issue_date = serializers.DateField(allow_null=True, help_text="On a draft: the one wished for.")
    due_date = serializers.DateField(allow_null=True)
    supply_date = serializers.DateField(allow_null=True)
    payment_terms = serializers.CharField()
    notes = serializers.CharField()
    footer = serializers.CharField()
    tax_rate = percent()
    discount_rate = percent()
    prices_include_tax = serializers.BooleanField()
    items = ItemSerializer(many=True, required=False, help_text="In lists only where `fields` asks.")
    subtotal = money()
    discount_amount = money()
    taxable_amount = money()
    tax_amount = money()
    tax_breakdown = TaxGroupSerializer(many=True)
    total = money()
    amount_credited = money()
    amount_paid = money()
    amount_refunded = money()
    amount_due = money()
    tax_currency = serializers.CharField(allow_null=True)
    exchange_rate = serializers.DecimalField(max_digits=23, decimal_places=8, allow_null=True)
    tax_amount_in_tax_currency = money(allow_null=True)
    payment_link = serializers.URLField(allow_null=True, help_text="Our own page, once issued.")
    pdf_url = serializers.URLField()
    pdf_sha256 = serializers.CharField(allow_null=True, help_text="Null until it is stored.")
    qr_code_url = serializers.URLField(allow_null=True)
    is_sent_email = serializers.BooleanField()
    email_sent_at = serializers.DateTimeField(allow_null=True)
    sent_at = serializers.DateTimeField(allow_null=True)
    viewed_at = serializers.DateTimeField(allow_null=True)
    paid_at = serializers.DateTimeField(allow_null=True)
    issued_at = serializers.DateTimeField(allow_null=True)
    cancelled_at = serializers.DateTimeField(allow_null=True)
    parent_invoice_id = serializers.CharField(allow_null=True)
    parent_invoice_number = serializers.CharField(allow_null=True)
    parent_issue_date = serializers.DateField(allow_null=True)
    reason = serializers.CharField()
    warnings = WarningSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class PreviewItemSerializer(ItemSerializer):
    """A line with its amounts; nothing of it is stored."""

    id = serializers.CharField(allow_null=True)


@extend_schema_serializer(examples=examples.PREVIEW)
class PreviewSerializer(InvoiceSerializer):
    """An invoice as it would be, and what would stop it from being issued."""

    id = serializers.CharField(allow_null=True)
    client_id = serializers.CharField(allow_null=True, help_text="Null: a client would be made.")
    pdf_url = serializers.URLField(allow_null=True)
    items = PreviewItemSerializer(many=True)
    stops = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField()),
        help_text="Sentences by field; empty when it could be issued.",
    )


class NoteReferenceSerializer(serializers.Serializer[Any]):
    """A note by its name."""

    id = serializers.CharField()
    invoice_number = serializers.CharField()
    total = money()


@extend_schema_serializer(examples=examples.CANCELLED)
class CancelledSerializer(serializers.Serializer[Any]):
    """How an invoice was taken back."""

    message = serializers.CharField()
    invoice = InvoiceSerializer()
    credit_note = NoteReferenceSerializer(allow_null=True, help_text="The note that cleared it, where one was needed.")


@extend_schema_serializer(examples=examples.SENT)
class SentSerializer(serializers.Serializer[Any]):
    """What is being sent to whom."""

    message = serializers.CharField()
    recipient = serializers.CharField()
    invoice_number = serializers.CharField()


@extend_schema_serializer(examples=examples.REFUND)
class RefundSerializer(serializers.Serializer[Any]):
    """Money that went back."""

    id = serializers.CharField()
    payment_id = serializers.CharField()
    amount = money()
    currency = serializers.CharField()
    reason = serializers.CharField()
    reopened = serializers.BooleanField(help_text="Whether the amount is due again.")
    credit_note_id = serializers.CharField(allow_null=True, help_text="Of the credit note that was asked for with it.")
    created_at = serializers.DateTimeField()


@extend_schema_serializer(examples=examples.PAYMENT)
class PaymentSerializer(serializers.Serializer[Any]):
    """Money that was received."""

    id = serializers.CharField()
    invoice_id = serializers.CharField()
    amount = money()
    currency = serializers.CharField()
    method = serializers.ChoiceField(PaymentMethod.choices)
    received_at = serializers.DateTimeField()
    reference = serializers.CharField()
    created_at = serializers.DateTimeField()
    amount_refunded = money()
    refunds = RefundSerializer(many=True)


@extend_schema_serializer(examples=examples.EVENT)
class EventSerializer(serializers.Serializer[Any]):
    """An entry of the timeline."""

    id = serializers.CharField()
    kind = serializers.CharField()
    at = serializers.DateTimeField()
    actor_id = serializers.CharField()
    actor_name = serializers.CharField()
    channel = serializers.ChoiceField(Channel.choices)
    ip = serializers.CharField(allow_null=True)
    data = serializers.DictField()  # type: ignore[assignment]  # a field by this name; the class's property stays
