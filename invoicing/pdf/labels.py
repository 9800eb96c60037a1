"""The paper's own words in English, French and Arabic.

A document keeps the language it was issued in whatever the reader's is, and its words are settled by
law and custom, so they stand here and not in the application's catalogues.
"""

from __future__ import annotations

from typing import Final

LABELS: Final[dict[str, dict[str, str]]] = {
    "billed_to": {"en": "Billed to", "fr": "Facturé à", "ar": "صادرة إلى"},
    "from": {"en": "From", "fr": "Émetteur", "ar": "صادرة عن"},
    "seller": {"en": "Seller", "fr": "Vendeur", "ar": "البائع"},
    "buyer": {"en": "Buyer", "fr": "Client", "ar": "المشتري"},
    "number": {"en": "Number", "fr": "Numéro", "ar": "الرقم"},
    "reference": {"en": "Your reference", "fr": "Votre référence", "ar": "مرجعكم"},
    "issue_date": {"en": "Issue date", "fr": "Date d’émission", "ar": "تاريخ الإصدار"},
    "due_date": {"en": "Due date", "fr": "Date d’échéance", "ar": "تاريخ الاستحقاق"},
    "supply_date": {"en": "Supply date", "fr": "Date de livraison", "ar": "تاريخ التوريد"},
    "original": {"en": "Original invoice", "fr": "Facture d’origine", "ar": "الفاتورة الأصلية"},
    "original_date": {"en": "Dated", "fr": "Datée du", "ar": "تاريخها"},
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
    "vat_total": {"en": "VAT", "fr": "TVA", "ar": "ضريبة القيمة المضافة"},
    "vat_full": {"en": "VAT", "fr": "TVA", "ar": "ضريبة القيمة المضافة"},
    "net_amount": {"en": "Net amount", "fr": "Montant HT", "ar": "الصافي"},
    "amount": {"en": "Amount", "fr": "Montant", "ar": "المبلغ"},
    "total_incl": {"en": "Total incl. VAT", "fr": "Total TTC", "ar": "الإجمالي شامل الضريبة"},
    "incl_vat": {"en": "Incl. VAT", "fr": "Montant TTC", "ar": "شامل الضريبة"},
    "subtotal": {"en": "Subtotal", "fr": "Total HT brut", "ar": "المجموع قبل الخصم"},
    "subtotal_only": {"en": "Subtotal", "fr": "Total HT", "ar": "المجموع الفرعي"},
    "subtotal_incl": {"en": "Subtotal incl. VAT", "fr": "Total TTC brut", "ar": "المجموع شامل الضريبة"},
    "discount": {"en": "Discount", "fr": "Remise", "ar": "الخصم"},
    "taxable_amount": {"en": "Taxable amount", "fr": "Total HT", "ar": "المبلغ الخاضع للضريبة"},
    "total": {"en": "Total", "fr": "Total TTC", "ar": "الإجمالي"},
    "total_plain": {"en": "Total", "fr": "Total", "ar": "الإجمالي"},
    "subtotal_plain": {"en": "Subtotal", "fr": "Sous-total", "ar": "المجموع قبل الخصم"},
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
    "in_words_debit": {
        "en": "Amount in words",
        "fr": "Arrêtée la présente note de débit à la somme de",
        "ar": "المبلغ كتابةً",
    },
    "payment": {"en": "Payment", "fr": "Règlement", "ar": "الدفع"},
    "payment_terms": {"en": "Payment terms", "fr": "Conditions de paiement", "ar": "شروط الدفع"},
    "terms": {"en": "Terms", "fr": "Délai", "ar": "الأجل"},
    "bank": {"en": "Bank", "fr": "Banque", "ar": "البنك"},
    "account": {"en": "Account", "fr": "Titulaire", "ar": "صاحب الحساب"},
    "account_number": {"en": "Account No.", "fr": "N° de compte", "ar": "رقم الحساب"},
    "iban": {"en": "IBAN", "fr": "IBAN", "ar": "الآيبان"},
    "bic": {"en": "BIC", "fr": "BIC", "ar": "رمز السويفت"},
    "quote": {"en": "Quote", "fr": "Référence", "ar": "المرجع"},
    "scan_to_pay": {"en": "Scan to pay", "fr": "Scannez pour payer", "ar": "امسح للدفع"},
    "scan_to_pay_short": {"en": "Pay", "fr": "Payer", "ar": "امسح للدفع"},
    "tax_qr": {"en": "Tax QR", "fr": "Code fiscal", "ar": "رمز الفاتورة الضريبية"},
    "tax_qr_short": {"en": "Tax QR", "fr": "Code fiscal", "ar": "رمز الفاتورة"},
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
    "signature": {"en": "Signature and stamp", "fr": "Cachet et signature", "ar": "التوقيع والختم"},
    "page": {"en": "Page {} of {}", "fr": "Page {} sur {}", "ar": "صفحة {} من {}"},
    "page_short": {"en": "Page", "fr": "Page", "ar": "صفحة"},
    "exchange_rate": {"en": "Exchange rate", "fr": "Taux de change", "ar": "سعر الصرف"},
    "tax_in": {"en": "VAT in {}", "fr": "TVA en {}", "ar": "الضريبة بعملة {}"},
    # A receipt of payment.
    "received_on": {"en": "Date received", "fr": "Date de réception", "ar": "تاريخ الاستلام"},
    "method": {"en": "Method", "fr": "Mode", "ar": "طريقة الدفع"},
    "transaction": {"en": "Transaction", "fr": "Transaction", "ar": "رقم العملية"},
    "amount_received": {"en": "Amount received", "fr": "Montant reçu", "ar": "المبلغ المستلم"},
    "received_from": {"en": "Received from", "fr": "Reçu de", "ar": "استُلم من"},
    "received_by": {"en": "Received by", "fr": "Encaissé par", "ar": "المستلم"},
    "received_sum": {"en": "Received the sum of", "fr": "Reçu la somme de", "ar": "استُلم مبلغ"},
    "invoice": {"en": "Invoice", "fr": "Facture", "ar": "الفاتورة"},
    "issued": {"en": "Issued", "fr": "Émise le", "ar": "تاريخ الإصدار"},
    "paid_before": {"en": "Paid before", "fr": "Déjà réglé", "ar": "المدفوع سابقًا"},
    "this_payment": {"en": "This payment", "fr": "Ce paiement", "ar": "هذه الدفعة"},
    "invoice_total": {"en": "Invoice total", "fr": "Total de la facture", "ar": "إجمالي الفاتورة"},
    "invoices_total": {"en": "Total of the invoices", "fr": "Total des factures", "ar": "إجمالي الفواتير"},
    "paid_to_date": {"en": "Paid to date", "fr": "Payé à ce jour", "ar": "المدفوع حتى تاريخه"},
    "credited": {"en": "Credited", "fr": "Avoirs", "ar": "إشعارات دائنة"},
    "mentions": {"en": "Please note", "fr": "Mentions", "ar": "تنبيه"},
    "not_an_invoice": {
        "en": "This receipt is not an invoice and gives no right to deduct VAT.",
        "fr": "Ce reçu n’est pas une facture et ne donne pas droit à déduction de TVA.",
        "ar": "هذا السند ليس فاتورة ولا يُخوِّل حق خصم الضريبة.",
    },
    "balance_by": {
        "en": "Balance to be paid by {}.",
        "fr": "Solde à régler au plus tard le {}.",
        "ar": "يُدفع الباقي في موعد أقصاه {}.",
    },
    # A statement of account.
    "account_of": {"en": "Account of", "fr": "Compte de", "ar": "حساب"},
    "statement_by": {"en": "From", "fr": "Émetteur", "ar": "صادر عن"},
    "period": {"en": "Period", "fr": "Période", "ar": "الفترة"},
    "date": {"en": "Date", "fr": "Date", "ar": "التاريخ"},
    "document": {"en": "Document", "fr": "Pièce", "ar": "المستند"},
    "debit": {"en": "Debit", "fr": "Débit", "ar": "مدين"},
    "credit": {"en": "Credit", "fr": "Crédit", "ar": "دائن"},
    "balance": {"en": "Balance", "fr": "Solde", "ar": "الرصيد"},
    "opening_balance": {"en": "Opening balance", "fr": "Solde d’ouverture", "ar": "الرصيد الافتتاحي"},
    "closing_balance": {"en": "Closing balance", "fr": "Solde de clôture", "ar": "الرصيد الختامي"},
    "total_debit": {"en": "Total debit", "fr": "Total débit", "ar": "إجمالي المدين"},
    "total_credits": {"en": "Total credit", "fr": "Total crédit", "ar": "إجمالي الدائن"},
    "overdue": {"en": "Overdue", "fr": "Échu", "ar": "متأخر السداد"},
    "not_yet_due": {"en": "Not yet due", "fr": "Non échu", "ar": "لم يحن أجله"},
    "open_items": {"en": "Open items", "fr": "Pièces en attente de règlement", "ar": "المستندات غير المسددة"},
    "held": {"en": "Held in your favour", "fr": "Trop-perçu en votre faveur", "ar": "رصيد زائد لصالحكم"},
    "into_held": {
        "en": "of which {} is held in your favour",
        "fr": "dont {} de trop-perçu en votre faveur",
        "ar": "منها {} رصيد زائد لصالحكم",
    },
    "from_held": {
        "en": "of which {} was settled in advance",
        "fr": "dont {} réglés d’avance",
        "ar": "منها {} مسددة مسبقًا",
    },
    "not_due_again": {
        "en": "of which {} is not due again",
        "fr": "dont {} ne redeviennent pas dus",
        "ar": "منها {} لا تُستحق من جديد",
    },
    "nothing_moved": {
        "en": "Nothing moved on this account in the period.",
        "fr": "Aucun mouvement sur ce compte pendant la période.",
        "ar": "لا حركة في هذا الحساب خلال الفترة.",
    },
}

