"""Receipts and statements on paper: what they say, in every look, and that nothing breaks them."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from invoicing.pdf.content import PaidInvoice, Printed
from invoicing.pdf.papers import render_receipt, render_statement
from tests.invoicing.pdf import papers, reading
from tests.invoicing.pdf.test_document import ARABIC, DIGITS, LANGUAGES, MARKUP, WIDE, logo

LOOKS = ["modern", "classic", "compact"]
BIG = Decimal("999999999999.99")


def render(paper: Any) -> bytes:
    return render_receipt(paper) if hasattr(paper, "balance_due_date") else render_statement(paper)


def read(paper: Any) -> str:
    return " ".join(reading.text(render(paper)).split())


def hostile(paper: Any) -> Any:
    """Return a paper on which everybody's name, number and address is as long and as strange as can be."""
    party = replace(
        paper.seller,
        name=WIDE,
        name_ar=ARABIC,
        address_lines=(WIDE, DIGITS, ARABIC, MARKUP),
        ids=(("vat", DIGITS), ("a label of its own that is long", WIDE)),
        email="x" * 120 + "@example.com",
        phone=DIGITS,
    )
    return replace(paper, seller=party, buyer=party, number="N" * 60, footer=MARKUP * 6)


def hostile_receipt(language: str, **changes: Any) -> Any:
    invoice = PaidInvoice(WIDE[:50], None, f"{MARKUP} {ARABIC} {WIDE}", BIG, BIG, BIG, BIG)
    receipt = hostile(papers.receipt(language, **changes))
    return replace(receipt, transaction=WIDE, amount=BIG, invoices=(invoice,), balance=BIG, amount_in_words=WIDE)


def hostile_statement(language: str, **changes: Any) -> Any:
    account = papers.account(language, 9)
    rows = tuple(
        replace(row, number=WIDE[:50], reference=[WIDE, ARABIC, MARKUP][at % 3], debit=BIG, credit=BIG, balance=BIG)
        for at, row in enumerate(account.rows)
    )
    items = tuple(replace(item, number=WIDE[:50], total=BIG, amount_due=BIG) for item in account.open_items)
    account = replace(account, rows=rows, open_items=items, closing_balance=BIG, held=BIG, total_debit=BIG, overdue=BIG)
    return replace(hostile(papers.statement(language, **changes)), accounts=(account, account), bank_details=MARKUP * 3)


# -- what they say ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("look", LOOKS)
def test_receipt_says_what_came_in_and_what_is_left(look: Any) -> None:
    found = read(papers.receipt("en", look=look))
    for text in (
        "Payment Receipt",
        "RC-INV-2026-0047-1",
        "Date received",
        "14 Oct 2026",
        "Card, online",
        "pi_3QK8...x7Fd",
        "Amount received",
        "15,000.00",
        "Received from",
        "Riad Zellige Hospitality SA",
        "Invoice total 22,680.00",
        "Paid to date −15,000.00",
        "Amount due MAD 7,680.00",
        "Fifteen thousand Moroccan dirhams.",
        "This receipt is not an invoice and gives no right to deduct VAT. Balance to be paid by 1\xa0Nov\xa02026.".replace(
            "\xa0", " "
        ),
        "Page 1 of 1",
    ):
        assert text in found, text


def test_receipt_of_the_last_payment_names_no_day_to_pay_by() -> None:
    found = read(papers.receipt("en", balance=Decimal(0)))
    assert ("Amount due MAD 0.00" in found, "to be paid by" in found) == (True, False)


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("fr", "Solde à régler au plus tard le 1er nov. 2026."),
        ("ar", "يُدفع الباقي في موعد أقصاه 1 نونبر"),
        ("en", "Balance to be paid by 1 Nov 2026."),
    ],
)
def test_receipt_says_the_last_day_to_pay_in_a_sentence(language: str, sentence: str) -> None:
    # A reader may put the spaces of an Arabic line elsewhere.
    assert sentence.replace(" ", "") in "".join(read(papers.receipt(language)).split())


def test_only_the_first_of_a_french_month_is_an_ordinal() -> None:
    found = read(papers.receipt("fr", balance_due_date=date(2026, 11, 11)))
    assert "le 11 nov. 2026." in found.replace("\xa0", " ")


def test_receipt_of_a_reference_in_words_shows_it_whole() -> None:
    assert "Virement du 14 octobre, Banque Atlas" in read(
        papers.receipt("fr", transaction="Virement du 14 octobre, Banque Atlas")
    )


def test_receipt_of_several_invoices_adds_them_up() -> None:
    one = papers.receipt("fr").invoices[0]
    other = replace(one, number="INV-2026-0048", total=Decimal(100), credited=Decimal(30), amount=Decimal(70))
    found = read(papers.receipt("fr", invoices=(one, other)))
    for text in ("Total des factures 22 780,00", "Avoirs −30,00", "Payé à ce jour −15 070,00"):
        assert text in found.replace("\xa0", " "), text


