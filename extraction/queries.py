"""Reads over documents, their runs, and what those cost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth

from accounts.choices import QueueState
from accounts.schema import SEPARATORS
from extraction.models import Billing, Document, EngineCall, Extraction, ModelPrice, Vendor
from extraction.models.document import ACTIVE, STATUS_CONDITIONS, DocumentQuerySet
from extraction.reconcile import Check
from invoicing.models.fields import AmountField

ENDED = (QueueState.DONE.value, QueueState.FAILED.value)
SUMS: Mapping[str, Any] = {
    "calls": Count("id"),
    "input_tokens": Sum("input_tokens"),
    "output_tokens": Sum("output_tokens"),
    "price": Sum("price_usd"),
    "milliseconds": Sum("milliseconds"),
}


def prices_on(day: date) -> list[ModelPrice]:
    """Return the models on offer on a day, each with the price that is valid."""
    found: dict[str, ModelPrice] = {}
    for row in ModelPrice.objects.valid_on(day):
        found.setdefault(row.name, row)
    # The newest row says whether a model is retired: an older price does not bring it back.
    return [row for row in found.values() if row.retired_at is None or row.retired_at > day]


def first_of_content(*, business_id: str, sha256: str) -> Document | None:
    """Return the oldest document of a business that has these bytes."""
    rows = Document.objects.filter(business_id=business_id, sha256=sha256)
    return rows.order_by("created_at", "id").first()


def active_run(document_id: str) -> Extraction | None:
    """Return the document's run that waits or goes on."""
    return Extraction.objects.filter(document_id=document_id, state__in=ACTIVE).first()


def runs_of(document_id: str) -> QuerySet[Extraction]:
    """Return a document's runs, the newest first."""
    return Extraction.objects.filter(document_id=document_id).order_by("-version")


def compact(text: str | None) -> str:
    """Return a number of a register without separators, in capitals."""
    return SEPARATORS.sub("", text or "").upper()


def vendor_known(*, business_id: str, data: Mapping[str, Any]) -> Vendor | None:
    """Return the vendor that a document's data names, by tax number, else by IBAN."""
    tax_id, iban = compact(data["vendor_tax_id"]), compact(data["vendor_iban"])
    rows = Vendor.objects.filter(business_id=business_id)
    for condition in (Q(tax_id=tax_id) if tax_id else None, Q(iban=iban) if iban else None):
        if condition is not None and (found := rows.filter(condition).first()):
            return found
    return None


def checks_against_others(document: Document, data: Mapping[str, Any]) -> list[Check]:
    """Return what can be said of a document's data by what else the business has."""
    found = []
    twin = like_this(document, data)
    found.append(Check("duplicate", twin is None, {"document": twin.pk} if twin else {}))
    vendor, iban = vendor_known(business_id=document.business_id, data=data), compact(data["vendor_iban"])
    if vendor and vendor.iban and iban:
        found.append(Check("iban_changed", vendor.iban == iban, {} if vendor.iban == iban else {"known": vendor.iban}))
    found.append(
        Check(
            "active_content",
            not document.findings,
            {"findings": ",".join(document.findings)} if document.findings else {},
        )
    )
    return found


def like_this(document: Document, data: Mapping[str, Any]) -> Document | None:
    """Return another document of the same bytes, of the same vendor and number, or of the same vendor, date, total."""
    alike = Q(sha256=document.sha256)
    vendor = (data["vendor_name"] or "")[:200]
    if vendor and data["invoice_number"]:
        alike |= Q(vendor=vendor, number=data["invoice_number"])
    if vendor and data["invoice_date"] and data["total"] is not None:
        alike |= Q(vendor=vendor, date=data["invoice_date"], total=data["total"])
    rows = Document.objects.filter(alike, business_id=document.business_id).exclude(pk=document.pk)
    return rows.order_by("created_at", "id").first()


def spent_since(*, business_id: str, since: datetime) -> Decimal:
    """Return what calls cost from a moment on, in USD; those that go on count with the most that they can cost."""
    calls = EngineCall.objects.filter(business_id=business_id, called_at__gte=since)
    return calls.aggregate(usd=Sum("price_usd"))["usd"] or Decimal(0)


def usage(*, business_id: str, since: datetime, until: datetime) -> dict[str, Any]:
    """Return what the calls from one moment until another came to: in all, and by day, model, engine and mode.

    Days are those of the time zone of ``since``. Tokens are counted, prices are in USD and in the display currency,
    times in seconds.
    """
    calls = EngineCall.objects.filter(business_id=business_id, called_at__gte=since, called_at__lt=until)
    answer: dict[str, Any] = summed(calls.aggregate(**SUMS), displayed(calls))
    for name, column in (("by_model", "model"), ("by_engine", "engine"), ("by_mode", "mode")):
        rows = calls.exclude(**{column: ""}).values(column).annotate(**SUMS).order_by(column)
        answer[name] = [{column: row[column], **summed(row)} for row in rows]
    by_day = (
        calls.annotate(day=TruncDate("called_at", tzinfo=since.tzinfo)).values("day").annotate(**SUMS).order_by("day")
    )
    answer["by_day"] = [{"day": row["day"], **summed(row)} for row in by_day]
    return answer


