from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from invoicing.pdf import Party
from invoicing.pdf.content import Language
from invoicing.pdf.two_languages import (
    TwoLanguages,
    is_in_two_languages,
    paragraphs,
    reads_from_right,
    sides,
    sides_of_lines,
)
from tests.invoicing.pdf import bilingual_documents, documents


@pytest.mark.parametrize(
    ("language", "second", "expected"),
    [
        ("ar", "en", True),
        ("fr", "ar", True),
        ("en", "fr", False),
        ("ar", "ar", False),
        ("ar", None, False),
        ("en", None, False),
    ],
)
def test_two_languages_are_arabic_and_another(language: Language, second: Language | None, expected: bool) -> None:
    document = replace(documents.invoice("en"), language=language, second_language=second)
    assert is_in_two_languages(document) is expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [("Web", False), ("7421 طريق", True), ("", False), ("12-3", False), ("(SEO) تحسين", False), ("«تحسين» SEO", True)],
)
def test_first_strong_letter_gives_the_direction(text: str, expected: bool) -> None:
    assert reads_from_right(text) is expected


@pytest.mark.parametrize(
    ("text", "arabic", "expected"),
    [
        ("Web", "موقع", ("Web", "موقع")),
        ("Web", "", ("Web", "")),
        ("موقع", "", ("", "موقع")),
        ("موقع", "موقع", ("", "موقع")),
        ("SEO", "SEO", ("SEO", "")),
        (" ", "موقع", ("", "موقع")),
        ("", "", ("", "")),
    ],
)
def test_text_that_is_there_once_stands_on_its_own_side(text: str, arabic: str, expected: tuple[str, str]) -> None:
    assert sides(text, arabic) == expected


def test_address_that_is_there_once_stands_on_its_own_side() -> None:
    assert sides_of_lines(("7 Road", "City"), ("7 طريق",)) == (("7 Road", "City"), ("7 طريق",))
    assert sides_of_lines(("7 Road", "City"), ()) == (("7 Road", "City"), ())
    assert sides_of_lines(("7421", "الرياض"), ()) == ((), ("7421", "الرياض"))


def test_paragraphs_are_parted_by_direction() -> None:
    assert paragraphs("One\n\nواحد\nTwo\n") == (["One", "Two"], ["واحد"])


def test_numbers_are_written_as_the_other_language_does_and_dates_for_both() -> None:
    english, french = (TwoLanguages(bilingual_documents.invoice(each)) for each in ("en", "fr"))
    assert (english.amount(Decimal("1234.5")), french.amount(Decimal("1234.5"))) == ("1,234.50", "1\u00a0234,50")
    assert (french.rate(Decimal(15)), french.arabic.rate(Decimal(15))) == ("15\u00a0%", "15%")
    assert (english.day(date(2026, 10, 2)), english.arabic.day(None)) == ("2026-10-02", "")
    assert (english.currency(), english.arabic.currency()) == ("SAR", "ريال")


def test_words_are_those_of_both_languages_and_of_the_country() -> None:
    paper = TwoLanguages(bilingual_documents.invoice("fr"))
    assert (paper.word("buyer"), paper.arabic.word("buyer")) == ("Client", "الزبون")
    assert (paper.word("vat_total"), paper.arabic.word("vat_total")) == ("TVA", "الضريبة على القيمة المضافة")
    assert (paper.word("total"), paper.arabic.word("total")) == ("Total TTC", "الإجمالي شامل الضريبة")
    assert (paper.title, paper.arabic.title) == ("Facture", "فاتورة")


def test_total_without_tax_is_not_said_to_include_it() -> None:
    paper = TwoLanguages(bilingual_documents.invoice("en", tax_amount=Decimal(0)))
    assert paper.arabic.word("total") == "الإجمالي"


def test_the_documents_own_language_leads() -> None:
    saudi, moroccan = (TwoLanguages(bilingual_documents.invoice(each)) for each in ("en", "fr"))
    assert saudi.leading.name(saudi.document.seller) == "شركة نجد للأنظمة السحابية"
    assert moroccan.leading.name(moroccan.document.seller) == "Atlas Digital Studio SARL"
    assert (saudi.leading.document.language, moroccan.leading.document.language) == ("ar", "fr")


def test_name_that_is_there_in_one_language_is_the_name_in_both() -> None:
    from_name = bilingual_documents.invoice("en", seller=Party(name="Only Ltd"))
    paper = TwoLanguages(from_name)
    assert [each.name(paper.document.seller) for each in (paper, paper.arabic)] == ["Only Ltd", "Only Ltd"]
