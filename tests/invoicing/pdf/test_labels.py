from __future__ import annotations

import pytest

from invoicing.pdf import labels

TABLES = [labels.LABELS, labels.IDS, labels.CATEGORIES, labels.TITLES, labels.ENTRIES, labels.METHODS]


@pytest.mark.parametrize(
    ("kind", "language", "country", "expected"),
    [
        ("general", "en", "MA", "Invoice"),
        ("general", "en", "SA", "Tax Invoice"),
        ("general", "en", "AU", "Tax Invoice"),
        ("general", "fr", "MA", "Facture"),
        ("general", "ar", "MA", "فاتورة"),
        ("general", "ar", "AE", "فاتورة ضريبية"),
        ("general", "en", "OM", "Tax Invoice"),
        ("general", "ar", "BH", "فاتورة ضريبية"),
        ("standard", "en", "SA", "Tax Invoice"),
        ("standard", "ar", "SA", "فاتورة ضريبية"),
        ("simplified", "ar", "SA", "فاتورة ضريبية مبسطة"),
        ("credit_note", "en", "AE", "Tax Credit Note"),
        ("credit_note", "ar", "AE", "إشعار دائن ضريبي"),
        ("credit_note", "fr", "FR", "Avoir"),
        ("credit_note", "fr", "MA", "Facture d’avoir"),
        ("debit_note", "fr", "MA", "Note de débit"),
        ("receipt", "en", "MA", "Payment Receipt"),
        ("receipt", "fr", "MA", "Reçu de paiement"),
        ("receipt", "ar", "SA", "سند قبض"),
        ("receipt", "ar", "MA", "وصل أداء"),
        ("statement", "en", "FR", "Statement of Account"),
        ("statement", "fr", "FR", "Relevé de compte"),
        ("statement", "ar", "SA", "كشف حساب"),
    ],
)
def test_title_is_the_countrys(kind: str, language: str, country: str, expected: str) -> None:
    assert labels.title(kind, language, country) == expected


@pytest.mark.parametrize(("language", "expected"), [("en", "Invoice"), ("ar", "فاتورة"), ("fr", "Facture")])
def test_invoice_without_tax_is_no_tax_invoice(language: str, expected: str) -> None:
    assert labels.title("general", language, "AE", taxed=False) == expected


@pytest.mark.parametrize(
    ("key", "language", "country", "expected"),
    [
        ("buyer", "ar", "SA", "المشتري"),
        ("buyer", "ar", "MA", "الزبون"),
        ("vat", "ar", "SA", "الضريبة"),
        ("vat_total", "ar", "SA", "ضريبة القيمة المضافة"),
        ("vat_full", "ar", "MA", "الضريبة على القيمة المضافة"),
        ("vat_full", "en", "MA", "VAT"),
        ("vat", "en", "AU", "GST"),
        ("in_words", "ar", "SA", "المبلغ كتابةً"),
        ("in_words", "ar", "MA", "حُصرت هذه الفاتورة في مبلغ"),
        ("in_words_debit", "fr", "MA", "Arrêtée la présente note de débit à la somme de"),
    ],
)
def test_label_is_the_countrys(key: str, language: str, country: str, expected: str) -> None:
    assert labels.label(key, language, country) == expected


@pytest.mark.parametrize(
    ("kind", "document", "language", "expected"),
    [
        ("draft", "general", "en", ("DRAFT", "not an invoice, no payment is due")),
        ("cancelled", "general", "fr", ("ANNULÉE", "")),
        ("cancelled", "credit_note", "fr", ("ANNULÉ", "")),
        ("cancelled", "debit_note", "fr", ("ANNULÉE", "")),
        ("cancelled", "general", "ar", ("ملغاة", "")),
        ("cancelled", "credit_note", "ar", ("ملغى", "")),
        ("cancelled", "receipt", "fr", ("ANNULÉ", "")),
        ("cancelled", "receipt", "ar", ("ملغى", "")),
        ("copy", "general", "fr", ("COPIE", "")),
    ],
)
def test_mark_agrees_with_what_it_marks(kind: str, document: str, language: str, expected: tuple[str, str]) -> None:
    assert labels.mark(kind, document, language) == expected


def test_id_label_prints_unknown_keys_as_they_are() -> None:
    assert labels.id_label("ICE", "ar") == "التعريف الموحد للمقاولة"
    assert labels.id_label("KvK", "en") == "KvK"


@pytest.mark.parametrize(
    ("key", "language", "country", "expected"),
    [
        ("vat", "en", "SA", "VAT No."),
        ("vat", "en", "AE", "TRN"),
        ("vat", "ar", "AE", "رقم التسجيل الضريبي"),
        ("cr", "en", "SA", "CR No."),
        ("cr", "en", "MA", "RC"),
        ("Capital social", "fr", "FR", "Capital social"),
        ("forme juridique", "en", "FR", "Legal form"),
        ("tax_number", "en", "DE", "Tax No."),
        ("ein", "en", "US", "EIN"),
    ],
)
def test_id_label_is_the_countrys(key: str, language: str, country: str, expected: str) -> None:
    assert labels.id_label(key, language, country) == expected


@pytest.mark.parametrize("table", TABLES)
def test_every_word_is_there_in_three_languages(table: dict[str, dict[str, str]]) -> None:
    for words in table.values():
        assert set(words) == {"en", "fr", "ar"}
        assert all(words.values())


def test_a_tax_on_sales_is_not_called_one_on_value_added() -> None:
    words = {labels.label(key, language, "US") for key in labels.LABELS for language in ("en", "fr", "ar")}
    assert [word for word in words if "VAT" in word or "TVA" in word or "القيمة المضافة" in word] == []
