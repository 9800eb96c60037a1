"""Reads over documents, their runs, and what those cost."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Q, QuerySet, Sum
from django.db.models.functions import TruncDate, TruncMonth

from accounts.choices import QueueState
from accounts.models import Business, Membership
from extraction.domain.parties import (
    Ourselves,
    compact,
    ibans_in,
    name_key,
    number_keys,
    own_domains,
    same_number,
)
from extraction.models import Billing, Document, EngineCall, Extraction, ModelPrice, Vendor
from extraction.models.document import ACTIVE, STATUS_CONDITIONS, DocumentQuerySet
from extraction.reconcile import Check
from extraction.schema import PLACES
from invoicing.models.fields import AmountField

ENDED = (QueueState.DONE.value, QueueState.FAILED.value)
MOST_DOMAINS = 5  # that a vendor is looked for by
MOST_ALIKE = 200  # documents of the same number, or day and total, that are looked at
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


# Vendors, and whom they send their papers to


@dataclass(frozen=True, slots=True)
class Known:
    """A vendor that was verified before, and by what it is known: ``tax_id``, ``iban`` or ``domain``."""

    vendor: Vendor
    by: str


def vendor_known(
    *, business_id: str, data: Mapping[str, Any], domains: Sequence[str] = (), numbers: Sequence[str] = ()
) -> Known | None:
    """Return the vendor that sent a paper: by its tax number, else its IBAN, else a number or a domain on the pages.

    What several vendors share tells nothing, nor does a mark beside a tax number or an IBAN of somebody else.
    """
    iban, rows = compact(data["vendor_iban"]), Vendor.objects.filter(business_id=business_id)
    if found := vendor_numbered(rows, data["vendor_tax_id"]):
        return Known(found, "tax_id")
    if iban and (found := only(rows.filter(iban=iban), data["vendor_tax_id"])):
        return Known(found, "iban")
    if numbers and (found := only(rows.filter(Q(tax_id__in=numbers) | Q(iban__in=numbers)), None)):
        return Known(found, "tax_id" if found.tax_id in numbers else "iban")
    for domain in domains[:MOST_DOMAINS]:
        found = only(rows.filter(domain=domain), data["vendor_tax_id"])
        if found and not (iban and found.iban and found.iban != iban):
            return Known(found, "domain")
    return None


def vendor_numbered(rows: QuerySet[Vendor], tax_id: str | None) -> Vendor | None:
    """Return the vendor of a tax number: written like that, else with or without the letters of its country."""
    key = compact(tax_id)
    if not key:
        return None
    alike = Q(tax_id__in=number_keys(key)) | (Q(tax_id__endswith=key) if key.isdigit() else Q())
    others = rows.filter(alike).order_by("pk")[:MOST_ALIKE]
    exact = rows.filter(tax_id=key).first()
    return exact or next((row for row in others if same_number(row.tax_id, key)), None)


def only(rows: QuerySet[Vendor], tax_id: str | None) -> Vendor | None:
    """Return the one vendor of some rows, None for several and for one with another tax number."""
    found = list(rows[:2])
    if len(found) != 1 or (number_keys(tax_id) and found[0].tax_id and not same_number(tax_id, found[0].tax_id)):
        return None
    return found[0]


def ourselves(business: Business) -> Ourselves:
    """Return by what a business is known on papers that it receives."""
    names = {name_key(name) for name in (business.name, business.legal_name, business.legal_name_ar)}
    given = [business.vat_number, business.cr_number, *(str(entry.get("value", "")) for entry in business.tax_ids)]
    addresses = list(Membership.objects.filter(business=business).values_list("user__email", flat=True))
    return Ourselves(
        frozenset(names - {""}),
        frozenset(key for number in given for key in number_keys(number)),
        ibans_in(business.bank_details),
        own_domains([business.email, business.website, *addresses]),
    )


# What can be said of a document by the others


def checks_against_others(document: Document, data: Mapping[str, Any], known: Known | None = None) -> list[Check]:
    """Return what can be said of a document's data by what else the business has, and of its file."""
    twin, iban = like_this(document, data), compact(data["vendor_iban"])
    found = [Check("duplicate", twin is None, {"document": twin.pk} if twin else {})]
    if known and known.vendor.iban and iban:
        is_same = known.vendor.iban == iban
        found.append(Check("iban_changed", is_same, {} if is_same else {"known": known.vendor.iban}))
    findings = {"findings": ",".join(document.findings)} if document.findings else {}
    return [*found, Check("active_content", not findings, findings)]


def like_this(document: Document, data: Mapping[str, Any]) -> Document | None:
    """Return another document of the same bytes, of the same vendor and number, or of the same vendor, date, total.

    Vendors are the same by name, but for its writing and legal form, or by tax number.
    """
    alike = Q(sha256=document.sha256)
    if data["invoice_number"]:
        alike |= Q(number=data["invoice_number"])
    if data["invoice_date"] and data["total"] is not None:
        alike |= Q(date=data["invoice_date"], total=round(data["total"], PLACES))
    rows = Document.objects.filter(alike, business_id=document.business_id).exclude(pk=document.pk)
    rows = rows.select_related("latest").order_by("created_at", "id")
    return next((row for row in rows[:MOST_ALIKE] if row.sha256 == document.sha256 or is_of_vendor(row, data)), None)


def is_of_vendor(row: Document, data: Mapping[str, Any]) -> bool:
    """Return whether a document is of the vendor that data names."""
    known = row.verified_data or (row.latest and row.latest.source.data) or {}
    if same_number(known.get("vendor_tax_id") or row.vendor_tax_id, data["vendor_tax_id"]):
        return True
    key = name_key(data["vendor_name"])
    return bool(key) and key == name_key(row.vendor)


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
