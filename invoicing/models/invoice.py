"""Invoices and the notes that correct them: what is stored. Words such as the status label are derived."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.identifiers import IdField, new_token
from accounts.models import Business
from accounts.search import normalise
from accounts.tenancy import ScopedQuerySet
from clients.choices import ClientType
from clients.models import Client
from invoicing.choices import DocumentState, InvoiceType, NumberKind, Settlement
from invoicing.models.fields import AmountField, DataField

DRAFT, ISSUED = DocumentState.DRAFT, DocumentState.ISSUED
OPEN = Q(state=ISSUED, settlement=Settlement.OPEN, amount_due__gt=0)
MOST_WORDS = 10  # of a search; what follows narrows nothing any more
FROZEN = ["number", "issue_date", "issued_at", "seller", "buyer"]


class InvoiceQuerySet(ScopedQuerySet["Invoice"]):
    """Invoices and notes of a business."""

    def drafts(self) -> Self:
        """Keep drafts."""
        return self.filter(state=DRAFT)

    def with_amount_due(self) -> Self:
        """Keep issued documents of which something is due."""
        return self.filter(OPEN)

    def without_amount_due(self) -> Self:
        """Keep what ``with_amount_due`` leaves out."""
        return self.exclude(OPEN)

    def matching(self, term: str) -> Self:
        """Keep those in whose searched text each word of ``term`` stands."""
        rows = self
        for word in normalise(term).split()[:MOST_WORDS]:
            rows = rows.filter(search_text__contains=word)
        return rows

    def overdue(self, *, at: datetime) -> Self:
        """Keep those whose due date had passed in the business's time zone at a moment."""
        return self.with_amount_due().filter(overdue_at__lte=at)


