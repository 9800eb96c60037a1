from __future__ import annotations

import json
import re
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import Business
from invoicing.models import Event, Invoice
from tests.factories.accounts import make_business
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued
from tests.invoicing.api.conftest import Caller, key_of, read

pytestmark = pytest.mark.django_db

WEBSITE = {
    "client_name": "Atlas Example SARL",
    "client_email": "billing@atlas.example",
    "currency": "MAD",
    "tax_rate": 20,
    "discount_rate": 10,
    "items": [
        {"name": "Website", "quantity": 1, "unit_price": 15000},
        {"name": "Training", "quantity": 3, "unit_price": 2000},
    ],
}
OBJECT = re.findall(
    r"\w+",
    """
    id business_id type status invoice_number reference client_id client_type client_name client_email client_phone
    client_address client_vat_number client_cr_number client_tax_ids seller language currency issue_date due_date
    supply_date payment_terms notes footer tax_rate discount_rate prices_include_tax items subtotal discount_amount
    taxable_amount tax_amount tax_breakdown total amount_credited amount_paid amount_refunded amount_due tax_currency
    exchange_rate tax_amount_in_tax_currency payment_link pdf_url pdf_sha256 qr_code_url is_sent_email email_sent_at
    sent_at viewed_at paid_at issued_at cancelled_at parent_invoice_id parent_invoice_number parent_issue_date reason
    warnings created_at updated_at
""",
)
ITEM = re.findall(
    r"\w+",
    """
    id parent_item_id name description name_ar description_ar sku type quantity unit unit_price discount_rate tax_rate tax_category
    exemption_reason subtotal discount_amount net_amount tax_amount total
""",
)


def path_of(invoice: Invoice, act: str = "") -> str:
    return f"/invoices/{invoice.pk}" + (f"/{act}" if act else "")


def body_with(**item: Any) -> dict[str, Any]:
    """Return a body whose one item has these fields."""
    return {"client_name": "Atlas", "items": [{"name": "Thing", "unit_price": 1} | item]}


# Writing and reading


def test_create_answers_with_the_whole_draft(member: Caller, business: Business) -> None:
    response = member.post("/invoices", WEBSITE)
    invoice = read(response, 201)
    assert list(invoice) == OBJECT
    assert [list(item) for item in invoice["items"]] == [ITEM, ITEM]
    assert response["Location"] == f"/api/v1/invoices/{invoice['id']}"
    assert response["ETag"] == f'"{invoice["id"]}-1"'
    expected: dict[str, Any] = {
        "business_id": business.pk,
        "type": "general",
        "status": "draft",
        "invoice_number": None,
        "seller": None,
        "client_name": "Atlas Example SARL",
        "client_email": "billing@atlas.example",
        "subtotal": 21000,
        "discount_amount": 2100,
        "taxable_amount": 18900,
        "tax_amount": 3780,
        "total": 22680,
        "amount_due": 22680,
        "tax_rate": 20,
        "discount_rate": 10,
        "issue_date": None,
        "due_date": "2026-12-20",
        "payment_link": None,
        "qr_code_url": None,
        "pdf_url": f"http://localhost:8000/api/v1/invoices/{invoice['id']}/download",
        "pdf_sha256": None,
        "tax_currency": None,
        "warnings": [],
        "created_at": "2026-11-20T09:00:00Z",
    }
    assert {name: invoice[name] for name in expected} == expected
    assert invoice["tax_breakdown"] == [
        {"category": "S", "rate": 20, "taxable_amount": 18900, "tax_amount": 3780, "exemption_reason": ""}
    ]
    assert read(member.get(f"/invoices/{invoice['id']}")) == invoice


@pytest.mark.parametrize(
    ("body", "amounts"),
    [
        (
            {
                "currency": "USD",
                "items": [
                    {"name": "A", "quantity": 1, "unit_price": 5000, "tax_rate": 10},
                    {"name": "B", "quantity": 1, "unit_price": 500},
                ],
            },
            {"subtotal": "5500", "discount_amount": "0", "tax_amount": "500", "total": "6000"},
        ),
        (
            {
                "currency": "SAR",
                "items": [{"name": "A", "quantity": 10, "unit_price": 1000, "discount_rate": 5, "tax_rate": 15}],
            },
            {"subtotal": "10000", "taxable_amount": "9500", "tax_amount": "1425", "total": "10925"},
        ),
        (
            {
                "currency": "EUR",
                "tax_rate": "22",
                "items": [{"name": "A", "quantity": "16", "unit_price": "348.35", "discount_rate": 4}],
            },
            {"taxable_amount": "5350.66", "tax_amount": "1177.15", "total": "6527.81"},
        ),
        (
            {
                "currency": "EUR",
                "prices_include_tax": True,
                "items": [{"name": "A", "unit_price": 500.00, "tax_rate": 10}],
            },
            {"taxable_amount": "454.55", "tax_amount": "45.45", "total": "500"},
        ),
    ],
)
def test_create_reckons_the_known_answers(member: Caller, body: dict[str, Any], amounts: dict[str, str]) -> None:
    response = member.post("/invoices", {"client_name": "Atlas"} | body)
    invoice = read(response, 201)
    assert {name: invoice[name] for name in amounts} == {name: Decimal(value) for name, value in amounts.items()}
    for name, value in amounts.items():
        assert f'"{name}":{value},' in response.content.decode()


def test_create_keeps_what_a_binary_float_would_lose(member: Caller) -> None:
    body = body_with(quantity="PLACE", unit_price="HERE")
    sent = json.dumps(body).replace('"PLACE"', "1.000001").replace('"HERE"', "0.1").encode()
    response = member.post("/invoices", sent)
    assert read(response, 201)["items"][0]["quantity"] == Decimal("1.000001")
    assert b'"quantity":1.000001,' in response.content
    assert b'"unit_price":0.1,' in response.content


def test_create_takes_a_known_client_and_its_defaults(member: Caller, business: Business) -> None:
    client = make_client(business, name="Zelij", currency="EUR", language="fr", address={"city": "Fès"})
    invoice = read(member.post("/invoices", {"client_id": client.pk, "items": [{"name": "A", "unit_price": 3}]}), 201)
    expected = {
        "client_id": client.pk,
        "client_name": "Zelij",
        "client_address": {"city": "Fès"},
        "currency": "EUR",
        "language": "fr",
    }
    assert {name: invoice[name] for name in expected} == expected


