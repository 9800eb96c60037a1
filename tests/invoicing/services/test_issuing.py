"""Issuing: numbers, dates, what the law asks for, and what the database holds to."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.errors import QuotaExceeded
from accounts.models import Business, Plan, QuotaCounter
from accounts.tenancy import Actor
from invoicing.domain.numbering import next_numbers
from invoicing.errors import DateBeforeSeries, ImpossibleMove, InvalidInvoice, NotReadyToIssue, NumberTaken
from invoicing.models import Artifact, Invoice, Series
from invoicing.services.drafts import edit_invoice
from invoicing.services.issuing import create_invoice, issue_invoice, preview_invoice
from tests.factories.accounts import make_actor, make_business
from tests.factories.clients import SAUDI, make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
ADDRESS = {"building_number": "1", "street": "Street", "district": "Olaya", "city": "Riyadh", "postal_code": "12611"}
IDS = [{"type": "ICE", "value": "002741963000058"}, {"type": "IF", "value": "3320917"}, {"type": "TP", "value": "34"}]


@pytest.fixture
def business() -> Business:
    return make_business(currency="USD")


@pytest.fixture
def saudi() -> Business:
    return make_business(
        country="SA", currency="SAR", timezone="Asia/Riyadh", legal_name="Test Co", vat_number="300000000000003",
        address=ADDRESS,
    )  # fmt: skip


def stops(draft: Invoice, at: datetime = AT) -> set[str]:
    with pytest.raises(NotReadyToIssue) as error:
        issue_invoice(invoice=draft, actor=Actor.system(draft.business_id), at=at)
    return set(error.value.errors)


def test_issue_freezes_number_date_and_parties_together(business: Business) -> None:
    actor = make_actor(business)
    draft = make_draft(business, make_client(business, name="Before"), at=AT)
    issued = issue_invoice(invoice=draft, actor=actor, at=AT)
    business.name = "Renamed"
    business.save()
    issued.refresh_from_db()
    assert (issued.number, issued.issue_date, issued.issued_at) == ("INV-2026-0001", date(2026, 11, 20), AT)
    assert issued.seller is not None
    assert issued.seller["name"] != "Renamed"
    assert issued.buyer is not None
    assert issued.buyer["name"] == "Before"
    assert (issued.state, issued.amount_due, issued.version) == ("issued", issued.total, 2)
    event = issued.events.get(kind="issued")
    assert (event.actor_id, event.data, event.channel) == (actor.user_id, {"number": "INV-2026-0001"}, "browser")
    assert Artifact.objects.get(invoice=issued).state == "queued"


def test_numbers_run_by_kind_and_year_and_next_number_carries_on(business: Business) -> None:
    business.next_numbers = {"invoice": 42}
    business.save()
    dates = ["2025-12-31", "2026-01-01", "2026-01-02"]
    assert [make_issued(business, issue_date=day, at=AT).number for day in dates] == [
        "INV-2025-0042",
        "INV-2026-0001",
        "INV-2026-0002",
    ]
    assert next_numbers(business, on=date(2026, 5, 1)) == {"invoice": 3, "credit_note": 1, "debit_note": 1}


def test_rolled_back_issue_gives_its_number_back(business: Business) -> None:
    with transaction.atomic():
        make_issued(business, at=AT)
        transaction.set_rollback(True)
    assert make_issued(business, at=AT).number == "INV-2026-0001"


def test_number_of_ones_own_is_kept_and_refused_when_taken(business: Business) -> None:
    assert make_issued(business, invoice_number="OLD/7", at=AT).number == "OLD/7"
    with pytest.raises(NumberTaken):
        make_issued(business, invoice_number="OLD/7", at=AT)
    assert make_issued(business, at=AT).number == "INV-2026-0001"


def test_series_steps_over_a_number_from_an_older_format(business: Business) -> None:
    business.number_formats = {"invoice": "INV-2026-{seq:04}"}
    business.save()
    make_issued(business, at=AT)
    business.number_formats = {}
    business.save()
    draft = make_draft(Business.objects.get(), at=AT)
    assert issue_invoice(invoice=draft, actor=Actor.system(business.pk), at=AT).number == "INV-2026-0002"


@pytest.mark.parametrize("country", ["SA", "MA"])
def test_date_before_the_series_is_refused_where_the_law_forbids_it(saudi: Business, country: str) -> None:
    saudi.country = country
    saudi.save()
    make_issued(saudi, at=AT, type="general", tax_rate=0)
    draft = make_draft(saudi, at=AT, type="general", issue_date="2026-11-19", tax_rate=0)
    with pytest.raises(DateBeforeSeries) as error:
        issue_invoice(invoice=draft, actor=Actor.system(saudi.pk), at=AT)
    assert set(error.value.errors) == {"issue_date"}
    assert Series.objects.get().next_seq == 2


def test_date_before_the_series_is_a_warning_elsewhere(business: Business) -> None:
    make_issued(business, at=AT)
    late = make_issued(business, at=AT, issue_date="2026-11-19")
    assert [warning["code"] for warning in late.warnings] == ["issue_date_out_of_order"]


def test_issue_date_is_the_day_in_the_business_time_zone(business: Business) -> None:
    business.timezone = "Pacific/Auckland"
    business.save()
    assert make_issued(business, at=datetime(2026, 11, 20, 12, tzinfo=UTC)).issue_date == date(2026, 11, 21)


def test_due_date_of_the_default_moves_with_the_day_of_issue(business: Business) -> None:
    draft = make_draft(business, at=AT)
    issued = issue_invoice(invoice=draft, actor=Actor.system(business.pk), at=AT + timedelta(days=3))
    assert issued.due_date == date(2026, 12, 23)
    assert issued.overdue_at == datetime(2026, 12, 24, tzinfo=UTC)


def test_due_date_before_the_issue_date_stops_it(business: Business) -> None:
    assert stops(make_draft(business, due_date="2026-11-01", at=AT)) == {"due_date"}


def test_moroccan_seller_needs_its_numbers_to_invoice_with_tax() -> None:
    business = make_business(country="MA", currency="MAD", tax_ids=IDS[:1])
    assert stops(make_draft(business, tax_rate=20, at=AT)) == {"business.tax_ids"}
    assert make_issued(business, tax_rate=0, at=AT).number
    business.tax_ids = IDS
    business.save()
    assert make_issued(business, tax_rate=20, at=AT).number


def test_saudi_seller_needs_name_vat_number_and_address() -> None:
    business = make_business(country="SA", currency="SAR")
    draft = make_draft(business, make_client(business, **SAUDI), tax_rate=15, at=AT)
    assert stops(draft) == {"business.legal_name", "business.vat_number", "business.address"}


def test_saudi_tax_invoice_needs_its_buyer_and_warns_without_arabic(saudi: Business) -> None:
    assert stops(make_draft(saudi, client_name="Bare", at=AT)) == {"client_vat_number", "client_address"}
    issued = make_issued(saudi, make_client(saudi, **SAUDI), tax_rate=15, at=AT)
    assert {warning["field"] for warning in issued.warnings} == {
        "business.legal_name_ar",
        "business.address_ar",
        "client.name_ar",
    }


@pytest.mark.parametrize(("kind", "client_type"), [("standard", "individual"), ("simplified", "business")])
def test_type_must_go_with_the_client(business: Business, kind: str, client_type: str) -> None:
    assert stops(make_draft(business, make_client(business, type=client_type), type=kind, at=AT)) == {"type"}


def test_exempt_line_needs_a_reason_and_reverse_charge_both_numbers(business: Business) -> None:
    items = [
        {"name": "a", "unit_price": 1, "tax_category": "E", "tax_rate": 0},
        {"name": "b", "unit_price": 1, "tax_category": "AE", "tax_rate": 0, "exemption_reason": "Art. 196"},
    ]
    draft = make_draft(business, items=items, at=AT)
    assert stops(draft) == {"items[0].exemption_reason", "business.vat_number", "client_vat_number"}


def test_tax_in_a_foreign_currency_needs_an_exchange_rate(saudi: Business) -> None:
    client = make_client(saudi, **SAUDI)
    draft = make_draft(saudi, client, currency="USD", tax_rate=15, at=AT)
    assert stops(draft) == {"exchange_rate"}
    draft = edit_invoice(actor=Actor.system(saudi.pk), invoice=draft, data={"exchange_rate": "3.75"}, at=AT)
    issued = issue_invoice(invoice=draft, actor=Actor.system(saudi.pk), at=AT)
    assert (issued.tax_currency, issued.tax_amount, issued.tax_amount_in_tax_currency) == ("SAR", 45, Decimal("168.75"))


def test_total_of_nothing_is_paid_at_issue(business: Business) -> None:
    issued = make_issued(business, items=[{"name": "Gift", "unit_price": 0}], at=AT)
    assert (issued.settlement, issued.paid_at, issued.amount_due) == ("paid", AT, 0)


def test_issued_twice_is_an_impossible_move(business: Business) -> None:
    issued = make_issued(business, at=AT)
    with pytest.raises(ImpossibleMove) as error:
        issue_invoice(invoice=issued, actor=Actor.system(business.pk), at=AT)
    assert error.value.extra["state"] == "issued"


def test_create_with_issue_stores_nothing_when_it_cannot_be_issued(business: Business) -> None:
    data: dict[str, Any] = {"client_name": "New", "items": [{"name": "a", "unit_price": 1, "tax_category": "E"}]}
    with pytest.raises(NotReadyToIssue):
        create_invoice(actor=Actor.system(business.pk), business=business, data=data | {"issue": True}, at=AT)
    assert Invoice.objects.count() == 0
    assert business.clients.count() == 0


def test_quota_is_counted_in_the_issuing_transaction(business: Business) -> None:
    business.plan = Plan.objects.get(code="free")
    business.save()
    for _number in range(10):
        make_issued(business, at=AT)
    with pytest.raises(QuotaExceeded):
        make_issued(business, at=AT)
    assert QuotaCounter.objects.get().used == 10
    assert Series.objects.get().next_seq == 11
    assert make_issued(business, at=AT + timedelta(days=11)).number == "INV-2026-0011"


def test_number_of_queries_does_not_grow_with_the_lines(business: Business) -> None:
    counts = []
    make_issued(business, at=AT)
    for size in (1, 60):
        draft = make_draft(business, items=[{"name": "a", "unit_price": 1}] * size, at=AT)
        with CaptureQueriesContext(
            connection,
        ) as queries:
            issue_invoice(invoice=draft, actor=Actor.system(business.pk), at=AT)
        counts.append(len(queries))
    assert counts[0] == counts[1]
    assert counts[0] < 20


@pytest.mark.parametrize(
    "change",
    [
        {"number": None},
        {"seller": None},
        {"buyer": None},
        {"issue_date": None},
        {"issued_at": None},
        {"state": "draft"},
        {"state": "cancelled"},
        {"total": Decimal("1.01")},
        {"tax_amount": Decimal(-1)},
        {"type": "other"},
        {"type": "credit_note"},
    ],
)
def test_database_holds_an_issued_document_together(business: Business, change: dict[str, Any]) -> None:
    issued = make_issued(business, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Invoice.objects.filter(pk=issued.pk).update(**change)


@pytest.fixture
def french() -> Business:
    return make_business(country="FR", currency="EUR", timezone="Europe/Paris")


TAXED: dict[str, Any] = {
    "client_name": "Acme",
    "currency": "USD",
    "items": [{"name": "Work", "unit_price": 5000, "tax_rate": 20}],
}


@pytest.mark.parametrize("rate", ["99999999999", "1e11", "100000000000000", "999999999999999"])
def test_a_rate_by_which_the_tax_does_not_fit_is_refused_by_its_name(french: Business, rate: str) -> None:
    data = TAXED | {"exchange_rate": Decimal(rate)}
    draft = make_draft(french, at=AT, **TAXED)
    writings = (
        lambda: create_invoice(actor=Actor.system(french.pk), business=french, data=data, at=AT),
        lambda: preview_invoice(actor=Actor.system(french.pk), business=french, data=data, at=AT),
        lambda: edit_invoice(actor=Actor.system(french.pk), invoice=draft, data=data, at=AT),
    )
    for write in writings:
        with pytest.raises(InvalidInvoice) as error:
            write()
        assert set(error.value.errors) == {"exchange_rate"}
    Invoice.objects.filter(pk=draft.pk).update(exchange_rate=Decimal(rate))
    with pytest.raises(InvalidInvoice) as error:
        issue_invoice(invoice=draft, actor=Actor.system(french.pk), at=AT)
    assert set(error.value.errors) == {"exchange_rate"}


def test_a_rate_by_which_no_tax_is_left_is_warned_of(french: Business) -> None:
    invoice = make_issued(french, at=AT, exchange_rate=Decimal("0.00000001"), **TAXED)
    assert invoice.tax_amount_in_tax_currency == 0
    found = [(each["code"], each["field"]) for each in invoice.warnings]
    assert found == [("tax_rounded_away", "exchange_rate")]
    usual = make_issued(french, at=AT, exchange_rate=Decimal("0.92"), **TAXED)
    assert (usual.warnings, usual.tax_amount_in_tax_currency) == ([], Decimal(920))


def test_what_is_in_arabic_already_is_not_asked_for_in_arabic_too(saudi: Business) -> None:
    Business.objects.filter(pk=saudi.pk).update(legal_name="شركة الأطلس", address={"text": "الرياض"})
    saudi.refresh_from_db()
    invoice = make_issued(saudi, at=AT, client_name="محمد بن عبدالله", client_type="individual")
    assert [each["code"] for each in invoice.warnings if each["code"] == "arabic_missing"] == []