def spent_by_day(*, business_id: str, since: datetime, until: datetime) -> dict[tuple[date, str], Decimal]:
    """Return what calls cost in USD by day, of the time zone of ``since``, and mode."""
    calls = EngineCall.objects.filter(business_id=business_id, called_at__gte=since, called_at__lt=until)
    rows = calls.annotate(day=TruncDate("called_at", tzinfo=since.tzinfo)).values("day", "mode").order_by("day")
    return {(row["day"], row["mode"]): row["price"] for row in rows.annotate(price=Sum("price_usd"))}


def summed(row: Mapping[str, Any], shown: list[dict[str, Any]] | None = None) -> dict[str, Any]:
    """Return sums under the names of the API."""
    entry = {
        "calls": row["calls"],
        "input_tokens": row["input_tokens"] or 0,
        "output_tokens": row["output_tokens"] or 0,
        "total_tokens": (row["input_tokens"] or 0) + (row["output_tokens"] or 0),
        "price": row["price"] or Decimal(0),
        "time_taken": Decimal(row["milliseconds"] or 0) / 1000,
    }
    return entry if shown is None else entry | {"price_display": shown}


def displayed(calls: QuerySet[EngineCall]) -> list[dict[str, Any]]:
    """Return what was spent in each display currency: it may have been another one before."""
    rows = calls.exclude(display_currency="").values("display_currency").annotate(amount=Sum("price_display"))
    return [{"currency": row["display_currency"], "amount": row["amount"]} for row in rows.order_by("display_currency")]


def newest_done(document_id: str) -> Extraction | None:
    """Return the document's newest run that came to data."""
    return runs_of(document_id).filter(state=QueueState.DONE, data__isnull=False).first()


# What the list of documents shows


@dataclass(frozen=True, slots=True)
class Sums:
    """What documents add up to in one currency; ``of`` is what they have in common."""

    currency: str
    count: int
    total: Decimal
    of: Any = None


def status_counts(rows: DocumentQuerySet) -> dict[str, int]:
    """Return how many documents there are, and how many in each status, in one query."""
    counted = {status.value: Count("pk", filter=condition) for status, condition in STATUS_CONDITIONS.items()}
    return dict(rows.aggregate(all=Count("pk"), **counted))


def work_waiting(business_id: str) -> tuple[int, int]:
    """Return how many documents wait to be verified, and how many could not be read."""
    rows = Document.objects.filter(business_id=business_id, verified_at=None, latest__state__in=ENDED)
    found = rows.aggregate(
        read=Count("pk", filter=Q(latest__state=QueueState.DONE)),
        failed=Count("pk", filter=Q(latest__state=QueueState.FAILED)),
    )
    return found["read"], found["failed"]


def sums_of(rows: QuerySet[Document], *by: Any, named: str = "") -> list[Sums]:
    """Return what documents add up to by currency, and by what ``named`` stands for.

    Those without an amount or a currency are left out; unlike currencies are never added.
    """
    grouped = rows.exclude(total=None).exclude(currency="").order_by().values(*by, "currency")
    sums = grouped.annotate(documents=Count("pk"), together=Sum("total", output_field=AmountField()))
    return [Sums(row["currency"], row["documents"], row["together"], row.get(named)) for row in sums]


def sums_by_currency(rows: QuerySet[Document]) -> list[Sums]:
    """Return what documents add up to, the most frequent currency first."""
    return sorted(sums_of(rows), key=lambda each: (-each.count, each.currency))


def sums_by_month(rows: QuerySet[Document]) -> list[Sums]:
    """Return what documents add up to by the month of their invoice, the latest first; those without a day last."""
    found = sums_of(rows.annotate(month=TruncMonth("date")), "month", named="month")
    return sorted(found, key=lambda each: (-(each.of or date.min).toordinal(), each.currency))


def sums_by_vendor(rows: QuerySet[Document]) -> list[Sums]:
    """Return what documents add up to by vendor and currency, the largest first within a currency."""
    found = sums_of(rows, "vendor", named="vendor")
    return sorted(found, key=lambda each: (each.currency, -each.total, each.of))


def currencies_of(business_id: str) -> list[str]:
    """Return the currencies of a business's documents."""
    rows = Document.objects.filter(business_id=business_id).exclude(currency="").order_by("currency")
    return list(rows.values_list("currency", flat=True).distinct())


def papers_found(*, business_id: str, term: str) -> DocumentQuerySet:
    """Return a business's documents in which the words of a term stand, the newest first."""
    rows = Document.objects.filter(business_id=business_id).select_related("latest")
    return rows.matching(term).order_by("-created_at", "-id")


def billings_of(document_id: str) -> list[Billing]:
    """Return the drafts that were made of a document's lines, the newest first."""
    rows = Billing.objects.filter(document_id=document_id).select_related("invoice")
    return list(rows.order_by("-created_at", "-pk"))
