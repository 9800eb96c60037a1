"""The models of extraction."""

from extraction.models.billing import Billing
from extraction.models.document import Document, SupportingFile
from extraction.models.extraction import EngineCall, Extraction
from extraction.models.page import Page
from extraction.models.price import Budget, ModelPrice
from extraction.models.vendor import Vendor

__all__ = [
    "Billing",
    "Budget",
    "Document",
    "EngineCall",
    "Extraction",
    "ModelPrice",
    "Page",
    "SupportingFile",
    "Vendor",
]