@pytest.mark.parametrize("look", LOOKS)
def test_statement_says_how_the_account_stands(look: Any) -> None:
    found = read(papers.statement("en", look=look))
    for text in (
        "Statement of Account",
        "1 – 31 Oct 2026",
        "Opening balance 4,320.00",
        "Overdue 4,320.00",
        "Invoice INV-2026-0040",
        "Bank transfer · VIR 88-1204",
        "Total debit 11,292.00",
        "Total credit −4,441.50",
        "Closing balance MAD 11,170.50",
        "Not yet due 6,850.50",
        "Open items",
        "INV-2026-0031",
        "Banque Atlas",
    ):
        assert text in found, text


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), "1 – 31 Oct 2026"),
        (date(2026, 1, 1), date(2026, 10, 31), "1 Jan – 31 Oct 2026"),
        (date(2025, 12, 1), date(2026, 10, 31), "1 Dec 2025 – 31 Oct 2026"),
        (date(2026, 10, 31), date(2026, 10, 31), "Period 31 Oct 2026"),
    ],
)
def test_period_says_month_and_year_once(first: date, last: date, written: str) -> None:
    assert written in read(papers.statement("en", first=first, last=last, look="compact"))


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_statement_says_its_period_once_a_page_in_words(language: Any, look: Any) -> None:
    pages = reading.page_texts(render(papers.statement(language, 60, look=look)))
    assert len(pages) > 1
    month = {"en": "31 Oct 2026", "fr": "31 oct. 2026", "ar": "31 أكتوبر 2026"}[language]
    first = pages[0].split({"en": "Document", "fr": "Pièce", "ar": "المستند"}[language])[0]
    texts = [" ".join(page.split()) for page in (first, *pages[1:-1])]
    assert [text.count(month) for text in texts] == [1] * len(texts)
    assert [page for page in pages if "2026-10-01" in page] == []


def test_what_changed_nothing_of_what_is_due_is_said() -> None:
    assert "of which 100.00 is not due again" in read(papers.statement("en", look="compact"))
    assert "لا تُستحق من جديد" in read(papers.statement("ar", look="compact"))


def test_statement_of_nothing_says_so() -> None:
    found = read(papers.statement("fr", accounts=()))
    assert "Aucun mouvement sur ce compte pendant la période." in found
    assert "Banque Atlas" not in found


def test_each_currency_begins_on_a_page_of_its_own_in_its_own_digits() -> None:
    yen = papers.account("en", 3, currency="JPY", digits=0)
    pages = reading.page_texts(render(papers.statement("en", accounts=(yen, papers.account("en", 3)))))
    assert len(pages) == 2
    assert [("(JPY)" in page, "(MAD)" in page) for page in pages] == [(True, False), (False, True)]
    assert ["4,320.00" in page for page in pages] == [False, True]
    assert all("Statement of Account" in page and "Riad Zellige" in page for page in pages)
    assert ["Page 1 of 2" in pages[0], "Page 2 of 2" in pages[1]] == [True, True]


def test_many_open_items_stand_in_a_table_of_their_own() -> None:
    account = papers.account("en")
    items = tuple(replace(account.open_items[0], number=f"INV-{at:04}") for at in range(60))
    pages = reading.page_texts(render(papers.statement("en", accounts=(replace(account, open_items=items),))))
    assert len(pages) > 2
    assert {f"INV-{at:04}" for at in range(60)} <= set(re.findall(r"INV-\d{4}\b", "\n".join(pages)))


@pytest.mark.parametrize("look", LOOKS)
def test_thousand_rows_carry_their_balance_from_page_to_page(look: Any) -> None:
    data = render(papers.statement("en", 1000, look=look))
    pages = reading.page_texts(data)
    assert len(pages) > 15
    carried = [re.search(r"Carried forward\s+([\d,.−]+)", page) for page in pages[:-1]]
    brought = [re.search(r"Brought forward\s+([\d,.−]+)", page) for page in pages[1:]]
    assert [found and found[1] for found in carried] == [found and found[1] for found in brought]
    assert all(carried)
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]


# -- how they stand --------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("size", ["a4", "letter"])
def test_nothing_leaves_the_page_whatever_is_written(language: Any, look: Any, size: Any) -> None:
    width, height = (210.0, 297.0) if size == "a4" else (215.9, 279.4)
    for paper in (
        hostile_receipt(language, look=look, paper_size=size),
        hostile_statement(language, look=look, paper_size=size),
    ):
        data = render(paper)
        for page in range(reading.pages(data)):
            left, top, right, bottom = reading.ink(data, page, 72)
            assert left >= 9.0 and top >= 8.0, (look, page)  # noqa: PT018 -- one box
            assert right <= width - 9.0 and bottom <= height - 6.0, (look, page)  # noqa: PT018 -- one box


@pytest.mark.parametrize("language", LANGUAGES)
def test_digits_of_an_arabic_page_are_its_choice(language: Any) -> None:
    found = read(papers.statement(language, digits="arab"))
    assert ("١١٬١٧٠٫٥٠" in found) == (language == "ar")
    assert "INV-2026-0040" in found


@pytest.mark.parametrize("make", [papers.receipt, papers.statement])
def test_same_paper_gives_the_same_bytes(make: Any) -> None:
    assert render(make("ar")) == render(make("ar"))


@pytest.mark.parametrize("make", [papers.receipt, papers.statement])
def test_logo_and_footer_are_the_business_s(make: Any) -> None:
    paper: Printed = make("en", logo=logo(), footer="Open on Sundays")
    data = render(paper)
    assert "Open on Sundays" in reading.text(data)
    assert data.count(b"/Subtype /Image") >= 1


TEXTS = st.text(max_size=60)


@settings(max_examples=40)
@given(name=TEXTS, reference=TEXTS, language=st.sampled_from(LANGUAGES), look=st.sampled_from(LOOKS))
def test_any_text_gives_a_paper(name: str, reference: str, language: Any, look: Any) -> None:
    receipt = papers.receipt(language, transaction=reference, look=look)
    invoice = replace(receipt.invoices[0], number=name, description=reference)
    account = papers.account(language, 2)
    rows = tuple(replace(row, number=name, reference=reference) for row in account.rows)
    for paper in (
        replace(receipt, invoices=(invoice,), buyer=replace(receipt.buyer, name=name)),
        papers.statement(language, look=look, accounts=(replace(account, rows=rows),), bank_details=reference),
    ):
        assert reading.pages(render(paper)) >= 1
