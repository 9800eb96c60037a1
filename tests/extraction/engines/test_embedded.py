"""Every field that a file carries as data, exactly."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from extraction import schema
from extraction.engines import codes
from extraction.engines.base import EngineFailed, Paper
from extraction.engines.embedded import Embedded
from extraction.engines.xml import NoInvoice, parsed
from tests.extraction import papers

FIELDS = (
    "vendor_name",
    "vendor_tax_id",
    "invoice_number",
    "invoice_date",
    "due_date",
    "currency",
    "total",
    "tax",
    "subtotal",
)
CARRIED = sorted((papers.CORPUS / "embedded").glob("*.pdf")) if papers.CORPUS.is_dir() else []
SWISS = {
    "a4bill_ex1.pdf": ("Robert Schneider AG", "CH4431999123000889012", "123949.75", "10201409", "2017-03-09"),
    "a4bill_ex3.pdf": ("Robert Schneider AG", "CH7400700110006116002", "199.95", None, None),
    "a4bill_ex8a.pdf": ("Bugra Çavdarli", "CH1489144587868193147", "179.00", None, None),
}
BILLING = "//S1/10/10201409/11/190512/20/1400.000-53/30/106017086/31/180508/32/8:1000;2.5:51.8/40/2:10;0:30"


def read(content: bytes) -> dict[str, Any]:
    answer = Embedded().read(Paper(content, "", (), "", ""), model="", mode="")
    assert answer is not None
    found = schema.read(answer.data)
    assert found.errors == {}
    return schema.loaded(schema.stored(found.values))


def plain(value: Any) -> Any:
    return value.isoformat() if hasattr(value, "isoformat") else value


@papers.needs_corpus
@pytest.mark.parametrize("path", CARRIED, ids=lambda path: path.stem)
def test_xml_of_the_corpus_is_read_exactly(path: Path) -> None:
    truth = json.loads(path.with_suffix(".json").read_text(), parse_float=Decimal)
    found, skipped = read(path.read_bytes()), truth.get("skip", [])
    names = [name for name in FIELDS if name not in skipped]
    assert {name: plain(found[name]) for name in names} == {name: truth[name] for name in names}
    if "items" not in skipped:
        assert [
            {name: item[name] for name in wanted} for item, wanted in zip(found["items"], truth["items"], strict=True)
        ] == truth["items"]


@papers.needs_corpus
@pytest.mark.parametrize("name", SWISS)
def test_swiss_codes_of_the_corpus_are_read_exactly(name: str) -> None:
    found = read((papers.CORPUS / "qr" / name).read_bytes())
    vendor, iban, total, number, day = SWISS[name]
    assert (found["vendor_name"], found["vendor_iban"], found["total"]) == (vendor, iban, Decimal(total))
    assert (found["invoice_number"], plain(found["invoice_date"]), found["currency"]) == (number, day, "CHF")


def test_cii_is_read() -> None:
    found = read(papers.carrying(papers.cii()))
    assert {name: plain(value) for name, value in found.items() if value not in (None, [])} == {
        "type": "computerized",
        "vendor_name": "Example Paper Ltd",
        "vendor_tax_id": "DE136695976",
        "vendor_iban": papers.IBAN,
        "buyer_name": "Studio",
        "invoice_number": "2026-118",
        "invoice_date": "2026-11-02",
        "purchase_order": "PO-9",
        "currency": "EUR",
        "subtotal": 100,
        "tax": 20,
        "total": 120,
        "tax_breakdown": [{"rate": 20, "taxable_amount": 100, "tax_amount": 20}],
        "items": [
            {
                "description": "Paper",
                "sku": "A4",
                "quantity": 20,
                "unit": "C62",
                "unit_price": 5,
                "tax_rate": 20,
                "amount": 100,
            }
        ],
    }


UBL = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2"
 xmlns:cac="urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2"
 xmlns:cbc="urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2">
<cbc:ID>U-7</cbc:ID><cbc:IssueDate>2026-11-02</cbc:IssueDate><cbc:DueDate>2026-12-02</cbc:DueDate>
<cbc:DocumentCurrencyCode>SAR</cbc:DocumentCurrencyCode>
<cac:AccountingSupplierParty><cac:Party><cac:PartyName><cbc:Name>Trade name</cbc:Name></cac:PartyName>
 <cac:PartyTaxScheme><cbc:CompanyID>300000000000003</cbc:CompanyID></cac:PartyTaxScheme>
 <cac:PartyLegalEntity><cbc:RegistrationName>شركة المثال</cbc:RegistrationName></cac:PartyLegalEntity></cac:Party></cac:AccountingSupplierParty>
<cac:TaxTotal><cbc:TaxAmount currencyID="USD">4</cbc:TaxAmount></cac:TaxTotal>
<cac:TaxTotal><cbc:TaxAmount currencyID="SAR">15.00</cbc:TaxAmount><cac:TaxSubtotal><cbc:TaxableAmount>100</cbc:TaxableAmount>
 <cbc:TaxAmount>15.00</cbc:TaxAmount><cac:TaxCategory><cbc:Percent>15</cbc:Percent></cac:TaxCategory></cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal><cbc:LineExtensionAmount>110.00</cbc:LineExtensionAmount><cbc:TaxExclusiveAmount>100.00</cbc:TaxExclusiveAmount>
 <cbc:TaxInclusiveAmount>115.00</cbc:TaxInclusiveAmount><cbc:AllowanceTotalAmount>10.00</cbc:AllowanceTotalAmount></cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:InvoicedQuantity unitCode="HUR">2</cbc:InvoicedQuantity><cbc:LineExtensionAmount>110.00</cbc:LineExtensionAmount>
 <cac:Item><cbc:Name>Work</cbc:Name></cac:Item><cac:Price><cbc:PriceAmount>55</cbc:PriceAmount></cac:Price></cac:InvoiceLine></Invoice>"""