ENTRIES: Final[dict[str, dict[str, str]]] = {
    "invoice": {"en": "Invoice", "fr": "Facture", "ar": "فاتورة"},
    "credit_note": {"en": "Credit note", "fr": "Avoir", "ar": "إشعار دائن"},
    "debit_note": {"en": "Debit note", "fr": "Note de débit", "ar": "إشعار مدين"},
    "payment": {"en": "Payment", "fr": "Paiement", "ar": "دفعة"},
    "refund": {"en": "Refund", "fr": "Remboursement", "ar": "ردّ مبلغ"},
    "cancellation": {"en": "Cancellation", "fr": "Annulation", "ar": "إلغاء"},
}

METHODS: Final[dict[str, dict[str, str]]] = {
    "bank_transfer": {"en": "Bank transfer", "fr": "Virement bancaire", "ar": "تحويل بنكي"},
    "cash": {"en": "Cash", "fr": "Espèces", "ar": "نقدًا"},
    "card": {"en": "Card", "fr": "Carte bancaire", "ar": "بطاقة بنكية"},
    "cheque": {"en": "Cheque", "fr": "Chèque", "ar": "شيك"},
    "stripe": {"en": "Card, online", "fr": "Carte bancaire", "ar": "بطاقة بنكية"},
    "other": {"en": "Other", "fr": "Autre", "ar": "أخرى"},
    "rounding": {"en": "Rounding", "fr": "Arrondi", "ar": "تقريب"},
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
    "tax_number": {"en": "Tax No.", "fr": "N° fiscal", "ar": "رقم التعريف الضريبي"},
    "cnss": {"en": "CNSS", "fr": "CNSS", "ar": "الضمان الاجتماعي"},
    "legal_form": {"en": "Legal form", "fr": "Forme juridique", "ar": "الشكل القانوني"},
    "capital": {"en": "Share capital", "fr": "Capital social", "ar": "رأس المال"},
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
    "receipt": {"en": "Payment Receipt", "fr": "Reçu de paiement", "ar": "سند قبض"},
    "statement": {"en": "Statement of Account", "fr": "Relevé de compte", "ar": "كشف حساب"},
}

