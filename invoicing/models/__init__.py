"""The models of invoicing."""

from invoicing.models.artifact import Artifact
from invoicing.models.carried import CarriedForward
from invoicing.models.event import Event
from invoicing.models.invoice import Invoice, InvoiceQuerySet
from invoicing.models.ledger import Payment, Refund
from invoicing.models.line import Line
from invoicing.models.series import Series
from invoicing.models.view import SavedView

__all__ = [
    "Artifact",
    "CarriedForward",
    "Event",
    "Invoice",
    "InvoiceQuerySet",
    "Line",
    "Payment",
    "Refund",
    "SavedView",
    "Series",
]
