"""Layouts in English: of Britain, Ireland, America, India, Australia, Singapore, South Africa, Canada, Japan and the Gulf."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from tests.extraction.layouts.bills import Bill, Money, Party, line
from tests.extraction.layouts.degrading import Wear
from tests.extraction.layouts.pens import LETTER
from tests.extraction.layouts.pieces import Column, Facts, Head, Layout, Sums, Table

POUNDS, DOLLARS = Money(before="£"), Money(before="$")
BUYER = Party("Northlight Studio Ltd", ("4 Canal Row", "Leeds LS1 4AB"))


def columns(*given: tuple[str, str, float]) -> Sequence[Column]:
    """Return columns; words stand at the left, all else at the right."""
    return [
        Column(head, what, width, "left" if what in ("text", "sku", "at", "unit") else "right")
        for head, what, width in given
    ]


def plain_british() -> Layout:
    bill = Bill(
        Party(
            "Harrow & Pike Joinery",
            ("Unit 3, Mill Lane", "Hebden Bridge HX7 8AA"),
            "GB800941598",
            "GB61NWBK04905009545781",
        ),
        BUYER,
        "HP-2041",
        date(2026, 3, 9),
        date(2026, 4, 8),
        "GBP",
        [
            line("Oak worktop, oiled", 2, "340.00", 20),
            line("Fitting on site", "6.5", "42.00", 20),
            line("Disposal of old units", 1, "55.00", 20),
        ],
        POUNDS,
        "%-d {en} %Y",
    )
    return Layout(
        "british-plain",
        bill,
        Facts([("Invoice number:", "number"), ("Invoice date:", "day"), ("Payment due:", "due")], y=150),
        Table(
            columns(
                ("Description", "text", 250),
                ("Qty", "quantity", 60),
                ("Unit price", "price+", 90),
                ("Amount", "amount+", 95),
            )
        ),
        Sums([("Subtotal", "subtotal"), ("VAT @ 20%", "tax"), ("Total", "total")]),
        title="INVOICE",
        buyer=("Bill to", 50, 160),
        foot=[
            ["Harrow & Pike Joinery", "Mill Lane, Hebden Bridge"],
            ["VAT reg no. GB 800 9415 98"],
            ["IBAN GB61 NWBK 0490 5009 5457 81"],
        ],
    )


def numbered_title() -> Layout:
    bill = Bill(
        Party("Copperfield Print Co", ("77 Dock Street", "Bristol BS1 6QS"), "957710397"),
        Party("Oak & Ash Ltd", ("2 High St", "Bath BA1 1AA")),
        "10457",
        date(2026, 7, 1),
        date(2026, 7, 31),
        "GBP",
        [
            line("A5 flyers 4/4, 150 gsm", 5000, "0.042", 0, sku="FL-A5"),
            line("Roller banner 850 x 2000", 3, "64.50", 20, sku="RB-85"),
            line("Artwork check", 1, "25.00", 20, sku="ART"),
        ],
        POUNDS,
        "%d/%m/%Y",
    )
    return Layout(
        "british-number-in-title",
        bill,
        Facts([("Date", "day"), ("Due by", "due"), ("Your ref", "=Flyers spring")], y=140, reach=80),
        Table(
            columns(
                ("Code", "sku", 60),
                ("Item", "text", 190),
                ("Quantity", "quantity", 60),
                ("Price", "price", 60),
                ("VAT", "rate%", 50),
                ("Net", "amount", 75),
            ),
            kind="grey",
        ),
        Sums(
            [("Net total", "subtotal"), ("VAT 20%", "tax@20"), ("VAT 0%", "tax@0"), ("TOTAL DUE", "total")],
            kind="boxed",
        ),
        title="Invoice #10457",
        head=Head("right", 17),
        title_at=(50, 70, 20),
        buyer=("Customer", 50, 140),
        notes=[
            "VAT registration number: 957 7103 97",
            "Thank you for your business. Please quote the invoice number when paying.",
        ],
        wear=Wear(dpi=200, skew=-0.8),
    )


def american() -> Layout:
    bill = Bill(
        Party("Bluestem Analytics LLC", ("1200 Prairie Ave, Suite 40", "Omaha, NE 68102")),
        Party("Kettle River Foods Inc.", ("88 Mill Road", "Duluth, MN 55802")),
        "INV-000318",
        date(2026, 2, 3),
        date(2026, 3, 5),
        "USD",
        [line("Data pipeline review", 18, "145.00", "7.25"), line("Dashboard licence, annual", 1, "1290.00", "7.25")],
        DOLLARS,
        "{en3} %-d, %Y",
    )
    return Layout(
        "american-balance-first",
        bill,
        Facts(
            [
                ("Date:", "day"),
                ("Payment Terms:", "=Net 30"),
                ("Due Date:", "due"),
                ("PO Number:", "=4500-991"),
                ("Balance Due:", "total"),
            ],
            kind="ends",
            x=380,
            y=130,
            reach=182,
        ),
        Table(
            columns(
                ("Item", "text", 260), ("Quantity", "quantity", 70), ("Rate", "price+", 90), ("Amount", "amount+", 92)
            ),
            kind="grey",
            y=320,
        ),
        Sums(
            [("Subtotal:", "subtotal"), ("Sales Tax (7.25%):", "tax"), ("Total:", "total")],
            x=400,
            end=562,
            kind="plain",
        ),
        title="INVOICE",
        title_at=(470, 70, 24),
        loose=[(470, 90, 11, "# INV-000318")],
        buyer=("Bill To:", 50, 160),
        size=LETTER,
        notes=["Notes:", "Please make checks payable to Bluestem Analytics LLC."],
    )


def american_slashes() -> Layout:
    bill = Bill(
        Party("Saltgrass Plumbing & Heating", ("PO Box 219", "Galveston, TX 77550"), phone="(555) 010-4477"),
        Party("Mrs. D. Okafor", ("31 Seawall Blvd", "Galveston, TX 77551")),
        "7782",
        date(2026, 11, 19),
        None,
        "USD",
        [
            line("Service call", 1, 95, "8.25"),
            line('PEX pipe 3/4", per ft', 46, "2.15", "8.25"),
            line("Water heater 50 gal", 1, "1149.99", "8.25"),
        ],
        DOLLARS,
        "%m/%d/%Y",
    )
    return Layout(
        "american-receipt-like",
        bill,
        Facts(
            [("DATE", "day"), ("INVOICE NO.", "number"), ("TECH", "=R. Bell")], kind="boxed", x=250, y=150, reach=100
        ),
        Table(
            columns(
                ("QTY", "quantity", 60), ("DESCRIPTION", "text", 290), ("PRICE", "price", 80), ("AMOUNT", "amount", 80)
            ),
            kind="grid",
            y=270,
        ),
        Sums([("SUBTOTAL", "subtotal#"), ("SALES TAX", "tax#"), ("TOTAL", "total")], x=420, end=558, kind="plain"),
        head=Head("centre", 19),
        buyer=("SOLD TO", 50, 150),
        family="courier",
        size=LETTER,
        notes=["Due upon receipt. A finance charge of 1.5% per month applies to balances over 30 days."],
        wear=Wear(dpi=150, skew=1.1, ground=225, noise=8),
    )


def indian() -> Layout:
    bill = Bill(
        Party(
            "Sahyadri Components Pvt. Ltd.", ("Plot 14, MIDC Bhosari", "Pune 411026, Maharashtra"), "27AABCF0064E1Z4"
        ),
        Party("Vindhya Motors", ("Sector 5, Nagpur 440001",), "GSTIN: 27AAACV1234F1Z9"),
        "SC/26-27/0412",
        date(2026, 8, 14),
        None,
        "INR",
        [
            line("Bearing housing CI-40", 120, "1250.00", 18, sku="8483", unit="Nos"),
            line("Shaft collar 25 mm", 400, "86.50", 18, sku="8483", unit="Nos"),
        ],
        Money(before="Rs. ", groups="indian"),
        "%d-{en3}-%Y",
    )
    half = bill.rounded(bill.tax / 2)
    written = f"={bill.money.full(half)}"
    return Layout(
        "indian-gst-halves",
        bill,
        Facts(
            [
                ("Invoice No.", "number"),
                ("Dated", "day"),
                ("Buyer's Order No.", "=VM/889"),
                ("Place of Supply", "=27-Maharashtra"),
            ],
            x=320,
            y=140,
            reach=110,
        ),
        Table(
            columns(
                ("Sl", "at", 25),
                ("Description of Goods", "text", 190),
                ("HSN/SAC", "sku", 60),
                ("Qty", "measure", 60),
                ("Rate", "price", 70),
                ("Amount", "amount", 90),
            ),
            kind="grid",
            y=280,
        ),
        Sums(
            [("Taxable value", "subtotal"), ("CGST @ 9%", written), ("SGST @ 9%", written), ("Total", "total")], x=330
        ),
        title="TAX INVOICE",
        title_at=(240, 34, 13),
        head=Head("left", 14, says=("GSTIN/UIN: 27AABCF0064E1Z4",)),
        buyer=("Buyer", 50, 170),
        notes=[
            "Amount chargeable (in words): INR Two Lakh Seventeen Thousand Eight Hundred Twenty-Eight Only",
            "Whether tax is payable on reverse charge: No",
        ],
        family="vera",
    )


def australian() -> Layout:
    bill = Bill(
        Party("Wattlebird Landscapes", ("9 Ironbark Court", "Bendigo VIC 3550"), "20591349087"),
        Party("Goldfields Primary School", ("1 School Rd", "Castlemaine VIC 3450")),
        "WB0093",
        date(2026, 1, 27),
        date(2026, 2, 10),
        "AUD",
        [
            line("Garden design", 1, "880.00", 10),
            line("Native tube stock", 240, "3.85", 10),
            line("Mulch, cubic metre", "7.5", "66.00", 10),
        ],
        DOLLARS,
        "%d {en3} %Y",
        gross=True,
    )
    return Layout(
        "australian-gst-included",
        bill,
        Facts(
            [("Invoice Date", "day"), ("Invoice Number", "number"), ("ABN", "=20 591 349 087")],
            kind="above",
            x=330,
            y=150,
            reach=75,
        ),
        Table(
            columns(
                ("Description", "text", 230),
                ("Quantity", "quantity", 80),
                ("Unit Price (inc GST)", "price", 105),
                ("Amount AUD", "amount", 80),
            ),
            y=290,
        ),
        Sums([("INCLUDES GST 10%", "tax#"), ("TOTAL AUD", "total#")], x=350),
        title="TAX INVOICE",
        title_at=(50, 150, 20),
        head=Head("right", 13),
        buyer=("", 50, 180),
        loose=[(50, 700, 11, "Due Date: 10 Feb 2026")],
    )


def singapore() -> Layout:
    bill = Bill(
        Party("Merlin Quay Logistics Pte Ltd", ("28 Jalan Tukang #03-11", "Singapore 619260"), "200412345K"),
        Party("Tiong Bakery Pte Ltd", ("5 Eng Hoon St", "Singapore 169766")),
        "SI2605-1187",
        date(2026, 5, 30),
        date(2026, 6, 29),
        "SGD",
        [
            line("Cold chain delivery, May", 22, "48.00", 9),
            line("Storage, pallet-days", 310, "1.35", 9),
            line("Fuel surcharge", 1, "62.40", 9),
        ],
        Money(before="S$ "),
        "%d-%m-%Y",
    )
    return Layout(
        "singapore-two-columns",
        bill,
        Facts(
            [
                ("Invoice No", "=: SI2605-1187"),
                ("Invoice Date", "=: 30-05-2026"),
                ("Terms", "=: 30 days"),
                ("Due Date", "=: 29-06-2026"),
                ("GST Reg. No.", "=: 200412345K"),
            ],
            x=340,
            y=130,
            reach=75,
        ),
        Table(
            columns(
                ("S/N", "at", 35),
                ("Particulars", "text", 220),
                ("Qty", "quantity", 60),
                ("U/Price", "price", 80),
                ("Amount (S$)", "amount", 100),
            ),
            kind="striped",
        ),
        Sums([("Sub-total", "subtotal#"), ("Add: 9% GST", "tax#"), ("Grand total", "total")], kind="plain"),
        title="TAX INVOICE",
        title_at=(340, 60, 16),
        head=Head("left", 16, ruled=True),
        buyer=("To:", 50, 160),
    )


def long_one() -> Layout:
    things = (
        "Hex bolt M8 x 40",
        "Washer M8 A2",
        "Lock nut M10",
        "Threaded rod 1 m",
        "Angle bracket 60",
        "Wood screw 5 x 80",
        "Eye bolt M6",
        "Cable tie 300 mm",
    )
    bill = Bill(
        Party("Ferris Fasteners plc", ("Forge Road", "Sheffield S4 7UU"), "995005993"),
        BUYER,
        "FF/88-20413",
        date(2026, 10, 2),
        date(2026, 11, 1),
        "GBP",
        [
            line(
                f"{things[at % 8]}, lot {at + 1}",
                10 + at * 3,
                f"{1 + at % 7}.{10 + at:02d}",
                20,
                sku=f"F{2000 + at * 17}",
            )
            for at in range(46)
        ],
        Money(),
        "%d.%m.%y",
    )
    return Layout(
        "british-three-pages",
        bill,
        Facts(
            [("Invoice", "number"), ("Tax point", "day"), ("Due", "due"), ("Account", "=NOR001")],
            x=370,
            y=130,
            reach=70,
        ),
        Table(
            columns(
                ("Part", "sku", 60),
                ("Description", "text", 215),
                ("Qty", "quantity", 50),
                ("Each", "price", 70),
                ("Value", "amount", 100),
            ),
            carried=("Carried forward", "Brought forward"),
            bottom=720,
        ),
        Sums([("Goods total", "subtotal"), ("VAT at 20.00%", "tax"), ("Invoice total GBP", "total")], x=330),
        title="SALES INVOICE",
        head=Head("left", 16),
        buyer=("Invoice to", 50, 160),
        foot=[["Registered in England 0123456"], ["VAT No. 995 0059 93"], ["Sort code 00-00-00", "Account 12345678"]],
        wear=Wear(dpi=150, skew=0.2),
    )


def reverse_charge() -> Layout:
    bill = Bill(
        Party("Lough Derg Software Ltd", ("Quay House", "Killaloe, Co. Clare"), "IE6456730L", "IE29AIBK93115212345678"),
        Party("Nordhafen Handel GmbH", ("Speicher 4", "20457 Hamburg"), "VAT ID: DE193036426"),
        "LD-26-0077",
        date(2026, 6, 12),
        date(2026, 7, 12),
        "EUR",
        [line("Licence server module, 12 months", 1, "4800.00"), line("Support hours", 10, "120.00")],
        Money(before="€"),
        "%-d {en} %Y",
        more={"tax": ...},
    )
    return Layout(
        "irish-reverse-charge",
        bill,
        Facts(
            [("Invoice Ref", "number"), ("Date of issue", "day"), ("Pay by", "due")],
            kind="below",
            x=50,
            y=270,
            reach=120,
        ),
        Table(
            columns(
                ("Service", "text", 270),
                ("Units", "quantity", 60),
                ("Per unit", "price+", 80),
                ("Line total", "amount+", 85),
            ),
            y=330,
        ),
        Sums([("Net", "subtotal"), ("VAT 0% (reverse charge)", "tax"), ("Amount payable", "total")], x=330),
        title="Invoice",
        title_at=(50, 110, 26),
        head=Head("right", 12, says=("VAT No IE6456730L",)),
        buyer=("Issued to", 50, 160),
        notes=[
            "Reverse charge: VAT is to be accounted for by the recipient, Article 196 Directive 2006/112/EC.",
            "Bank: IBAN IE29 AIBK 9311 5212 3456 78  BIC AIBKIE2D",
        ],
        family="times",
    )


def credit_note() -> Layout:
    bill = Bill(
        Party("Penhallow Ceramics", ("The Old Kiln", "St Ives TR26 1AA"), "GB800941598"),
        BUYER,
        "CN-0031",
        date(2026, 4, 21),
        None,
        "GBP",
        [line("Returned: stoneware bowl, glazed", 12, "14.50", 20), line("Returned: mug 350 ml", 6, "9.00", 20)],
        POUNDS,
        "%d/%m/%Y",
    )
    return Layout(
        "british-credit-note",
        bill,
        Facts(
            [
                ("Credit note no.", "number"),
                ("Issued on", "day"),
                ("Against invoice", "=PC-1180"),
                ("Our VAT number", "=GB800941598"),
            ],
            x=320,
            y=140,
            reach=110,
        ),
        Table(
            columns(("Details", "text", 260), ("Qty", "quantity", 60), ("Price", "price", 80), ("Total", "amount", 95)),
            kind="grid",
        ),
        Sums([("Net credit", "subtotal"), ("VAT credit", "tax"), ("Total credit", "total")], kind="boxed"),
        title="CREDIT NOTE",
        head=Head("left", 20, apart=True),
        buyer=("Credit to", 50, 160),
        family="times",
        wear=Wear(dpi=200, stamped=True),
    )


def discounted() -> Layout:
    bill = Bill(
        Party("Table Mountain Coffee Roasters", ("14 Bree Street", "Cape Town 8001"), "4120267733"),
        Party("Karoo Lodge", ("Main Rd", "Prince Albert 6930")),
        "TM-5521",
        date(2026, 9, 4),
        date(2026, 9, 18),
        "ZAR",
        [
            line("House blend, 1 kg", 24, "289.00", 15),
            line("Decaf, 1 kg", 6, "310.00", 15),
            line("Filter papers, 100", 10, "49.90", 15),
        ],
        Money(thousands=" ", before="R "),
        "%Y/%m/%d",
        discount=Decimal("450.00"),
    )
    return Layout(
        "south-african-discount",
        bill,
        Facts(
            [("INVOICE NUMBER", "number"), ("INVOICE DATE", "day"), ("DUE DATE", "due")],
            kind="above",
            x=50,
            y=255,
            reach=120,
            bold=True,
        ),
        Table(
            columns(
                ("Product", "text", 230),
                ("Qty", "quantity", 60),
                ("Excl. Price", "price", 90),
                ("Excl. Total", "amount", 115),
            ),
            kind="grey",
            y=310,
        ),
        Sums(
            [
                ("Total (Excl.)", "sum"),
                ("Trade discount", "discount"),
                ("Taxable", "subtotal"),
                ("VAT 15%", "tax"),
                ("Total (Incl.)", "total"),
            ],
            x=50,
            end=260,
        ),
        title="TAX INVOICE",
        title_at=(400, 80, 18),
        head=Head("left", 13, says=("VAT Reg: 4120267733", "accounts@tablecoffee.example")),
        buyer=("Deliver and invoice to", 50, 170),
    )


def canadian() -> Layout:
    bill = Bill(
        Party("Gaspesie Kayak Tours Inc.", ("12 Rue du Quai", "Perce QC G0C 2L0"), "123456782RT0001"),
        Party("Maple Outfitters", ("500 King St W", "Toronto ON M5V 1L9")),
        "2026-0044",
        date(2026, 8, 5),
        date(2026, 9, 4),
        "CAD",
        [line("Guided tour, full day", 14, "129.00", "14.975"), line("Kayak hire", 3, "59.00", "14.975")],
        Money(before="C$"),
        "{en} %-d, %Y",
    )
    gst = bill.rounded(bill.subtotal * 5 / 100)
    return Layout(
        "canadian-two-taxes",
        bill,
        Facts([("Invoice:", "number"), ("Issued:", "day"), ("Due:", "due")], x=50, y=250, reach=60),
        Table(
            columns(
                ("Activity", "text", 270), ("Guests", "quantity", 60), ("Rate", "price", 80), ("Amount", "amount", 85)
            ),
            y=320,
        ),
        Sums(
            [
                ("Subtotal", "subtotal"),
                ("GST 5% (123456782 RT0001)", f"={bill.money.full(gst)}"),
                ("QST 9.975%", f"={bill.money.full(bill.tax - gst)}"),
                ("Total CAD", "total"),
            ],
            x=330,
        ),
        title="Invoice",
        title_at=(450, 70, 22),
        head=Head("left", 15),
        buyer=("Invoiced to", 50, 165),
        size=LETTER,
    )


def japanese() -> Layout:
    bill = Bill(
        Party("Kitsune Translation Works", ("3-2-1 Asakusa, Taito-ku", "Tokyo 111-0032"), "T7010501234560"),
        Party("Harbour Games Ltd", ("1 Pier Rd", "Portsmouth PO1 3AX")),
        "KTW-1093",
        date(2026, 12, 1),
        date(2027, 1, 31),
        "JPY",
        [line("Game script JA>EN, characters", 42150, 14, 10), line("Proofreading, hours", 9, 6500, 10)],
        Money(places=0, before="¥"),
        "%Y-%m-%d",
    )
    return Layout(
        "japanese-no-decimals",
        bill,
        Facts(
            [
                ("Invoice ID", "number"),
                ("Issue date", "day"),
                ("Payment deadline", "due"),
                ("Registration No.", "=T7010501234560"),
            ],
            kind="ends",
            x=330,
            y=130,
            reach=215,
        ),
        Table(
            columns(("Work", "text", 260), ("Quantity", "quantity", 70), ("Unit", "price", 75), ("Sum", "amount", 90)),
            kind="striped",
        ),
        Sums([("Subtotal", "subtotal"), ("Consumption tax (10%)", "tax"), ("Total amount due", "total")], x=330),
        title="INVOICE",
        head=Head("left", 14),
        buyer=("Client", 50, 160),
    )


def no_tax() -> Layout:
    bill = Bill(
        Party("Ines Calder", ("Flat 2, 19 Garnet Terrace", "Edinburgh EH9 1AA")),
        Party("Thistle Magazine", ("40 Leith Walk", "Edinburgh EH6 5AA")),
        "014",
        date(2026, 2, 17),
        date(2026, 3, 3),
        "GBP",
        [line("Illustration, double page", 1, "420.00"), line("Spot drawings", 5, "60.00")],
        POUNDS,
        "%d {en3} %Y",
        untaxed=True,
    )
    return Layout(
        "freelancer-no-tax",
        bill,
        Facts([("Invoice no 014,", "=17 Feb 2026"), ("To be paid by", "due")], kind="said", x=50, y=230, size=11),
        Table(columns(("", "text", 320), ("", "quantity", 50), ("", "amount+", 125)), kind="bare", y=300, size=11),
        Sums([("Total", "total")], x=380, size=11),
        head=Head("left", 22),
        buyer=("", 380, 60),
        notes=["I am not registered for VAT.", "Sort code 00-11-22, account 12345678"],
        family="times",
    )


def emirates() -> Layout:
    bill = Bill(
        Party(
            "Falcon Bay Interiors LLC",
            ("Warehouse 7, Al Quoz 3", "Dubai, UAE"),
            "100234567800003",
            "AE961258652000815341860",
        ),
        Party("Sandcastle Hotels", ("JBR, Dubai",), "TRN: 100987654300003"),
        "FBI/2026/0219",
        date(2026, 10, 11),
        date(2026, 11, 10),
        "AED",
        [
            line("Reception desk, walnut veneer", 1, "18500.00", 5),
            line("Wall panels, m2", "64", "312.50", 5),
            line("Installation", 1, "4200.00", 5),
        ],
        Money(before="AED "),
        "%d-{en3}-%y",
    )
    return Layout(
        "emirates-tax-column",
        bill,
        Facts(
            [("Invoice #", "number"), ("Inv. Date", "day"), ("Due Date", "due"), ("LPO", "=SH-7710")],
            x=350,
            y=130,
            reach=70,
        ),
        Table(
            columns(
                ("#", "at", 22),
                ("Description", "text", 170),
                ("Qty", "quantity", 40),
                ("Rate", "price", 65),
                ("Taxable|Amount", "amount", 70),
                ("VAT|5%", "tax", 60),
                ("Total|AED", "gross", 75),
            ),
            kind="grid",
            size=8,
        ),
        Sums(
            [("Total excl. VAT", "subtotal"), ("VAT amount", "tax"), ("Total incl. VAT", "total")], x=350, kind="boxed"
        ),
        title="TAX INVOICE",
        title_at=(250, 40, 14),
        head=Head("left", 15, says=("TRN 100234567800003",)),
        buyer=("Bill To", 50, 170),
        notes=["IBAN: AE96 1258 6520 0081 5341 860"],
        wear=Wear(dpi=150, skew=-1.6, ground=232),
    )


def totals_left() -> Layout:
    bill = Bill(
        Party("Skerry Boatyard", ("Harbour Road", "Stromness KW16 3AA"), "GB800941598"),
        Party("Orkney Dive School", ("Pier Head", "Kirkwall KW15 1AA")),
        "SK 7 / 2026",
        date(2026, 4, 1),
        date(2026, 5, 1),
        "GBP",
        [
            line("Winter storage, weeks", 18, "42.50", 20),
            line("Hull wash and antifoul", 1, "615.00", 20),
            line("Anodes", 4, "11.75", 20),
        ],
        Money(thousands="", after=" GBP"),
        "1st {en} %Y",
        due_days="1st {en} %Y",
    )
    return Layout(
        "british-totals-left",
        bill,
        Facts(
            [("Our invoice", "number"), ("Raised on", "day"), ("Please pay before", "due")],
            kind="said",
            x=50,
            y=245,
            size=10,
        ),
        Table(
            columns(
                ("Amount", "amount", 90), ("Work done", "text", 260), ("Units", "quantity", 60), ("Each", "price", 85)
            ),
            kind="grid",
            y=310,
        ),
        Sums(
            [("Goods and services", "subtotal"), ("V.A.T. at 20 per cent", "tax"), ("Amount to pay", "total")],
            x=50,
            end=280,
        ),
        head=Head("centre", 21, apart=True),
        buyer=("", 380, 150),
        foot=[["VAT registered GB 800 9415 98"]],
        family="times",
        wear=Wear(dpi=200, skew=-0.3),
    )


LAYOUTS = (
    plain_british,
    numbered_title,
    american,
    american_slashes,
    indian,
    australian,
    singapore,
    long_one,
    reverse_charge,
    credit_note,
    discounted,
    canadian,
    japanese,
    no_tax,
    emirates,
    totals_left,
)
