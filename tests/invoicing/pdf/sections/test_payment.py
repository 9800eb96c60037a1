from __future__ import annotations

import re
from decimal import Decimal

import pytest

from invoicing.pdf import render
from tests.invoicing.pdf import documents, reading

IBAN = "MA64 0077 8000 0123 4567 8901 2396"


@pytest.mark.parametrize(
    ("language", "given", "expected"),
    [
        ("ar", f"Bank: Atlas\nIBAN: {IBAN}\nBIC: ATLSMAMC", ("البنك", "الآيبان", "BIC")),
        ("ar", "Banque: Atlas\nCompte: 0123 4567", ("البنك", "رقم الحساب")),
        ("ar", "Account: 0123 4567", ("رقم الحساب",)),
        ("ar", "Account: Atlas SARL", ("صاحب الحساب",)),
        ("fr", f"البنك: أطلس\nآيبان: {IBAN}\nرمز السويفت: ATLSMAMC", ("Banque", "IBAN", "BIC")),
        ("fr", "Bank: Atlas\nSWIFT: ATLSMAMC", ("Banque", "SWIFT")),
        ("en", "Bank name: Atlas\nAccount: 0123 4567\nRouting: 123", ("Bank name", "Account", "Routing")),
        ("ar", "Bank: Atlas\nالبنك: أطلس", ("Bank", "البنك")),
    ],
)
def test_what_the_bank_wants_to_know_is_named_in_the_pages_language(
    language: str, given: str, expected: tuple[str, ...]
) -> None:
    read = reading.text(render(documents.invoice(language, bank_details=given)))
    words = {label.strip() for line in read.splitlines() for label in [re.sub(r"\s+", " ", line)]}
    text = " ".join(words)
    assert [label for label in expected if label not in text] == []
    gone = {line.partition(":")[0] for line in given.splitlines()} - set(expected)
    assert [label for label in gone if re.search(rf"(?<!\w){re.escape(label)}(?!\w)", text)] == []


def test_a_number_is_not_the_name_of_the_accounts_holder_beside_arabic() -> None:
    read = reading.text(
        render(documents.invoice("en", second_language="ar", bank_details="Account: 0123 4567 8901", payment_terms=""))
    )
    assert "Account No." in read
    assert "رقم الحساب" in read
    assert "صاحب الحساب" not in read


def test_nobody_is_asked_to_pay_nothing() -> None:
    nothing = documents.invoice("en", amount_due=Decimal(0), amount_paid=Decimal(22680))
    assert "Scan to pay" not in reading.text(render(nothing))
    assert "Scan to pay" in reading.text(render(documents.invoice("en")))
