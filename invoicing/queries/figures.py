"""What clients were invoiced, have paid and owe, by currency."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any, Final

from django.db.models import Q, QuerySet, Sum

from invoicing.choices import DocumentState, InvoiceType
from invoicing.models import Invoice, Payment, Refund
from invoicing.models.fields import AmountField

Money = dict[str, Decimal]  # amounts by currency
# Documents that ask for money of themselves; a credit note lowers what its invoice asks for.
CLAIMS: Final = Q(state=DocumentState.ISSUED) & ~Q(type=InvoiceType.CREDIT_NOTE)


def added(rows: QuerySet[Any], keys: Sequence[str], **columns: str) -> list[dict[str, Any]]:
    """Return sums of amounts by ``keys``, in one query."""
    sums = {name: Sum(column, output_field=AmountField()) for name, column in columns.items()}
    return list(rows.order_by().values(*keys).annotate(**sums))


def client_figures(client_ids: Collection[str]) -> dict[str, dict[str, Money]]:
    """Return by client's id what was ``invoiced``, ``paid`` and is ``due``, each by currency, in three queries.

    Invoiced is what issued invoices and debit notes ask for, less what was credited of it; paid is what was
    received less what went back. Unlike currencies are never added.
    """
    ids = list(client_ids)
    figures: dict[str, dict[str, Money]] = {
        client_id: {name: defaultdict(Decimal) for name in ("invoiced", "paid", "due")} for client_id in ids
    }
    claims = Invoice.objects.filter(CLAIMS, client_id__in=ids)
    for row in added(
        claims, ("client_id", "currency"), asked="total", credited="amount_credited", open_amount="amount_due"
    ):
        of_client = figures[row["client_id"]]
        of_client["invoiced"][row["currency"]] += row["asked"] - row["credited"]
        of_client["due"][row["currency"]] += row["open_amount"]
    received = Payment.objects.filter(invoice__client_id__in=ids)
    for row in added(received, ("invoice__client_id", "currency"), sum="amount"):
        figures[row["invoice__client_id"]]["paid"][row["currency"]] += row["sum"]
    returned = Refund.objects.filter(payment__invoice__client_id__in=ids)
    for row in added(returned, ("payment__invoice__client_id", "payment__currency"), sum="amount"):
        figures[row["payment__invoice__client_id"]]["paid"][row["payment__currency"]] -= row["sum"]
    return figures
