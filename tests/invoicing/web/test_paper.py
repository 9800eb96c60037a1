from __future__ import annotations

from decimal import Decimal

import pytest
from django.utils.html import strip_tags

from accounts.models import Business
from clients.models import Client
from invoicing.services.printing import document_of, public_url
from invoicing.web.paper import context_of, paper_of
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
ITEMS = (
    {"name": "Identity", "quantity": 1, "unit_price": "15000"},
    {"name": "Web page", "quantity": 3, "unit_price": "2000", "unit": "day"},
)


def test_paper_has_the_amounts_words_and_dates_of_the_pdf(business: Business, customer: Client) -> None:
    invoice = make_issued(
        business, customer, ITEMS, language="fr", discount_rate="10", issue_date="2026-01-05", due_date="2026-02-04",
        reference="PO 1",
    )  # fmt: skip
    shown = context_of(document_of(invoice))
    assert (shown["title"], shown["number"], shown["currency"], shown["mark"]) == (
        "Facture", invoice.number, "MAD", "",
    )  # fmt: skip
    assert shown["facts"] == [
        ("Date d’émission", "5 janv. 2026"),
        ("Date d’échéance", "4 févr. 2026"),
        ("Votre référence", "PO 1"),
    ]
    assert [tuple(map(strip_spaces, row)) for row in shown["totals"]] == [
        ("Total HT brut", "21 000,00"),
        ("Remise 10 %", "−2 100,00"),
        ("Total HT", "18 900,00"),
        ("TVA 20 %", "3 780,00"),
    ]
    assert strip_spaces(shown["total"]) == "22 680,00"
    assert shown["columns"] == {"unit": True, "discount": False, "gross": False, "taxed": True}


def strip_spaces(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_paper_speaks_its_own_language_and_direction(business: Business, customer: Client) -> None:
    html = paper_of(make_issued(business, customer, ITEMS, language="ar"))
    assert html.startswith('<article class="paper" lang="ar" dir="rtl" aria-label="فاتورة">')


def test_paper_of_a_draft_is_marked_and_has_no_code(business: Business, customer: Client) -> None:
    shown = context_of(document_of(make_draft(business, customer, ITEMS), mark="draft"))
    assert (shown["mark"], shown["code"], shown["number"]) == ("DRAFT", "", None)


def test_paper_shows_the_tax_by_category_where_there_are_several(business: Business, customer: Client) -> None:
    items = ({"name": "A", "unit_price": "100"}, {"name": "B", "unit_price": "50", "tax_rate": "0"})
    shown = context_of(document_of(make_issued(business, customer, items)))
    assert [(tax["category"], tax["rate"], tax["taxable"], tax["tax"]) for tax in shown["taxes"]] == [
        ("Standard rate", "20%", "100.00", "20.00"),
        ("Zero rate", "0%", "50.00", "0.00"),
    ]


def test_paper_escapes_what_people_wrote(business: Business, customer: Client) -> None:
    items = ({"name": "<script>alert(1)</script>", "description": "<i>x</i>\ny", "unit_price": "1"},)
    html = paper_of(make_issued(business, customer, items, notes="<b>n</b>"))
    assert "<script>" not in html
    assert "&lt;i&gt;x&lt;/i&gt;<br>y" in html
    assert "<b>n</b>" not in html


def test_paper_shows_lines_that_are_not_stored(business: Business, customer: Client) -> None:
    invoice = make_draft(business, customer, ITEMS)
    lines = list(invoice.lines.all())[:1]
    lines[0].name = "Unsaved"
    text = strip_tags(paper_of(invoice, lines=lines))
    assert ("Unsaved" in text, "Web page" in text) == (True, False)


def test_paper_code_is_the_public_page(business: Business, customer: Client) -> None:
    invoice = make_issued(business, customer, ITEMS)
    document = document_of(invoice)
    assert document.qr_payload == public_url(invoice)
    assert context_of(document)["code"].startswith("data:image/svg+xml;base64,")


def test_paper_of_prices_with_tax(business: Business, customer: Client) -> None:
    invoice = make_issued(business, customer, ({"name": "A", "unit_price": "120"},), prices_include_tax=True)
    shown = context_of(document_of(invoice))
    assert (shown["rows"][0]["amount"], shown["total"], invoice.taxable_amount) == ("120.00", "120.00", Decimal(100))
    assert shown["totals"][0] == ("Taxable amount", "100.00")
