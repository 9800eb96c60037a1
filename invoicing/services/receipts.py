"""The receipt of a payment: what was received, for which invoice, and what was left to pay. Refunds have none."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from invoicing.choices import DocumentState, InvoiceType, PaymentMethod
from invoicing.domain.settling import sum_of
from invoicing.domain.snapshot import seller_of
from invoicing.models import Invoice, Payment, Refund
from invoicing.money import minor_digits
from invoicing.pdf.content import PaidInvoice, Receipt
from invoicing.pdf.papers import render_receipt
from invoicing.pdf.words import amount_in_words
from invoicing.services.printing import letterhead
from invoicing.services.received import ROUNDING

MOST_OF_DESCRIPTION: Final = 120  # characters; the invoice has it whole
SEPARATOR: Final = {"ar": "، "}


def receipt_number(payment: Payment) -> str:
    """Return the number of a payment's receipt: that of its invoice, and the how-manieth of its payments it is.

    Payments are never deleted and come one after the other, so it stays what it is; it is unique in a business
    because numbers of invoices are, and what follows the last hyphen is the ordinal.
    """
    return f"RC-{payment.invoice.number}-{payments_before(payment).count() + 1}"


def file_name(payment: Payment) -> str:
    """Return the name under which a receipt is saved, in characters that are safe everywhere."""
    return f"receipt_{re.sub(r'[^A-Za-z0-9._]+', '-', receipt_number(payment))}.pdf"


def receipt_pdf(payment: Payment) -> bytes:
    """Return the receipt of a payment as a PDF: the same at any time, whatever is paid, credited or refunded later."""
    return render_receipt(receipt_of(payment))


def receipt_of(payment: Payment) -> Receipt:
    """Return what is printed of a payment's receipt, as things stood when it was recorded.

    The parties are those of the invoice, and so are language and look.
    """
    invoice = payment.invoice
    seller = invoice.seller or seller_of(invoice.business)
    received_date = payment.received_at.astimezone(ZoneInfo(invoice.business.timezone)).date()
    paid_before, credited = paid_before_it(payment), credited_before(payment)
    balance = max(invoice.total - credited - paid_before - payment.amount - rounded_with(payment), Decimal(0))
    digits = minor_digits(payment.currency)
    due_date = invoice.due_date if invoice.due_date and invoice.due_date >= received_date else None
    return Receipt(
        **letterhead(seller, invoice.buyer or invoice.client_details, invoice.language),
        number=receipt_number(payment),
        issue_date=received_date,
        currency=payment.currency,
        currency_digits=digits,
        footer=invoice.footer,
        method=payment.method,
        transaction=payment.reference or payment.external_id or "",
        amount=payment.amount,
        invoices=(
            PaidInvoice(
                number=invoice.number or "",
                issue_date=invoice.issue_date,
                description=description_of(invoice),
                total=invoice.total,
                paid_before=paid_before,
                credited=credited,
                amount=payment.amount,
            ),
        ),
        balance=balance,
        balance_due_date=due_date,
        amount_in_words=amount_in_words(payment.amount, payment.currency, digits, invoice.language, seller["country"]),
    )


def payments_before(payment: Payment) -> QuerySet[Payment]:
    """Return the payments of the same invoice that were recorded before."""
    earlier = Q(created_at__lt=payment.created_at) | Q(created_at=payment.created_at, pk__lt=payment.pk)
    return Payment.objects.filter(earlier, invoice_id=payment.invoice_id)


def paid_before_it(payment: Payment) -> Decimal:
    """Return what counted as paid of the invoice when a payment was recorded."""
    refunds = Refund.objects.filter(
        payment__invoice_id=payment.invoice_id, lowers_paid=True, created_at__lt=payment.created_at
    )
    return sum_of(payments_before(payment)) - sum_of(refunds)


def rounded_with(payment: Payment) -> Decimal:
    """Return what was booked as rounding together with a gateway's payment."""
    return sum_of(
        Payment.objects.filter(
            invoice_id=payment.invoice_id, external_id=f"{payment.external_id}{ROUNDING}", method=PaymentMethod.ROUNDING
        )
    )


def credited_before(payment: Payment) -> Decimal:
    """Return what had been credited of the invoice when a payment was recorded."""
    notes = Invoice.objects.filter(
        parent_id=payment.invoice_id,
        type=InvoiceType.CREDIT_NOTE,
        state=DocumentState.ISSUED,
        issued_at__lt=payment.created_at,
    )
    return sum_of(notes, "total")


def description_of(invoice: Invoice) -> str:
    """Return what an invoice was for, in a line or two: the names of its lines."""
    names = invoice.lines.order_by("position").values_list("name", "name_ar")[:10]
    arabic = invoice.language == "ar"
    joined = SEPARATOR.get(invoice.language, ", ").join((arabic and name_ar) or name for name, name_ar in names)
    return joined if len(joined) <= MOST_OF_DESCRIPTION else joined[: MOST_OF_DESCRIPTION - 1].rstrip() + "…"
