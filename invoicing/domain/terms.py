"""Payment terms as people write them in English, French and Arabic, read as a due date."""

import re
import unicodedata
from datetime import date, timedelta
from typing import Final

DEFAULT_DAYS: Final = 30
MOST_DAYS: Final = 3650

LANGUAGES: Final = ("en", "fr", "ar")
_ON_RECEIPT_WORDS: Final = {"en": "Due on receipt", "fr": "Payable à réception", "ar": "عند الاستلام"}

_LONGEST_TEXT: Final = 200

# All patterns are for text that _plain() has made plain: no capitals, accents, tatweel or hamza seats. One a language.
_DAYS: Final = tuple(
    re.compile(pattern, re.VERBOSE)
    for pattern in (
        # Net 30; Net 30 days; payment due within 30 days of the invoice date; 30 days net
        r"""
        (?:payment\ |payable\ )?(?:is\ )?(?:due\ )?
        (?:net\ ?([0-9]+)(?:\ days?)?|(?:in\ |within\ )?([0-9]+)\ days?(?:\ net)?)
        (?:\ (?:from|of|after)\ (?:the\ )?(?:date\ of\ (?:the\ )?)?(?:invoice|issue)(?:\ date)?)?
        """,
        # 30 jours; Net 30 jours; payable sous 30 jours; 30 jours nets; à 30 jours date de facture
        r"""
        (?:(?:paiement|reglement|payable|echeance)\ )?(?:net\ )?(?:a\ |sous\ |dans\ (?:les|un\ delai\ de)\ )?
        ([0-9]+)\ ?(?:jours?|j)(?:\ nets?)?
        (?:\ (?:(?:apres|a\ compter\ de|a\ partir\ de)\ )?(?:la\ )?
           (?:date\ )?(?:de\ la\ |de\ |d')?(?:facture|facturation|emission))?
        """,
        # صافي 30; صافي 30 يوم; خلال 30 يومًا من تاريخ الفاتورة; 5 أيام
        r"""
        (?:(?:مستحقه?|يستحق|تستحق|يدفع|تدفع|يسدد|تسدد)\ )?(?:(?:الدفع|السداد)\ )?
        (?:صافي\ ?([0-9]+)(?:\ (?:يوما?|ايام))?
          |(?:خلال\ |في\ غضون\ |بعد\ )?([0-9]+)\ ?(?:يوما?|ايام)(?:\ صافيا?)?)
        (?:\ من\ (?:تاريخ\ )?(?:(?:ا?صدار\ )?الفاتوره|الاصدار))?
        """,
    )
)
_ON_RECEIPT: Final = tuple(
    re.compile(pattern, re.VERBOSE)
    for pattern in (
        r"""
        (?:payment\ |payable\ )?(?:is\ )?(?:due\ )?
        (?:(?:up)?on\ receipt(?:\ of\ (?:the\ )?invoice)?|immediate(?:ly|\ payment)?)
        """,
        r"""
        (?:(?:paiement|reglement|payable|exigible|echeance|du)\ )?
        (?:(?:a|des)\ (?:la\ )?reception(?:\ de\ (?:la\ )?facture)?|au\ comptant|comptant|immediat(?:ement)?)
        """,
        r"""
        (?:(?:مستحقه?|يستحق|تستحق|يدفع|تدفع|يسدد|تسدد)\ )?(?:(?:ال)?(?:دفع|سداد)\ )?
        (?:(?:عند|فور)\ (?:الاستلام|استلام\ الفاتوره)|فورا|(?:ال)?فوري)
        """,
    )
)
_LETTERS: Final = str.maketrans({"ـ": "", "ى": "ي", "ة": "ه", "’": "'"})


def due_date(issue_date: date, terms: str) -> date | None:
    """Return the day on which an invoice of `issue_date` is due by its payment terms.

    Understands a number of days ("Net 30", "30 jours", "خلال ٣٠ يومًا") from 0 to 3650 and "Due on
    receipt" in the three languages, whatever the case, accents and digits. Returns None for any other
    text, rather than guess; the caller falls back to DEFAULT_DAYS.
    """
    days = _days(_plain(terms)) if len(terms) <= _LONGEST_TEXT else None
    if days is None or days > min(MOST_DAYS, (date.max - issue_date).days):
        return None
    return issue_date + timedelta(days=days)


def in_words_of(language: str, terms: str) -> str:
    """Return payment terms in a language's own words, where they are known and in those of another.

    "Net 30" becomes "خلال 30 يومًا" in Arabic. What is in the language's words, or is not known, stays as
    it was typed.
    """
    plain = _plain(terms) if len(terms) <= _LONGEST_TEXT else ""
    days, own = _days(plain), LANGUAGES.index(language)
    if days is None or _ON_RECEIPT[own].fullmatch(plain) or _DAYS[own].fullmatch(plain):
        return terms
    return _ON_RECEIPT_WORDS[language] if days == 0 else _in_days(days, language)


def _in_days(days: int, language: str) -> str:
    if language == "ar":
        return f"خلال {_arabic_days(days)}"
    return f"Net {days}" if language == "en" else f"{days} jour{'s' if days > 1 else ''} net{'s' if days > 1 else ''}"


def _arabic_days(days: int) -> str:
    """Return a number of days as Arabic counts them: one, two, three to ten, and by the last two digits above."""
    if days <= 2:
        return ("يوم واحد", "يومين")[days - 1]
    return f"{days} {'أيام' if 3 <= days % 100 <= 10 else 'يومًا' if days % 100 >= 11 else 'يوم'}"


def _days(terms: str) -> int | None:
    if any(pattern.fullmatch(terms) for pattern in _ON_RECEIPT):
        return 0
    matches = (pattern.fullmatch(terms) for pattern in _DAYS)
    return next((int(next(filter(None, match.groups()))) for match in matches if match), None)


def _plain(terms: str) -> str:
    """Fold case, accents, Arabic marks and spelling variants, invisible marks, digits and spaces."""
    folded = unicodedata.normalize("NFD", unicodedata.normalize("NFKC", terms).casefold())
    kept = (each for each in folded if unicodedata.category(each) not in {"Mn", "Cf"})
    digits = "".join(str(unicodedata.decimal(each, each)) for each in kept).translate(_LETTERS)
    hyphens = re.sub(r"(?<=[a-z])-(?=[0-9])|(?<=[0-9])-(?=[a-z])", " ", digits)
    return " ".join(hyphens.split()).strip(" .,;،")