def test_create_issues_at_once(member: Caller, business: Business) -> None:
    invoice = read(member.post("/invoices", WEBSITE | {"issue": True, "currency": "USD", "tax_rate": 0}), 201)
    expected = {
        "status": "issued",
        "invoice_number": "INV-2026-0001",
        "issue_date": "2026-11-20",
        "issued_at": "2026-11-20T09:00:00Z",
        "amount_due": 18900,
        "qr_code_url": f"http://localhost:8000/api/v1/invoices/{invoice['id']}/qr",
    }
    assert {name: invoice[name] for name in expected} == expected
    token = Invoice.objects.get(pk=invoice["id"]).token
    assert invoice["payment_link"] == f"http://localhost:8000/pay/{token}"
    assert list(invoice["seller"]) == ["legal_name", "address", "vat_number", "cr_number", "tax_ids", "email", "phone"]
    assert invoice["seller"]["legal_name"] == business.printed_name


def test_create_of_what_cannot_be_issued_stores_nothing(member: Caller) -> None:
    body = body_with(tax_rate=0, tax_category="E") | {"issue": True}
    refusal = read(member.post("/invoices", body), 400)
    assert refusal["code"] == "not_ready"
    assert list(refusal["errors"]) == ["items[0].exemption_reason"]
    assert not Invoice.objects.exists()


def test_create_wants_a_truth_value_for_issue(member: Caller) -> None:
    refusal = read(member.post("/invoices", WEBSITE | {"issue": "yes"}), 400)
    assert list(refusal["errors"]) == ["issue"]


def test_create_writes_into_the_business_that_is_named(business: Business) -> None:
    owner = business.memberships.get().user
    other = make_business(owner=owner, currency="JPY")
    caller = Caller(owner)
    assert read(caller.post("/invoices", body_with() | {"business_id": other.pk}), 201)["business_id"] == other.pk
    assert read(caller.post(f"/invoices?business_id={other.pk}", body_with()), 201)["currency"] == "JPY"
    assert read(caller.post("/invoices", body_with()), 201)["business_id"] == business.pk
    assert caller.post("/invoices", body_with() | {"business_id": make_business().pk}).status_code == 404


def test_create_does_not_bill_another_businesss_client(member: Caller) -> None:
    stranger = make_client(make_business())
    refusal = read(member.post("/invoices", {"client_id": stranger.pk, "items": [{"name": "A", "unit_price": 1}]}), 400)
    assert list(refusal["errors"]) == ["client_id"]


def test_preview_reckons_and_stores_nothing(member: Caller, viewer: Caller) -> None:
    items: Any = WEBSITE["items"]
    body = WEBSITE | {"items": [*items, {"name": "C", "unit_price": 0, "tax_rate": 0, "tax_category": "E"}]}
    for caller in (member, viewer):
        seen = read(caller.post("/invoices/preview", body))
        assert list(seen) == [*OBJECT, "stops"]
        assert (seen["id"], seen["client_id"], seen["status"], seen["total"]) == (None, None, "draft", 22680)
        assert [item["id"] for item in seen["items"]] == [None, None, None]
        assert list(seen["stops"]) == ["items[2].exemption_reason"]
    assert not Invoice.objects.exists()


