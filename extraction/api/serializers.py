"""What documents and their runs look like in the API. These describe; the services decide what is right."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from extraction.choices import DocumentStatus, Reason
from extraction.engines.order import NAMES
from extraction.filters import RUN_STATES
from extraction.schema import KINDS

ENGINES = "`auto` asks them in order; or one by name: " + ", ".join(f"`{name}`" for name in NAMES) + "."
MODES = "`standard`, or `optimised`: fewer tokens."


def amount(**options: Any) -> serializers.DecimalField:
    """Return a number that may be unknown."""
    return serializers.DecimalField(max_digits=19, decimal_places=4, allow_null=True, required=False, **options)


def fine(**options: Any) -> serializers.DecimalField:
    """Return a number with many decimals that may be unknown."""
    return serializers.DecimalField(max_digits=25, decimal_places=10, allow_null=True, required=False, **options)


def text(longest: int = 200, **options: Any) -> serializers.CharField:
    """Return a text that may be unknown."""
    return serializers.CharField(max_length=longest, allow_null=True, required=False, **options)


class ReadRateSerializer(serializers.Serializer[Any]):
    """The tax of one rate."""

    rate = amount(help_text="Percent.")
    taxable_amount = amount()
    tax_amount = amount()


class ReadItemSerializer(serializers.Serializer[Any]):
    """A line."""

    description = text(1000)
    sku = text()
    quantity = fine()
    unit = text()
    unit_price = fine()
    tax_rate = amount(help_text="Percent.")
    amount = amount()


class InvoiceDataSerializer(serializers.Serializer[Any]):
    """What stands on an invoice; what is unknown is null."""

    language = text()
    type = text(help_text=", ".join(f"`{kind}`" for kind in KINDS) + ".")
    vendor_name = text()
    vendor_address = text(1000)
    vendor_tax_id = text()
    vendor_iban = text()
    buyer_name = text()
    buyer_tax_id = text()
    invoice_number = text()
    invoice_date = serializers.DateField(allow_null=True, required=False)
    due_date = serializers.DateField(allow_null=True, required=False)
    purchase_order = text()
    currency = text(3, help_text="ISO 4217.")
    subtotal = amount(help_text="What is taxed.")
    discount = amount()
    tax = amount()
    tax_breakdown = ReadRateSerializer(many=True, required=False)
    total = amount()
    items = ReadItemSerializer(many=True, required=False)


class OrderSerializer(serializers.Serializer[Any]):
    """By what a document shall be read."""

    engine = serializers.CharField(required=False, help_text=ENGINES)
    model = serializers.CharField(required=False, max_length=100, help_text="See `/extractions/models`.")
    mode = serializers.CharField(required=False, help_text=MODES)


class UploadSerializer(OrderSerializer):
    """A document, as a form with files."""

    file = serializers.FileField(help_text="A PDF of at most 15 MB and 50 pages.")
    business_id = serializers.CharField(required=False, help_text="Left out: the caller's default business.")
    vendor_name = serializers.CharField(required=False, max_length=200)
    vendor_tax_id = serializers.CharField(required=False, max_length=200)
    invoice_no = serializers.CharField(required=False, max_length=200)
    invoice_date = serializers.CharField(required=False, help_text="YYYY-MM-DD or DD-MM-YYYY.")
    amount = serializers.CharField(required=False, help_text="A number.")
    remarks = serializers.CharField(required=False, max_length=2000)
    supporting_documents = serializers.ListField(
        child=serializers.FileField(), required=False, help_text="Files of any type, at most 10."
    )
    supporting_doc_1 = serializers.FileField(required=False)
    supporting_doc_2 = serializers.FileField(required=False)
    process = serializers.CharField(required=False, help_text="`true` has it read at once.")


class DirectFormSerializer(OrderSerializer):
    """A file to read, as a form."""

    file = serializers.FileField(help_text="A PDF of at most 15 MB and 50 pages.")
    business_id = serializers.CharField(required=False, help_text="Left out: the caller's default business.")


class DirectSerializer(OrderSerializer):
    """A file to read, in JSON."""

    pdf_base64 = serializers.CharField(help_text="A PDF of at most 15 MB and 50 pages, in base64.")
    pdf_name = serializers.CharField(required=False, max_length=200)
    business_id = serializers.CharField(required=False, help_text="Left out: the caller's default business.")


class BillSerializer(serializers.Serializer[Any]):
    """Which lines are billed on, with what mark-up, and to whom."""

    lines = serializers.ListField(
        child=serializers.IntegerField(min_value=0),
        required=False,
        help_text="Places in the document's `items`, from 0. Left out: all that can be billed.",
    )
    markup = amount(help_text="Per cent on each price, 0 to 1000.")
    client_id = serializers.CharField(required=False)
    client_name = serializers.CharField(required=False, max_length=200, help_text="Without a `client_id`.")
    client_email = serializers.CharField(required=False, max_length=254)
    reference = serializers.CharField(required=False, max_length=200)
    notes = serializers.CharField(required=False, max_length=5000)
    language = serializers.CharField(required=False, help_text="`ar`, `en` or `fr`.")
    payment_terms = serializers.CharField(required=False)


class CorrectionSerializer(serializers.Serializer[Any]):
    """What a person says instead of what was read."""

    data = InvoiceDataSerializer(required=False)  # type: ignore[assignment]  # the body's name, which hides a property
    manual_verified = serializers.BooleanField(
        required=False, help_text="`true`: this person verified the data. `false`: takes that back."
    )
    version = serializers.IntegerField(required=False, min_value=1, help_text="The `version` that was read.")


class SupportingSerializer(serializers.Serializer[Any]):
    """A paper that came with a document."""

    n = serializers.IntegerField(help_text="Its place, for its address.")
    file_name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")


class KnownBySerializer(serializers.Serializer[Any]):
    """What a document is found by: verified, else read, else said."""

    vendor = serializers.CharField()
    number = serializers.CharField()
    date = serializers.DateField(allow_null=True)
    total = amount()
    currency = serializers.CharField()


class DocumentSerializer(serializers.Serializer[Any]):
    """A document that a supplier sent."""

    id = serializers.CharField()
    business_id = serializers.CharField()
    status = serializers.CharField(help_text=", ".join(f"`{word}`" for word in DocumentStatus.values) + ".")
    file_name = serializers.CharField()
    size = serializers.IntegerField(help_text="Bytes.")
    pages = serializers.IntegerField()
    sha256 = serializers.CharField()
    findings = serializers.ListField(child=serializers.CharField(), help_text="What is active in the file; never run.")
    duplicate_of = serializers.CharField(allow_null=True, help_text="The first document of the same bytes.")
    vendor_name = serializers.CharField()
    vendor_tax_id = serializers.CharField()
    invoice_no = serializers.CharField()
    invoice_date = serializers.DateField(allow_null=True)
    amount = amount()
    remarks = serializers.CharField()
    known_by = KnownBySerializer()
    verified_data = InvoiceDataSerializer(allow_null=True)
    verified_by = serializers.CharField(allow_null=True)
    verified_at = serializers.DateTimeField(allow_null=True)
    extraction_id = serializers.CharField(allow_null=True, help_text="The newest run.")
    invoices = serializers.ListField(child=serializers.CharField(), help_text="Drafts and invoices made of its lines.")
    supporting_documents = SupportingSerializer(many=True)
    created_at = serializers.DateTimeField()
    updated_at = serializers.DateTimeField()


class ConfidenceSerializer(serializers.Serializer[Any]):
    """How far a value is to be believed, and where it stands."""

    score = serializers.FloatField(help_text="0 to 1; below 0.5 where it stands on no page.")
    page = serializers.IntegerField(allow_null=True, help_text="From 1.")
    box = serializers.ListField(
        child=serializers.FloatField(),
        allow_null=True,
        help_text="Left, top, right and bottom, as fractions of the page from its upper left corner.",
    )
    reason = serializers.CharField(help_text=", ".join(f"`{word}`" for word in Reason.values) + ".")


class CheckSerializer(serializers.Serializer[Any]):
    """One thing that holds or does not."""

    name = serializers.CharField()
    ok = serializers.BooleanField()
    detail = serializers.CharField()


class TokenUsageSerializer(serializers.Serializer[Any]):
    """Tokens of a model."""

    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    total_tokens = serializers.IntegerField()


class DisplaySerializer(serializers.Serializer[Any]):
    """A price in the display currency."""

    amount = serializers.DecimalField(max_digits=18, decimal_places=9)
    currency = serializers.CharField()
    rate = serializers.DecimalField(max_digits=18, decimal_places=9, allow_null=True, help_text="For one USD.")


class ExtractionSerializer(serializers.Serializer[Any]):
    """One run over a document."""

    id = serializers.CharField()
    document_id = serializers.CharField()
    business_id = serializers.CharField()
    status = serializers.CharField(help_text=", ".join(f"`{word}`" for word in RUN_STATES) + ".")
    version = serializers.IntegerField(help_text="Grows with each change; PATCH refuses a stale one.")
    engine = serializers.CharField(help_text="That answered; until then, that was ordered.")
    model = serializers.CharField()
    mode = serializers.CharField()
    data = InvoiceDataSerializer(allow_null=True)  # type: ignore[assignment]  # the answer's name, which hides a property
    confidence = serializers.DictField(
        child=ConfidenceSerializer(), help_text="By field, and of lists by cell, such as `items[0].amount`."
    )
    checks = CheckSerializer(many=True)
    token_usage = TokenUsageSerializer()
    price = serializers.DecimalField(max_digits=18, decimal_places=9, help_text="USD.")
    price_display = DisplaySerializer()
    time_taken = serializers.FloatField(allow_null=True, help_text="Seconds.")
    manual_verified = serializers.BooleanField()
    verified_by = serializers.CharField(allow_null=True)
    corrections = InvoiceDataSerializer(help_text="What a person wrote instead, by field.")
    error = serializers.CharField(allow_null=True)
    created_at = serializers.DateTimeField()
    finished_at = serializers.DateTimeField(allow_null=True)


class OrderedSerializer(serializers.Serializer[Any]):
    """A run that was ordered."""

    id = serializers.CharField()
    document_id = serializers.CharField()
    status = serializers.CharField()


class AlreadyProcessedSerializer(serializers.Serializer[Any]):
    """Nothing was ordered."""

    status = serializers.CharField()


class DocumentDataSerializer(serializers.Serializer[Any]):
    """A document with its newest run and the older ones."""

    document = DocumentSerializer()
    extraction = ExtractionSerializer(allow_null=True)
    history = ExtractionSerializer(many=True)


class SumsSerializer(serializers.Serializer[Any]):
    """What calls came to."""

    calls = serializers.IntegerField()
    input_tokens = serializers.IntegerField()
    output_tokens = serializers.IntegerField()
    total_tokens = serializers.IntegerField()
    price = serializers.DecimalField(max_digits=18, decimal_places=9, help_text="USD.")
    time_taken = serializers.FloatField(help_text="Seconds.")


class DaySumsSerializer(SumsSerializer):
    """Of a day, in the business's time zone."""

    day = serializers.DateField()


