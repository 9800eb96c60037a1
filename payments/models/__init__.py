"""The models of payments."""

from payments.models.account import Account
from payments.models.dispute import Dispute
from payments.models.event import WebhookEvent
from payments.models.inbox import InboxMessage
from payments.models.refund import GatewayRefund
from payments.models.request import LinkChange, PaymentRequest

__all__ = ["Account", "Dispute", "GatewayRefund", "InboxMessage", "LinkChange", "PaymentRequest", "WebhookEvent"]
