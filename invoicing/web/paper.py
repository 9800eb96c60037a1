"""The picture of a document as it prints, in HTML: the same values, words and formats as the PDF."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from decimal import Decimal
from typing import Any, Final

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from invoicing.models import Invoice, Line
from invoicing.pdf import Document, LineItem, Party, formats, qr_svg
from invoicing.pdf.labels import LABELS, id_label, mark, title
from invoicing.pdf.law import tax_sentence
from invoicing.pdf.sections.facts import (
    category_name,
    dates_and_references,
    has_discounts,
    has_tax_table,
    line_amount,
    rows_above_total,
    tax_in_other_currency,
    terms,
    total_name,
)
from invoicing.pdf.wording import Wording
from invoicing.services.printing import document_of

NO_RATE: Final = frozenset({"E", "O"})
DIRECTION_MARKS: Final = dict.fromkeys(map(ord, "\u200e\u200f\u2066\u2067\u2068\u2069\u202a\u202b\u202c"))


def paper_of(invoice: Invoice, *, lines: list[Line] | None = None) -> SafeString:
    """Return the picture of an invoice as it prints now; ``lines`` where they are not stored yet."""
    document = document_of(invoice, lines=lines, mark=mark_of(invoice))
    return render_to_string("invoicing/paper.html", context_of(document))


def mark_of(invoice: Invoice) -> Any:
    """Return the mark that a document's copy bears."""
    if invoice.is_draft:
        return "draft"
    return "cancelled" if invoice.cancelled_at else None


def context_of(document: Document) -> dict[str, Any]:
    """Return what the template shows, all of it as written."""
    words = Wording(document)
    mark_word, mark_sentence = mark(document.mark, document.type, document.language) if document.mark else ("", "")
    return {
        "language": document.language,
        "direction": "rtl" if document.language == "ar" else "ltr",
        "title": title(document.type, document.language, document.seller_country, taxed=document.states_tax),
        "number": document.number,
        "words": {key: words.word(key) for key in LABELS},
        "mark": mark_word,
        "mark_sentence": mark_sentence,
        "logo": data_url("image/png", document.logo) if document.logo else "",
        "seller": party(document.seller, words),
        "buyer": party(document.buyer, words),
        "facts": [(name, bare(value)) for name, value in dates_and_references(words)],
        "columns": columns(document),
        "rows": [row(item, words) for item in document.items],
        "totals": rows_above_total(words),
        "total": words.amount(document.total),
        "total_word": total_name(words),
        "currency": words.currency(),
        "taxes": list(taxes(words)),
        "other_tax": bare(tax_in_other_currency(words)),
        "code": data_url("image/svg+xml", qr_svg(document.qr_payload).encode()) if document.qr_payload else "",
        "code_word": words.word("tax_qr" if document.qr_kind == "zatca" else "scan_to_pay"),
        "terms": [text for _name, text in terms(words)],
        "bank": "" if document.type == "credit_note" else document.bank_details,
        "reason": document.reason if document.is_note else "",
        "notes": document.notes,
        "footer": document.footer,
    }


def bare(text: str) -> str:
    """Return a text without its marks of direction, in place of which a page has elements."""
    return text.translate(DIRECTION_MARKS)


def data_url(kind: str, content: bytes) -> SafeString:
    """Return a picture as an address that holds it."""
    return mark_safe(f"data:{kind};base64,{base64.b64encode(content).decode()}")  # noqa: S308 -- base64 has no markup


def party(values: Party, words: Wording[Document]) -> dict[str, Any]:
    """Return seller or buyer as written."""
    return {
        "name": words.name(values),
        "lines": (words.language == "ar" and values.address_lines_ar) or values.address_lines,
        "ids": [(id_label(key, words.language, words.country), value) for key, value in values.ids],
        "contact": [text for text in (values.email, values.phone) if text],
    }


def columns(document: Document) -> dict[str, bool]:
    """Return which of the optional columns are there."""
    return {
        "unit": any(item.unit for item in document.items),
        "discount": has_discounts(document),
        "gross": document.prices_include_tax,
        "taxed": document.mentions_tax,
    }


def row(item: LineItem, words: Wording[Document]) -> dict[str, str]:
    """Return one line as written."""
    document = words.document
    places = formats.price_digits((each.unit_price for each in document.items), document.currency_digits)
    arabic = words.language == "ar"
    return {
        "name": (arabic and item.name_ar) or item.name,
        "description": (arabic and item.description_ar) or item.description,
        "sku": item.sku,
        "unit": item.unit,
        "quantity": words.quantity(item.quantity),
        "price": words.amount(item.unit_price, places),
        "discount": words.rate(item.discount_rate) if item.discount_rate else formats.NONE,
        "rate": rate_of(item.tax_rate, item.tax_category, words),
        "amount": words.amount(line_amount(document, item)),
    }


def rate_of(percent: Decimal, category: str, words: Wording[Document]) -> str:
    """Return a rate of tax, or a dash where the category knows none."""
    return formats.NONE if category in NO_RATE else words.rate(percent)


def taxes(words: Wording[Document]) -> Iterable[dict[str, str]]:
    """Yield the tax by group, where there is more to say than one rate."""
    document = words.document
    if not has_tax_table(document):
        return
    for group in document.tax_groups:
        yield {
            "category": category_name(document, group, words.language),
            "rate": rate_of(group.rate, group.category, words),
            "taxable": words.amount(group.taxable_amount),
            "tax": words.amount(group.tax_amount),
            "reason": tax_sentence(group, words.language, words.country),
        }
