"""Suppliers' invoices as they come: printed on paper with a text layer, and with their data inside where that is wanted."""

from __future__ import annotations

import io
from dataclasses import dataclass, field, replace
from functools import cache

import pikepdf
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from tests.extraction import papers

Line = tuple[str, str, str, str]  # description, quantity, price, amount; as XML writes numbers
LINES: tuple[Line, ...] = (
    ("Brochures A5, 16 pages", "500", "7.20", "3600.00"),
    ("Cartes de visite 85 x 55", "1000", "0.85", "850.00"),
    ("Affiches 40 x 60", "40", "28.50", "1140.00"),
    ("Faconnage et livraison", "1", "310.00", "310.00"),
)


@dataclass(frozen=True)
class Printed:
    """What a supplier's invoice says."""

    number: str = "F-2026/0883"
    vendor: str = "Imprimerie Al Boughaz"
    tax_id: str = "001528374000061"
    iban: str = "MA64011519000001205000534921"
    currency: str = "MAD"
    issued: str = "2026-11-12"
    due: str = "2026-12-12"
    subtotal: str = "5900.00"
    tax: str = "1180.00"
    total: str = "7080.00"
    buyer: str = "Studio"
    lines: tuple[Line, ...] = field(default=LINES)

    def xml(self) -> bytes:
        """Return it as CII."""
        days = {"issued": self.issued.replace("-", ""), "due": self.due.replace("-", "")}
        lines = "".join(
            LINE.format(name=name, quantity=quantity, price=price, amount=amount)
            for name, quantity, price, amount in self.lines
        )
        values = {
            name: getattr(self, name)
            for name in ("number", "vendor", "tax_id", "iban", "currency", "subtotal", "tax", "total", "buyer")
        }
        return CII.format(**values, **days, lines=lines).encode()

    def pdf(self, *, pages: int = 1, with_data: bool = True) -> bytes:
        """Return it as a PDF of some pages, the first of which says everything."""
        out = io.BytesIO()
        canvas = Canvas(out, pagesize=A4, invariant=True)
        self.draw(canvas)
        for number in range(2, pages + 1):
            canvas.showPage()
            canvas.setFont("Helvetica", 10)
            canvas.drawString(50, 780, f"Conditions generales, page {number}")
        canvas.save()
        return attached(out.getvalue(), self.xml()) if with_data else out.getvalue()

    def draw(self, canvas: Canvas) -> None:
        """Draw the first page."""
        day = "/".join(reversed(self.issued.split("-")))
        due = "/".join(reversed(self.due.split("-")))
        canvas.setFont("Helvetica-Bold", 15)
        canvas.drawString(50, 770, self.vendor.upper())
        canvas.drawRightString(545, 770, "FACTURE")
        canvas.setFont("Helvetica", 9)
        canvas.drawString(50, 754, "14, rue de l'Exemple, 90000 Tanger")
        canvas.drawString(50, 741, f"ICE {self.tax_id}")
        for place, (label, value) in enumerate((("No", self.number), ("Date", day), ("Echeance", due))):
            canvas.drawRightString(470, 750 - 15 * place, label)
            canvas.drawRightString(545, 750 - 15 * place, value)
        canvas.drawString(50, 690, "Facture a")
        canvas.setFont("Helvetica-Bold", 10)
        canvas.drawString(50, 676, self.buyer)
        canvas.setFont("Helvetica", 9)
        for at, text in ((50, "Designation"), (330, "Qte"), (400, "P.U. HT"), (455, "TVA"), (545, "Montant HT")):
            (canvas.drawString if at == 50 else canvas.drawRightString)(at, 630, text)
        canvas.line(50, 624, 545, 624)
        for place, (name, quantity, price, amount) in enumerate(self.lines):
            down = 604 - 22 * place
            canvas.drawString(50, down, name)
            for at, text in ((330, quantity), (400, french(price)), (455, "20 %"), (545, french(amount))):
                canvas.drawRightString(at, down, text)
        for place, (label, value) in enumerate(
            (("Total HT", self.subtotal), ("TVA 20 %", self.tax), ("Total TTC", self.total))
        ):
            canvas.drawRightString(455, 490 - 18 * place, label)
            canvas.drawRightString(
                545, 490 - 18 * place, f"{french(value)} {self.currency}" if place == 2 else french(value)
            )
        canvas.drawString(50, 400, "Reglement par virement")
        canvas.drawString(50, 387, f"IBAN {self.iban}")


