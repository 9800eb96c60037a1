"""The picture of a document as it prints, in HTML: the same values, words and formats as the PDF."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString, mark_safe

from invoicing.models import Invoice, Line
from invoicing.pdf import Document, LineItem, Party, formats, qr_svg
from invoicing.pdf.labels import LABELS, id_label, label, mark, title
from invoicing.pdf.law import tax_sentence
from invoicing.pdf.sections.facts import category_name, has_tax_table
from invoicing.services.printing import document_of

NO_RATE = frozenset({"E", "O"})


@dataclass(frozen=True, slots=True)
class Words:
    """The paper's words and formats in one document's language."""

    document: Document

    @property
    def language(self) -> str:
        """The document's language."""
        return self.document.language

    def word(self, key: str) -> str:
        """Return one of the paper's own words."""
        return label(key, self.language, self.document.seller_country)

    def amount(self, value: Decimal) -> str:
        """Return an amount in the document's currency."""
        return formats.amount(value, self.document.currency_digits, self.language)

    def rate(self, percent: Decimal, category: str = "") -> str:
        """Return a rate, or a dash where the category knows none."""
        return formats.NONE if category in NO_RATE else formats.rate(percent, self.language)

    def day(self, value: Any) -> str:
        """Return a day, or nothing."""
        return formats.day(value, self.language, self.document.seller_country) if value else ""


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
    words = Words(document)
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
        "facts": list(facts(document, words)),
        "columns": columns(document),
        "rows": [row(item, document, words) for item in document.items],
        "totals": list(totals(document, words)),
        "total": words.amount(document.total),
        "total_word": words.word(total_word(document)),
        "currency": formats.currency(document.currency, document.language),
        "taxes": list(taxes(document, words)),
        "other_tax": other_tax(document, words),
        "code": data_url("image/svg+xml", qr_svg(document.qr_payload).encode()) if document.qr_payload else "",
        "code_word": words.word("tax_qr" if document.qr_kind == "zatca" else "scan_to_pay"),
        "terms": "" if document.type == "credit_note" else document.payment_terms,
        "bank": "" if document.type == "credit_note" else document.bank_details,
        "reason": document.reason if document.is_note else "",
        "notes": document.notes,
        "footer": document.footer,
    }


def data_url(kind: str, content: bytes) -> SafeString:
    """Return a picture as an address that holds it."""
    return mark_safe(f"data:{kind};base64,{base64.b64encode(content).decode()}")  # noqa: S308 -- base64 has no markup


def party(values: Party, words: Words) -> dict[str, Any]:
    """Return seller or buyer as written."""
    name = (values.name_ar or values.name) if words.language == "ar" else (values.name or values.name_ar)
    return {
        "name": name,
        "lines": (words.language == "ar" and values.address_lines_ar) or values.address_lines,
        "ids": [(id_label(key, words.language, words.document.seller_country), value) for key, value in values.ids],
        "contact": [text for text in (values.email, values.phone) if text],
    }


def facts(document: Document, words: Words) -> Iterable[tuple[str, str]]:
    """Yield the dates and references under the head, each with its name."""
    found = [("issue_date", words.day(document.issue_date))]
    if document.is_note:
        found += [("original", document.parent_number or ""), ("original_date", words.day(document.parent_issue_date))]
    else:
        found.append(("due_date", words.day(document.due_date)))
    if document.supply_date != document.issue_date:
        found.append(("supply_date", words.day(document.supply_date)))
    found.append(("reference", document.reference))
    return ((words.word(key), value) for key, value in found if value)


def columns(document: Document) -> dict[str, bool]:
    """Return which of the optional columns are there."""
    return {
        "unit": any(item.unit for item in document.items),
        "discount": any(item.discount_rate for item in document.items),
        "gross": document.prices_include_tax,
        "taxed": document.mentions_tax,
    }


def row(item: LineItem, document: Document, words: Words) -> dict[str, str]:
    """Return one line as written."""
    places = formats.price_digits((each.unit_price for each in document.items), document.currency_digits)
    arabic = words.language == "ar"
    return {
        "name": (arabic and item.name_ar) or item.name,
        "description": (arabic and item.description_ar) or item.description,
        "sku": item.sku,
        "unit": item.unit,
        "quantity": formats.quantity(item.quantity, words.language),
        "price": formats.amount(item.unit_price, places, words.language),
        "discount": words.rate(item.discount_rate) if item.discount_rate else formats.NONE,
        "rate": words.rate(item.tax_rate, item.tax_category),
        "amount": words.amount(item.total if document.prices_include_tax else item.net_amount),
    }


def total_word(document: Document) -> str:
    """Return the key of what the total is called."""
    if document.type == "credit_note":
        return "total_credit"
    return "total" if document.mentions_tax else "total_plain"


def totals(document: Document, words: Words) -> Iterable[tuple[str, str]]:
    """Yield what stands above the total."""
    gross, discount, taxed = document.prices_include_tax, document.discount_amount, document.mentions_tax
    if discount:
        key = "subtotal_incl" if gross else "subtotal"
        yield words.word(key if taxed else "subtotal_plain"), words.amount(document.subtotal)
        only = document.discount_rate and not any(item.discount_rate for item in document.items)
        rate = f" {words.rate(document.discount_rate)}" if only else ""
        yield words.word("discount") + rate, words.amount(-discount)
    if not taxed:
        return
    if discount or gross or document.seller_country == "SA":
        yield words.word("taxable_amount"), words.amount(document.taxable_amount)
    else:
        yield words.word("subtotal_only"), words.amount(document.subtotal)
    groups = document.tax_groups
    plain = len(groups) == 1 and groups[0].category == "S"
    yield (
        words.word("vat_total") + (f" {words.rate(groups[0].rate)}" if plain else ""),
        words.amount(document.tax_amount),
    )


def taxes(document: Document, words: Words) -> Iterable[dict[str, str]]:
    """Yield the tax by group, where there is more to say than one rate."""
    groups = document.tax_groups
    if not has_tax_table(document):
        return
    for group in groups:
        yield {
            "category": category_name(document, group, words.language),
            "rate": words.rate(group.rate, group.category),
            "taxable": words.amount(group.taxable_amount),
            "tax": words.amount(group.tax_amount),
            "reason": tax_sentence(group, words.language, document.seller_country),
        }


def other_tax(document: Document, words: Words) -> str:
    """Return the tax in the currency of the seller's country, where it must be stated too."""
    if document.tax_currency is None or document.tax_amount_in_tax_currency is None:
        return ""
    name = formats.currency(document.tax_currency, words.language)
    amount = formats.amount(document.tax_amount_in_tax_currency, 2, words.language)
    return f"{words.word('tax_in').format(name)} {amount}"
