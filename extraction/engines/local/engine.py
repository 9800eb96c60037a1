"""The engine that reads the words of a paper by layout and labels, without a model."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, Final

from extraction.engines.base import Answer, Paper
from extraction.engines.local import heads, parties, registers, sums, table
from extraction.engines.local.currencies import currency_by
from extraction.engines.local.page import Page
from extraction.engines.local.registers import SAUDI
from extraction.engines.local.sheet import Sheet, sheet_of
from extraction.engines.local.text import folded

LEAST: Final = 0.3  # the score of what is barely guessed
SURE: Final = 0.88  # the most that reading by rules is believed
OF_OCR: Final = 0.9  # letters that were seen may have been seen wrongly
AMERICAN: Final = re.compile(
    r"(?<![A-Za-z])(?:[A-Z]{2} \d{5}(?:-\d{4})?|USA|U\.S\.A\.|United States|EIN|Zip)(?![A-Za-z])"
)
COUNTRIES: Final = {
    "canada": "CA", "australia": "AU", "abn": "AU", "singapore": "SG", "new zealand": "NZ", "hong kong": "HK", "mexico": "MX",
    "japan": "JP", "china": "CN", "sweden": "SE", "sverige": "SE", "norge": "NO", "norway": "NO", "danmark": "DK", "denmark": "DK",
    "السعوديه": "SA", "saudi": "SA", "الامارات": "AE", "emirates": "AE", "dubai": "AE", "المغرب": "MA", "maroc": "MA", "morocco": "MA",
    "مصر": "EG", "egypt": "EG", "الكويت": "KW", "kuwait": "KW", "قطر": "QA", "qatar": "QA", "تونس": "TN", "tunisie": "TN", "الجزائر": "DZ", "algerie": "DZ",
    "الاردن": "JO", "jordan": "JO", "البحرين": "BH", "bahrain": "BH", "عمان": "OM", "oman": "OM", "india": "IN", "pakistan": "PK",
    "schweiz": "CH", "suisse": "CH", "switzerland": "CH", "united kingdom": "GB",
}  # fmt: skip
WORDS: Final = {
    "en": "the of and to invoice total date number amount due tax payment",
    "fr": "le la les de des du et facture montant numero taxe client date total",
    "de": "der die das und rechnung betrag summe nummer datum menge netto bitte zahlbar",
    "es": "el los las de y factura importe fecha numero cliente total",
    "it": "il di e fattura importo data numero cliente totale iva",
    "nl": "de het en van factuur bedrag datum nummer klant totaal btw",
    "pt": "o os de e fatura valor data numero cliente total iva",
}  # fmt: skip
CREDITS: Final = re.compile(
    r"credit note|credit memo|gutschrift|avoir|nota de credito|nota di credito|creditnota|اشعار دائن"
)


class Local:
    """Reads invoices from the words of their pages."""

    name = "local"

    def read(self, paper: Paper, *, model: str, mode: str) -> Answer | None:
        """Return what the words say, None where there are none."""
        sheet = sheet_of(paper.pages)
        return answer_of(sheet, paper) if sheet else None


def answer_of(sheet: Sheet, paper: Paper) -> Answer:
    """Return what rows of words say."""
    text = sheet.text[:60_000]
    page = Page(sheet, leans_to_month_first=bool(AMERICAN.search(text)))
    own, own_numbers = list(paper.own.names), list(paper.own.tax_ids)
    number, (issued, due), order = heads.number_of(page), heads.dates_of(page), heads.order_of(page)
    tables = dict(sums.heads_of_items(page))
    heading = {row for start, count in tables.items() for row in range(start, start + count)}
    reckoned = sums.sums_of(page, frozenset(heading))
    items = table.items_of(page, reckoned, tables)
    numbers = registers.tax_numbers(page)
    accounts = registers.ibans(page)
    buyer = parties.buyer_of(page, own)
    vendor = parties.vendor_of(
        page, buyer, numbers, accounts, own, paper.known_vendors, frozenset(table.rows_of_items(page, tables))
    )
    tax_id = parties.tax_id_of(numbers, own_numbers, page)
    currency, is_told = currency_by(page.written, text, countries_of(text, tax_id, accounts))
    data: dict[str, Any] = {
        "language": language_of(sheet, text),
        "type": "scanned" if sheet.is_ocr else "computerized",
        "vendor_name": vendor.name or None,
        "vendor_address": vendor.address or None,
        "vendor_tax_id": tax_id or None,
        "vendor_iban": accounts[0] if accounts else None,
        "buyer_name": buyer.name or None,
        "buyer_tax_id": next((each.text for each in numbers if each.side == "buyer"), None),
        "invoice_number": number.value if number else None,
        "invoice_date": issued.value.isoformat() if issued and not isinstance(issued.value, str) else None,
        "due_date": due.value.isoformat() if due and not isinstance(due.value, str) else None,
        "purchase_order": order.value if order else None,
        "currency": currency or None,
        **amounts_of(reckoned),
        "items": items,
    }
    if CREDITS.search(folded(text[:3000])) and reckoned.total is not None and reckoned.total < 0:
        data = credited(data)
    beliefs = [number.belief if number else 0, issued.belief if issued else 0, 0.95 if is_told else 0.6]
    beliefs.append((0.95 if reckoned.holds else 0.65) if reckoned.belief > LEAST else LEAST)
    score = min(SURE, *beliefs) * (OF_OCR if sheet.is_ocr else 1)
    return Answer(data, reason="ocr" if sheet.is_ocr else "text_layer", score=round(max(score, LEAST), 2))


def amounts_of(found: sums.Sums) -> dict[str, Any]:
    """Return the sums as data."""
    return {
        "subtotal": table.text_of(found.subtotal),
        "discount": table.text_of(found.discount),
        "tax": table.text_of(found.tax),
        "tax_breakdown": [
            {
                "rate": table.text_of(each.rate),
                "taxable_amount": table.text_of(each.taxable),
                "tax_amount": table.text_of(each.tax),
            }
            for each in found.rates
        ],
        "total": table.text_of(found.total),
    }


def credited(data: dict[str, Any]) -> dict[str, Any]:
    """Return a credit note's sums as what is credited: some write them as less than nothing, others do not."""

    def positive(text: str | None) -> str | None:
        return format(-Decimal(text), "f") if text and Decimal(text) < 0 else text

    turned = {name: positive(data[name]) for name in ("subtotal", "tax", "total")}
    rates = [{name: positive(each[name]) for name in each} for each in data["tax_breakdown"]]
    items = [each | {"amount": positive(each["amount"])} for each in data["items"]]
    return data | turned | {"tax_breakdown": rates, "items": items}


def countries_of(text: str, tax_id: str, accounts: Sequence[str]) -> list[str]:
    """Return the countries that a paper seems to be of, the surest first."""
    found = [tax_id[:2].upper()] if tax_id[:2].isalpha() else []
    if SAUDI.fullmatch(tax_id):
        found.append("SA")
    found += [account[:2] for account in accounts[:1]]
    low = folded(text)
    found += [country for name, country in COUNTRIES.items() if name in low]
    return [*found, "US"] if AMERICAN.search(text) else found


def language_of(sheet: Sheet, text: str) -> str | None:
    """Return the language by its commonest words."""
    if sheet.from_right:
        return "ar"
    words = re.findall(r"[^\W\d_]+", folded(text[:8000]))
    counts = {code: sum(word in set(each.split()) for word in words) for code, each in WORDS.items()}
    best = max(counts, key=lambda code: counts[code])
    return best if counts[best] >= 2 else None
