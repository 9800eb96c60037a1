"""Receipts and statements of made-up businesses for the tests of the paper."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from invoicing.pdf.content import OpenItem, PaidInvoice, Receipt, Statement, StatementAccount, StatementRow
from tests.invoicing.pdf import documents

RECEIVED_WORDS = {
    "en": "Fifteen thousand Moroccan dirhams.",
    "fr": "Quinze mille dirhams marocains.",
    "ar": "خمسة عشر ألف درهم مغربي.",
}
WHAT = {
    "en": "Web development, SEO optimization",
    "fr": "Développement web, référencement SEO",
    "ar": "تطوير موقع إلكتروني، تحسين محركات البحث (SEO)",
}
REASON = {
    "en": "Booked twice by mistake",
    "fr": "Comptabilisé deux fois par erreur",
    "ar": "سُجلت مرتين خطأً",
}
KINDS = ("invoice", "payment", "invoice", "credit_note", "payment", "debit_note", "refund")


def common(language: str) -> dict[str, Any]:
    """Return what every paper of the studio says."""
    arabic = language == "ar"
    return {
        "seller_country": "MA",
        "language": language,
        "seller": documents.ARABIC_SELLER if arabic else documents.SELLER_MA,
        "buyer": documents.ARABIC_BUYER if arabic else documents.BUYER_MA,
        "currency": "MAD",
        "currency_digits": 2,
    }


def receipt(language: str = "en", **changes: Any) -> Receipt:
    """Return the receipt of 15,000 of the 22,680.00 of the known answer."""
    invoice = PaidInvoice(
        number="INV-2026-0047",
        issue_date=date(2026, 10, 2),
        description=WHAT[language],
        total=Decimal("22680.00"),
        paid_before=Decimal(0),
        credited=Decimal(0),
        amount=Decimal("15000.00"),
    )
    base = Receipt(
        **common(language),
        number="RC-INV-2026-0047-1",
        issue_date=date(2026, 10, 14),
        method="stripe",
        transaction="pi_3QK8Zt2eZvKYlo2Cx7Fd",
        amount=Decimal("15000.00"),
        invoices=(invoice,),
        balance=Decimal("7680.00"),
        balance_due_date=date(2026, 11, 1),
        amount_in_words=RECEIVED_WORDS[language],
    )
    return replace(base, **changes)


def account(language: str = "en", count: int = 7, *, currency: str = "MAD", digits: int = 2) -> StatementAccount:
    """Return an account of `count` entries that add up, opened with 4,320.00."""
    opening = Decimal(4320)
    balance, debit_sum, credit_sum = opening, Decimal(0), Decimal(0)
    rows = []
    for at in range(count):
        kind = KINDS[at % len(KINDS)]
        debits = kind in ("invoice", "debit_note", "refund")
        amount = Decimal(f"{(2400 if debits else 1100) + 130 * (at % 11)}.50" if digits else 900 + at)
        debit, credit = (amount, Decimal(0)) if debits else (Decimal(0), amount)
        if kind == "refund":
            credit = Decimal(100)
        balance += debit - credit
        debit_sum += debit
        credit_sum += credit
        money = kind in ("payment", "refund")
        rows.append(
            StatementRow(
                date=date(2026, 10, 2) + timedelta(days=at * 28 // count),
                kind=kind,
                number=f"{'CN' if kind == 'credit_note' else 'DN' if kind == 'debit_note' else 'INV'}-2026-{40 + at:04}",
                reference="VIR 88-1204" if kind == "payment" else REASON[language] if kind == "refund" else "PO-8841",
                method="bank_transfer" if money else "",
                debit=debit,
                credit=credit,
                balance=balance,
            )
        )
    items = (
        OpenItem("invoice", "INV-2026-0031", date(2026, 8, 3), date(2026, 9, 2), opening, opening, True),
        OpenItem(
            "invoice",
            "INV-2026-0047",
            date(2026, 10, 2),
            date(2026, 11, 1),
            Decimal(22680),
            balance - opening,
            False,
        ),
    )
    return StatementAccount(
        currency, digits, opening, tuple(rows), debit_sum, credit_sum, balance, opening, Decimal(0), items
    )


def statement(language: str = "en", count: int = 7, **changes: Any) -> Statement:
    """Return the studio's statement of October for the riad."""
    base = Statement(
        **common(language),
        number="2026-10-01 – 2026-10-31",
        issue_date=None,
        first=date(2026, 10, 1),
        last=date(2026, 10, 31),
        accounts=(account(language, count),),
        bank_details=documents.BANK[language],
    )
    return replace(base, **changes)
