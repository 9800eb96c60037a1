"""Statements of account: their period, their table and their PDF."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
import time_machine

from accounts.errors import Invalid
from accounts.models import Business
from accounts.tables import csv_chunks
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.services.settlement import record_payment
from invoicing.services.statements import (
    Period,
    clean_period,
    content_of,
    file_name,
    statement_of,
    statement_pdf,
    table_of,
)
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_issued
from tests.invoicing.pdf import reading

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 23, 30, tzinfo=UTC)  # the 21st in Casablanca
NOVEMBER = Period(date(2026, 11, 1), date(2026, 11, 21))


@pytest.fixture
def business() -> Business:
    return make_business(currency="MAD", timezone="Africa/Casablanca", legal_name="Studio Argan SARL", language="fr")


@pytest.fixture
def client(business: Business) -> Client:
    client = make_client(business, name="=Riad / Exemple", language="en")
    actor = Actor.system(business.pk)
    with time_machine.travel("2026-10-05T09:00:00Z", tick=False) as clock:
        make_issued(business, client, due_date="2026-11-04")
        clock.move_to("2026-11-10T09:00:00Z")
        invoice = make_issued(business, client, reference="=HYPERLINK(1)", currency="MAD")
        make_issued(business, client, currency="BHD", items=[{"name": "Day", "unit_price": "12.345"}])
        clock.move_to(AT)
        data = {"amount": "100.5", "method": "cash", "reference": "-7"}
        record_payment(invoice=invoice, actor=actor, at=AT, data=data)
    return client


def period(business: Business, **data: Any) -> Period:
    return clean_period(
        {"from" if name == "since" else name: value for name, value in data.items()}, business=business, at=AT
    )


def test_period_is_of_the_businesss_days_and_ends_today_at_the_latest(business: Business) -> None:
    today = date(2026, 11, 21)
    assert period(business) == Period(None, today)
    assert period(business, since="2026-11-01") == Period(date(2026, 11, 1), today)
    assert period(business, since="2026-11-01T10:00:00Z", to="2026-11-02") == Period(
        date(2026, 11, 1), date(2026, 11, 2)
    )
    assert period(business, to="2027-01-31") == Period(None, today)
    assert period(business, since="2026-11-21", to="2026-11-21") == Period(today, today)


@pytest.mark.parametrize(
    ("data", "errors"),
    [
        ({"since": "today"}, {"from"}),
        ({"to": "31-12-2026"}, {"to"}),
        ({"since": "x", "to": "y"}, {"from", "to"}),
        ({"since": "2026-02-01", "to": "2026-01-01"}, {"from"}),
        ({"since": "2026-11-22"}, {"from"}),
    ],
)
def test_period_that_makes_no_sense_is_refused_by_name(business: Business, data: Any, errors: set[str]) -> None:
    with pytest.raises(Invalid) as refused:
        period(business, **data)
    assert set(refused.value.errors) == errors


def test_statement_takes_three_queries(client: Client, django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(3):
        statement = statement_of(client, NOVEMBER)
    shown = [(each.currency, each.opening_balance, each.closing_balance, each.overdue) for each in statement.accounts]
    assert shown == [("BHD", 0, Decimal("12.345"), 0), ("MAD", 300, Decimal("499.5"), 300)]


def test_statement_of_all_begins_with_its_first_entry(client: Client) -> None:
    assert statement_of(client, Period(None, date(2026, 11, 21))).first == date(2026, 10, 5)
    assert statement_of(client, Period(None, date(2026, 10, 1))).first == date(2026, 10, 1)


def test_table_is_plain_numbers_and_harmless_texts(client: Client) -> None:
    content = b"".join(csv_chunks(table_of(statement_of(client, NOVEMBER))))
    assert content.startswith(b"\xef\xbb\xbf")
    assert list(csv.reader(StringIO(content.decode("utf-8-sig")))) == [
        ["currency", "date", "kind", "number", "reference", "debit", "credit", "balance"],
        ["BHD", "2026-11-01", "opening_balance", "", "", "", "", "0.000"],
        ["BHD", "2026-11-10", "invoice", "INV-2026-0003", "", "12.345", "", "12.345"],
        ["BHD", "2026-11-21", "closing_balance", "", "", "", "", "12.345"],
        ["MAD", "2026-11-01", "opening_balance", "", "", "", "", "300.00"],
        ["MAD", "2026-11-10", "invoice", "INV-2026-0002", "'=HYPERLINK(1)", "300.00", "", "600.00"],
        ["MAD", "2026-11-21", "payment", "INV-2026-0002", "'-7", "", "100.50", "499.50"],
        ["MAD", "2026-11-21", "closing_balance", "", "", "", "", "499.50"],
    ]


def test_file_name_is_safe(client: Client, business: Business) -> None:
    assert file_name(statement_of(client, NOVEMBER)) == "statement_Riad-Exemple_2026-11-01_2026-11-21"
    arabic = make_client(business, name="رياض")
    assert file_name(statement_of(arabic, NOVEMBER)) == "statement_2026-11-01_2026-11-21"


def test_pdf_is_in_the_clients_language_else_the_businesss(client: Client, business: Business) -> None:
    read = reading.text(statement_pdf(statement_of(client, NOVEMBER)))
    for text in ("Statement of Account", "Studio Argan SARL", "Opening balance", "499.50", "12.345", "INV-2026-0002"):
        assert text in read, text
    other = make_client(business)
    assert "Aucun mouvement" in reading.text(statement_pdf(statement_of(other, NOVEMBER)))


def test_content_says_what_the_statement_says(client: Client) -> None:
    content = content_of(statement_of(client, NOVEMBER))
    assert (content.number, content.first, content.last) == (
        "2026-11-01 – 2026-11-21",
        date(2026, 11, 1),
        date(2026, 11, 21),
    )
    bhd, mad = content.accounts
    assert (bhd.currency_digits, mad.total_debit, mad.total_credit) == (3, 300, Decimal("100.5"))
    assert [(item.number, item.amount_due, item.is_overdue) for item in mad.open_items] == [
        ("INV-2026-0001", 300, True),
        ("INV-2026-0002", Decimal("199.5"), False),
    ]
