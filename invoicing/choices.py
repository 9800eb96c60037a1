"""The closed sets of words that invoices are made of; the values are what the API and the database hold."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class InvoiceType(TextChoices):
    """What a document is, by the law of its seller."""

    SIMPLIFIED = "simplified", _("Simplified tax invoice")
    STANDARD = "standard", _("Tax invoice")
    GENERAL = "general", _("Invoice")
    CREDIT_NOTE = "credit_note", _("Credit note")
    DEBIT_NOTE = "debit_note", _("Debit note")


class DocumentState(TextChoices):
    """Whether a document stands."""

    DRAFT = "draft", _("Draft")
    ISSUED = "issued", _("Issued")
    CANCELLED = "cancelled", _("Cancelled")


class TaxCategory(TextChoices):
    """The codes of UNCL 5305 that EN 16931 allows for VAT and that are on offer here."""

    STANDARD = "S", _("Standard rate")
    ZERO = "Z", _("Zero rate")
    EXEMPT = "E", _("Exempt from tax")
    OUT_OF_SCOPE = "O", _("Out of scope of tax")
    REVERSE_CHARGE = "AE", _("Reverse charge")
    INTRA_COMMUNITY = "K", _("Intra-Community supply")
    EXPORT = "G", _("Export")


class ItemType(TextChoices):
    """What a line bills."""

    SERVICE = "service", _("Service")
    PRODUCT = "product", _("Product")
    FEE = "fee", _("Fee")
    OTHER = "other", _("Other")


class NumberKind(TextChoices):
    """The series of numbers that a business keeps."""

    INVOICE = "invoice", _("Invoices")
    CREDIT_NOTE = "credit_note", _("Credit notes")
    DEBIT_NOTE = "debit_note", _("Debit notes")


class Settlement(TextChoices):
    """How an issued document stands: something is due, or what brought the amount due to nothing."""

    OPEN = "open", pgettext_lazy("settlement", "Open")
    PAID = "paid", _("Paid")
    CREDITED = "credited", _("Credited")
    REFUNDED = "refunded", _("Refunded")


class PaymentMethod(TextChoices):
    """How money came in."""

    BANK_TRANSFER = "bank_transfer", _("Bank transfer")
    CASH = "cash", _("Cash")
    CARD = "card", _("Card")
    CHEQUE = "cheque", _("Cheque")
    STRIPE = "stripe", _("Stripe")
    OTHER = "other", pgettext_lazy("payment method", "Other")
    ROUNDING = "rounding", pgettext_lazy("payment method", "Rounding")


# Money through Stripe is booked when Stripe tells of it, and refunded there; rounding comes with it and is no money.
METHODS_BY_HAND = tuple(
    choice
    for choice in PaymentMethod.choices
    if choice[0] not in {PaymentMethod.STRIPE.value, PaymentMethod.ROUNDING.value}
)
