from __future__ import annotations

import pytest

from invoicing.pdf import labels


@pytest.mark.parametrize(
    ("kind", "language", "country", "expected"),
    [
        ("general", "en", "MA", "Invoice"),
        ("general", "en", "SA", "Tax Invoice"),
        ("general", "en", "AU", "Tax Invoice"),
        ("general", "fr", "MA", "Facture"),
        ("general", "ar", "MA", "فاتورة"),
        ("standard", "en", "SA", "Tax Invoice"),
        ("standard", "ar", "SA", "فاتورة ضريبية"),
        ("simplified", "ar", "SA", "فاتورة ضريبية مبسطة"),
        ("credit_note", "en", "AE", "Tax Credit Note"),
        ("credit_note", "ar", "AE", "إشعار دائن ضريبي"),
        ("credit_note", "fr", "FR", "Avoir"),
        ("credit_note", "fr", "MA", "Facture d’avoir"),
        ("debit_note", "fr", "MA", "Note de débit"),
    ],
)
def test_title_is_the_countrys(kind: str, language: str, country: str, expected: str) -> None:
    assert labels.title(kind, language, country) == expected


@pytest.mark.parametrize(
    ("kind", "document", "language", "expected"),
    [
        ("draft", "general", "en", ("DRAFT", "not an invoice, no payment is due")),
        ("cancelled", "general", "fr", ("ANNULÉE", "")),
        ("cancelled", "credit_note", "fr", ("ANNULÉ", "")),
        ("cancelled", "debit_note", "fr", ("ANNULÉE", "")),
        ("cancelled", "general", "ar", ("ملغاة", "")),
        ("cancelled", "credit_note", "ar", ("ملغى", "")),
        ("copy", "general", "fr", ("COPIE", "")),
    ],
)
def test_mark_agrees_with_what_it_marks(kind: str, document: str, language: str, expected: tuple[str, str]) -> None:
    assert labels.mark(kind, document, language) == expected


def test_id_label_prints_unknown_keys_as_they_are() -> None:
    assert labels.id_label("ICE", "ar") == "التعريف الموحد للمقاولة"
    assert labels.id_label("KvK", "en") == "KvK"


@pytest.mark.parametrize("table", [labels.LABELS, labels.IDS, labels.CATEGORIES, labels.TITLES])
def test_every_word_is_there_in_three_languages(table: dict[str, dict[str, str]]) -> None:
    for words in table.values():
        assert set(words) == {"en", "fr", "ar"}
        assert all(words.values())
