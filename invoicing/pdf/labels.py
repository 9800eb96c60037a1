"""The paper's own words in English, French and Arabic.

A document keeps the language it was issued in whatever the reader's is, and its words are settled by
law and custom, so they stand here and not in the application's catalogues.
"""

from __future__ import annotations

from typing import Final

LABELS: Final[dict[str, dict[str, str]]] = {
    "billed_to": {"en": "Billed to", "fr": "Facturé à", "ar": "صادرة إلى"},
    "from": {"en": "From", "fr": "Émetteur", "ar": "صادرة عن"},
    "reference": {"en": "Your reference", "fr": "Votre référence", "ar": "مرجعكم"},
    "issue_date": {"en": "Issue date", "fr": "Date d’émission", "ar": "تاريخ الإصدار"},
    "due_date": {"en": "Due date", "fr": "Date d’échéance", "ar": "تاريخ الاستحقاق"},
    "supply_date": {"en": "Supply date", "fr": "Date de livraison", "ar": "تاريخ التوريد"},
    "original": {"en": "Original invoice", "fr": "Facture d’origine", "ar": "الفاتورة الأصلية"},
    "original_date": {"en": "Dated", "fr": "Du", "ar": "تاريخها"},
    "reason": {"en": "Reason", "fr": "Motif", "ar": "السبب"},
    "not_numbered": {"en": "Not yet numbered", "fr": "Sans numéro", "ar": "بلا رقم بعد"},
    "description": {"en": "Description", "fr": "Désignation", "ar": "البيان"},
    "sku": {"en": "SKU", "fr": "Réf.", "ar": "الرمز"},
    "unit": {"en": "Unit", "fr": "Unité", "ar": "الوحدة"},
    "quantity": {"en": "Qty", "fr": "Qté", "ar": "الكمية"},
    "unit_price": {"en": "Unit price", "fr": "Prix unitaire", "ar": "سعر الوحدة"},
    "unit_price_incl": {"en": "Price incl. VAT", "fr": "Prix TTC", "ar": "السعر شامل الضريبة"},
    "discount_short": {"en": "Disc.", "fr": "Remise", "ar": "الخصم"},
    "vat": {"en": "VAT", "fr": "TVA", "ar": "الضريبة"},
    "net_amount": {"en": "Net amount", "fr": "Montant HT", "ar": "الصافي"},
    "total_incl": {"en": "Total incl. VAT", "fr": "Total TTC", "ar": "الإجمالي شامل الضريبة"},
    "subtotal": {"en": "Subtotal", "fr": "Total HT brut", "ar": "المجموع قبل الخصم"},
    "subtotal_only": {"en": "Subtotal", "fr": "Total HT", "ar": "المجموع الفرعي"},
    "subtotal_incl": {"en": "Subtotal incl. VAT", "fr": "Total TTC brut", "ar": "المجموع شامل الضريبة"},
    "discount": {"en": "Discount", "fr": "Remise", "ar": "الخصم"},
    "taxable_amount": {"en": "Taxable amount", "fr": "Total HT", "ar": "المبلغ الخاضع للضريبة"},
    "total": {"en": "Total", "fr": "Total TTC", "ar": "الإجمالي"},
    "total_credit": {"en": "Total credit", "fr": "Total de l’avoir", "ar": "إجمالي الإشعار"},
    "paid": {"en": "Paid", "fr": "Déjà réglé", "ar": "المدفوع"},
    "amount_due": {"en": "Amount due", "fr": "Net à payer", "ar": "المبلغ المستحق"},
    "remaining": {"en": "Amount due", "fr": "Reste dû", "ar": "المبلغ المستحق"},
    "credit_amount": {"en": "Credit amount", "fr": "Montant de l’avoir", "ar": "مبلغ الإشعار"},
    "in_words": {
        "en": "Amount in words",
        "fr": "Arrêtée la présente facture à la somme de",
        "ar": "المبلغ كتابةً",
    },
    "in_words_credit": {
        "en": "Amount in words",
        "fr": "Arrêté le présent avoir à la somme de",
        "ar": "المبلغ كتابةً",
    },
    "payment": {"en": "Payment", "fr": "Règlement", "ar": "الدفع"},
    "terms": {"en": "Terms", "fr": "Délai", "ar": "الأجل"},
    "quote": {"en": "Quote", "fr": "Référence", "ar": "المرجع"},
    "scan_to_pay": {"en": "Scan to pay", "fr": "Scannez pour payer", "ar": "امسح للدفع"},
    "tax_qr": {"en": "Tax QR", "fr": "Code fiscal", "ar": "رمز الفاتورة الضريبية"},
    "qr_from_issue": {
        "en": "QR code\nfrom issue",
        "fr": "Code QR\nà l’émission",
        "ar": "رمز QR\nعند الإصدار",
    },
    "tax_category": {"en": "Tax category", "fr": "Catégorie", "ar": "فئة الضريبة"},
    "rate": {"en": "Rate", "fr": "Taux", "ar": "النسبة"},
    "tax_taxable": {"en": "Taxable amount", "fr": "Base HT", "ar": "المبلغ الخاضع"},
    "tax_amount": {"en": "VAT amount", "fr": "Montant TVA", "ar": "مبلغ الضريبة"},
    "carried": {"en": "Carried forward", "fr": "À reporter", "ar": "يُرحَّل إلى الصفحة التالية"},
    "brought": {"en": "Brought forward", "fr": "Report", "ar": "مُرحَّل من الصفحة السابقة"},
    "notes": {"en": "Notes", "fr": "Notes", "ar": "ملاحظات"},
    "page": {"en": "Page {} of {}", "fr": "Page {} sur {}", "ar": "صفحة {} من {}"},
    "tax_in": {"en": "VAT in {}", "fr": "TVA en {}", "ar": "الضريبة بعملة {}"},
}

