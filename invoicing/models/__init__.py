"""The models of invoicing."""

from invoicing.models.artifact import Artifact
from invoicing.models.event import Event
from invoicing.models.invoice import Invoice, InvoiceQuerySet
from invoicing.models.ledger import Payment, Refund
from invoicing.models.line import Line
from invoicing.models.series import Series

__all__ = ["Artifact", "Event", "Invoice", "InvoiceQuerySet", "Line", "Payment", "Refund", "Series"]
