"""What speaks for a value and against it, in one score."""

from __future__ import annotations

from typing import Any

import pytest

from extraction import schema
from extraction.domain.confidence import MOST, Evidence, compared, confidence_of
from extraction.domain.locating.places import locate
from extraction.domain.locating.sheet import Sheet
from extraction.reconcile import checks_of
from tests.extraction.pages import page

TEXT = """Example Paper Ltd DE136695976
Invoice 2026-118 from 02.11.2026
Paper white 20 5.00 100.00
Net 100.00 VAT 20.00
Total 120.00 EUR"""
DATA: dict[str, Any] = {
    "language": "en",
    "vendor_name": "Example Paper Ltd",
    "vendor_tax_id": "DE136695976",
    "invoice_number": "2026-118",
    "invoice_date": "2026-11-02",
    "currency": "EUR",
    "subtotal": "100",
    "tax": "20",
    "total": "120",
    "items": [{"description": "Paper white", "quantity": "20", "unit_price": "5", "amount": "100"}],
}
MODEL = Evidence("model", 0.75)


def of(evidence: Evidence = MODEL, text: str = TEXT, by_person: tuple[str, ...] = (), **changes: Any) -> dict[str, Any]:
    values = schema.read(DATA | changes).values
    sheet = Sheet([page(text)])
    places = locate(values, sheet) if sheet.is_judged else None
    holds = {check.name: check.ok for check in checks_of(values)}
    return confidence_of(values, holds, evidence, places, by_person=by_person)


def test_what_stands_on_the_page_and_adds_up_is_believed() -> None:
    found = of()
    assert {name: each["reason"] for name, each in found.items() if "[" not in name} == {
        "language": "model",
        "vendor_name": "on_page",
        "vendor_tax_id": "checksum_holds",
        "invoice_number": "on_page",
        "invoice_date": "on_page",
        "currency": "on_page",
        "subtotal": "arithmetic_holds",
        "tax": "arithmetic_holds",
        "total": "arithmetic_holds",
        "items": "arithmetic_holds",
    }
    assert all(0.75 <= each["score"] <= MOST for each in found.values())
    assert (found["total"]["page"], found["total"]["box"]) == (1, [0.11, 0.1, 0.16, 0.112])
    assert {"items[0].description", "items[0].quantity", "items[0].unit_price", "items[0].amount"} <= set(found)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"total": "1"}, "total"),
        ({"invoice_number": "2026-119"}, "invoice_number"),
        ({"invoice_date": "2026-11-03"}, "invoice_date"),
        ({"vendor_name": "Somebody Else"}, "vendor_name"),
        ({"currency": "USD"}, "currency"),
        ({"purchase_order": "PO-9"}, "purchase_order"),
        ({"vendor_iban": "DE75512108001245126199"}, "vendor_iban"),
        ({"items": [{"description": "Paper white", "amount": "33"}]}, "items"),
        ({"items": [{"description": "Something invented", "amount": "100"}]}, "items[0].description"),
    ],
)
def test_what_stands_nowhere_is_doubted_whoever_says_it(changes: dict[str, Any], field: str) -> None:
    for evidence in (MODEL, Evidence("embedded_xml", 0.98), Evidence("text_layer", 0.9, agree=tuple(schema.FIELDS))):
        entry = of(evidence, **changes)[field]
        assert (entry["reason"], entry["score"] < 0.5) == ("not_on_page", True)


def test_a_scan_lowers_nothing() -> None:
    found = of(text="")
    assert (found["total"]["reason"], found["invoice_number"]) == (
        *("arithmetic_holds", {"score": 0.75, "page": None, "box": None, "reason": "model"}),
    )


@pytest.mark.parametrize(
    ("changes", "text", "field", "reason"),
    [
        ({"vendor_tax_id": "DE136695977"}, TEXT.replace("5976", "5977"), "vendor_tax_id", "checksum_fails"),
        ({"total": "121"}, TEXT.replace("120.00", "121.00"), "total", "arithmetic_fails"),
        ({"due_date": "2026-11-01"}, TEXT + "\n01.11.2026", "due_date", "dates_out_of_order"),
        ({"subtotal": "-100", "tax": "-20", "total": "-120", "items": []}, TEXT, "total", "sign_differs"),
        ({"vendor_name": "Example Paper Limited"}, TEXT, "vendor_name", "partly_on_page"),
    ],
)
def test_a_doubt_lowers_and_drops_nothing(changes: dict[str, Any], text: str, field: str, reason: str) -> None:
    found = of(text=text, **changes)
    assert (found[field]["reason"], 0.5 <= found[field]["score"] <= 0.7) == (reason, True)


def test_other_engines_speak_for_a_value_or_against_it() -> None:
    agreed = of(Evidence("model", 0.75, agree=("invoice_number",)))["invoice_number"]
    assert (agreed["reason"], agreed["score"] > of()["invoice_number"]["score"]) == ("engines_agree", True)
    differ = Evidence("model", 0.75, differ=("invoice_number", "total"))
    assert of(differ)["invoice_number"] == {**of()["invoice_number"], "score": 0.7, "reason": "engines_disagree"}
    assert of(differ)["total"]["reason"] == "arithmetic_holds"  # which proves the other one wrong


def test_what_was_read_from_the_page_is_not_proved_by_standing_there() -> None:
    assert of(Evidence("text_layer", 0.6))["invoice_number"]["score"] == 0.6
    assert of(Evidence("text_layer", 0.6, {"invoice_number": 0.9}))["invoice_number"]["score"] == 0.9


def test_a_known_vendor_need_not_be_printed_by_the_name_we_know() -> None:
    entry = of(Evidence("text_layer", 0.6, known_by="tax_id"), vendor_name="Paper & Sons")["vendor_name"]
    assert (entry["reason"], entry["score"]) == ("known_vendor", 0.92)


def test_a_person_is_sure() -> None:
    found = of(by_person=("total", "items", "vendor_name"), total="1", vendor_name="X")
    for name in ("total", "items", "items[0].amount", "vendor_name"):
        assert (found[name]["score"], found[name]["reason"]) == (1, "person")
    assert found["items"]["page"] == 1
    assert found["invoice_number"]["reason"] == "on_page"


def test_results_are_compared_by_what_they_mean() -> None:
    mine = schema.read(DATA).values
    its = {
        "vendor_name": "EXAMPLE PAPER",
        "vendor_tax_id": "de 136 695 976",
        "total": "120.00",
        "tax": "21",
        "currency": "EUR",
    }
    assert compared(mine, [schema.read(its).values]) == (
        ("currency", "total", "vendor_name", "vendor_tax_id"),
        ("tax",),
    )


def test_evidence_is_kept_and_read_back() -> None:
    evidence = Evidence("model", 0.75, {"total": 0.5}, ("total",), ("tax",), "iban")
    assert Evidence.loaded(evidence.stored()) == evidence
    assert Evidence.loaded({}) == Evidence()