class ModelSumsSerializer(SumsSerializer):
    """Of a model."""

    model = serializers.CharField()


class EngineSumsSerializer(SumsSerializer):
    """Of an engine."""

    engine = serializers.CharField()


class ModeSumsSerializer(SumsSerializer):
    """Of a mode."""

    mode = serializers.CharField()


class SpentSerializer(serializers.Serializer[Any]):
    """What was spent, in a display currency."""

    currency = serializers.CharField()
    amount = serializers.DecimalField(max_digits=18, decimal_places=9)


class ExtractionUsageSerializer(SumsSerializer):
    """What the calls of a business came to."""

    price_display = SpentSerializer(many=True)
    by_day = DaySumsSerializer(many=True)
    by_model = ModelSumsSerializer(many=True)
    by_engine = EngineSumsSerializer(many=True)
    by_mode = ModeSumsSerializer(many=True)

    def get_fields(self) -> dict[str, Any]:
        """Return the fields with the days that were asked for, one of which is a word of the language."""
        days = {"from": serializers.DateField(), "to": serializers.DateField()}
        return {**days, **super().get_fields()}


class ModelSerializer(serializers.Serializer[Any]):
    """A model on offer, with its price for a million tokens."""

    name = serializers.CharField()
    input_price = serializers.DecimalField(max_digits=10, decimal_places=4)
    cached_price = serializers.DecimalField(max_digits=10, decimal_places=4, help_text="Of input that was cached.")
    output_price = serializers.DecimalField(max_digits=10, decimal_places=4)
    currency = serializers.CharField()
    valid_from = serializers.DateField()
    capabilities = serializers.DictField()


class ModelsSerializer(serializers.Serializer[Any]):
    """The models on offer."""

    models = ModelSerializer(many=True)
