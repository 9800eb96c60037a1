"""PDF files for tests, made here: plain, with data inside, and hostile ones; and where the corpus lies.

Those of the same contents are the same bytes.
"""

from __future__ import annotations

import base64
import io
from functools import cache
from pathlib import Path

import pikepdf
import pytest
import segno
from PIL import Image

CORPUS = Path(__file__).resolve().parents[3] / "shared" / "corpus" / "extraction"
needs_corpus = pytest.mark.skipif(not CORPUS.is_dir(), reason="The corpus of documents is not beside the project.")

CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:IssueDateTime>
 <udt:DateTimeString format="102">20261102</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>
<ram:IncludedSupplyChainTradeLineItem>
 <ram:SpecifiedTradeProduct><ram:SellerAssignedID>A4</ram:SellerAssignedID><ram:Name>Paper</ram:Name></ram:SpecifiedTradeProduct>
 <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>500</ram:ChargeAmount>
  <ram:BasisQuantity>100</ram:BasisQuantity></ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
 <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">20</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
 <ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
  <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>100.00</ram:LineTotalAmount>
  </ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>
<ram:ApplicableHeaderTradeAgreement>
 <ram:SellerTradeParty><ram:Name>Example Paper Ltd</ram:Name>
  <ram:SpecifiedTaxRegistration><ram:ID schemeID="FC">12/34</ram:ID></ram:SpecifiedTaxRegistration>
  <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE136695976</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
 <ram:BuyerTradeParty><ram:Name>Studio</ram:Name></ram:BuyerTradeParty>
 <ram:BuyerOrderReferencedDocument><ram:IssuerAssignedID>PO-9</ram:IssuerAssignedID></ram:BuyerOrderReferencedDocument>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
 <ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount>
  <ram:IBANID>{iban}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
 <ram:ApplicableTradeTax><ram:CalculatedAmount>20.00</ram:CalculatedAmount><ram:BasisAmount>100.00</ram:BasisAmount>
  <ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
 <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>100.00</ram:LineTotalAmount>
  <ram:TaxBasisTotalAmount>100.00</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="EUR">20.00</ram:TaxTotalAmount>
  <ram:GrandTotalAmount>{total}</ram:GrandTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
IBAN = "DE75512108001245126199"


@cache
def cii(number: str = "2026-118", total: str = "120.00", iban: str = IBAN) -> bytes:
    return CII.format(number=number, total=total, iban=iban).encode()


def saved(pdf: pikepdf.Pdf, **options: object) -> bytes:
    out = io.BytesIO()
    pdf.save(out, **options)  # type: ignore[arg-type]  # pikepdf's own options
    return out.getvalue()


@cache
def plain(pages: int = 1, size: tuple[float, float] = (595, 842), mark: str = "") -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page().mediabox = pikepdf.Array([0, 0, *size])
    pdf.docinfo["/Title"] = mark
    return saved(pdf)


@cache
def carrying(xml: bytes, name: str = "factur-x.xml") -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=(595, 842))
    spec = pikepdf.AttachedFileSpec(pdf, xml, filename=name)  # type: ignore[call-arg]  # the rest has defaults
    pdf.attachments[name] = spec
    return saved(pdf)


def with_code(text: str) -> bytes:
    """Return a page with a QR code."""
    picture, out = io.BytesIO(), io.BytesIO()
    segno.make(text, micro=False).save(picture, kind="png", scale=6, border=8)
    Image.open(picture).convert("RGB").save(out, format="PDF", resolution=150)
    return out.getvalue()


def with_script() -> bytes:
    """Return a file whose script is in an object stream, where no search for bytes finds it."""
    pdf = pikepdf.new()
    pdf.add_blank_page()
    action = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
    pdf.Root.OpenAction = pdf.make_indirect(action)
    return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate)


def locked() -> bytes:
    return saved(pikepdf.open(io.BytesIO(plain())), encryption=pikepdf.Encryption(user="secret", owner="secret"))


def owner_locked() -> bytes:
    return saved(pikepdf.open(io.BytesIO(plain())), encryption=pikepdf.Encryption(user="", owner="secret"))


def zatca(*values: str) -> str:
    parts = [bytes([tag, len(value.encode())]) + value.encode() for tag, value in enumerate(values, start=1)]
    return base64.b64encode(b"".join(parts)).decode()