def french(number: str) -> str:
    """Return 7080.00 as a French paper prints it: 7.080,00 with a point, as many suppliers do."""
    whole, _point, rest = number.partition(".")
    grouped = f"{int(whole):,}".replace(",", ".")
    return f"{grouped},{rest}"


def attached(pdf: bytes, xml: bytes) -> bytes:
    """Return a PDF with its data inside."""
    with pikepdf.open(io.BytesIO(pdf)) as opened:
        name = "factur-x.xml"
        opened.attachments[name] = pikepdf.AttachedFileSpec(opened, xml, filename=name)  # type: ignore[call-arg]  # the rest has defaults
        return papers.saved(opened, deterministic_id=True)


@cache
def invoice(pages: int = 1, with_data: bool = True, **said: object) -> bytes:
    """Return an invoice that says something else than usual."""
    return replace(Printed(), **said).pdf(pages=pages, with_data=with_data)  # type: ignore[arg-type]  # texts alone


LINE = """<ram:IncludedSupplyChainTradeLineItem>
 <ram:SpecifiedTradeProduct><ram:Name>{name}</ram:Name></ram:SpecifiedTradeProduct>
 <ram:SpecifiedLineTradeAgreement><ram:NetPriceProductTradePrice><ram:ChargeAmount>{price}</ram:ChargeAmount>
 </ram:NetPriceProductTradePrice></ram:SpecifiedLineTradeAgreement>
 <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="C62">{quantity}</ram:BilledQuantity></ram:SpecifiedLineTradeDelivery>
 <ram:SpecifiedLineTradeSettlement><ram:ApplicableTradeTax><ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
  <ram:SpecifiedTradeSettlementLineMonetarySummation><ram:LineTotalAmount>{amount}</ram:LineTotalAmount>
  </ram:SpecifiedTradeSettlementLineMonetarySummation></ram:SpecifiedLineTradeSettlement>
</ram:IncludedSupplyChainTradeLineItem>"""
CII = """<?xml version="1.0" encoding="UTF-8"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
 xmlns:ram="urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
 xmlns:udt="urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100">
<rsm:ExchangedDocument><ram:ID>{number}</ram:ID><ram:IssueDateTime>
 <udt:DateTimeString format="102">{issued}</udt:DateTimeString></ram:IssueDateTime></rsm:ExchangedDocument>
<rsm:SupplyChainTradeTransaction>{lines}
<ram:ApplicableHeaderTradeAgreement>
 <ram:SellerTradeParty><ram:Name>{vendor}</ram:Name>
  <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">{tax_id}</ram:ID></ram:SpecifiedTaxRegistration></ram:SellerTradeParty>
 <ram:BuyerTradeParty><ram:Name>{buyer}</ram:Name></ram:BuyerTradeParty>
</ram:ApplicableHeaderTradeAgreement>
<ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>{currency}</ram:InvoiceCurrencyCode>
 <ram:SpecifiedTradeSettlementPaymentMeans><ram:PayeePartyCreditorFinancialAccount>
  <ram:IBANID>{iban}</ram:IBANID></ram:PayeePartyCreditorFinancialAccount></ram:SpecifiedTradeSettlementPaymentMeans>
 <ram:ApplicableTradeTax><ram:CalculatedAmount>{tax}</ram:CalculatedAmount><ram:BasisAmount>{subtotal}</ram:BasisAmount>
  <ram:RateApplicablePercent>20</ram:RateApplicablePercent></ram:ApplicableTradeTax>
 <ram:SpecifiedTradePaymentTerms><ram:DueDateDateTime><udt:DateTimeString format="102">{due}</udt:DateTimeString></ram:DueDateDateTime></ram:SpecifiedTradePaymentTerms>
 <ram:SpecifiedTradeSettlementHeaderMonetarySummation><ram:LineTotalAmount>{subtotal}</ram:LineTotalAmount>
  <ram:TaxBasisTotalAmount>{subtotal}</ram:TaxBasisTotalAmount><ram:TaxTotalAmount currencyID="{currency}">{tax}</ram:TaxTotalAmount>
  <ram:GrandTotalAmount>{total}</ram:GrandTotalAmount></ram:SpecifiedTradeSettlementHeaderMonetarySummation>
</ram:ApplicableHeaderTradeSettlement></rsm:SupplyChainTradeTransaction></rsm:CrossIndustryInvoice>"""