IDS: Final[dict[str, dict[str, str]]] = {
    "vat": {"en": "VAT No.", "fr": "N° TVA", "ar": "الرقم الضريبي"},
    "cr": {"en": "CR No.", "fr": "RC", "ar": "السجل التجاري"},
    "rc": {"en": "RC", "fr": "RC", "ar": "السجل التجاري"},
    "ice": {"en": "ICE", "fr": "ICE", "ar": "التعريف الموحد للمقاولة"},
    "if": {"en": "IF", "fr": "IF", "ar": "التعريف الضريبي"},
    "tp": {"en": "TP", "fr": "TP", "ar": "الرسم المهني"},
    "siren": {"en": "SIREN", "fr": "SIREN", "ar": "SIREN"},
    "siret": {"en": "SIRET", "fr": "SIRET", "ar": "SIRET"},
    "rcs": {"en": "RCS", "fr": "RCS", "ar": "RCS"},
    "tin": {"en": "TIN", "fr": "NIF", "ar": "رقم التعريف الضريبي"},
}

CATEGORIES: Final[dict[str, dict[str, str]]] = {
    "S": {"en": "Standard rate", "fr": "Taux normal", "ar": "النسبة الأساسية"},
    "Z": {"en": "Zero rate", "fr": "Taux zéro", "ar": "نسبة الصفر"},
    "E": {"en": "Exempt", "fr": "Exonéré", "ar": "معفاة"},
    "O": {"en": "Out of scope", "fr": "Hors champ", "ar": "خارج نطاق الضريبة"},
    "AE": {"en": "Reverse charge", "fr": "Autoliquidation", "ar": "الاحتساب العكسي"},
    "K": {"en": "Intra-EU supply", "fr": "Livraison intracommunautaire", "ar": "توريد داخل الاتحاد الأوروبي"},
    "G": {"en": "Export", "fr": "Exportation", "ar": "تصدير"},
}

REVERSE_CHARGE: Final = {
    "en": "Reverse charge, VAT due by the customer",
    "fr": "Autoliquidation, TVA due par le preneur",
    "ar": "احتساب عكسي، الضريبة مستحقة على العميل",
}

TITLES: Final[dict[str, dict[str, str]]] = {
    "general": {"en": "Invoice", "fr": "Facture", "ar": "فاتورة"},
    "standard": {"en": "Tax Invoice", "fr": "Facture", "ar": "فاتورة ضريبية"},
    "simplified": {
        "en": "Simplified Tax Invoice",
        "fr": "Facture simplifiée",
        "ar": "فاتورة ضريبية مبسطة",
    },
    "credit_note": {"en": "Credit Note", "fr": "Avoir", "ar": "إشعار دائن"},
    "debit_note": {"en": "Debit Note", "fr": "Note de débit", "ar": "إشعار مدين"},
}

# Where the law calls the ordinary invoice, or the note, by another name.
_LOCAL_TITLES: Final = {
    **{("general", "en", country): "Tax Invoice" for country in ("SA", "AE", "OM", "BH", "AU")},
    ("credit_note", "en", "AE"): "Tax Credit Note",
    ("credit_note", "fr", "MA"): "Facture d’avoir",
    ("credit_note", "ar", "AE"): "إشعار دائن ضريبي",
}

_LOCAL_LABELS: Final = {("in_words", "ar", "MA"): "حُصرت هذه الفاتورة في مبلغ"}

_MARKS: Final = {
    "draft": {"en": "DRAFT", "fr": "BROUILLON", "ar": "مسودة"},
    "cancelled": {"en": "CANCELLED", "fr": "ANNULÉE", "ar": "ملغاة"},
    "copy": {"en": "COPY", "fr": "COPIE", "ar": "نسخة"},
}
# An avoir and an إشعار are masculine, a facture, a note and a فاتورة are not.
_CANCELLED_NOTES: Final = {
    ("credit_note", "fr"): "ANNULÉ",
    ("credit_note", "ar"): "ملغى",
    ("debit_note", "ar"): "ملغى",
}
_DRAFT_SENTENCE: Final = {
    "en": "not an invoice, no payment is due",
    "fr": "sans valeur de facture",
    "ar": "ليست فاتورة ولا يُستحق بها دفع",
}


def label(key: str, language: str, country: str = "") -> str:
    """Return the paper's word for a thing."""
    return _LOCAL_LABELS.get((key, language, country)) or LABELS[key][language]


def id_label(key: str, language: str) -> str:
    """Return the name of a kind of identifier; one we do not know is printed as it is."""
    known = IDS.get(key.lower())
    return known[language] if known else key


def title(kind: str, language: str, country: str) -> str:
    """Return the document's title, by its type and the seller's country."""
    return _LOCAL_TITLES.get((kind, language, country)) or TITLES[kind][language]


def mark(kind: str, document_type: str, language: str) -> tuple[str, str]:
    """Return a mark's word and the sentence beside it, which may be empty."""
    word = _MARKS[kind][language]
    if kind == "cancelled":
        word = _CANCELLED_NOTES.get((document_type, language), word)
    return word, _DRAFT_SENTENCE[language] if kind == "draft" else ""
