"""Layouts in Arabic, from the right, and in Arabic and English beside each other."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.extraction.layouts.bills import Bill, Money, Party, line
from tests.extraction.layouts.degrading import Wear
from tests.extraction.layouts.english import columns
from tests.extraction.layouts.pieces import Facts, Head, Layout, Sums, Table

RIYALS = Money(after=" ر.س")


def saudi() -> Bill:
    return Bill(
        Party(
            "مؤسسة واحة النخيل للتجهيزات",
            ("حي العليا، شارع التحلية", "الرياض 12241"),
            "310554477800003",
            "SA6980450073890586793187",
        ),
        Party("شركة الرواق المحدودة", ("طريق الملك فهد، جدة",)),
        "INV-7781",
        date(2026, 5, 17),
        date(2026, 6, 16),
        "SAR",
        [
            line("طاولة اجتماعات خشبية", 2, "1750.00", 15),
            line("كرسي مكتب دوار", 12, "420.00", 15),
            line("تركيب ونقل", 1, "600.00", 15),
        ],
        RIYALS,
        "%Y/%m/%d",
    )


def saudi_plain(family: str, name: str, wear: Wear) -> Layout:
    return Layout(
        name,
        saudi(),
        Facts(
            [
                ("رقم الفاتورة:", "number"),
                ("تاريخ الفاتورة:", "day"),
                ("تاريخ الاستحقاق:", "due"),
                ("الرقم الضريبي:", "=310554477800003"),
            ],
            x=330,
            y=150,
            reach=90,
        ),
        Table(
            columns(
                ("الوصف", "text", 240),
                ("الكمية", "quantity", 60),
                ("سعر الوحدة", "price", 85),
                ("المبلغ", "amount", 110),
            )
        ),
        Sums([("المجموع الفرعي", "subtotal"), ("ضريبة القيمة المضافة 15%", "tax"), ("الإجمالي", "total")], x=330),
        title="فاتورة ضريبية",
        buyer=("فاتورة إلى", 50, 160),
        family=family,
        mirrored=True,
        wear=wear,
    )


def saudi_logical() -> Layout:
    return saudi_plain("logical", "saudi-plain", Wear(dpi=200))


def saudi_joined() -> Layout:
    return saudi_plain("vazirmatn", "saudi-joined-forms", Wear(dpi=150, skew=-0.5))


def saudi_both() -> Layout:
    bill = saudi()
    bill.number, bill.days, bill.money = "2026-00418", "%d-%m-%Y", Money(before="SAR ")
    return Layout(
        "saudi-two-languages",
        bill,
        Facts(
            [
                ("Invoice No. / رقم الفاتورة", "number"),
                ("Issue Date / تاريخ الإصدار", "day"),
                ("Due Date / تاريخ الاستحقاق", "due"),
                ("VAT No. / الرقم الضريبي", "=310554477800003"),
            ],
            kind="ends",
            x=290,
            y=150,
            reach=255,
        ),
        Table(
            columns(
                ("Description الوصف", "text", 220),
                ("Qty الكمية", "quantity", 75),
                ("Price السعر", "price", 90),
                ("Amount المبلغ", "amount", 110),
            ),
            kind="grid",
        ),
        Sums([("Subtotal / المجموع", "subtotal"), ("VAT 15% / الضريبة", "tax"), ("Total / الإجمالي", "total")], x=310),
        title="Tax Invoice  فاتورة ضريبية",
        title_at=(200, 40, 14),
        buyer=("Bill to / العميل", 50, 170),
        family="logical",
        wear=Wear(dpi=200, skew=0.5),
    )


def egyptian() -> Layout:
    bill = Bill(
        Party("مطبعة النيل الحديثة", ("شارع رمسيس ٤٥", "القاهرة"), "512345678"),
        Party("دار الكاتب للنشر", ("الدقي، الجيزة",)),
        "١٠٢٤",
        date(2026, 4, 9),
        date(2026, 5, 9),
        "EGP",
        [line("طباعة كتاب ٢٠٠ صفحة", 500, "62.50", 14), line("تجليد فاخر", 100, "45.00", 14)],
        Money(thousands=",", indic=True, after=" ج.م"),
        "%-d {ar} %Y",
    )
    bill.days = "٩ {ar} ٢٠٢٦"
    bill.due_days = "٩ {ar} ٢٠٢٦"
    return Layout(
        "egyptian-indic-digits",
        bill,
        Facts([("فاتورة رقم", "number"), ("التاريخ", "day"), ("تستحق في", "due")], x=350, y=150, reach=80, size=10),
        Table(
            columns(
                ("البيان", "text", 230), ("العدد", "quantity", 70), ("السعر", "price", 85), ("القيمة", "amount", 110)
            ),
            kind="grid",
            size=10,
        ),
        Sums(
            [("الإجمالي قبل الضريبة", "subtotal"), ("ضريبة القيمة المضافة ١٤٪", "tax"), ("الإجمالي المستحق", "total")],
            x=310,
            size=10,
        ),
        title="فاتورة",
        head=Head("left", 17, says=("رقم التسجيل الضريبي: ٥١٢٣٤٥٦٧٨",)),
        buyer=("السادة /", 50, 170),
        family="logical",
        mirrored=True,
        wear=Wear(dpi=200, skew=0.2),
    )


def kuwaiti() -> Layout:
    bill = Bill(
        Party("شركة الخليج الأزرق للصيانة", ("الشويخ الصناعية", "الكويت"), "", "KW03CBKU0008382983861161994088"),
        Party("مجمع السالمية التجاري", ("السالمية",)),
        "GB-5530",
        date(2026, 11, 2),
        date(2026, 12, 2),
        "KWD",
        [line("عقد صيانة تكييف شهري", 1, "385.500"), line("فلتر هواء", 24, "6.250"), line("زيارة طارئة", 3, "25.000")],
        Money(places=3, after=" د.ك"),
        "%d/%m/%Y",
        untaxed=True,
    )
    return Layout(
        "kuwaiti-three-decimals",
        bill,
        Facts(
            [("رقم الفاتورة", "number"), ("التاريخ", "day"), ("تاريخ السداد", "due")],
            kind="above",
            x=50,
            y=250,
            reach=130,
        ),
        Table(
            columns(
                ("الصنف", "text", 240), ("الكمية", "quantity", 60), ("السعر", "price", 85), ("الإجمالي", "amount", 110)
            ),
            kind="grey",
            y=310,
        ),
        Sums([("المبلغ الإجمالي", "total")], x=330),
        title="فاتورة مبيعات",
        title_at=(50, 215, 17),
        head=Head("centre", 18),
        buyer=("العميل", 50, 150),
        notes=["IBAN: KW03 CBKU 0008 3829 8386 1161 9940 88"],
        family="logical",
        mirrored=True,
    )


def jordanian() -> Layout:
    bill = Bill(
        Party(
            "Petra Lane Consulting",
            ("Rainbow Street 14", "Amman, Jordan"),
            "012345678",
            "JO83CBJO0335937787129130272440",
        ),
        Party("Levant Seeds Co.", ("Mecca St, Amman",)),
        "PLC-2026-058",
        date(2026, 7, 7),
        date(2026, 8, 6),
        "JOD",
        [line("Market study, phase 2", 1, "2450.000", 16), line("Field interviews", 35, "18.750", 16)],
        Money(places=3, before="JD "),
        "%d {en} %Y",
    )
    return Layout(
        "jordanian-three-decimals",
        bill,
        Facts(
            [("Invoice No:", "number"), ("Date:", "day"), ("Due:", "due"), ("Tax No:", "=012345678")],
            x=360,
            y=140,
            reach=70,
        ),
        Table(
            columns(
                ("Service", "text", 260),
                ("Qty", "quantity", 60),
                ("Price (JOD)", "price", 85),
                ("Amount (JOD)", "amount", 90),
            )
        ),
        Sums([("Subtotal", "subtotal"), ("General Sales Tax 16%", "tax"), ("Total JOD", "total")], x=330),
        title="INVOICE",
        buyer=("Client:", 50, 165),
        wear=Wear(dpi=150, skew=0.9),
    )


def levantine() -> Layout:
    bill = Bill(
        Party("مشغل الأرز للأثاث", ("طريق الشام", "بيروت")),
        Party("فندق الساحل", ("جونية",)),
        "88/2026",
        date(2026, 2, 11),
        date(2026, 3, 13),
        "USD",
        [line("خزانة حائط", 6, "540.00", 11), line("رف خشب", 20, "35.00", 11)],
        Money(before="$"),
        "%-d {ar2} %Y",
        discount=Decimal("240.00"),
    )
    return Layout(
        "lebanese-dollars-discount",
        bill,
        Facts([("فاتورة رقم:", "number"), ("بتاريخ:", "day"), ("تستحق بتاريخ:", "due")], x=350, y=150, reach=80),
        Table(
            columns(
                ("التفاصيل", "text", 250),
                ("العدد", "quantity", 60),
                ("الإفرادي", "price", 80),
                ("الإجمالي", "amount", 105),
            ),
            kind="striped",
        ),
        Sums(
            [
                ("المجموع", "sum"),
                ("الحسم", "discount"),
                ("الصافي", "subtotal"),
                ("TVA 11%", "tax"),
                ("المبلغ المطلوب", "total"),
            ],
            x=330,
        ),
        title="فاتورة",
        title_at=(400, 62, 18),
        head=Head("left", 19, ruled=True),
        buyer=("إلى السادة", 50, 170),
        family="vazirmatn",
        mirrored=True,
        wear=Wear(dpi=200, skew=-0.7, ground=235),
    )


def emirati_grid() -> Layout:
    bill = Bill(
        Party("دار الضيافة للتموين ذ.م.م", ("المنطقة الصناعية 10", "الشارقة"), "100445566700003"),
        Party("مدرسة الأفق", ("عجمان",)),
        "DT-0098",
        date(2026, 3, 22),
        date(2026, 4, 5),
        "AED",
        [line("وجبة غداء", 320, "18.00", 5), line("مياه معدنية", 320, "1.25", 5), line("خدمة ضيافة", 4, "150.00", 5)],
        Money(after=" درهم"),
        "%d-%m-%Y",
    )
    return Layout(
        "emirati-boxed-facts",
        bill,
        Facts(
            [("رقم الفاتورة", "number"), ("تاريخ الإصدار", "day"), ("موعد الدفع", "due")],
            kind="boxed",
            x=54,
            y=250,
            reach=140,
        ),
        Table(
            columns(
                ("م", "at", 25),
                ("البند", "text", 210),
                ("الكمية", "quantity", 60),
                ("سعر الوحدة", "price", 80),
                ("الضريبة", "tax", 60),
                ("المجموع", "amount", 60),
            ),
            kind="grid",
            y=310,
        ),
        Sums(
            [("المجموع بدون الضريبة", "subtotal#"), ("قيمة الضريبة 5%", "tax#"), ("المجموع شامل الضريبة", "total")],
            x=310,
            kind="boxed",
        ),
        title="فاتورة ضريبية",
        title_at=(50, 220, 15),
        head=Head("right", 15, says=("رقم التسجيل الضريبي 100445566700003",)),
        buyer=("العميل:", 50, 150),
        family="logical",
        mirrored=True,
        wear=Wear(dpi=150),
    )


LAYOUTS = (saudi_logical, saudi_joined, saudi_both, egyptian, kuwaiti, jordanian, levantine, emirati_grid)
