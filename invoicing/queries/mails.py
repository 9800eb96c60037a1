"""The mails about an invoice: those that brought it, reminded of it, or brought the receipt of a payment."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from accounts.models import Delivery
from invoicing.models import Invoice, Payment


def mails_about(invoice: Invoice) -> QuerySet[Delivery]:
    """Return the mails of an invoice, receipts of its payments among them."""
    payments = Payment.objects.filter(invoice_id=invoice.pk).values_list("pk", flat=True)
    return Delivery.objects.filter(
        Q(topic="invoice", topic_id=invoice.pk) | Q(topic="receipt", topic_id__in=list(payments))
    )


def kind_of(delivery: Delivery) -> dict[str, Any]:
    """Return what an event says of the kind of a mail."""
    said: dict[str, Any] = {"delivery": delivery.pk}
    return said | ({delivery.template: True} if delivery.template in {"reminder", "receipt"} else {})