# Where the law calls the ordinary invoice, if it states tax, or the note by another name.
_TAX_INVOICES: Final = {
    **{("en", country): "Tax Invoice" for country in ("SA", "AE", "OM", "BH", "AU")},
    **{("ar", country): "فاتورة ضريبية" for country in ("SA", "AE", "OM", "BH")},
}
_LOCAL_TITLES: Final = {
    ("credit_note", "en", "AE"): "Tax Credit Note",
    ("credit_note", "fr", "MA"): "Facture d’avoir",
    ("credit_note", "ar", "AE"): "إشعار دائن ضريبي",
    ("receipt", "ar", "MA"): "وصل أداء",
}

# Countries whose tax on sales is none on value added, and what it is called there.
_SALES_TAX: Final = ("US", "CA")
_OF_SALES: Final = {
    **{(key, "en"): "Tax" for key in ("vat", "vat_total", "vat_full")},
    **{(key, "fr"): "Taxe" for key in ("vat", "vat_total", "vat_full")},
    **{(key, "ar"): "ضريبة المبيعات" for key in ("vat_total", "vat_full")},
    ("unit_price_incl", "en"): "Price incl. tax",
    ("total_incl", "en"): "Total incl. tax",
    ("incl_vat", "en"): "Incl. tax",
    ("subtotal_incl", "en"): "Subtotal incl. tax",
    ("tax_amount", "en"): "Tax amount",
    ("tax_amount", "fr"): "Montant de la taxe",
    ("tax_in", "en"): "Tax in {}",
    ("tax_in", "fr"): "Taxe en {}",
    ("not_an_invoice", "en"): "This receipt is not an invoice.",
    ("not_an_invoice", "fr"): "Ce reçu n’est pas une facture.",
}

