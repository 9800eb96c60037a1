"""Drafts: what is stored of what was given."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.errors import LostUpdate, NotAllowed, NotFound
from accounts.models import Business
from accounts.tenancy import Actor
from clients.models import Client
from clients.services import save_client
from invoicing.errors import Immutable, ImpossibleMove, InvalidInvoice
from invoicing.models import Event, Invoice, Line
from invoicing.services.corrections import write_note
from invoicing.services.drafts import delete_draft, duplicate_invoice, edit_invoice, save_draft
from invoicing.services.issuing import preview_invoice
from tests.factories.accounts import make_actor, make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
IDS = [{"type": kind, "value": "1"} for kind in ("ICE", "IF", "TP")]
AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MOROCCAN = [
    {"name": "Identity", "quantity": 1, "unit_price": 15000},
    {"name": "Page", "quantity": 3, "unit_price": 2000},
]


@pytest.fixture
def business() -> Business:
    return make_business(country="MA", currency="MAD", language="ar", timezone="Africa/Casablanca", tax_ids=IDS)


@pytest.fixture
def actor(business: Business) -> Actor:
    return make_actor(business)


def refusal(error: pytest.ExceptionInfo[InvalidInvoice]) -> set[str]:
    return set(error.value.errors)


def test_draft_reckons_the_known_answer(business: Business) -> None:
    draft = make_draft(business, items=MOROCCAN, discount_rate=10, tax_rate=20, at=AT)
    draft.refresh_from_db()
    amounts = (draft.subtotal, draft.discount_amount, draft.taxable_amount, draft.tax_amount, draft.total)
    assert amounts == (21000, 2100, 18900, 3780, 22680)
    assert draft.tax_breakdown == [
        {
            "category": "S",
            "rate": "20",
            "taxable_amount": "18900.00",
            "tax_amount": "3780.00",
            "exemption_reason": "",
        }
    ]
    assert [line.net_amount for line in draft.lines.all()] == [15000, 6000]


def test_draft_takes_the_defaults_of_its_business(actor: Actor) -> None:
    business = make_business(
        currency="MAD", language="fr", tax_rate=Decimal(20), notes="Merci", footer="RC 1", payment_terms="Net 15"
    )
    draft = make_draft(business, at=AT)
    assert (draft.currency, draft.language, draft.notes, draft.footer) == ("MAD", "fr", "Merci", "RC 1")
    assert (draft.tax_rate, draft.lines.get().tax_rate, draft.due_date) == (20, 20, date(2026, 12, 5))
    assert draft.number is None
    assert draft.issue_date is None


def test_draft_without_terms_is_due_in_thirty_days(business: Business) -> None:
    assert make_draft(business, at=AT).due_date == date(2026, 12, 20)


def test_draft_for_a_client_takes_its_currency_and_language(business: Business) -> None:
    client = make_client(business, currency="EUR", language="fr")
    draft = make_draft(business, client)
    assert (draft.currency, draft.language, draft.client_name) == ("EUR", "fr", client.name)


def test_draft_with_an_inline_client_makes_it_once(business: Business, actor: Actor) -> None:
    data = {"client_name": "Dar Test", "client_email": "Dar@example.com", "items": MOROCCAN}
    first = save_draft(actor=actor, business=business, data=data, at=AT)
    again = save_draft(actor=actor, business=business, data=data | {"client_name": "Other name"}, at=AT)
    assert first.client_id == again.client_id
    assert Client.objects.get().name == "Dar Test"
    assert (first.client_name, again.client_name) == ("Dar Test", "Other name")


@pytest.mark.parametrize(
    ("data", "fields"),
    [
        ({"items": []}, {"items"}),
        ({"items": "no"}, {"items"}),
        ({"items": [{"name": "a", "unit_price": 1}] * 1001}, {"items"}),
        ({"items": [{"unit_price": 1}]}, {"items[0].name"}),
        ({"items": [{"name": "a"}]}, {"items[0].unit_price"}),
        ({"items": [{"name": "a", "unit_price": 1, "quantity": 0}]}, {"items[0].quantity"}),
        ({"items": [{"name": "a", "unit_price": -1, "quantity": "x"}]}, {"items[0].quantity", "items[0].unit_price"}),
        ({"items": [{"name": "a", "unit_price": Decimal("NaN")}]}, {"items[0].unit_price"}),
        (
            {"items": [{"name": "a", "unit_price": 1}, {"name": "b", "unit_price": 1, "tax_rate": 101}]},
            {"items[1].tax_rate"},
        ),
        ({"items": [{"name": "a", "unit_price": 1, "tax_rate": 5, "tax_category": "E"}]}, {"items[0].tax_rate"}),
        ({"items": [{"name": "a", "unit_price": 1, "tax_category": "X"}]}, {"items[0].tax_category"}),
        ({"items": [{"name": "a", "unit_price": "999999999999999", "quantity": 10}]}, {"items"}),
        ({"items": [3]}, {"items[0]"}),
        ({"currency": "XXX"}, {"currency"}),
        ({"language": "de"}, {"language"}),
        ({"type": "credit_note"}, {"type"}),
        ({"due_date": "tomorrow"}, {"due_date"}),
        ({"issue_date": "2026-11-21"}, {"issue_date"}),
        ({"discount_rate": "100.1", "tax_rate": "-1"}, {"discount_rate", "tax_rate"}),
        ({"client_id": "cli_nobody"}, {"client_id"}),
        ({"client_id": None}, {"client_id"}),
        ({"client_id": None, "client_email": "no address"}, {"client_email", "client_id"}),
        ({"invoice_number": "INV-2026-0007"}, {"invoice_number"}),
        ({"notes": "a\x00b"}, {"notes"}),
        ({"prices_include_tax": "yes"}, {"prices_include_tax"}),
    ],
)
def test_draft_with_bad_input_names_the_fields_and_stores_nothing(
    business: Business, actor: Actor, data: dict[str, Any], fields: set[str]
) -> None:
    sound = {"client_id": make_client(business).pk, "items": MOROCCAN}
    with pytest.raises(InvalidInvoice) as error:
        save_draft(actor=actor, business=business, data=sound | data, at=AT)
    assert refusal(error) == fields
    assert Invoice.objects.count() == 0


def test_draft_of_anothers_client_is_refused(business: Business, actor: Actor) -> None:
    stranger = make_client(make_business())
    with pytest.raises(InvalidInvoice) as error:
        save_draft(actor=actor, business=business, data={"client_id": stranger.pk, "items": MOROCCAN}, at=AT)
    assert refusal(error) == {"client_id"}


def test_date_field_takes_a_moment_as_written(business: Business) -> None:
    draft = make_draft(business, due_date="2027-01-05T00:00:00", issue_date="2026-11-03T23:59:59Z", at=AT)
    assert (draft.due_date, draft.issue_date_wish) == (date(2027, 1, 5), date(2026, 11, 3))


def test_draft_in_saudi_arabia_is_a_tax_invoice_by_its_client(actor: Actor) -> None:
    business = make_business(country="SA", currency="SAR")
    kinds = [make_draft(business, make_client(business, type=kind)).type for kind in ("business", "individual")]
    assert kinds == ["standard", "simplified"]


def test_edit_replaces_lines_and_leaves_what_is_absent(business: Business, actor: Actor) -> None:
    draft = make_draft(business, items=MOROCCAN, notes="Keep me", tax_rate=20)
    edited = edit_invoice(actor=actor, invoice=draft, data={"items": [{"name": "One", "unit_price": "7.5"}]}, at=AT)
    assert (edited.notes, edited.total, edited.version) == ("Keep me", 9, 2)
    assert [line.name for line in Line.objects.filter(invoice=draft)] == ["One"]
    assert edited.events.get(kind="updated").data == {"fields": ["items"]}


def test_edit_of_the_discount_alone_reckons_again(business: Business, actor: Actor) -> None:
    draft = make_draft(business, items=MOROCCAN, tax_rate=20)
    edited = edit_invoice(actor=actor, invoice=draft, data={"discount_rate": 10}, at=AT)
    assert (edited.total, edited.lines.count()) == (22680, 2)


def test_edit_of_a_stale_version_is_a_lost_update(business: Business, actor: Actor) -> None:
    draft = make_draft(business)
    edit_invoice(actor=actor, invoice=draft, data={"notes": "first"}, at=AT, version=1)
    with pytest.raises(LostUpdate):
        edit_invoice(actor=actor, invoice=draft, data={"notes": "second"}, at=AT, version=1)
    assert Invoice.objects.get().notes == "first"


def test_issued_invoice_changes_only_what_may_change(business: Business, actor: Actor) -> None:
    invoice = make_issued(business, make_client(business, email="a@example.com"), at=AT)
    amended = edit_invoice(
        actor=actor,
        invoice=invoice,
        data={"notes": "Later", "due_date": "2027-06-01", "client_email": "b@example.com", "currency": "MAD"},
        at=AT,
    )
    assert (amended.notes, amended.due_date, amended.client_email) == ("Later", date(2027, 6, 1), "b@example.com")
    assert amended.overdue_at == datetime(2027, 6, 1, 23, tzinfo=UTC)
    assert amended.buyer is not None
    assert amended.buyer["email"] == "a@example.com"
    for data in ({"currency": "EUR"}, {"items": [{"name": "New", "unit_price": 1}]}, {"client_name": "New"}):
        with pytest.raises(Immutable) as error:
            edit_invoice(actor=actor, invoice=amended, data=data, at=AT)
        assert set(error.value.errors) == set(data)
    with pytest.raises(InvalidInvoice) as early:
        edit_invoice(actor=actor, invoice=amended, data={"due_date": "2026-11-19"}, at=AT)
    assert set(early.value.errors) == {"due_date"}


def test_duplicate_copies_all_but_number_dates_and_reference(business: Business, actor: Actor) -> None:
    invoice = make_issued(business, items=MOROCCAN, discount_rate=10, tax_rate=20, reference="PO-1", at=AT)

    copy = duplicate_invoice(actor=actor, invoice=invoice, at=AT)
    assert (copy.number, copy.reference, copy.issue_date_wish, copy.state) == (None, "", None, "draft")
    assert (copy.total, copy.client_id, copy.lines.count()) == (22680, invoice.client_id, 2)


def test_delete_takes_a_draft_and_refuses_the_issued(business: Business, actor: Actor) -> None:
    draft, issued = make_draft(business), make_issued(business)
    delete_draft(actor=actor, invoice=draft)
    with pytest.raises(ImpossibleMove):
        delete_draft(actor=actor, invoice=issued)
    assert list(Invoice.objects.all()) == [issued]
    assert set(Event.objects.values_list("invoice_id", flat=True)) == {issued.pk}


def test_preview_reckons_and_stores_nothing(business: Business, actor: Actor) -> None:
    data = {"client_name": "Nobody yet", "items": MOROCCAN, "discount_rate": 10, "tax_rate": 20}
    preview = preview_invoice(actor=actor, business=business, data=data, at=AT)
    assert preview.invoice.total == 22680
    assert preview.stops == {}
    assert (Invoice.objects.count(), Client.objects.count()) == (0, 0)


def test_drafts_are_written_by_members_not_by_viewers_or_outsiders(business: Business) -> None:
    data = {"client_id": make_client(business).pk, "items": MOROCCAN}
    save_draft(actor=make_actor(business, "member"), business=business, data=data, at=AT)
    with pytest.raises(NotAllowed):
        save_draft(actor=make_actor(business, "viewer"), business=business, data=data, at=AT)
    with pytest.raises(NotFound):
        save_draft(actor=make_actor(), business=business, data=data, at=AT)
    assert Invoice.objects.count() == 1


def test_changed_client_shows_on_its_drafts_and_not_on_what_was_issued(business: Business, actor: Actor) -> None:
    client = make_client(business, name="Old name")
    issued, draft = make_issued(business, client, at=AT), make_draft(business, client, at=AT)
    own = make_draft(business, client, client_name="As given", at=AT)
    save_client(actor=actor, business=business, client=client, data={"name": "New name"}, at=AT)
    names = [Invoice.objects.get(pk=each.pk).client_name for each in (issued, draft, own)]
    assert names == ["Old name", "New name", "As given"]
    assert list(Invoice.objects.drafts().filter(search_text__contains="new name")) == [draft]


def test_due_date_taken_from_an_issued_invoice_is_the_default_again(business: Business, actor: Actor) -> None:
    invoice = make_issued(business, due_date="2027-01-31", at=AT)
    amended = edit_invoice(actor=actor, invoice=invoice, data={"due_date": None}, at=AT)
    assert (amended.due_date, amended.overdue_at) == (date(2026, 12, 20), datetime(2026, 12, 20, 23, tzinfo=UTC))


def test_credit_note_never_falls_due(business: Business, actor: Actor) -> None:
    data = {"reason": "Wrong", "issue": True}
    note = write_note(parent=make_issued(business, at=AT), kind="credit_note", actor=actor, at=AT, data=data)
    amended = edit_invoice(actor=actor, invoice=note, data={"due_date": "2027-01-31", "notes": "Sorry"}, at=AT)
    assert (amended.due_date, amended.overdue_at, amended.notes) == (None, None, "Sorry")


@pytest.mark.parametrize(
    ("kind", "data", "refused"),
    [
        ("credit_note", {"discount_rate": 0}, ["discount_rate"]),
        ("credit_note", {"exchange_rate": 2}, ["exchange_rate"]),
        ("credit_note", {"reason": " "}, ["reason"]),
        ("credit_note", {"client_name": "Somebody else"}, ["client_name"]),
        ("debit_note", {"client_type": "individual", "reason": ""}, ["client_type", "reason"]),
    ],
)
def test_draft_of_a_note_stays_with_its_invoice(
    business: Business, actor: Actor, kind: str, data: dict[str, Any], refused: list[str]
) -> None:
    parent = make_issued(business, discount_rate=50, at=AT)
    note = write_note(parent=parent, kind=kind, actor=actor, at=AT, data={"reason": "Wrong"})
    with pytest.raises(InvalidInvoice) as error:
        edit_invoice(actor=actor, invoice=note, data=data, at=AT)
    assert sorted(error.value.errors) == refused


@pytest.mark.parametrize("kind", ["credit_note", "debit_note"])
def test_note_is_not_moved_to_another_client_and_keeps_the_buyer_of_its_invoice(
    business: Business, actor: Actor, kind: str
) -> None:
    client = make_client(business, name="Old name")
    parent = make_issued(business, client, discount_rate=50, at=AT)
    note = write_note(parent=parent, kind=kind, actor=actor, at=AT, data={"reason": "Wrong"})
    with pytest.raises(InvalidInvoice) as error:
        edit_invoice(actor=actor, invoice=note, data={"client_id": make_client(business).pk}, at=AT)
    assert list(error.value.errors) == ["client_id"]
    save_client(actor=actor, business=business, client=client, data={"name": "New name"}, at=AT)
    same = {"client_id": client.pk, "client_name": "Old name", "discount_rate": 50, "client_email": "new@example.com"}
    edited = edit_invoice(actor=actor, invoice=note, data=same, at=AT)
    assert (edited.client_name, edited.client_email) == ("Old name", "new@example.com")


def test_draft_of_the_last_credit_note_keeps_what_it_takes_of_its_invoice(business: Business, actor: Actor) -> None:
    items = [{"name": "Thing", "quantity": 3, "unit_price": "33.335", "tax_rate": "19.6"}]
    parent = make_issued(business, items=items, at=AT)
    data: dict[str, Any] = {"reason": "Wrong", "items": [{"name": "Thing", "quantity": 1}], "issue": True}
    for _ in range(2):
        write_note(parent=parent, kind="credit_note", actor=actor, at=AT, data=data)
    note = write_note(parent=parent, kind="credit_note", actor=actor, at=AT, data=data | {"issue": False})
    amounts = (note.subtotal, note.taxable_amount, note.tax_amount, note.total, note.due_date)
    assert amounts == (Decimal("33.33"), Decimal("33.33"), Decimal("6.54"), Decimal("39.87"), None)
    edited = edit_invoice(actor=actor, invoice=note, data={"notes": "Sorry", "due_date": "2027-01-31"}, at=AT)
    edited = Invoice.objects.get(pk=edited.pk)
    assert edited.notes == "Sorry"
    assert (edited.subtotal, edited.taxable_amount, edited.tax_amount, edited.total, edited.due_date) == amounts


def test_answer_sent_back_changes_nothing_and_lines_keep_their_ids(business: Business, actor: Actor) -> None:
    draft = make_draft(business, items=MOROCCAN, notes="Same", at=AT)
    before = list(draft.lines.values_list("id", flat=True))
    same = {"items": MOROCCAN, "notes": "Same", "client_id": draft.client_id, "due_date": draft.due_date}
    edited = edit_invoice(actor=actor, invoice=draft, data=same, at=AT)
    assert list(edited.lines.values_list("id", flat=True)) == before
    assert not edited.events.filter(kind="updated").exists()
    assert edited.due_date_given is False
    edited = edit_invoice(actor=actor, invoice=edited, data=same | {"notes": "Other"}, at=AT)
    assert edited.events.all()[0].data == {"fields": ["notes"]}


ARABIC: dict[str, Any] = {"name_ar": "تصميم", "description_ar": "سطر\nوآخر"}


def test_lines_keep_their_names_in_arabic_and_so_do_copies(business: Business, actor: Actor) -> None:
    items = [{"name": "Design", "unit_price": 10} | ARABIC, {"name": "Other", "unit_price": 1}]
    issued = make_issued(business, items=items, at=AT)
    copy = duplicate_invoice(actor=actor, invoice=issued, at=AT)
    note = write_note(parent=issued, kind="credit_note", actor=actor, at=AT, data={"reason": "Wrong"})
    kept = [("تصميم", "سطر\nوآخر"), ("", "")]
    for invoice in (issued, copy, note):
        assert list(invoice.lines.values_list("name_ar", "description_ar")) == kept


@pytest.mark.parametrize(("name", "length"), [("name_ar", 200), ("description_ar", 2000)])
def test_names_in_arabic_have_a_bound(business: Business, actor: Actor, name: str, length: int) -> None:
    items = [{"name": "Design", "unit_price": 10, name: "ض" * length}]
    assert getattr(make_draft(business, items=items).lines.get(), name) == "ض" * length
    with pytest.raises(InvalidInvoice) as caught:
        make_draft(business, items=[items[0] | {name: "ض" * (length + 1)}])
    assert list(caught.value.errors) == [f"items[0].{name}"]


@pytest.mark.parametrize("is_issued", [False, True])
def test_what_changes_nothing_is_no_event_and_no_version(business: Business, actor: Actor, is_issued: bool) -> None:
    invoice = (make_issued if is_issued else make_draft)(business, at=AT, notes="As it was")
    before = (Invoice.objects.values().get(pk=invoice.pk), invoice.events.count())
    edit_invoice(actor=actor, invoice=invoice, data={"notes": "As it was"}, at=AT + timedelta(hours=1))
    edit_invoice(actor=actor, invoice=invoice, data={}, at=AT + timedelta(hours=1))
    assert (Invoice.objects.values().get(pk=invoice.pk), invoice.events.count()) == before
