"""Lists of invoices: what they cost, how they page and sort, and what each filter keeps."""

from __future__ import annotations

from datetime import UTC, datetime
from itertools import chain
from typing import Any
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.models import Invoice
from invoicing.services.corrections import cancel_invoice, write_note
from invoicing.services.sending import mark_sent, record_view
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.api.conftest import Caller, key_of, read
from tests.invoicing.api.test_viewsets import OBJECT

pytestmark = pytest.mark.django_db


def ids(caller: Caller, query: str) -> list[str]:
    """Return the ids that a list answers with, in its order."""
    return [row["id"] for row in read(caller.get(f"/invoices?{query}"))["results"]]


def refusal(caller: Caller, query: str) -> dict[str, list[str]]:
    """Return the errors by parameter that a list is refused with."""
    errors: dict[str, list[str]] = read(caller.get(f"/invoices?{query}"), 400)["errors"]
    return errors


def queries_of(caller: Caller, path: str) -> list[str]:
    """Return the queries over invoices and what belongs to them that a call makes."""
    with CaptureQueriesContext(
        connection,
    ) as captured:
        read(caller.get(path))
    return [query["sql"] for query in captured if 'FROM "invoicing_' in query["sql"]]


# What they cost


@pytest.mark.parametrize("count", [1, 25])
def test_a_list_costs_the_same_whatever_its_size(member: Caller, business: Business, count: int) -> None:
    client = make_client(business)
    for _ in range(count):
        make_issued(business, client)
    read(member.get("/invoices"))
    assert len(queries_of(member, "/invoices?cursor=&page_size=25")) == 1
    assert len(queries_of(member, "/invoices?page_size=25")) == 2
    assert len(queries_of(member, "/invoices?page_size=25&cursor=&fields=id,items")) == 2
    assert len(queries_of(member, "/invoices?page_size=25&cursor=&search=client&status=issued,overdue")) == 1


def test_a_list_costs_nothing_else_beside_who_asks(business: Business, django_assert_num_queries: Any) -> None:
    program = key_of(business, "read")
    read(program.get("/invoices"))
    # The key; the count; the page.
    with django_assert_num_queries(3):
        read(program.get("/invoices"))
    with django_assert_num_queries(2):
        read(program.get("/invoices?cursor="))


def test_a_list_queries_what_was_asked_for_alone(member: Caller, business: Business) -> None:
    make_draft(business)
    (query,) = queries_of(member, "/invoices?cursor=&fields=total")
    assert [column in query for column in ("total", "notes", "client_details", "tax_breakdown")] == [
        True, False, False, False,
    ]  # fmt: skip