class Invoice(models.Model):
    """An invoice, a credit note or a debit note.

    A draft has no number; its wishes (``number_wish``, ``issue_date_wish``) are honoured at issue. From then on
    ``seller`` and ``buyer`` are the parties as printed, and ``FROZEN`` stands together. The amounts are of
    ``invoicing.domain.totals``; ``amount_*`` follow from the ledger and the notes.
    """

    id = IdField("inv")
    business = models.ForeignKey(Business, on_delete=models.PROTECT, related_name="invoices")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="invoices")
    parent = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="notes_to_it")
    type = models.CharField(_("type"), max_length=12, choices=InvoiceType, default=InvoiceType.GENERAL)
    state = models.CharField(_("state"), max_length=10, choices=DocumentState, default=DRAFT)
    settlement = models.CharField(max_length=10, choices=Settlement, default=Settlement.OPEN)
    number = models.CharField(_("number"), max_length=50, null=True, blank=True)
    number_wish = models.CharField(_("number of your own"), max_length=50, blank=True)
    reference = models.CharField(_("client's reference"), max_length=200, blank=True)
    token = models.CharField(max_length=32, unique=True, default=partial(new_token, 28), editable=False)

    client_type = models.CharField(_("client's type"), max_length=10, choices=ClientType, default=ClientType.BUSINESS)
    client_name = models.CharField(_("client's name"), max_length=200)
    client_email = models.EmailField(_("client's email"), blank=True)
    client_phone = models.CharField(_("client's phone"), max_length=40, blank=True)
    client_details = DataField(default=dict, blank=True)  # a draft's buyer: the client, then what was given
    client_given = DataField(default=dict, blank=True)  # what the invoice says of the client by itself
    seller = DataField(null=True, blank=True)
    buyer = DataField(null=True, blank=True)

    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    currency = models.CharField(_("currency"), max_length=3)
    issue_date = models.DateField(_("issue date"), null=True, blank=True)
    issue_date_wish = models.DateField(null=True, blank=True)
    due_date = models.DateField(_("due date"), null=True, blank=True)
    due_date_given = models.BooleanField(default=False, editable=False)
    supply_date = models.DateField(_("supply date"), null=True, blank=True)
    payment_terms = models.CharField(_("payment terms"), max_length=200, blank=True)
    notes = models.TextField(_("notes"), max_length=5000, blank=True)
    footer = models.TextField(_("footer"), max_length=1000, blank=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    tax_rate = models.DecimalField(_("tax rate"), max_digits=7, decimal_places=4, default=0)
    discount_rate = models.DecimalField(_("discount"), max_digits=7, decimal_places=4, default=0)
    prices_include_tax = models.BooleanField(_("prices include tax"), default=False)
    subtotal = AmountField(_("subtotal"), default=0)
    discount_amount = AmountField(_("discount"), default=0)
    taxable_amount = AmountField(_("taxable amount"), default=0)
    tax_amount = AmountField(_("tax"), default=0)
    tax_breakdown = DataField(default=list, blank=True)
    total = AmountField(_("total"), default=0)
    tax_currency = models.CharField(max_length=3, blank=True)
    exchange_rate = models.DecimalField(_("exchange rate"), max_digits=23, decimal_places=8, null=True, blank=True)
    tax_amount_in_tax_currency = AmountField(null=True, blank=True)

    amount_credited = AmountField(_("credited"), default=0)
    amount_paid = AmountField(_("paid"), default=0)
    amount_refunded = AmountField(_("refunded"), default=0)
    amount_due = AmountField(_("amount due"), default=0)

    issued_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    email_sent_at = models.DateTimeField(null=True, blank=True)
    viewed_at = models.DateTimeField(null=True, blank=True)
    paid_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    overdue_at = models.DateTimeField(null=True, blank=True)  # when the day after due_date begins at the seller's

    pdf_key = models.CharField(max_length=120, blank=True, editable=False)
    pdf_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    warnings = DataField(default=list, blank=True)
    search_text = models.TextField(editable=False, default="")
    client_name_search = models.TextField(editable=False, default="")  # the name, normalised
    version = models.PositiveIntegerField(default=1, editable=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()

    objects = InvoiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("invoice")
        verbose_name_plural = _("invoices")
        constraints = [
            models.UniqueConstraint(fields=["business", "number"], name="invoice_number_unique"),
            models.CheckConstraint(
                condition=Q(state=DRAFT, **{f"{name}__isnull": True for name in FROZEN})
                | (~Q(state=DRAFT) & Q(**{f"{name}__isnull": False for name in FROZEN})),
                name="invoice_frozen_together",
            ),
            models.CheckConstraint(condition=Q(type__in=InvoiceType.values), name="invoice_type_known"),
            models.CheckConstraint(condition=Q(state__in=DocumentState.values), name="invoice_state_known"),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_at__isnull=False)
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True)),
                name="invoice_cancelled_at",
            ),
            models.CheckConstraint(
                condition=Q(total=F("taxable_amount") + F("tax_amount")), name="invoice_total_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(prices_include_tax=True) | Q(taxable_amount=F("subtotal") - F("discount_amount")),
                name="invoice_taxable_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(
                    subtotal__gte=0, discount_amount__gte=0, taxable_amount__gte=0, tax_amount__gte=0, total__gte=0
                ),
                name="invoice_amounts_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(amount_credited__gte=0, amount_paid__gte=0, amount_refunded__gte=0, amount_due__gte=0),
                name="invoice_settlement_not_negative",
            ),
            models.CheckConstraint(
                condition=~Q(type__in=["credit_note", "debit_note"]) | Q(parent__isnull=False),
                name="invoice_note_has_parent",
            ),
            models.CheckConstraint(
                condition=Q(tax_rate__gte=0, tax_rate__lte=100, discount_rate__gte=0, discount_rate__lte=100),
                name="invoice_rates_0_to_100",
            ),
        ]
        indexes = [
            models.Index(fields=["business", "-created_at", "-id"], name="invoice_newest"),
            models.Index(fields=["business", "state", "settlement", "-created_at", "-id"], name="invoice_by_status"),
            models.Index(fields=["business", "issue_date", "id"], name="invoice_by_issue_date"),
            models.Index(fields=["business", "due_date", "id"], name="invoice_by_due_date"),
            models.Index(fields=["business", "total", "id"], name="invoice_by_total"),
            models.Index(fields=["business", "amount_due", "id"], name="invoice_by_amount_due"),
            models.Index(fields=["business", "client_name", "id"], name="invoice_by_client_name"),
            models.Index(fields=["business", "reference"], name="invoice_by_reference"),
            models.Index(fields=["business", "currency", "-created_at", "-id"], name="invoice_by_currency"),
            models.Index(fields=["business", "type", "-created_at", "-id"], name="invoice_by_type"),
            models.Index(fields=["client", "-created_at", "-id"], name="invoice_of_client"),
            # Statistics: what was written since their sums were carried forward
            models.Index(
                fields=["business", "issued_at"], name="invoice_by_issue", condition=Q(issued_at__isnull=False)
            ),
            models.Index(
                fields=["business", "cancelled_at"],
                name="invoice_by_cancellation",
                condition=Q(cancelled_at__isnull=False),
            ),
            # Statistics are read from these alone, without the rows.
            models.Index(fields=["business", "state", "settlement", "type"], name="invoice_counts"),
            models.Index(
                fields=["business", "issue_date", "currency", "total", "amount_credited"],
                name="invoice_claims",
                condition=Q(state="issued") & ~Q(type="credit_note"),
            ),
            models.Index(
                fields=[
                    "business",
                    "overdue_at",
                    "currency",
                    "type",
                    "amount_due",
                    "amount_paid",
                    "viewed_at",
                    "sent_at",
                    "due_date",
                ],
                name="invoice_open",
                condition=Q(state="issued", settlement="open"),
            ),
        ]

    def __str__(self) -> str:
        return self.number or f"draft {self.pk}"

    @property
    def is_draft(self) -> bool:
        """Whether it was never issued."""
        return self.state == DRAFT

    @property
    def is_note(self) -> bool:
        """Whether it corrects another document."""
        return self.type in {InvoiceType.CREDIT_NOTE, InvoiceType.DEBIT_NOTE}

    @property
    def is_tax_invoice(self) -> bool:
        """Whether the law takes it for a tax invoice: by its type, or by the tax on it whatever its type."""
        return self.type in {InvoiceType.SIMPLIFIED, InvoiceType.STANDARD} or self.tax_amount > 0

    @property
    def number_kind(self) -> NumberKind:
        """The series it takes its number from."""
        return NumberKind(self.type) if self.is_note else NumberKind.INVOICE

    @property
    def date(self) -> date | None:
        """The issue date, or the one wished for a draft."""
        return self.issue_date or self.issue_date_wish

    @property
    def party(self) -> dict[str, object]:
        """The buyer as printed, or as a draft would print it now."""
        party: dict[str, object] = self.buyer or self.client_details
        return party
