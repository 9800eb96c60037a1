from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
from django.db import connection
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from accounts.models import Business, User
from clients.models import Client
from invoicing.models import Invoice, Line, Payment
from tests.factories.accounts import make_member
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
TWO_LINES: list[dict[str, Any]] = [{"name": "Logo", "quantity": 3, "unit_price": 100}, {"name": "Pages", "unit_price": 50}]  # fmt: skip


@pytest.fixture
def issued(business: Business, customer: Client) -> Invoice:
    return make_issued(business, customer, items=TWO_LINES, tax_rate=20)


def quantities(invoice: Invoice, **by_name: str) -> dict[str, str]:
    """Return the fields of a credit note's form by the lines' names."""
    return {f"quantity_{line.pk}": by_name.get(line.name, "") for line in invoice.lines.all()}


def write(browser: Browser, invoice: Invoice, kind: str, **data: str) -> Any:
    return browser.post(f"/invoices/{invoice.pk}/{kind}", data)


def note_of(invoice: Invoice) -> Invoice:
    return Invoice.objects.filter(parent=invoice).latest("created_at")


# Credit notes


def test_the_form_offers_all_that_is_left_of_each_line(browser: Browser, issued: Invoice) -> None:
    write(browser, issued, "credit", reason="First", **quantities(issued, Logo="1", Pages="1"))
    rows = browser.get(f"/invoices/{issued.pk}/credit").context["form"].rows()
    assert [(row.line.name, row.left, row.field and row.field.value()) for row in rows] == [
        ("Logo", Decimal(2), "2"), ("Pages", Decimal(0), None),
    ]  # fmt: skip


def test_sent_as_it_stands_it_credits_everything(browser: Browser, issued: Invoice) -> None:
    form = browser.get(f"/invoices/{issued.pk}/credit").context["form"]
    typed = {field.html_name: str(field.value()) for field in form if field.value() is not None}
    answer = write(browser, issued, "credit", **typed | {"reason": "Agreed"})
    note = note_of(issued)
    issued.refresh_from_db()
    assert (answer["Location"], note.state, note.reason, note.total) == (
        f"/invoices/{note.pk}", "issued", "Agreed", Decimal(420),
    )  # fmt: skip
    assert (issued.amount_due, issued.amount_credited) == (Decimal(0), Decimal(420))


def test_a_part_is_credited_and_the_same_form_twice_is_one_note(browser: Browser, issued: Invoice) -> None:
    data = {"once": "one order", "reason": "Less", **quantities(issued, Logo="1,5")}
    with translation.override("fr"):
        for _press in range(2):
            write(browser, issued, "credit", **data)
    note = Invoice.objects.get(parent=issued)
    issued.refresh_from_db()
    assert list(note.lines.values_list("name", "quantity")) == [("Logo", Decimal("1.5"))]
    assert (note.total, issued.amount_due) == (Decimal(180), Decimal(240))


def test_a_credit_note_is_kept_as_a_draft(browser: Browser, issued: Invoice) -> None:
    write(browser, issued, "credit", reason="Later", draft="1", **quantities(issued, Pages="1"))
    note = note_of(issued)
    issued.refresh_from_db()
    assert (note.state, note.total, issued.amount_credited) == ("draft", Decimal(60), Decimal(0))


@pytest.mark.parametrize("quantity", ["4", "-1", "x"])
def test_what_is_wrong_with_a_quantity_shows_at_it(browser: Browser, issued: Invoice, quantity: str) -> None:
    page = write(browser, issued, "credit", reason="R", **quantities(issued, Pages="1", Logo=quantity))
    line = Line.objects.get(invoice=issued, name="Logo")
    assert (page.status_code, list(page.context["form"].errors)) == (422, [f"quantity_{line.pk}"])
    assert f'id="id_quantity_{line.pk}_error"' in page.content.decode()
    assert page.context["form"][f"quantity_{line.pk}"].value() == quantity
    assert Invoice.objects.filter(parent=issued).exists() is False