def test_one_invoice_costs_two_queries(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    assert len(queries_of(member, f"/invoices/{invoice.pk}")) == 2
    assert len(queries_of(member, f"/invoices/{invoice.pk}?fields=total")) == 1


# How they look


def test_a_list_answers_with_whole_invoices_without_items(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    page = read(member.get("/invoices"))
    assert {name: page[name] for name in ("count", "next", "previous", "page", "page_size")} == {
        "count": 1,
        "next": None,
        "previous": None,
        "page": 1,
        "page_size": 10,
    }
    one = read(member.get(f"/invoices/{invoice.pk}"))
    assert page["results"] == [{name: one[name] for name in OBJECT if name != "items"}]
    assert read(member.get("/invoices?fields=id,items"))["results"] == [{"id": invoice.pk, "items": one["items"]}]


def test_a_list_holds_one_business(business: Business) -> None:
    owner = business.memberships.get().user
    other = make_business(owner=owner)
    mine, theirs = make_draft(business), make_draft(other)
    make_draft(make_business())
    caller = Caller(owner)
    assert ids(caller, "") == [mine.pk]
    assert ids(caller, f"business_id={other.pk}") == [theirs.pk]


def test_pages_and_cursors_walk_the_same_way(member: Caller, business: Business) -> None:
    made = [make_draft(business, at=datetime(2026, 11, day, tzinfo=UTC)).pk for day in range(1, 8)]
    pages = [ids(member, f"page_size=3&page={page}") for page in (1, 2, 3)]
    assert list(chain(*pages)) == made[::-1]
    walked: list[list[str]] = []
    link: str | None = "/api/v1/invoices?page_size=3&cursor="
    while link:
        page = read(member.get(link.partition("/api/v1")[2]))
        walked.append([row["id"] for row in page["results"]])
        link = page["next"] and f"{urlsplit(page['next']).path}?{urlsplit(page['next']).query}"
    assert walked == pages


@pytest.mark.parametrize(
    ("ordering", "expected"),
    [
        ("", "cba"),
        ("created_at", "abc"),
        ("-created_at", "cba"),
        ("total", "bac"),
        ("-total", "cab"),
        ("amount_due", "bac"),
        ("due_date", "cba"),
        ("client_name", "bca"),
        ("-client_name", "acb"),
        ("issue_date", "abc"),
        ("-invoice_number", "cba"),
        ("currency_is_not_one", ""),
    ],
)
def test_ordering(member: Caller, business: Business, ordering: str, expected: str) -> None:
    made = {
        letter: make_issued(
            business,
            items=[{"name": "A", "unit_price": price}],
            at=datetime(2026, 11, day, tzinfo=UTC),
            client_name=name,
            due_date=due,
        ).pk
        for letter, day, price, name, due in (
            ("a", 1, 20, "Zelij", "2027-03-01"),
            ("b", 2, 10, "Atlas", "2027-02-01"),
            ("c", 3, 30, "Medina", "2027-01-01"),
        )
    }
    query = f"ordering={ordering}" if ordering else ""
    if expected:
        assert ids(member, query) == [made[letter] for letter in expected]
        assert ids(member, f"{query}&cursor=") == [made[letter] for letter in expected]
    else:
        assert list(refusal(member, query)) == ["ordering"]


# Filters


@pytest.fixture
def by_status(business: Business) -> dict[str, str]:
    """One document of each status, by its label."""
    actor, at = Actor.system(business.pk), timezone.now()
    client = make_client(business)

    def issued(**data: Any) -> Invoice:
        return make_issued(business, client, actor=actor, **data)

    def pay(invoice: Invoice, amount: int) -> Any:
        return record_payment(invoice=invoice, actor=actor, at=at, data={"amount": amount, "method": "cash"})

    found = {name: issued() for name in ("issued", "sent", "viewed", "partially_paid", "paid", "credited", "refunded")}
    found["draft"] = make_draft(business, client)
    found["cancelled"] = cancel_invoice(invoice=issued(), actor=actor, at=at).invoice
    found["overdue"] = issued(at=datetime(2026, 10, 1, tzinfo=UTC), due_date="2026-11-19")
    for name in ("sent", "viewed"):
        mark_sent(invoice=found[name], actor=actor, at=at)
    record_view(token=found["viewed"].token, actor=Actor(), at=at)
    pay(found["partially_paid"], 100)
    pay(found["paid"], 300)
    payment = pay(found["refunded"], 300)
    record_refund(payment=payment, actor=actor, at=at, data={})
    note = write_note(
        parent=found["credited"], kind="credit_note", actor=actor, at=at, data={"reason": "x", "issue": True}
    )
    return {name: invoice.pk for name, invoice in found.items()} | {"note": note.pk}


def test_filter_by_status_agrees_with_the_label(member: Caller, by_status: dict[str, str]) -> None:
    note = by_status.pop("note")
    for label, pk in by_status.items():
        assert read(member.get(f"/invoices/{pk}"))["status"] == label
        assert [each for each in ids(member, f"status={label}&page_size=100") if each != note] == [pk]
    both = ids(member, "status=paid,%20draft")
    assert sorted(both) == sorted([by_status["paid"], by_status["draft"]])
    everything = ids(member, f"page_size=100&status={','.join(by_status)}")
    assert len(everything) == len(by_status) + 1


def test_filter_by_status_names_the_nearest_word(member: Caller) -> None:
    assert refusal(member, "status=paid,overdu") == {
        "status": [
            (
                "“overdu” is not known. Did you mean “overdue”? Known are: draft, cancelled, refunded, credited, "
                "paid, overdue, partially_paid, viewed, sent, issued."
            )
        ]
    }


def test_filter_open_keeps_what_is_due(member: Caller, by_status: dict[str, str]) -> None:
    due = {by_status[name] for name in ("issued", "sent", "viewed", "partially_paid", "overdue")}
    assert set(ids(member, "open=true")) == due
    assert set(ids(member, "open=false&page_size=100")) == set(by_status.values()) - due
    assert list(refusal(member, "open=perhaps")) == ["open"]


def test_overdue_begins_with_the_next_day_where_the_business_is(member: Caller, business: Business) -> None:
    business.timezone = "Pacific/Auckland"
    business.save()
    invoice = make_issued(business, at=datetime(2026, 11, 1, tzinfo=UTC), due_date="2026-11-19")
    # It is 22:00 on the 20th there.
    assert ids(member, "status=overdue") == [invoice.pk]
    assert read(member.get(f"/invoices/{invoice.pk}"))["status"] == "overdue"


def test_filter_by_type(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    note = write_note(
        parent=invoice, kind="credit_note", actor=Actor.system(business.pk), at=timezone.now(), data={"reason": "x"}
    )
    assert ids(member, "type=credit_note") == [note.pk]
    assert ids(member, "type=general") == [invoice.pk]
    assert list(refusal(member, "type=generall")) == ["type"]


def test_filter_by_client(member: Caller, business: Business) -> None:
    client = make_client(business)
    mine = make_draft(business, client)
    make_draft(business)
    assert ids(member, f"client_id={client.pk}") == [mine.pk]
    assert ids(member, "client_id=cli_none") == []


def test_filter_by_the_clients_name_heeds_neither_case_nor_accents(member: Caller, business: Business) -> None:
    named = make_draft(business, client_name="Élan Café 100%")
    arabic = make_draft(business, client_name="شركة الأمل")
    # The words stand in other fields of this one.
    make_draft(business, client_name="Other", reference="elan cafe", client_email="elan@cafe.example")
    for term in ("elan", "ÉLAN", "cafe%CC%81", "n%20caf", "100%25"):
        assert ids(member, f"client_name={term}") == [named.pk]
    assert ids(member, "client_name=الامل") == [arabic.pk]
    assert ids(member, "client_name=100_") == []


def test_filter_by_the_clients_name_follows_a_changed_client(member: Caller, business: Business) -> None:
    client = make_client(business, name="Before")
    draft, issued = make_draft(business, client), make_issued(business, client)
    read(member.patch(f"/clients/{client.pk}", {"name": "After"}))
    assert ids(member, "client_name=after") == [draft.pk]
    assert ids(member, "client_name=before") == [issued.pk]
    assert ids(member, "search=after") == [draft.pk]


def test_filter_by_the_clients_email(member: Caller, business: Business) -> None:
    mine = make_draft(business, client_name="A", client_email="Billing@Atlas.example")
    make_draft(business, client_name="billing@atlas.example")
    for term in ("billing", "ATLAS.example", "bílling"):
        assert ids(member, f"client_email={term}") == [mine.pk]


def test_filter_by_number_and_reference_is_exact(member: Caller, business: Business) -> None:
    first, second = make_issued(business, reference="PO 1"), make_issued(business, reference="PO 12")
    assert ids(member, f"invoice_number={second.number}") == [second.pk]
    assert ids(member, "invoice_number=INV-2026") == []
    assert ids(member, "reference=PO%201") == [first.pk]


def test_filter_by_currency(member: Caller, business: Business) -> None:
    euros = make_draft(business, currency="EUR")
    make_draft(business)
    assert ids(member, "currency=eur") == [euros.pk]
    assert list(refusal(member, "currency=XXZ")) == ["currency"]


def test_filter_by_creation_takes_whole_days_where_the_business_is(member: Caller, business: Business) -> None:
    business.timezone = "Africa/Casablanca"  # an hour ahead of UTC
    business.save()
    moments = [(14, 22, 59), (14, 23, 0), (15, 22, 59), (15, 23, 0)]
    made = [make_draft(business, at=datetime(2026, 11, *moment, tzinfo=UTC)).pk for moment in moments]
    assert ids(member, "created_after=2026-11-15&created_before=2026-11-15&ordering=created_at") == made[1:3]
    assert ids(member, "created_after=2026-11-15&ordering=created_at") == made[1:]
    assert ids(member, "created_before=2026-11-14T00:00:00Z&ordering=created_at") == made[:1]


@pytest.mark.parametrize("name", ["issued", "due"])
def test_filter_by_dates_includes_both_ends(member: Caller, business: Business, name: str) -> None:
    made = [
        make_issued(business, at=datetime(2026, 11, day, 12, tzinfo=UTC), due_date=f"2026-11-{day}").pk
        for day in (10, 11, 12)
    ]
    make_draft(business, due_date="2027-01-01")
    assert ids(member, f"{name}_after=2026-11-10&{name}_before=2026-11-11&ordering=created_at") == made[:2]
    assert ids(member, f"{name}_before=2026-11-12&{name}_after=2026-11-11&ordering=created_at") == made[1:]


def test_filter_by_amount_includes_both_ends(member: Caller, business: Business) -> None:
    made = [make_draft(business, items=[{"name": "A", "unit_price": price}]).pk for price in ("9.99", "10", "10.01")]
    assert ids(member, "min_amount=10&max_amount=10.00") == [made[1]]
    assert sorted(ids(member, "min_amount=10")) == sorted(made[1:])
    assert sorted(ids(member, "max_amount=10")) == sorted(made[:2])
    assert sorted(ids(member, "min_amount=-1")) == sorted(made)


@pytest.mark.parametrize(
    "term", ["po-77", "atlas", "ÀTLAS%20example", "billing@", "212600", "INV-2026-0001", "atlas%20po-77"]
)
def test_search_looks_into_five_fields(member: Caller, business: Business, term: str) -> None:
    found = make_issued(
        business,
        client_name="Atlas Example",
        client_email="billing@zelij.example",
        client_phone="+212600111222",
        reference="PO-77",
        notes="hidden",
    )
    make_draft(business, client_name="Other")
    assert ids(member, f"search={term}") == [found.pk]
    assert ids(member, "search=hidden") == []
    assert ids(member, f"search={term}%20nothing") == []


def test_filters_combine(member: Caller, business: Business) -> None:
    client = make_client(business, name="Atlas")
    found = make_issued(business, client, currency="EUR", reference="R")
    make_issued(business, client, currency="EUR")
    make_draft(business, client, currency="EUR", reference="R")
    query = "status=issued&open=true&currency=EUR&reference=R&client_name=atl&min_amount=1&due_after=2026-11-20"
    assert ids(member, query) == [found.pk]


@pytest.mark.parametrize(
    ("query", "name"),
    [
        ("created_after=yesterday", "created_after"),
        ("created_before=2026-13-01", "created_before"),
        ("issued_after=20-11-2026", "issued_after"),
        ("issued_before=2026-02-30", "issued_before"),
        ("due_after=0000-01-01", "due_after"),
        ("due_before=99999-01-01", "due_before"),
        ("min_amount=ten", "min_amount"),
        ("min_amount=NaN", "min_amount"),
        ("max_amount=1e400", "max_amount"),
        ("max_amount=9999999999999999", "max_amount"),
        ("min_amount=999999999999999", "min_amount"),
        ("client_name=%00", "client_name"),
        ("search=" + "x" * 201, "search"),
        ("page=0", "page"),
        ("page_size=101", "page_size"),
        ("page_size=ten", "page_size"),
        ("page=1002&page_size=10", "page"),
        ("cursor=abc", "cursor"),
        ("fields=id,seler", "fields"),
        ("staus=paid", "staus"),
        ("business_id=", "business_id"),
        ("status=", "status"),
        ("search=%20", "search"),
        ("client_id=&open=true", "client_id"),
    ],
)
def test_what_is_malformed_is_named(member: Caller, query: str, name: str) -> None:
    assert list(refusal(member, query)) == [name]


# Clients, with their figures


def test_clients_show_figures_by_currency(member: Caller, business: Business, by_status: dict[str, str]) -> None:
    client_id = Invoice.objects.get(pk=by_status["paid"]).client_id
    euros = make_issued(business, None, client_id=client_id, currency="EUR")
    client = read(member.get(f"/clients/{client_id}"))
    # Eight of 300 are issued; one of them is credited in full.
    assert client["invoiced"] == {"MAD": 2100, "EUR": 300}
    assert client["paid"] == {"MAD": 400}
    assert client["due"] == {"MAD": 1400, "EUR": 300}
    assert euros.pk not in by_status.values()
    assert read(member.get("/clients?fields=id,due"))["results"] == [{"id": client_id, "due": client["due"]}]


def test_clients_without_invoices_have_empty_figures(member: Caller, business: Business) -> None:
    client = read(member.post("/clients", {"name": "New"}), 201)
    assert (client["invoiced"], client["paid"], client["due"]) == ({}, {}, {})


def test_clients_cost_three_queries_a_page_for_their_figures(member: Caller, business: Business) -> None:
    for _ in range(5):
        make_issued(business)
    assert len(queries_of(member, "/clients")) == 3
    assert len(queries_of(member, "/clients?fields=id,name")) == 0


def test_a_parameter_given_twice_is_refused_by_its_name(member: Caller) -> None:
    answer = member.get("/invoices?status=paid&status=draft")
    assert answer.status_code == 400
    assert set(answer.json()["errors"]) == {"status"}


def test_links_to_pages_name_our_own_address_whatever_host_was_asked(member: Caller, business: Business) -> None:
    for _number in range(2):
        make_draft(business)
    for query in ("page_size=1", "page_size=1&cursor="):
        answer = member.get(f"/invoices?{query}", host="127.0.0.1:9999")
        assert answer.json()["next"].startswith(f"{settings.PUBLIC_URL}/api/v1/invoices?")


def test_amounts_of_the_timeline_are_numbers(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    member.post(f"/invoices/{invoice.pk}/payments", {"amount": "12.50", "method": "cash"})
    assert member.get(f"/invoices/{invoice.pk}/events").json()["results"][0]["data"]["amount"] == 12.5
