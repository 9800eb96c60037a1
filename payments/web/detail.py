"""One invoice, with what gateways know of its money: link, refunds under way, disputes, what is too much."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from accounts.choices import Permission
from invoicing.models import Invoice
from invoicing.services.received import overpaid
from invoicing.web.detail import InvoiceDetail
from payments.choices import DisputeState, RefundState
from payments.models import Dispute, GatewayRefund, PaymentRequest
from payments.queries import asks_for, is_at_gateway, is_rounding, link_of, standing_of


class InvoiceDetailWithPayments(InvoiceDetail):
    """The page of one invoice."""

    template_name = "payments/invoice_detail.html"

    def shown(self, invoice: Invoice, *, at: datetime) -> dict[str, Any]:
        """Add what is known of its money."""
        context = super().shown(invoice, at=at)
        entries = context["payments"]
        payments = [entry["payment"] for entry in entries]
        context["payments"] = with_gateway(entries) if any(payment.external_id for payment in payments) else entries
        return context | {
            "over": overpaid(invoice) if payments else Decimal(0),
            "disputes": open_disputes(invoice) if payments else [],
            "link": self.link(invoice, at=at) if "pay" in context["able"] else None,
        }

    def link(self, invoice: Invoice, *, at: datetime) -> dict[str, Any]:
        """Return the payment link, and whether it still asks for what is due."""
        request = link_of(invoice)
        standing = standing_of(self.business)
        is_open = request is not None and request.is_payable(at=at)
        return {
            "request": request if is_open else None,
            "fits": request is not None and is_open and fits(request, invoice),
            "can_be": standing.is_own or standing.by_installation,
            "is_sandbox": standing.is_sandbox,
            "may_set_up": self.actor.may(self.business.pk, Permission.MANAGE) and not self.business.payment_link,
        }


def fits(request: PaymentRequest, invoice: Invoice) -> bool:
    """Return whether a link asks for what is due."""
    return bool(asks_for(request) == invoice.amount_due)


def open_disputes(invoice: Invoice) -> list[Dispute]:
    """Return the disputes about an invoice's payments that are not settled."""
    rows = Dispute.objects.filter(payment__invoice=invoice, state=DisputeState.OPEN)
    return list(rows.select_related("payment").order_by("-opened_at"))


def with_gateway(entries: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return payments with what a gateway knows of each: whether it can refund it, and what is under way."""
    orders = GatewayRefund.objects.filter(
        payment__in=[entry["payment"].pk for entry in entries], status=RefundState.ASKED
    ).order_by("created_at")
    under_way: dict[str, list[GatewayRefund]] = {}
    for order in orders:
        under_way.setdefault(order.payment_id, []).append(order)
    return [
        entry
        | {
            "at_gateway": is_at_gateway(entry["payment"]),
            "is_rounding": is_rounding(entry["payment"]),
            "under_way": under_way.get(entry["payment"].pk, []),
        }
        for entry in entries
    ]