@pytest.mark.parametrize("nothing", ["", "0", "0,00"])
def test_nothing_credited_is_refused_in_a_sentence(browser: Browser, issued: Invoice, nothing: str) -> None:
    page = write(browser, issued, "credit", reason="R", **quantities(issued, Logo=nothing, Pages=nothing))
    assert (page.status_code, page.context["form"].non_field_errors()) == (422, ["Add at least one line."])


def test_a_credit_note_needs_a_reason_and_keeps_what_was_typed(browser: Browser, issued: Invoice) -> None:
    page = write(browser, issued, "credit", reason="", **quantities(issued, Logo="1"))
    assert (page.status_code, list(page.context["form"].errors)) == (422, ["reason"])
    line = Line.objects.get(invoice=issued, name="Logo")
    assert page.context["form"][f"quantity_{line.pk}"].value() == "1"


def test_what_cannot_be_credited_is_told_before_and_after(
    browser: Browser, business: Business, issued: Invoice
) -> None:
    write(browser, issued, "credit", reason="All")
    assert browser.get(f"/invoices/{issued.pk}/credit").context["forbidden"] == "All of it is credited already."
    assert write(browser, issued, "credit", reason="Again")["Location"] == f"/invoices/{issued.pk}"
    draft = make_draft(business)
    assert "“Draft”" in browser.get(f"/invoices/{draft.pk}/credit").context["forbidden"]
    assert write(browser, draft, "credit", reason="R")["Location"] == f"/invoices/{draft.pk}"
    assert Invoice.objects.filter(type="credit_note").count() == 1


def test_more_lines_take_no_more_queries(browser: Browser, business: Business, customer: Client) -> None:
    counts = []
    for lines in (2, 2, 9):
        invoice = make_issued(business, customer, items=[{"name": f"L{n}", "unit_price": 1} for n in range(lines)])
        with CaptureQueriesContext(connection) as queries:
            browser.get(f"/invoices/{invoice.pk}/credit")
        counts.append(len(queries))
    assert counts[1] == counts[2]


# Debit notes


def test_a_debit_note_claims_what_is_written(browser: Browser, issued: Invoice) -> None:
    data = {"name_0": "Travel", "quantity_0": "2", "unit_price_0": "75,50", "tax_rate_0": "10"}
    data |= {"name_2": "Print", "quantity_2": "", "unit_price_2": "20", "tax_rate_2": "", "due_date": "2099-01-31"}
    answer = write(browser, issued, "debit", reason="Further work", **data)
    note = note_of(issued)
    assert (answer["Location"], note.type, note.state, str(note.due_date)) == (
        f"/invoices/{note.pk}", "debit_note", "issued", "2099-01-31",
    )  # fmt: skip
    assert list(note.lines.values_list("name", "quantity", "unit_price", "tax_rate")) == [
        ("Travel", Decimal(2), Decimal("75.5"), Decimal(10)), ("Print", Decimal(1), Decimal(20), Decimal(20)),
    ]  # fmt: skip
    issued.refresh_from_db()
    assert (note.amount_due, issued.amount_due) == (Decimal("190.10"), Decimal(420))


def test_a_debit_note_is_kept_as_a_draft(browser: Browser, issued: Invoice) -> None:
    write(browser, issued, "debit", reason="R", draft="1", name_0="Travel", unit_price_0="1")
    assert note_of(issued).state == "draft"


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"name_1": "X", "unit_price_1": ""}, ["unit_price_1"]),
        ({"name_1": "", "unit_price_1": "1"}, ["name_1"]),
        ({"name_1": "X", "unit_price_1": "y"}, ["unit_price_1"]),
        ({"name_1": "X", "unit_price_1": "1", "tax_rate_1": "101"}, ["tax_rate_1"]),
        ({"name_1": "X", "unit_price_1": "1", "quantity_1": "-1"}, ["quantity_1"]),
        ({"name_1": "X", "unit_price_1": "1", "due_date": "x"}, ["due_date"]),
        ({"name_1": "X", "unit_price_1": "1", "reason": ""}, ["reason"]),
        ({}, ["__all__"]),
    ],
)
def test_what_is_wrong_with_a_debit_note_shows_at_its_field(
    browser: Browser, issued: Invoice, data: dict[str, str], fields: list[str]
) -> None:
    page = write(browser, issued, "debit", **{"reason": "R"} | data)
    assert (page.status_code, list(page.context["form"].errors)) == (422, fields)
    assert Invoice.objects.filter(parent=issued).exists() is False


