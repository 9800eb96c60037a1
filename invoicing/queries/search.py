"""What is found among documents by words, or by an amount as people type it."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Final

from django.db.models import Q

from accounts.models import Business
from accounts.search import normalise
from invoicing.models import Invoice, InvoiceQuerySet
from invoicing.models.fields import SCALE
from invoicing.money import LARGEST

# A currency's code, name or sign
UNIT: Final = r"(?:[^\W\d]+(?:\.[^\W\d]+)*\.?|[^\w\s])?"
AMOUNT: Final = re.compile(rf"{UNIT}\s*(\d[\d\s.,٫٬'’]*){UNIT}")
GROUPING: Final = re.compile(r"\d{1,3}(?P<mark>\D)\d{3}(?:(?P=mark)\d{3})*")
SHOWN: Final = (
    "pk", "number", "type", "state", "settlement", "client_name", "currency", "issue_date", "due_date", "total",
    "amount_due", "amount_paid", "overdue_at", "viewed_at", "sent_at",
)  # fmt: skip


def amounts_meant(term: str) -> list[Decimal]:
    """Return the amounts that a typed figure can mean, the likelier first; none where it is no figure.

    ``22,680`` is grouped in English and has decimals in French, so it is both; ``22.680,00`` can only be one.
    """
    typed = AMOUNT.fullmatch(normalise(term))
    if typed is None:
        return []
    figure = re.sub(r"[\s'’٬]", "", typed[1]).replace("٫", ".").rstrip(".,")
    readings = [re.sub(r"[.,]", "", figure)] if is_grouped(figure) else []
    point = max(figure.rfind("."), figure.rfind(","))
    whole, decimals = (figure, "") if point < 0 else (figure[:point], figure[point + 1 :])
    if not re.search(r"[.,]", whole) or (is_grouped(whole) and figure[point] not in whole):
        readings.append(f"{re.sub(r'[.,]', '', whole)}.{decimals}")
    return [amount for reading in readings if (amount := Decimal(reading)) <= LARGEST and len(decimals) <= SCALE]


def is_grouped(figure: str) -> bool:
    """Return whether a figure's separators can all stand for thousands."""
    return GROUPING.fullmatch(figure) is not None


def documents_found(*, business: Business, term: str, newest: int | None = None) -> InvoiceQuerySet:
    """Return the documents in whose number, reference or parties each word of a term stands, newest first.

    ``newest``: only so many of the newest are looked through, for words too short for the index of three letters.
    """
    rows = Invoice.objects.filter(business=business)
    if newest is not None:
        last = rows.order_by("-created_at", "-id").values("pk")[:newest]
        rows = Invoice.objects.filter(pk__in=last)
    return rows.matching(term).order_by("-created_at", "-id").only(*SHOWN)


def documents_of_amount(*, business: Business, amounts: list[Decimal]) -> InvoiceQuerySet:
    """Return the documents whose total or amount due is one of some amounts, newest first."""
    wanted = Q(total__in=amounts) | Q(amount_due__in=amounts)
    return Invoice.objects.filter(wanted, business=business).order_by("-created_at", "-id").only(*SHOWN)