_LOCAL_LABELS: Final = {
    **{(key, language, country): words for country in _SALES_TAX for (key, language), words in _OF_SALES.items()},
    ("buyer", "ar", "MA"): "الزبون",
    ("vat_total", "ar", "MA"): "الضريبة",
    ("vat_full", "ar", "MA"): "الضريبة على القيمة المضافة",
    ("in_words", "ar", "MA"): "حُصرت هذه الفاتورة في مبلغ",
    ("in_words_credit", "ar", "MA"): "حُصر هذا الإشعار في مبلغ",
    ("in_words_debit", "ar", "MA"): "حُصر هذا الإشعار في مبلغ",
    ("not_an_invoice", "ar", "MA"): "هذا الوصل ليس فاتورة ولا يُخوِّل حق خصم الضريبة.",
    # Australia's tax has another name.
    **{(key, "en", "AU"): "GST" for key in ("vat", "vat_total", "vat_full")},
    ("unit_price_incl", "en", "AU"): "Price incl. GST",
    ("total_incl", "en", "AU"): "Total incl. GST",
    ("incl_vat", "en", "AU"): "Incl. GST",
    ("subtotal_incl", "en", "AU"): "Subtotal incl. GST",
    ("tax_amount", "en", "AU"): "GST amount",
    ("tax_in", "en", "AU"): "GST in {}",
    ("not_an_invoice", "en", "AU"): "This receipt is not a tax invoice.",
}
_LOCAL_IDS: Final = {
    ("vat", "en", "AE"): "TRN",
    ("vat", "fr", "AE"): "TRN",
    ("vat", "ar", "AE"): "رقم التسجيل الضريبي",
    ("vat", "en", "AU"): "ABN",
    ("vat", "fr", "AU"): "ABN",
    ("cr", "en", "MA"): "RC",
    **{("cr", language, "FR"): "RCS" for language in ("en", "fr", "ar")},
}
LONGEST_LETTERS: Final = 4
# Names under which businesses enter what the law has them print.
_ID_ALIASES: Final = {
    "forme juridique": "legal_form",
    "legal form": "legal_form",
    "capital social": "capital",
    "share capital": "capital",
}

_MARKS: Final = {
    "draft": {"en": "DRAFT", "fr": "BROUILLON", "ar": "مسودة"},
    "cancelled": {"en": "CANCELLED", "fr": "ANNULÉE", "ar": "ملغاة"},
    "copy": {"en": "COPY", "fr": "COPIE", "ar": "نسخة"},
}
# An avoir, a reçu, an إشعار and a سند are masculine, a facture, a note and a فاتورة are not.
_CANCELLED_MASCULINE: Final = {
    **{(kind, "fr"): "ANNULÉ" for kind in ("credit_note", "receipt", "statement")},
    **{(kind, "ar"): "ملغى" for kind in ("credit_note", "debit_note", "receipt", "statement")},
}
_DRAFT_SENTENCE: Final = {
    "en": "not an invoice, no payment is due",
    "fr": "sans valeur de facture",
    "ar": "ليست فاتورة ولا يُستحق بها دفع",
}


def label(key: str, language: str, country: str = "") -> str:
    """Return the paper's word for a thing."""
    return _LOCAL_LABELS.get((key, language, country)) or LABELS[key][language]


def id_key(key: str) -> str:
    """Return the name under which a kind of identifier is known here, or the key in small letters."""
    return _ID_ALIASES.get(key.lower(), key.lower())


def id_label(key: str, language: str, country: str = "") -> str:
    """Return the name of a kind of identifier; of those we do not know, short ones are letters that stand for words."""
    known = IDS.get(id_key(key))
    other = key.upper() if key.islower() and len(key) <= LONGEST_LETTERS else key
    return _LOCAL_IDS.get((id_key(key), language, country)) or (known[language] if known else other)


def title(kind: str, language: str, country: str, *, taxed: bool = True) -> str:
    """Return the document's title, by its type, the seller's country and whether it states tax."""
    if kind == "general" and taxed and (language, country) in _TAX_INVOICES:
        return _TAX_INVOICES[language, country]
    return _LOCAL_TITLES.get((kind, language, country)) or TITLES[kind][language]


def mark(kind: str, document_type: str, language: str) -> tuple[str, str]:
    """Return a mark's word and the sentence beside it, which may be empty."""
    word = _MARKS[kind][language]
    if kind == "cancelled":
        word = _CANCELLED_MASCULINE.get((document_type, language), word)
    return word, _DRAFT_SENTENCE[language] if kind == "draft" else ""