def test_find_answers_with_the_invoice_that_has_the_number(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    make_issued(make_business())
    found = read(member.get(f"/invoices/find?invoice_number={invoice.number}"))
    assert (found["id"], len(found["items"])) == (invoice.pk, 1)
    assert member.get("/invoices/find?invoice_number=INV-2026-0002").status_code == 404
    assert list(read(member.get("/invoices/find"), 400)["errors"]) == ["invoice_number"]


def test_fields_choose_what_is_answered_and_queried(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    chosen = read(member.get(path_of(invoice) + "?fields=total,id,status"))
    assert chosen == {"total": 300, "id": invoice.pk, "status": "issued"}
    refusal = read(member.get(path_of(invoice) + "?fields=id,totl"), 400)
    assert refusal["errors"] == {"fields": ["“totl” is not known here. Did you mean “total”?"]}


# Changing


def test_update_changes_a_draft_and_leaves_what_is_absent(member: Caller, business: Business) -> None:
    draft = make_draft(business, notes="Thank you", discount_rate=5)
    changed = read(member.patch(path_of(draft), {"discount_rate": 10}))
    assert (changed["discount_rate"], changed["notes"], changed["total"]) == (10, "Thank you", 270)
    replaced = read(member.put(path_of(draft), {"items": [{"name": "Other", "unit_price": "7.5"}]}))
    assert ([item["name"] for item in replaced["items"]], replaced["total"]) == (["Other"], Decimal("6.75"))


def test_update_of_an_issued_invoice_changes_five_fields_alone(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    allowed = {
        "notes": "Paid by cheque",
        "due_date": "2027-01-31",
        "reference": "PO 9",
        "client_email": "new@atlas.example",
        "client_phone": "+212600111222",
    }
    changed = read(member.patch(path_of(invoice), allowed))
    assert {name: changed[name] for name in allowed} == allowed
    for name, value in {"currency": "EUR", "discount_rate": 3, "items": [{"name": "A", "unit_price": 1}]}.items():
        refusal = read(member.patch(path_of(invoice), {name: value}), 409)
        assert (refusal["code"], list(refusal["errors"])) == ("immutable", [name])
    same = {"currency": "MAD", "items": [{"name": "Consulting", "quantity": 2, "unit_price": 150}]}
    assert read(member.put(path_of(invoice), same))["total"] == 300


def test_update_with_a_stale_tag_is_refused(member: Caller, business: Business) -> None:
    draft = make_draft(business)
    tag = member.get(path_of(draft))["ETag"]
    changed = member.patch(path_of(draft), {"notes": "1"}, If_Match=tag)
    assert changed["ETag"] != tag
    assert read(member.patch(path_of(draft), {"notes": "2"}, If_Match=tag), 412)["code"] == "lost_update"
    assert member.patch(path_of(draft), {"notes": "3"}, If_Match=changed["ETag"]).status_code == 200
    for act in ("issue", "duplicate", "cancel", "send-email", "credit-notes", "debit-notes", "payments"):
        assert member.post(path_of(draft, act), {}, If_Match=tag).status_code == 412
    assert member.patch(path_of(draft, "status"), {"status": "issued"}, If_Match=tag).status_code == 412
    assert member.delete(path_of(draft), If_Match=tag).status_code == 412


def test_delete_of_a_draft_leaves_nothing(member: Caller, business: Business) -> None:
    draft = make_draft(business)
    response = member.delete(path_of(draft))
    assert (response.status_code, response.content) == (204, b"")
    assert member.get(path_of(draft)).status_code == 404
    assert not Invoice.objects.exists()


def test_delete_of_an_issued_invoice_cancels_it(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    answer = read(member.delete(path_of(invoice)))
    assert list(answer) == ["message", "invoice", "credit_note"]
    assert (answer["message"], answer["credit_note"]) == ("The invoice is cancelled.", None)
    assert (answer["invoice"]["status"], answer["invoice"]["cancelled_at"]) == ("cancelled", "2026-11-20T09:00:00Z")


# Statuses and moves


@pytest.mark.parametrize(
    ("word", "status"), [("issued", "issued"), ("sent", "sent"), ("paid", "paid"), ("cancelled", None)]
)
def test_status_brings_a_draft_where_that_makes_sense(
    member: Caller, business: Business, word: str, status: str | None
) -> None:
    draft = make_draft(business)
    response = member.patch(path_of(draft, "status"), {"status": word})
    if status is None:
        refusal = read(response, 409)
        assert (refusal["code"], refusal["state"]) == ("impossible_move", "draft")
        assert refusal["possible"] == ["issued", "sent", "paid"]
    else:
        invoice = read(response)
        assert (invoice["status"], invoice["invoice_number"]) == (status, "INV-2026-0001")


def test_status_paid_records_what_is_due(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    read(member.post(path_of(invoice, "payments"), {"amount": 100, "method": "cash"}), 201)
    paid = read(member.patch(path_of(invoice, "status"), {"status": "paid"}))
    assert (paid["status"], paid["amount_paid"], paid["amount_due"]) == ("paid", 300, 0)
    amounts = [payment["amount"] for payment in read(member.get(path_of(invoice, "payments")))["results"]]
    assert sorted(amounts) == [100, 200]


def test_status_cancelled_cancels(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    assert read(member.patch(path_of(invoice, "status"), {"status": "cancelled"}))["status"] == "cancelled"


def test_status_issued_twice_names_state_and_possible_acts(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    refusal = read(member.patch(path_of(invoice, "status"), {"status": "issued"}), 409)
    assert (refusal["code"], refusal["state"], refusal["status"]) == ("impossible_move", "issued", "issued")
    assert refusal["possible"] == ["sent", "paid", "cancelled"]


@pytest.mark.parametrize("word", ["draft", "viewed", "overdue", "partially_paid", "refunded", "credited"])
def test_status_refuses_words_that_follow_from_facts(member: Caller, business: Business, word: str) -> None:
    refusal = read(member.patch(path_of(make_issued(business), "status"), {"status": word}), 409)
    assert refusal["code"] == "derived_status"
    assert refusal["possible"] == ["issued", "sent", "paid", "cancelled"]


@pytest.mark.parametrize("body", [{"status": "payed"}, {"status": ""}, {"status": None}, {"status": 7}, {}])
def test_status_refuses_unknown_words(member: Caller, business: Business, body: dict[str, Any]) -> None:
    refusal = read(member.patch(path_of(make_issued(business), "status"), body), 400)
    assert list(refusal["errors"]) == ["status"]


def test_issue_gives_number_and_date(member: Caller, business: Business) -> None:
    draft = make_draft(business, issue_date="2026-11-18")
    assert read(member.get(path_of(draft)))["issue_date"] == "2026-11-18"
    issued = read(member.post(path_of(draft, "issue")))
    assert (issued["invoice_number"], issued["issue_date"], issued["status"]) == (
        "INV-2026-0001",
        "2026-11-18",
        "issued",
    )
    assert read(member.post(path_of(draft, "issue")), 409)["code"] == "impossible_move"


def test_duplicate_copies_all_but_the_reference(member: Caller, business: Business) -> None:
    invoice = make_issued(business, reference="PO 1", notes="Thanks")
    copy = read(member.post(path_of(invoice, "duplicate")), 201)
    assert copy["id"] != invoice.pk
    assert (copy["status"], copy["reference"], copy["notes"], copy["total"]) == ("draft", "", "Thanks", 300)


def test_lines_have_a_name_in_arabic_wherever_they_show(member: Caller, business: Business) -> None:
    arabic = {"name_ar": "تصميم", "description_ar": "صفحتان"}
    body = body_with(**arabic)
    draft = read(member.post("/invoices", body), 201)
    answers = [
        draft,
        read(member.post("/invoices/preview", body)),
        read(member.get(f"/invoices/{draft['id']}")),
        read(member.post(f"/invoices/{draft['id']}/issue")),
        read(member.post(f"/invoices/{draft['id']}/duplicate"), 201),
        read(member.post(f"/invoices/{draft['id']}/credit-notes", {"reason": "Wrong"}), 201),
    ]
    assert [{name: answer["items"][0][name] for name in arabic} for answer in answers] == [arabic] * 6
    wrong = read(member.post("/invoices", body_with(name_ar="ض" * 201, description_ar="ض" * 2001)), 400)
    assert sorted(wrong["errors"]) == ["items[0].description_ar", "items[0].name_ar"]


def test_cancel_of_what_was_sent_names_the_credit_note(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    read(member.patch(path_of(invoice, "status"), {"status": "sent"}))
    answer = read(member.post(path_of(invoice, "cancel")))
    note = answer["credit_note"]
    assert (note["invoice_number"], note["total"]) == ("CN-2026-0001", 300)
    assert answer["message"] == "The invoice is cleared by credit note CN-2026-0001."
    assert (answer["invoice"]["status"], answer["invoice"]["amount_credited"]) == ("credited", 300)
    assert read(member.get(f"/invoices/{note['id']}"))["parent_invoice_id"] == invoice.pk


def test_cancel_of_what_was_paid_is_refused(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    read(member.post(path_of(invoice, "payments"), {"amount": 1, "method": "cash"}), 201)
    assert read(member.post(path_of(invoice, "cancel")), 409)["code"] == "refund_first"


# Notes


def test_a_draft_note_stays_a_note_when_it_is_changed(member: Caller, business: Business) -> None:
    note = read(member.post(path_of(make_issued(business), "credit-notes"), {"reason": "x"}), 201)
    changed = read(member.patch(f"/invoices/{note['id']}", {"client_phone": "+212600111222"}))
    assert (changed["type"], changed["client_phone"]) == ("credit_note", "+212600111222")
    again = read(member.put(f"/invoices/{note['id']}", changed))
    assert (again["type"], again["items"]) == ("credit_note", changed["items"])
    for name, value in {"type": "general", "currency": "EUR", "items": [{"name": "A", "unit_price": 5}]}.items():
        assert list(read(member.patch(f"/invoices/{note['id']}", {name: value}), 400)["errors"]) == [name]
    assert read(member.post(f"/invoices/{note['id']}/issue"))["status"] == "issued"


def test_credit_note_lowers_what_is_due(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    line = read(member.get(path_of(invoice)))["items"][0]
    body = {"reason": "One day fell out", "issue": True, "items": [{"parent_item_id": line["id"], "quantity": 1}]}
    note = read(member.post(path_of(invoice, "credit-notes"), body), 201)
    expected = {
        "type": "credit_note",
        "status": "issued",
        "invoice_number": "CN-2026-0001",
        "total": 150,
        "reason": "One day fell out",
        "parent_invoice_id": invoice.pk,
        "parent_invoice_number": "INV-2026-0001",
        "parent_issue_date": "2026-11-20",
        "due_date": None,
    }
    assert {name: note[name] for name in expected} == expected
    assert note["items"][0]["parent_item_id"] == line["id"]
    parent = read(member.get(path_of(invoice)))
    assert (parent["amount_credited"], parent["amount_due"], parent["status"]) == (150, 150, "issued")


def test_credit_note_needs_a_reason_and_something_left(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    assert list(read(member.post(path_of(invoice, "credit-notes"), {}), 400)["errors"]) == ["reason"]
    too_much = {"reason": "No", "items": [{"name": "Consulting", "quantity": 3}]}
    refusal = read(member.post(path_of(invoice, "credit-notes"), too_much), 409)
    assert (refusal["code"], list(refusal["errors"])) == ("more_than_left", ["items[0].quantity"])


def test_debit_note_is_a_claim_of_its_own(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    body = {"reason": "Travel", "issue": True, "items": [{"name": "Train", "unit_price": 80}]}
    note = read(member.post(path_of(invoice, "debit-notes"), body), 201)
    assert (note["type"], note["invoice_number"], note["amount_due"]) == ("debit_note", "DN-2026-0001", 80)
    assert read(member.get(path_of(invoice)))["amount_due"] == 300


@pytest.mark.parametrize("by", ["parent_invoice_id", "parent_invoice_number"])
@pytest.mark.parametrize("kind", ["credit_note", "debit_note"])
def test_create_of_a_note_is_the_same_as_the_notes_call(member: Caller, business: Business, kind: str, by: str) -> None:
    invoice = make_issued(business)
    named = invoice.pk if by == "parent_invoice_id" else invoice.number
    note = read(member.post("/invoices", {"type": kind, by: named, "reason": "So it is"}), 201)
    assert (note["type"], note["parent_invoice_id"], note["total"]) == (kind, invoice.pk, 300)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "parent_invoice_id"),
        ({"parent_invoice_id": 5}, "parent_invoice_id"),
        ({"parent_invoice_id": "inv_nothing"}, "parent_invoice_id"),
        ({"parent_invoice_number": "INV-2026-0404"}, "parent_invoice_number"),
    ],
)
def test_create_of_a_note_to_nothing_is_refused(member: Caller, body: dict[str, Any], field: str) -> None:
    refusal = read(member.post("/invoices", {"type": "credit_note", "reason": "x"} | body), 400)
    assert list(refusal["errors"]) == [field]


def test_create_of_a_note_to_another_businesss_invoice_is_refused(member: Caller) -> None:
    stranger = make_issued(make_business())
    body = {"type": "credit_note", "reason": "x", "parent_invoice_id": stranger.pk}
    assert list(read(member.post("/invoices", body), 400)["errors"]) == ["parent_invoice_id"]


# Mail, files and codes


def test_send_email_queues_a_mail_and_issues_a_draft(member: Caller, business: Business) -> None:
    draft = make_draft(business, client_name="Atlas", client_email="billing@atlas.example")
    answer = read(member.post(path_of(draft, "send-email")))
    assert answer == {
        "message": "Email is being sent",
        "recipient": "billing@atlas.example",
        "invoice_number": "INV-2026-0001",
    }
    assert read(member.get(path_of(draft)))["is_sent_email"] is False


def test_send_email_without_an_address_is_refused(member: Caller, business: Business) -> None:
    draft = make_draft(business, client_name="Atlas")
    refusal = read(member.post(path_of(draft, "send-email")), 400)
    assert (refusal["code"], list(refusal["errors"])) == ("no_recipient", ["to_email"])


def test_send_email_is_limited(member: Caller, business: Business, settings: Any) -> None:
    settings.RATE_LIMITS = settings.RATE_LIMITS | {"email": "1/h"}
    invoice = make_issued(business)
    read(member.post(path_of(invoice, "send-email")))
    response = member.post(path_of(invoice, "send-email"))
    assert read(response, 429)["code"] == "rate_limited"
    assert 0 < int(response["Retry-After"]) <= 3600


def test_download_answers_with_the_stored_bytes(viewer: Caller, business: Business) -> None:
    invoice = make_issued(business)
    first = viewer.get(path_of(invoice, "download"))
    assert (first.status_code, first["Content-Type"], first.content[:5]) == (200, "application/pdf", b"%PDF-")
    assert first["Content-Disposition"] == 'attachment; filename="invoice_INV-2026-0001.pdf"'
    shown = read(viewer.get(path_of(invoice)))
    assert first["ETag"] == f'"{shown["pdf_sha256"]}"'
    again = viewer.get(path_of(invoice, "download"))
    assert again.content == first.content
    unchanged = viewer.get(path_of(invoice, "download"), If_None_Match=first["ETag"])
    assert (unchanged.status_code, unchanged.content) == (304, b"")


def test_download_of_a_draft_and_of_a_cancelled_invoice_are_marked_copies(member: Caller, business: Business) -> None:
    draft = make_draft(business)
    response = member.get(path_of(draft, "download"))
    assert response["Content-Disposition"] == 'attachment; filename="invoice_draft.pdf"'
    read(member.post(path_of(draft, "issue")))
    original = member.get(path_of(draft, "download")).content
    read(member.post(path_of(draft, "cancel")))
    assert member.get(path_of(draft, "download")).content != original
    assert member.get(path_of(draft, "download?original=true")).content == original
    assert list(read(member.get(path_of(draft, "download?original=maybe")), 400)["errors"]) == ["original"]


def test_download_names_are_safe(member: Caller, business: Business) -> None:
    invoice = make_issued(business, invoice_number='Ж "1"/2\\é')
    disposition = member.get(path_of(invoice, "download"))["Content-Disposition"]
    assert disposition == 'attachment; filename="invoice_1-2.pdf"'


def test_qr_is_png_or_svg(viewer: Caller, business: Business) -> None:
    invoice = make_issued(business)
    png = viewer.get(path_of(invoice, "qr"))
    assert (png["Content-Type"], png.content[:8]) == ("image/png", b"\x89PNG\r\n\x1a\n")
    svg = viewer.get(path_of(invoice, "qr?format=svg"))
    assert (svg["Content-Type"], b"<svg" in svg.content) == ("image/svg+xml", True)
    assert viewer.get(path_of(invoice, "qr?content=payment")).content == png.content
    assert list(read(viewer.get(path_of(invoice, "qr?format=gif")), 400)["errors"]) == ["format"]
    assert list(read(viewer.get(path_of(invoice, "qr?content=pay")), 400)["errors"]) == ["content"]


def test_qr_of_a_draft_is_a_conflict(viewer: Caller, business: Business) -> None:
    refusal = read(viewer.get(path_of(make_draft(business), "qr")), 409)
    assert (refusal["code"], refusal["state"]) == ("impossible_move", "draft")


# Ledger and timeline


def test_payments_in_part_and_in_full(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    body = {"amount": "100.50", "method": "bank_transfer", "received_at": "2026-11-19", "reference": "TR 1"}
    payment = read(member.post(path_of(invoice, "payments"), body), 201)
    assert payment == {
        "id": payment["id"],
        "invoice_id": invoice.pk,
        "amount": Decimal("100.5"),
        "currency": "MAD",
        "method": "bank_transfer",
        "received_at": "2026-11-19T12:00:00Z",
        "reference": "TR 1",
        "created_at": "2026-11-20T09:00:00Z",
        "amount_refunded": 0,
        "refunds": [],
    }
    shown = read(member.get(path_of(invoice)))
    assert (shown["status"], shown["amount_due"]) == ("partially_paid", Decimal("199.5"))
    page = read(member.get(path_of(invoice, "payments")))
    assert (page["count"], page["results"]) == (1, [payment])
    more = read(member.post(path_of(invoice, "payments"), {"amount": 200, "method": "cash"}), 400)
    assert (more["code"], list(more["errors"])) == ("more_than_due", ["amount"])


def test_an_id_with_nul_is_not_there(member: Caller) -> None:
    assert read(member.get("/invoices/a%00b"), 404)["code"] == "not_found"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({"method": "cash"}, "amount"),
        ({"amount": 0, "method": "cash"}, "amount"),
        ({"amount": -5, "method": "cash"}, "amount"),
        ({"amount": "0.001", "method": "cash"}, "amount"),
        ({"amount": 5}, "method"),
        ({"amount": 5, "method": "barter"}, "method"),
        ({"amount": 5, "method": "cash", "received_at": "2030-01-01"}, "received_at"),
        ({"amount": 5, "method": "cash", "received_at": "soon"}, "received_at"),
        ({"amount": 5, "method": "cash", "received_at": "0001-01-01T00:00:00+14:00"}, "received_at"),
        ({"amount": 5, "method": "stripe"}, "method"),
    ],
)
def test_payments_name_what_is_wrong(member: Caller, business: Business, body: dict[str, Any], field: str) -> None:
    refusal = read(member.post(path_of(make_issued(business), "payments"), body), 400)
    assert list(refusal["errors"]) == [field]


def test_refund_in_part_then_of_all_that_is_left(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    payment = read(member.post(path_of(invoice, "payments"), {"amount": 300, "method": "cash"}), 201)
    path = f"/payments/{payment['id']}/refunds"
    part = read(member.post(path, {"amount": 100, "reason": "A gift"}), 201)
    assert part == {
        "id": part["id"],
        "payment_id": payment["id"],
        "amount": 100,
        "currency": "MAD",
        "reason": "A gift",
        "reopened": False,
        "credit_note_id": None,
        "created_at": "2026-11-20T09:00:00Z",
    }
    assert read(member.get(path_of(invoice)))["status"] == "paid"
    assert read(member.post(path, {"amount": 201}), 409)["code"] == "more_than_left"
    assert read(member.post(path), 201)["amount"] == 200
    assert read(member.get(path_of(invoice)))["status"] == "refunded"
    shown = read(member.get(path_of(invoice, "payments")))["results"][0]
    assert shown["amount_refunded"] == 300
    assert sorted(refund["amount"] for refund in shown["refunds"]) == [100, 200]
    assert part in shown["refunds"]


def test_payments_and_refunds_have_tags_that_the_next_refund_may_need(member: Caller, business: Business) -> None:
    paid = member.post(path_of(make_issued(business), "payments"), {"amount": 300, "method": "cash"})
    payment, tag = read(paid, 201), paid["ETag"]
    assert tag == f'"{payment["id"]}-1"'
    path = f"/payments/{payment['id']}/refunds"
    refunded = member.post(path, {"amount": 100}, If_Match=tag)
    assert refunded["ETag"] == f'"{read(refunded, 201)["id"]}-1"'
    assert read(member.post(path, {"amount": 100}, If_Match=tag), 412)["code"] == "lost_update"
    read(member.post(path, {"amount": 100}, If_Match=f'"{payment["id"]}-2"'), 201)


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("payments", {"amount": 1, "method": "cash"}),
        ("credit-notes", {"reason": "Returned"}),
        ("debit-notes", {"reason": "More", "items": [{"name": "Extra", "quantity": 1, "unit_price": 5}]}),
        ("send-email", {"to_email": "someone@client.example"}),
    ],
)
def test_acts_on_an_invoice_refuse_a_stale_tag(
    member: Caller, business: Business, act: str, body: dict[str, Any]
) -> None:
    invoice = make_issued(business)
    tag = member.get(path_of(invoice))["ETag"]
    read(member.patch(path_of(invoice), {"notes": "In the meantime"}))
    assert read(member.post(path_of(invoice, act), body, If_Match=tag), 412)["code"] == "lost_update"
    fresh = member.get(path_of(invoice))["ETag"]
    assert member.post(path_of(invoice, act), body, If_Match=fresh).status_code in {200, 201}


def test_refund_with_reopen_makes_it_due_again(member: Caller, business: Business) -> None:
    invoice = make_issued(business)
    payment = read(member.post(path_of(invoice, "payments"), {"amount": 300, "method": "cash"}), 201)
    assert read(member.post(f"/payments/{payment['id']}/refunds", {"reopen": True}), 201)["reopened"] is True
    shown = read(member.get(path_of(invoice)))
    assert (shown["status"], shown["amount_due"], shown["amount_refunded"]) == ("issued", 300, 300)


def test_events_say_who_did_what(member: Caller, business: Business) -> None:
    draft = read(member.post("/invoices", WEBSITE | {"tax_rate": 0}), 201)
    read(member.post(f"/invoices/{draft['id']}/issue"))
    page = read(member.get(f"/invoices/{draft['id']}/events"))
    assert sorted(event["kind"] for event in page["results"]) == ["created", "issued"]
    issued = next(event for event in page["results"] if event["kind"] == "issued")
    stored = Event.objects.get(pk=issued["id"])
    assert issued == {
        "id": stored.pk,
        "kind": "issued",
        "at": "2026-11-20T09:00:00Z",
        "actor_id": stored.actor_id,
        "actor_name": stored.actor_name,
        "channel": "browser",
        "ip": "127.0.0.1",
        "data": {"number": "INV-2026-0001"},
    }
    assert read(member.get(f"/invoices/{draft['id']}/events?fields=kind"))["results"][0].keys() == {"kind"}


# What is wrong, by name


@pytest.mark.parametrize(
    ("item", "field"),
    [
        ({"quantity": 0}, "items[0].quantity"),
        ({"quantity": -1}, "items[0].quantity"),
        ({"quantity": "1,5"}, "items[0].quantity"),
        ({"quantity": "NaN"}, "items[0].quantity"),
        ({"quantity": "Infinity"}, "items[0].quantity"),
        ({"quantity": True}, "items[0].quantity"),
        ({"quantity": []}, "items[0].quantity"),
        ({"quantity": "0.0000001"}, "items[0].quantity"),
        ({"unit_price": -1}, "items[0].unit_price"),
        ({"unit_price": None}, "items[0].unit_price"),
        ({"unit_price": 10**15}, "items[0].unit_price"),
        ({"unit_price": "1e400"}, "items[0].unit_price"),
        ({"unit_price": {}}, "items[0].unit_price"),
        ({"tax_rate": 101}, "items[0].tax_rate"),
        ({"discount_rate": -1}, "items[0].discount_rate"),
        ({"tax_category": "X"}, "items[0].tax_category"),
        ({"type": "gift"}, "items[0].type"),
        ({"name": ""}, "items[0].name"),
        ({"name": "x" * 201}, "items[0].name"),
        ({"name": "a\u0007b"}, "items[0].name"),
        ({"name": "a\u0000b"}, "items[0].name"),
        ({"name": "\ud800"}, "items[0].name"),
        ({"name": ["x"]}, "items[0].name"),
        ({"quantity": 999999999, "unit_price": 999999999}, "items"),
    ],
)
def test_create_names_the_wrong_field_of_an_item(member: Caller, item: dict[str, Any], field: str) -> None:
    refusal = read(member.post("/invoices", body_with(**item)), 400)
    assert (refusal["code"], list(refusal["errors"])) == ("invalid", [field])
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"items": []}, "items"),
        ({"items": None}, "items"),
        ({"items": "all"}, "items"),
        ({"items": {"name": "A"}}, "items"),
        ({"items": ["A"]}, "items[0]"),
        ({"items": [{"name": "A", "unit_price": 1}] * 1001}, "items"),
        ({"client_name": "", "client_email": ""}, "client_id"),
        ({"client_name": 5, "client_email": "a@atlas.example"}, "client_name"),
        ({"client_email": "nobody"}, "client_email"),
        ({"client_id": "cli_none"}, "client_id"),
        ({"client_address": {"planet": "Mars"}}, "client_address.planet"),
        ({"currency": "XAU"}, "currency"),
        ({"language": "de"}, "language"),
        ({"type": "bill"}, "type"),
        ({"type": ["credit_note"]}, "type"),
        ({"issue_date": "2026-11-21"}, "issue_date"),
        ({"due_date": "tomorrow"}, "due_date"),
        ({"due_date": 20261120}, "due_date"),
        ({"tax_rate": "NaN"}, "tax_rate"),
        ({"discount_rate": 100.5}, "discount_rate"),
        ({"prices_include_tax": "no"}, "prices_include_tax"),
        ({"invoice_number": "INV-2026-0007"}, "invoice_number"),
        ({"notes": "x" * 5001}, "notes"),
    ],
)
def test_create_names_the_wrong_field(member: Caller, data: dict[str, Any], field: str) -> None:
    refusal = read(member.post("/invoices", body_with() | data), 400)
    assert (refusal["code"], list(refusal["errors"])) == ("invalid", [field])
    assert not Invoice.objects.exists()


@pytest.mark.parametrize(
    "body", [b"[]", b'"x"', b"7", b"null", b"{", b"\xff", b'{"a": NaN}', b'{"a": -Infinity}', b'{"a": 1e400}', b""]
)
@pytest.mark.parametrize("path", ["/invoices", "/invoices/preview"])
def test_create_wants_a_json_object(member: Caller, path: str, body: bytes) -> None:
    response = member.send("POST", path, body)
    assert (response.status_code, Invoice.objects.exists()) == (400, False)


def test_create_takes_a_thousand_items(member: Caller) -> None:
    body = body_with() | {"items": [{"name": f"Item {n}", "unit_price": "0.01"} for n in range(1000)]}
    invoice = read(member.post("/invoices", body), 201)
    assert (len(invoice["items"]), invoice["total"]) == (1000, 10)
    assert [item["name"] for item in invoice["items"][998:]] == ["Item 998", "Item 999"]


def test_other_media_types_are_refused(member: Caller) -> None:
    response = member.browser.post("/api/v1/invoices", {"client_name": "x"})
    assert read(response, 415)["code"] == "unsupported_media_type"


# Names that nothing here has


@pytest.mark.parametrize(
    ("change", "path", "meant"),
    [
        ({"discount": 10}, "discount", "discount_rate"),
        ({"curency": "EUR"}, "curency", "currency"),
        ({"email": "a@atlas.example"}, "email", "client_email"),
        ({"items": [{"name": "x", "unit_price": 1, "quantiy": 3}]}, "items[0].quantiy", "quantity"),
        ({"items": [{"name": "x", "price": 1}]}, "items[0].price", "unit_price"),
        ({"client_tax_ids": [{"type": "ICE", "number": "1"}]}, "client_tax_ids[0].number", None),
    ],
)
def test_a_name_that_is_not_known_is_refused(
    member: Caller, change: dict[str, Any], path: str, meant: str | None
) -> None:
    for address in ("/invoices", "/invoices/preview"):
        refused = read(member.post(address, body_with() | change), 400)
        assert (refused["code"], list(refused["errors"])) == ("unknown_field", [path])
        [sentence] = refused["errors"][path]
        assert (f"Did you mean “{meant}”?" in sentence) is (meant is not None)
    assert not Invoice.objects.exists()


def test_names_of_an_answer_pass_and_are_ignored(member: Caller) -> None:
    created = read(member.post("/invoices", body_with() | {"total": 5, "items": [{"name": "x", "unit_price": 1}]}), 201)
    assert created["total"] == 1
    changed = read(member.patch(f"/invoices/{created['id']}", {"refrence": "x"}), 400)
    assert (changed["code"], list(changed["errors"])) == ("unknown_field", ["refrence"])


def test_a_status_is_not_written_by_the_way(member: Caller, business: Business) -> None:
    for invoice in (make_draft(business), make_issued(business)):
        assert list(read(member.patch(path_of(invoice), {"status": "paid"}), 400)["errors"]) == ["status"]


@pytest.mark.parametrize("total", [1, "1.00", None, [], True])
def test_an_amount_of_an_issued_invoice_is_not_written(member: Caller, business: Business, total: Any) -> None:
    invoice = make_issued(business)
    refused = read(member.patch(path_of(invoice), {"total": total}), 409)
    assert (refused["code"], list(refused["errors"])) == ("immutable", ["total"])
    assert read(member.patch(path_of(invoice), {"total": str(invoice.total)}))["total"] == invoice.total


@pytest.mark.parametrize("kind", ["credit_note", "debit_note"])
def test_preview_reckons_a_note_as_it_would_be_written(
    member: Caller, viewer: Caller, business: Business, kind: str
) -> None:
    parent = make_issued(business)
    body = {"type": kind, "parent_invoice_number": parent.number, "reason": "Returned"}
    seen = read(viewer.post("/invoices/preview", body))
    assert (seen["id"], seen["type"], seen["client_id"], seen["stops"]) == (None, kind, parent.client_id, {})
    assert not Invoice.objects.exclude(pk=parent.pk).exists()
    written = read(member.post("/invoices", body), 201)
    ignored = {"id", "items", "pdf_url", "stops", "created_at", "updated_at"}
    assert {name: seen[name] for name in seen.keys() - ignored} == {
        name: written[name] for name in seen.keys() - ignored
    }
    assert read(viewer.post("/invoices/preview", body | {"reason": ""}), 400)["errors"].keys() == {"reason"}


def test_preview_names_the_client_that_is_known(member: Caller, business: Business) -> None:
    client = make_client(business)
    body = {"client_id": client.pk, "items": [{"name": "A", "unit_price": 1}]}
    assert read(member.post("/invoices/preview", body))["client_id"] == client.pk


@pytest.mark.parametrize("act", ["issue", "cancel", "duplicate"])
def test_an_act_without_fields_takes_none(member: Caller, business: Business, act: str) -> None:
    invoice = make_draft(business) if act == "issue" else make_issued(business)
    refused = read(member.post(path_of(invoice, act), {"issue_date": "2026-01-01"}), 400)
    assert refused["errors"] == {"issue_date": ["“issue_date” is not known here: this takes no fields."]}


@pytest.mark.parametrize(
    ("act", "data"),
    [
        ("credit-notes", {"reason": "x", "discount_rate": 5}),
        ("payments", {"amount": 5, "method": "cash", "date": "2026-11-20"}),
        ("send-email", {"to": "a@atlas.example"}),
    ],
)
def test_other_bodies_refuse_what_they_do_not_read(
    member: Caller, business: Business, act: str, data: dict[str, Any]
) -> None:
    refused = read(member.post(path_of(make_issued(business), act), data), 400)
    assert (refused["code"], list(refused["errors"])) == ("unknown_field", [list(data)[-1]])


def test_an_answer_may_be_sent_back(member: Caller, business: Business) -> None:
    for invoice in (make_draft(business), make_issued(business)):
        shown = read(member.get(path_of(invoice)))
        again = read(member.put(path_of(invoice), shown))
        assert again["warnings"] == []
        changing = {"updated_at"}
        assert {name: again[name] for name in again if name not in {*changing, "items"}} == {
            name: shown[name] for name in shown if name not in {*changing, "items"}
        }


# Repetition


ORDERS = ["create", "issue", "cancel", "send-email", "credit-notes", "debit-notes", "duplicate", "payments", "refund"]


@pytest.mark.parametrize("order", ORDERS)
def test_a_repeated_order_is_carried_out_once(member: Caller, business: Business, order: str) -> None:
    path, body = order_of(member, business, order)
    first = member.post(path, body, Idempotency_Key="k 1")
    assert first.status_code in {200, 201}, first.content
    counts = Invoice.objects.count(), Event.objects.count()
    second = member.post(path, body, Idempotency_Key="k 1")
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert (first.headers.get("Idempotent-Replayed"), second["Idempotent-Replayed"]) == (None, "true")
    assert (Invoice.objects.count(), Event.objects.count()) == counts
    other = member.post(path, body | {"notes": "other"}, Idempotency_Key="k 1")
    assert read(other, 409)["code"] == "idempotency_key_reused"


def order_of(member: Caller, business: Business, order: str) -> tuple[str, dict[str, Any]]:
    """Return the path and the body of an order that can be carried out."""
    if order == "create":
        return "/invoices", WEBSITE
    if order == "issue":
        return path_of(make_draft(business), order), {}
    invoice = make_issued(business)
    if order == "refund":
        payment = read(member.post(path_of(invoice, "payments"), {"amount": 5, "method": "cash"}), 201)
        return f"/payments/{payment['id']}/refunds", {}
    bodies = {"credit-notes": {"reason": "x"}, "debit-notes": {"reason": "x"}}
    return path_of(invoice, order), bodies.get(order, {"amount": 5, "method": "cash"} if order == "payments" else {})


def test_a_refused_order_is_refused_again_without_a_trace(member: Caller, business: Business) -> None:
    draft = make_draft(business)
    path = path_of(draft, "credit-notes")
    first = member.post(path, {"reason": "x"}, Idempotency_Key="k")
    assert read(first, 409)["code"] == "impossible_move"
    read(member.post(path_of(draft, "issue")))
    assert member.post(path, {"reason": "x"}, Idempotency_Key="k").content == first.content


# Who may

READS = ["", "download", "events", "payments"]
WRITES = {
    "issue": {},
    "duplicate": {},
    "cancel": {},
    "send-email": {},
    "credit-notes": {"reason": "x"},
    "debit-notes": {"reason": "x"},
    "payments": {"amount": 1, "method": "cash"},
}


def test_a_viewer_and_a_reading_key_read_alone(viewer: Caller, business: Business) -> None:
    invoice = make_issued(business)
    for caller in (viewer, key_of(business, "read")):
        for act in [*READS, "qr"]:
            assert caller.get(path_of(invoice, act)).status_code == 200
        assert caller.get("/invoices").status_code == 200
        refused = [caller.post(path_of(invoice, act), body) for act, body in WRITES.items()]
        refused += [caller.post("/invoices", WEBSITE), caller.patch(path_of(invoice), {"notes": "x"})]
        refused += [caller.put(path_of(invoice), {"notes": "x"}), caller.delete(path_of(invoice))]
        refused += [caller.patch(path_of(invoice, "status"), {"status": "paid"})]
        assert {(answer.status_code, answer.json()["code"]) for answer in refused} == {(403, "forbidden")}
    assert Event.objects.filter(invoice=invoice).count() == 2


def test_an_outsider_finds_nothing_and_nobody_is_asked_to_sign_in(
    outsider: Caller, nobody: Caller, business: Business
) -> None:
    invoice = make_issued(business)
    foreign = key_of(make_business(), "read", "write")
    for caller, status in ((outsider, 404), (foreign, 404), (nobody, 401)):
        answers = [caller.get(path_of(invoice, act)) for act in [*READS, "qr"]]
        answers += [caller.post(path_of(invoice, act), body) for act, body in WRITES.items()]
        answers += [caller.patch(path_of(invoice), {"notes": "x"}), caller.delete(path_of(invoice))]
        answers += [caller.patch(path_of(invoice, "status"), {"status": "paid"})]
        answers += [caller.get(f"/invoices?business_id={business.pk}")]
        answers += [caller.get(f"/invoices/find?invoice_number={invoice.number}&business_id={business.pk}")]
        answers += [caller.post("/invoices", WEBSITE | {"business_id": business.pk})]
        assert {answer.status_code for answer in answers} == {status}
    assert read(outsider.get("/invoices"))["results"] == []


def test_a_writing_key_works_in_its_own_business(business: Business) -> None:
    program = key_of(business, "read", "write")
    invoice = read(program.post("/invoices", WEBSITE | {"tax_rate": 0, "issue": True}), 201)
    assert invoice["business_id"] == business.pk
    event = read(program.get(f"/invoices/{invoice['id']}/events"))["results"][0]
    assert (event["actor_name"], event["channel"]) == ("A program", "api")


def test_a_refund_is_refused_to_viewers_outsiders_and_nobody(
    member: Caller, viewer: Caller, outsider: Caller, nobody: Caller, business: Business
) -> None:
    payment = read(member.post(path_of(make_issued(business), "payments"), {"amount": 5, "method": "cash"}), 201)
    path = f"/payments/{payment['id']}/refunds"
    assert [caller.post(path).status_code for caller in (viewer, outsider, nobody)] == [403, 404, 401]


def test_a_used_up_quota_says_what_is_used_and_when_it_renews(business: Business, member: Caller) -> None:
    Business.objects.filter(pk=business.pk).update(plan="free")
    for _each in range(10):
        make_issued(business)
    body = WEBSITE | {"tax_rate": 0, "issue": True}
    assert read(member.post("/invoices", body), 403) == {
        "detail": "The plan's invoices of this month are used up.",
        "code": "quota_exceeded",
        "metric": "invoices",
        "used": 10,
        "limit": 10,
        "renews_at": "2026-12-01T00:00:00Z",
    }
    assert read(member.get("/invoices?status=draft"))["count"] == 0
    draft = read(member.post("/invoices", WEBSITE), 201)
    assert member.post(f"/invoices/{draft['id']}/issue").status_code == 403
    usage = read(member.get(f"/businesses/{business.pk}/usage"))
    assert usage["metrics"][0] == {"metric": "invoices", "used": 10, "limit": 10, "renews_at": "2026-12-01T00:00:00Z"}


# Notes through the collection


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("parent_invoice_number", "INV-2026-0002"),
        ("currency", "EUR"),
        ("client_name", "Somebody else"),
        ("client_id", "cli_unknown"),
        ("tax_rate", 7),
        ("discount_rate", 50),
        ("prices_include_tax", True),
        ("exchange_rate", 2),
        ("due_date", "2026-12-24"),
    ],
)
def test_what_contradicts_the_invoice_of_a_credit_note_is_refused_by_its_name(
    member: Caller, business: Business, name: str, value: Any
) -> None:
    invoice, _other = make_issued(business), make_issued(business)
    note = {"type": "credit_note", "parent_invoice_id": invoice.pk, "reason": "Returned"}
    for path in ("/invoices", "/invoices/preview"):
        assert set(read(member.post(path, note | {name: value}), 400)["errors"]) == {name}
    assert not Invoice.objects.filter(type="credit_note").exists()


def test_what_agrees_with_the_invoice_of_a_note_passes_and_the_rest_is_kept(member: Caller, business: Business) -> None:
    parent = read(member.get(path_of(make_issued(business))))
    same = {name: parent[name] for name in ("currency", "client_id", "client_name", "client_tax_ids", "tax_rate")}
    own = {"footer": "Of the note", "supply_date": "2026-11-01", "client_email": "books@example.com"}
    body = same | own | {"reason": "x", "parent_invoice_id": parent["id"], "parent_invoice_number": "INV-2026-0001"}
    note = read(member.post("/invoices", body | {"type": "credit_note"}), 201)
    assert {name: note[name] for name in own} == own
    more = body | {"type": "debit_note", "tax_rate": 10, "items": [{"name": "More", "unit_price": 100}]}
    assert read(member.post("/invoices", more), 201)["total"] == 110


@pytest.mark.parametrize("name", ["parent_invoice_id", "parent_invoice_number"])
def test_only_a_note_names_what_it_corrects(member: Caller, business: Business, name: str) -> None:
    invoice = make_issued(business)
    value = invoice.pk if name == "parent_invoice_id" else invoice.number
    assert set(read(member.post("/invoices", WEBSITE | {name: value}), 400)["errors"]) == {name}
    assert read(member.post("/invoices", WEBSITE | {name: None}), 201)["parent_invoice_id"] is None
