"""What the law of the seller's country has printed: sentences, and identifiers at the foot of a page.

docs/invoicing.md, *Words of the law*, says which rule each comes from.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from invoicing.pdf.content import Document, TaxGroup
from invoicing.pdf.labels import id_key

EU: Final = frozenset(
    "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".split()  # noqa: SIM905 - a row of codes reads better than quoted words
)

# By category, then by country: EU stands for its members that have no sentence of their own, "" for all others.
_SENTENCES: Final[dict[str, dict[str, dict[str, str]]]] = {
    "AE": {
        "": {
            "en": "Reverse charge, VAT due by the customer",
            "fr": "Autoliquidation, TVA due par le preneur",
            "ar": "احتساب عكسي، الضريبة مستحقة على العميل",
        },
    },
    "K": {
        "": {
            "en": "Intra-Community supply, exempt: Article 138 of Directive 2006/112/EC",
            "fr": "Livraison intracommunautaire exonérée : article 138 de la directive 2006/112/CE",
            "ar": "توريد معفى داخل الاتحاد الأوروبي: المادة 138 من التوجيه 2006/112/EC",
        },
        "FR": {
            "en": "Intra-Community supply, exempt: Article 262 ter, I of the CGI",
            "fr": "Livraison intracommunautaire, exonération de TVA : article 262 ter, I du CGI",
            "ar": "توريد معفى داخل الاتحاد الأوروبي: المادة \u2066262 ter, I\u2069 من \u2066CGI\u2069",
        },
    },
    "G": {
        "": {
            "en": "Export, no VAT charged",
            "fr": "Exportation, sans TVA",
            "ar": "تصدير بلا ضريبة",
        },
        "EU": {
            "en": "Export, exempt: Article 146 of Directive 2006/112/EC",
            "fr": "Exportation exonérée : article 146 de la directive 2006/112/CE",
            "ar": "تصدير معفى: المادة 146 من التوجيه 2006/112/EC",
        },
        "FR": {
            "en": "Export, exempt: Article 262, I of the CGI",
            "fr": "Exportation, exonération de TVA : article 262, I du CGI",
            "ar": "تصدير معفى: المادة \u2066262, I\u2069 من \u2066CGI\u2069",
        },
        "MA": {
            "en": "Export, exempt: Article 92-I-1° of the CGI",
            "fr": "Exportation, exonération de TVA : article 92-I-1° du CGI",
            "ar": "تصدير معفى: المادة \u206692-I-1°\u2069 من المدونة العامة للضرائب",
        },
        "SA": {
            "en": "Export, zero rate",
            "fr": "Exportation, taux zéro",
            "ar": "صادرات خاضعة لنسبة الصفر",
        },
        "AE": {
            "en": "Export, zero rate",
            "fr": "Exportation, taux zéro",
            "ar": "صادرات خاضعة لنسبة الصفر",
        },
    },
}

_LATE_PAYMENT: Final = {
    "fr": "En cas de retard de paiement, pénalités au taux de refinancement de la BCE majoré de 10 points et indemnité "
    "forfaitaire de 40 € pour frais de recouvrement (art. L. 441-10 et D. 441-5 du code de commerce).",
    "en": "Late payment: penalties at the ECB’s refinancing rate plus 10 points, and a fixed sum of €40 for recovery "
    "costs (Articles L. 441-10 and D. 441-5 of the French Commercial Code).",
    "ar": "عند التأخر في الدفع: غرامات بسعر إعادة التمويل للبنك المركزي الأوروبي مضافًا إليه 10 نقاط، وتعويض جزافي "
    "قدره 40 يورو عن مصاريف التحصيل (المادتان \u2066L. 441-10\u2069 و\u2066D. 441-5\u2069 من القانون التجاري الفرنسي).",
}
_NO_EARLY_DISCOUNT: Final = {
    "fr": "Pas d’escompte pour paiement anticipé.",
    "en": "No discount for early payment.",
    "ar": "لا خصم عند الدفع المبكر.",
}
_FORTY: Final = re.compile(
    r"(?<!\d)40(?:[.,]00)?\s*(?:€|eur|يورو)|(?:€|eur)\s*40(?![\d])|quarante euros", re.IGNORECASE
)
_EARLY: Final = re.compile(r"escompte|early payment|الدفع المبكر", re.IGNORECASE)

# At the foot, in this order; what else a business entered comes after.
_FOOT: Final = {
    "MA": ("ice", "if", "tp", "rc", "cr", "cnss"),
    "SA": ("vat", "cr"),
    "FR": ("legal_form", "capital", "siren", "siret", "rcs", "cr", "vat"),
}


def tax_sentence(group: TaxGroup, language: str, country: str) -> str:
    """Return why a group bears no tax: what the seller gave, else what the law has said of its category.

    Empty where the law asks for the seller's own reason (E, O) or for none.
    """
    given = group.exemption_reason.strip()
    if given:
        return given
    by_country = _SENTENCES.get(group.category, {})
    for place in (country, "EU" if country in EU else "", ""):
        if place in by_country:
            return by_country[place][language]
    return ""


def tax_sentence_after(category: str, group: TaxGroup, language: str, country: str) -> str:
    """Return the sentence as it stands under its category's name, which it does not say twice.

    What the seller gave stands as it is.
    """
    sentence = tax_sentence(group, language, country)
    word, comma, rest = sentence.partition("، " if language == "ar" else ", ")
    said = word.casefold() == category.casefold() or category == f"ال{word.replace(' ', ' ال')}"
    return f"{rest[:1].upper()}{rest[1:]}" if comma and said and not group.exemption_reason.strip() else sentence


def late_payment(document: Document, language: str) -> str:
    """Return what a French seller tells a business about paying late, unless its own texts do already.

    Code de commerce, L. 441-9, L. 441-10 and D. 441-5: penalties, 40 €, conditions of discount.
    """
    if document.seller_country != "FR" or not document.buyer.is_business or document.type == "credit_note":
        return ""
    texts = f"{document.notes} {document.footer} {document.payment_terms}"
    sentences = [] if _FORTY.search(texts) else [_LATE_PAYMENT[language]]
    if not _EARLY.search(texts):
        sentences.append(_NO_EARLY_DISCOUNT[language])
    return " ".join(sentences)


def foot_ids(ids: Sequence[tuple[str, str]], country: str) -> tuple[tuple[str, str], ...]:
    """Return the seller's identifiers as the law of its country lists them, then all others.

    A French SIREN is taken from the SIRET, whose first nine digits it is, if it was not given itself.
    """
    given = [(id_key(key), key, value) for key, value in ids if value.strip()]
    known = {name: value for name, _, value in given}
    if country == "FR" and "siren" not in known and len(digits := re.sub(r"\D", "", known.get("siret", ""))) == 14:
        given.append(("siren", "siren", digits[:9]))
    order = _FOOT.get(country, ("vat",) if country in EU else ())
    places = {name: place for place, name in enumerate(order)}
    ordered = sorted(given, key=lambda entry: places.get(entry[0], len(order)))
    return tuple((name if name in places else key, value) for name, key, value in ordered)