def test_ubl_is_read() -> None:
    found = read(papers.carrying(UBL.encode(), "../../invoice.XML"))
    names = ("vendor_name", "vendor_tax_id", "invoice_number", "due_date", "subtotal", "discount", "tax", "total")
    assert [plain(found[name]) for name in names] == [
        *("شركة المثال", "300000000000003", "U-7", "2026-12-02", 100, 10, 15, 115)
    ]
    assert [(item["description"], item["quantity"], item["amount"]) for item in found["items"]] == [("Work", 2, 110)]


@pytest.mark.parametrize(
    "xml",
    [
        b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><Invoice xmlns="ubl">&e;</Invoice>',
        b'<!DOCTYPE a [<!ENTITY l "lol"><!ENTITY m "&l;&l;">]><Invoice>&m;</Invoice>',
        b"<a><b></a>",
        b"",
        b"<a>" * 5000,
    ],
    ids=["entity", "laughs", "crossed", "empty", "deep"],
)
def test_hostile_xml_is_no_invoice(xml: bytes) -> None:
    with pytest.raises(NoInvoice):
        parsed(xml)
    assert Embedded().read(Paper(papers.carrying(xml), "", (), "", ""), model="", mode="") is None


@papers.needs_corpus
def test_what_is_drawn_without_end_ends_the_child_alone() -> None:
    content = (papers.CORPUS / "intake" / "flate_bomb_280MB.pdf").read_bytes()
    with pytest.raises(EngineFailed):
        Embedded().read(Paper(content, "", (), "", ""), model="", mode="")


def test_a_paper_without_data_is_left_to_others() -> None:
    assert Embedded().read(Paper(papers.plain(), "", (), "", ""), model="", mode="") is None
    assert Embedded().read(Paper(papers.with_code("https://example.com"), "", (), "", ""), model="", mode="") is None


def test_a_zatca_code_is_read() -> None:
    code = papers.zatca("شركة المثال", "300000000000003", "2026-11-15T10:30:00Z", "115.00", "15.00")
    found = read(papers.with_code(code))
    names = ("vendor_name", "vendor_tax_id", "invoice_date", "total", "tax", "currency")
    assert [plain(found[name]) for name in names] == ["شركة المثال", "300000000000003", "2026-11-15", 115, 15, "SAR"]


def test_an_epc_code_is_read() -> None:
    found = read(papers.with_code(f"BCD\n002\n1\nSCT\n\nExample Paper Ltd\n{papers.IBAN}\nEUR120.5\n\n\nInvoice 7"))
    names = ("vendor_name", "vendor_iban", "currency", "total")
    assert [found[name] for name in names] == ["Example Paper Ltd", papers.IBAN, "EUR", Decimal("120.5")]


def test_swiss_billing_information_is_read() -> None:
    assert codes.billing(BILLING) == {
        "invoice_number": "10201409",
        "invoice_date": "2019-05-12",
        "due_date": "2019-06-11",
        "purchase_order": "1400.000-53",
        "vendor_tax_id": "CHE-106.017.086",
        "tax_breakdown": [{"rate": "8", "taxable_amount": "1000"}, {"rate": "2.5", "taxable_amount": "51.8"}],
    }
    assert codes.billing(r"//S1/10/A\/B\\C")["invoice_number"] == r"A/B\C"


@pytest.mark.parametrize("code", ["", "SPC", "BCD\n002", "AQ==", "AQD/", "BCD\n009\n1\nSCT\n\nA\nB\nEUR1", "\n" * 40])
def test_a_broken_code_is_none(code: str) -> None:
    assert codes.data_of(code) is None
