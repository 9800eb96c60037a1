from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from invoicing.pdf import TaxGroup, law
from tests.invoicing.pdf import documents

ENGLISH = (
    "Late payment: penalties at the ECB’s refinancing rate plus 10 points, and a fixed sum of €40 for recovery "
    "costs (Articles L. 441-10 and D. 441-5 of the French Commercial Code)."
)


def group(category: str, reason: str = "") -> TaxGroup:
    return TaxGroup(category, Decimal(0), Decimal(100), Decimal(0), reason)


def french_invoice(**changes: Any) -> Any:
    document = documents.invoice("en", seller_country="FR", notes="", payment_terms="")
    return replace(document, **{"buyer": replace(document.buyer, is_business=True), **changes})


@pytest.mark.parametrize(
    ("category", "language", "country", "expected"),
    [
        ("AE", "en", "MA", "Reverse charge, VAT due by the customer"),
        ("AE", "fr", "FR", "Autoliquidation, TVA due par le preneur"),
        ("AE", "ar", "SA", "احتساب عكسي، الضريبة مستحقة على العميل"),
        ("K", "en", "DE", "Intra-Community supply, exempt: Article 138 of Directive 2006/112/EC"),
        ("K", "fr", "FR", "Livraison intracommunautaire, exonération de TVA : article 262 ter, I du CGI"),
        ("G", "en", "DE", "Export, exempt: Article 146 of Directive 2006/112/EC"),
        ("G", "fr", "FR", "Exportation, exonération de TVA : article 262, I du CGI"),
        ("G", "fr", "MA", "Exportation, exonération de TVA : article 92-I-1° du CGI"),
        ("G", "ar", "SA", "صادرات خاضعة لنسبة الصفر"),
        ("G", "en", "US", "Export, no VAT charged"),
        ("E", "fr", "FR", ""),
        ("O", "en", "MA", ""),
        ("Z", "en", "SA", ""),
        ("S", "en", "SA", ""),
    ],
)
def test_sentence_is_the_categorys_and_the_countrys(category: str, language: str, country: str, expected: str) -> None:
    assert law.tax_sentence(group(category), language, country) == expected


@pytest.mark.parametrize("category", ["AE", "E", "G", "K", "Z"])
def test_what_the_seller_gave_comes_first(category: str) -> None:
    given = group(category, " TVA non applicable, art. 293 B du CGI ")
    assert law.tax_sentence(given, "fr", "FR") == "TVA non applicable, art. 293 B du CGI"


def test_french_seller_tells_a_business_about_paying_late() -> None:
    assert law.late_payment(french_invoice(), "en") == f"{ENGLISH} No discount for early payment."


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"notes": "Indemnité forfaitaire : 40 €."}, "No discount for early payment."),
        ({"footer": "Indemnité de 40,00 EUR"}, "No discount for early payment."),
        ({"footer": "40 rue de la Paix, 240 € de capital"}, f"{ENGLISH} No discount for early payment."),
        ({"payment_terms": "Escompte 2 % à 8 jours"}, ENGLISH),
        ({"notes": "Pas d’escompte. Indemnité de 40 euros."}, ""),
        ({"seller_country": "MA"}, ""),
        ({"buyer": documents.BUYER_MA}, ""),
        ({"type": "credit_note"}, ""),
    ],
)
def test_late_payment_is_said_once_and_where_it_must(changes: dict[str, Any], expected: str) -> None:
    assert law.late_payment(french_invoice(**changes), "en") == expected


@pytest.mark.parametrize(
    ("country", "ids", "expected"),
    [
        (
            "MA",
            (("rc", "412905 Casablanca"), ("cnss", "7"), ("tp", "34205187"), ("ice", "001"), ("if", "152")),
            (("ice", "001"), ("if", "152"), ("tp", "34205187"), ("rc", "412905 Casablanca"), ("cnss", "7")),
        ),
        ("SA", (("cr", "1010"), ("vat", "310")), (("vat", "310"), ("cr", "1010"))),
        (
            "FR",
            (("vat", "FR40"), ("siret", "552 100 554 00013"), ("RCS", "Paris"), ("Forme juridique", "SAS")),
            (
                ("legal_form", "SAS"),
                ("siren", "552100554"),
                ("siret", "552 100 554 00013"),
                ("rcs", "Paris"),
                ("vat", "FR40"),
            ),
        ),
        ("FR", (("siret", "12"), ("siren", "9")), (("siren", "9"), ("siret", "12"))),
        ("DE", (("HRB", "77"), ("vat", "DE1")), (("vat", "DE1"), ("HRB", "77"))),
        ("US", (("EIN", "12"), ("x", " "), ("vat", "3")), (("EIN", "12"), ("vat", "3"))),
    ],
)
def test_foot_lists_what_the_country_asks_for_first(country: str, ids: Any, expected: Any) -> None:
    assert law.foot_ids(ids, country) == expected


@pytest.mark.parametrize(
    ("language", "category", "printed"),
    [
        ("en", "Reverse charge", "VAT due by the customer"),
        ("fr", "Autoliquidation", "TVA due par le preneur"),
        ("ar", "الاحتساب العكسي", "الضريبة مستحقة على العميل"),
    ],
)
def test_sentence_does_not_say_its_category_twice(language: str, category: str, printed: str) -> None:
    assert law.tax_sentence_after(category, group("AE"), language, "BE") == printed
    given = group("AE", "Reverse charge, Article 196")
    assert law.tax_sentence_after(category, given, language, "BE") == "Reverse charge, Article 196"
