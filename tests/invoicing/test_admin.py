"""Invoicing in the administration: staff find and read everything, and write nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Permission
from django.db import connection
from django.db.models import Model
from django.forms.models import model_to_dict
from django.test import Client as Browser
from django.test.utils import CaptureQueriesContext

from accounts.choices import QueueState
from accounts.models import Business
from accounts.tenancy import Actor
from invoicing.models import Artifact, Event, Invoice, Line, Payment, Refund, Series
from invoicing.services.corrections import write_note
from invoicing.services.settlement import record_payment, record_refund
from tests.factories.accounts import make_business, make_user
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MODELS: tuple[type[Model], ...] = (Invoice, Series, Artifact, Payment, Refund, Event)


@pytest.fixture
def staff() -> Browser:
    browser = Browser()
    browser.force_login(make_user(is_staff=True, is_superuser=True))
    return browser


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio of Atlas", currency="USD")


@pytest.fixture
def invoice(business: Business) -> Invoice:
    """An issued invoice with one of everything: a payment, a refund, a note, a file, events."""
    return make_story(business)


def make_story(business: Business, **client: Any) -> Invoice:
    actor = Actor.system(business.pk)
    made = make_issued(business, make_client(business, **client), at=AT, reference="PO 7")
    payment = record_payment(invoice=made, actor=actor, at=AT, data={"amount": 100, "method": "cash"})
    record_refund(payment=payment, actor=actor, at=AT, data={"amount": 30, "reason": "Broken"})
    items = [{"parent_item_id": made.lines.get().pk, "quantity": 1}]
    write_note(
        parent=made, kind="credit_note", actor=actor, at=AT, data={"reason": "Late", "issue": True, "items": items}
    )
    made.refresh_from_db()
    return made


def changelist(model: type[Model]) -> str:
    return f"/admin/{model._meta.app_label}/{model._meta.model_name}/"


def page_of(row: Model) -> str:
    return f"{changelist(type(row))}{quote(row.pk)}/change/"


def everything() -> dict[str, list[dict[str, Any]]]:
    """Return all rows of invoicing, column by column."""
    models: tuple[type[Model], ...] = (*MODELS, Line)
    return {model.__name__: list(model._default_manager.order_by("pk").values()) for model in models}


@pytest.mark.parametrize("model", MODELS)
def test_every_list_and_every_page_opens(staff: Browser, invoice: Invoice, model: type[Model]) -> None:
    make_draft(invoice.business, at=AT)
    assert staff.get(changelist(model)).status_code == 200
    rows = list(model._default_manager.all())
    assert [staff.get(page_of(row)).status_code for row in rows] == [200] * len(rows)
    assert rows != []


def test_page_of_an_invoice_shows_all_that_belongs_to_it(staff: Browser, invoice: Invoice) -> None:
    page = staff.get(page_of(invoice))
    shown = [type(form.original).__name__ for formset in page.context["inline_admin_formsets"] for form in formset]
    assert shown == ["Line", "Payment", "Invoice", "Artifact", *["Event"] * invoice.events.count()]
    refund = Refund.objects.get()
    assert f'<a href="{page_of(refund)}">{refund}</a>' in page.content.decode()


@pytest.mark.parametrize("model", MODELS)
def test_nothing_is_added_changed_or_deleted(staff: Browser, invoice: Invoice, model: type[Model]) -> None:
    draft = make_draft(invoice.business, at=AT)
    before = everything()
    row = draft if model is Invoice else model._default_manager.all()[0]
    for url in (page_of(row), page_of(row).replace("/change/", "/delete/"), f"{changelist(model)}add/"):
        assert staff.post(url, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [row.pk], "post": "yes"}
    staff.post(changelist(model), chosen)
    assert everything() == before


def test_issued_invoice_cannot_be_altered(staff: Browser, invoice: Invoice) -> None:
    before = everything()
    typed = {name: value for name, value in model_to_dict(invoice).items() if isinstance(value, str | int)}
    typed |= {"number": "INV-1", "client_name": "Somebody else", "total": "1", "state": "draft", "_save": "Save"}
    line = invoice.lines.get()
    typed |= {
        "lines-TOTAL_FORMS": "1",
        "lines-INITIAL_FORMS": "1",
        "lines-0-id": line.pk,
        "lines-0-invoice": invoice.pk,
        "lines-0-unit_price": "1",
        "lines-0-DELETE": "on",
    }
    assert staff.post(page_of(invoice), typed).status_code == 403
    assert staff.post(changelist(Invoice), {"form-TOTAL_FORMS": "1", "_save": "Save", **typed}).status_code == 200
    assert everything() == before


@pytest.mark.parametrize("term", ["INV-2026-0001", "elan", "studio of atlas", "po 7", "{id}", "{client}"])
def test_invoices_are_found(staff: Browser, business: Business, term: str) -> None:
    found = make_story(business, name="Élan")
    other = make_issued(make_business(next_numbers={"invoice": 7}), at=AT)
    term = term.format(id=found.pk, client=found.client_id)
    page = staff.get(changelist(Invoice), {"q": term}).content.decode()
    assert (page_of(found) in page, page_of(other) in page) == (True, False)


@pytest.mark.parametrize("model", [Artifact, Payment, Refund, Event])
@pytest.mark.parametrize("term", ["INV-2026-0001", "studio of atlas", "{id}"])
def test_what_belongs_to_an_invoice_is_found(staff: Browser, business: Business, model: Any, term: str) -> None:
    found = make_story(business)
    make_story(make_business(next_numbers={"invoice": 7}))
    lookup = {Refund: "payment__invoice", Artifact: "invoice", Payment: "invoice", Event: "invoice"}[model]
    wanted = set(model.objects.filter(**{lookup: found}).values_list("pk", flat=True))
    if model is not Refund and "INV" not in term and "{" not in term:  # the note is the business's too
        wanted |= set(model.objects.filter(**{f"{lookup}__parent": found}).values_list("pk", flat=True))
    page = staff.get(changelist(model), {"q": term.format(id=found.pk)})
    assert {row.pk for row in page.context["cl"].result_list} == wanted


@pytest.mark.parametrize(
    ("narrowed", "count"),
    [
        ({"status": "draft"}, 1),
        ({"status": "partially_paid"}, 1),
        ({"status": "issued"}, 1),  # the note
        ({"status": "paid"}, 0),
        ({"status": "no such label"}, 3),
        ({"type__exact": "credit_note"}, 1),
        ({"settlement__exact": "open"}, 3),
        ({"language__exact": "fr"}, 0),
    ],
)
def test_invoices_are_narrowed(staff: Browser, business: Business, narrowed: dict[str, str], count: int) -> None:
    invoice = make_story(business)
    invoice.overdue_at = None
    invoice.save()
    make_draft(business, at=AT)
    page = staff.get(changelist(Invoice), narrowed)
    assert len(page.context["cl"].result_list) == count


@pytest.mark.parametrize("model", MODELS)
def test_lists_take_the_same_queries_for_one_row_and_for_many(
    staff: Browser, invoice: Invoice, model: type[Model]
) -> None:
    def queries() -> int:
        with CaptureQueriesContext(connection) as seen:
            assert staff.get(changelist(model)).status_code == 200
        return len(seen)

    queries()  # what is looked up once
    few = queries()
    for _number in range(6):
        make_story(make_business())
    assert queries() == few


def test_page_of_an_invoice_takes_the_same_queries_for_any_number_of_lines(staff: Browser, business: Business) -> None:
    def queries(lines: int) -> int:
        made = make_issued(business, items=[{"name": "Thing", "unit_price": 1}] * lines, at=AT)
        with CaptureQueriesContext(connection) as seen:
            assert staff.get(page_of(made)).status_code == 200
        return len(seen)

    queries(1)
    assert queries(30) == queries(1)


@pytest.fixture
def files(business: Business) -> dict[str, Artifact]:
    """A file in each state."""
    made = {}
    for state in QueueState.values:
        artifact = make_issued(business, at=AT).artifacts.get()
        later = AT + timedelta(days=900)
        Artifact.objects.filter(pk=artifact.pk).update(state=state, attempts=6, last_error="Boom", run_after=later)
        made[state] = artifact
    return made


def try_again(browser: Browser, files: dict[str, Artifact]) -> int:
    order = {"action": "try_again", "_selected_action": [file.pk for file in files.values()]}
    return browser.post(changelist(Artifact), order, follow=True).status_code


def test_failed_files_are_tried_again(staff: Browser, files: dict[str, Artifact]) -> None:
    assert try_again(staff, files) == 200
    seen = {}
    for state, file in files.items():
        file.refresh_from_db()
        seen[state] = (file.state, file.attempts, file.last_error)
    assert seen == {
        "queued": ("queued", 6, "Boom"),
        "running": ("running", 6, "Boom"),
        "done": ("done", 6, "Boom"),
        "failed": ("queued", 0, ""),
    }
    assert files["failed"].run_after < AT + timedelta(days=900)


def test_staff_that_may_only_look_cannot_try_again(files: dict[str, Artifact]) -> None:
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(codename__in=["view_artifact"]))
    browser = Browser()
    browser.force_login(user)
    assert [browser.get(changelist(model)).status_code for model in (Artifact, Invoice)] == [200, 403]
    try_again(browser, files)
    files["failed"].refresh_from_db()
    assert files["failed"].state == "failed"


def test_administration_is_for_staff_alone(invoice: Invoice) -> None:
    browser = Browser()
    browser.force_login(make_user())
    assert [browser.get(url).status_code for url in (changelist(Invoice), page_of(invoice))] == [302, 302]