def test_a_debit_note_is_not_debited(browser: Browser, issued: Invoice) -> None:
    write(browser, issued, "debit", reason="R", name_0="Travel", unit_price_0="1")
    note = note_of(issued)
    page = browser.get(f"/invoices/{note.pk}/debit")
    assert page.context["forbidden"] == "A note corrects an invoice, not another note."
    assert page.context["way_on"].url == f"/invoices/{issued.pk}/debit"
    write(browser, note, "debit", reason="R", name_0="Travel", unit_price_0="1")
    assert Invoice.objects.filter(parent=note).exists() is False


# Both


@pytest.mark.parametrize("kind", ["credit", "debit"])
def test_the_invoices_page_leads_to_notes_and_its_notes_back(browser: Browser, issued: Invoice, kind: str) -> None:
    address = f"/invoices/{issued.pk}/{kind}"
    assert address in browser.get(f"/invoices/{issued.pk}").content.decode()
    write(browser, issued, kind, reason="R", name_0="Travel", unit_price_0="1")
    note = note_of(issued)
    page = browser.get(f"/invoices/{note.pk}").content.decode()
    assert f"/invoices/{issued.pk}" in page
    assert f"/invoices/{note.pk}/debit" not in page


@pytest.mark.parametrize("kind", ["credit", "debit"])
def test_only_who_writes_makes_notes(business: Business, issued: Invoice, stranger: Browser, kind: str) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, "viewer"))
    for browser, status in ((viewer, 403), (stranger, 404)):
        assert browser.get(f"/invoices/{issued.pk}/{kind}").status_code == status
        assert write(browser, issued, kind, reason="R", name_0="X", unit_price_0="1").status_code == status
    assert Invoice.objects.count() == 1


@pytest.mark.parametrize("language", ["ar", "fr"])
@pytest.mark.parametrize("kind", ["credit", "debit"])
def test_the_pages_render_in_every_language(browser: Browser, issued: Invoice, kind: str, language: str) -> None:
    User.objects.update(language=language)
    page = browser.get(f"/invoices/{issued.pk}/{kind}").content.decode()
    assert f'<html lang="{language}' in page


# Refunds


def test_more_than_is_left_of_a_payment_shows_at_the_amount(browser: Browser, issued: Invoice) -> None:
    browser.post(f"/invoices/{issued.pk}/payment", {"amount": "100", "method": "cash"})
    address = f"/invoices/{issued.pk}/payments/{Payment.objects.get().pk}/refund"
    page = browser.post(address, {"amount": "101", "reason": "Kept"})
    form = page.context["form"]
    assert (page.status_code, form.errors, form["reason"].value()) == (
        422, {"amount": ["Of this payment 100.00 MAD is left to refund."]}, "Kept",
    )  # fmt: skip


def test_lines_are_added_to_a_debit_note(browser: Browser, issued: Invoice) -> None:
    data = {f"{name}_{row}": "" for name in ("name", "quantity", "unit_price", "tax_rate") for row in range(3)}
    page = write(
        browser, issued, "debit", **data | {"reason": "R", "name_2": "Travel", "unit_price_2": "1", "more": "1"}
    )
    form = page.context["form"]
    assert (page.status_code, len(form.rows()), form["name_2"].value(), dict(form.errors)) == (200, 6, "Travel", {})
    assert (form["quantity_0"].value(), form["quantity_5"].value()) == ("", "1")
    assert not Invoice.objects.filter(type="debit_note").exists()
    write(
        browser,
        issued,
        "debit",
        **data | {"reason": "R", "name_5": "Hotel", "unit_price_5": "9", "name_3": "", "name_4": ""},
    )
    assert [line.name for line in Invoice.objects.get(type="debit_note").lines.all()] == ["Hotel"]
