from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing.domain.terms import LANGUAGES, due_date, in_words_of

ISSUED = date(2026, 1, 31)


@pytest.mark.parametrize(
    "terms",
    ["Net 30", "NET 30", "net30", "Net-30", "Net 30 days", "net  30   days.", "30 days", "30 days net"]
    + ["30-days", "Due in 30 days", "due within 30 days", "Payable within 30 days", "Payment due in 30 days"]
    + ["Net 30 days from the invoice date", "30 days after the date of invoice", "Net\u00a030", "Ｎｅｔ 30"]
    + [
        "30 jours",
        "30 Jours",
        "30 JOURS NETS",
        "Net 30 jours",
        "30j",
        "à 30 jours",
        "À 30 jours",
        "A 30 jours",
    ]
    + ["Payable à 30 jours", "Paiement sous 30 jours", "paiement a\u0300 30 jours", "Net à 30 jours"]
    + ["Payable dans les 30 jours", "dans un délai de 30 jours", "30 jours date de facture"]
    + ["30 jours à compter de la date de facture", "30 jours après la date d’émission"]
    + ["صافي 30", "صافى 30", "صافي ٣٠", "صافي ۳۰ يومًا", "صـافي 30 يوم", "خلال 30 يومًا", "خلال ٣٠ يوماً"]
    + ["30 يوم", "30 يوما", "٣٠ يومًا", "30 أيام", "في غضون 30 يومًا", "بعد 30 يوم", "الدفع خلال 30 يومًا"]
    + ["يستحق الدفع خلال 30 يومًا", "مستحقة السداد خلال 30 يومًا", "خلال 30 يومًا من تاريخ الفاتورة"]
    + ["صافي 30 يومًا من تاريخ إصدار الفاتورة", "30 يومًا من تاريخ الإصدار", "\u200fصافي 30\u200f"],
)
def test_thirty_days_are_understood_in_three_languages(terms: str) -> None:
    assert due_date(ISSUED, terms) == date(2026, 3, 2)


@pytest.mark.parametrize(
    "terms",
    ["Due on receipt", "DUE ON RECEIPT", "due upon receipt", "On receipt", "Payable on receipt"]
    + ["Payment due upon receipt of invoice", "payment is due on receipt of the invoice.", "Immediate"]
    + ["Payable immediately", "Net 0", "À réception", "A reception", "a\u0300 re\u0301ception"]
    + ["Payable à réception", "Paiement à réception de facture", "Payable dès réception de la facture"]
    + ["Échéance à la réception", "Comptant", "Paiement comptant", "Payable au comptant", "Paiement immédiat"]
    + ["عند الاستلام", "عند الإستلام", "عنـد الاستلام", "مستحق عند الاستلام", "يستحق الدفع عند الاستلام"]
    + ["الدفع فور الاستلام", "عند استلام الفاتورة", "فورًا", "دفع فوري", "الدفع الفوري"],
)
def test_receipt_is_the_issue_date(terms: str) -> None:
    assert due_date(ISSUED, terms) == ISSUED


@pytest.mark.parametrize(
    "terms",
    ["", " ", "30", "Net", "Net thirty", "days", "As agreed", "Net -30", "Net 30.5", "Net 3 0"]
    # These mean another day than the number alone.
    + ["30 jours fin de mois", "30 days end of month", "2/10 net 60", "Net 30 EOM", "30 to 60 days"]
    + ["30 weeks", "30 أسبوع", "50 % à la commande, 50 % à 30 jours", "30 يومًا من نهاية الشهر"]
    + ["Net 3651", "Net 99999999999999999999", "Net " + "0" * 300, "Net 30" + " " * 300],
)
def test_other_terms_are_not_guessed_at(terms: str) -> None:
    assert due_date(ISSUED, terms) is None


@given(st.integers(min_value=0, max_value=3650), st.sampled_from(["Net {}", "{} jours", "خلال {} يومًا"]))
def test_the_number_of_days_is_added(days: int, terms: str) -> None:
    assert due_date(ISSUED, terms.format(days)) == ISSUED + timedelta(days=days)


def test_a_day_beyond_the_calendar_is_none() -> None:
    assert due_date(date(9999, 12, 1), "Net 30") == date(9999, 12, 31)
    assert due_date(date(9999, 12, 2), "Net 30") is None


@given(st.text())
def test_any_text_is_survived(terms: str) -> None:
    assert due_date(ISSUED, terms) is None or due_date(ISSUED, terms) >= ISSUED  # type: ignore[operator]  # told apart


@pytest.mark.parametrize(
    ("language", "terms", "printed"),
    [
        ("ar", "Net 30", "خلال 30 يومًا"),
        ("ar", "7 days", "خلال 7 أيام"),
        ("ar", "1 jour", "خلال يوم واحد"),
        ("ar", "Net 2", "خلال يومين"),
        ("ar", "Net 100", "خلال 100 يوم"),
        ("ar", "Due on receipt", "عند الاستلام"),
        ("en", "خلال ٣٠ يومًا", "Net 30"),
        ("en", "À réception", "Due on receipt"),
        ("fr", "Net 30", "30 jours nets"),
        ("fr", "Net 1", "1 jour net"),
        ("fr", "Due on receipt", "Payable à réception"),
        ("en", "Within 30 days of the invoice", "Within 30 days of the invoice"),
        ("fr", "Net 30 jours", "Net 30 jours"),
        ("ar", "50 % now, the rest in May", "50 % now, the rest in May"),
        ("ar", "", ""),
    ],
)
def test_known_terms_are_printed_in_the_language_of_the_paper(language: str, terms: str, printed: str) -> None:
    assert in_words_of(language, terms) == printed


@given(st.integers(min_value=0, max_value=3650), st.sampled_from(LANGUAGES))
def test_terms_mean_the_same_in_each_language(days: int, language: str) -> None:
    if language != "ar" or days > 2:
        assert due_date(ISSUED, in_words_of(language, f"Net {days}")) == ISSUED + timedelta(days=days)
