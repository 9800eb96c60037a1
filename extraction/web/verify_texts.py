"""What a document's data looks like in the fields of a page, and back: as stored, as typed, and as a paper prints it."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Any, Final

from babel.numbers import format_decimal
from django.http import QueryDict
from django.utils import timezone

from accounts.schema import ascii_digits
from accounts.templatetags.ui import currency_digits, current_locale, day
from extraction import schema
from invoicing.web.days import IN_FIGURES, parse_day, possible
from invoicing.web.forms import number_text, parse_number

ROW_KEY: Final = re.compile(r"(items|tax_breakdown)-(\d{1,5})-(\w+)")
ROW_FIELDS: Final[Mapping[str, tuple[str, ...]]] = {
    "items": tuple(schema.ITEM_FIELDS),
    "tax_breakdown": tuple(schema.RATE_FIELDS),
}
PERCENTS: Final = ("rate", "tax_rate")
FINE: Final = ("quantity", "unit_price")
ROW_AMOUNTS: Final = ("amount", "taxable_amount", "tax_amount")
# What stands around a printed amount: signs and codes of currencies, and words such as "Total"
AROUND: Final = re.compile(r"^[^\d+\-\u2212(]+|[^\d)]+$")
BRACKETED: Final = re.compile(r"\(([^()]*)\)")
THREE_AFTER: Final = re.compile(r"[+-]?[1-9]\d{0,2}[.,]\d{3}")


@dataclass(slots=True)
class Written:
    """What stands in the fields: texts by name, and of each list its rows."""

    texts: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list[dict[str, str]]] = field(default_factory=dict)

    def take(self, name: str, other: Written) -> None:
        """Put what stands in a field of another."""
        if name in schema.LISTS:
            self.rows[name] = [dict(row) for row in other.rows[name]]
        else:
            self.texts[name] = other.texts[name]

    def cells(self) -> Iterator[tuple[str, str, str]]:
        """Yield each text with the name of its input and the one of its value."""
        for name, text in self.texts.items():
            yield name, name, text
        for name, rows in self.rows.items():
            for place, row in enumerate(rows):
                for part, text in row.items():
                    yield f"{name}-{place}-{part}", part, text

    def values(self) -> dict[str, Any]:
        """Return what is meant, as the service takes it; rows in which nothing is written are none."""
        values: dict[str, Any] = {name: meant(name, text) for name, text in self.texts.items()}
        for name, rows in self.rows.items():
            values[name] = [
                {part: meant(part, text) for part, text in row.items()} for row in rows if any(row.values())
            ]
        return values


def written_of(data: Mapping[str, Any]) -> Written:
    """Return the texts of data, as stored."""
    values = schema.loaded(data)
    currency = values.get("currency") or ""
    texts = {name: text_of(name, values.get(name), currency) for name in schema.FIELDS if name not in schema.LISTS}
    rows = {
        name: [{part: text_of(part, row.get(part), currency) for part in parts} for row in values[name]]
        for name, parts in ROW_FIELDS.items()
    }
    return Written(texts, rows)


def written_in(posted: QueryDict) -> Written:
    """Return what a page sent. Of what it has not, nothing is known."""
    texts = {name: str(posted[name]).strip() for name in schema.FIELDS if name not in schema.LISTS and name in posted}
    rows: dict[str, dict[int, dict[str, str]]] = {name: {} for name in posted.getlist("has") if name in ROW_FIELDS}
    for key, text in posted.items():
        match = ROW_KEY.fullmatch(key)
        if match and match[1] in rows and match[3] in ROW_FIELDS[match[1]] and isinstance(text, str):
            rows[match[1]].setdefault(int(match[2]), {})[match[3]] = text.strip()
    printed = posted.get("printed", "").split()
    understood = {name: understand(name, text) if name in printed else text for name, text in texts.items()}
    return Written(
        understood,
        {
            name: [
                {part: understand(part, text) if f"{name}-{place}-{part}" in printed else text for part, text in row.items()}
                for place, row in sorted(found.items())
            ]
            for name, found in rows.items()
        },
    )  # fmt: skip


# One value


def text_of(name: str, value: Any, currency: str) -> str:
    """Return a value, as loaded, as its field shows it."""
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value)
    if not isinstance(value, Decimal):
        return str(value)
    if name in PERCENTS:
        return number_text(value)
    digits = currency_digits(currency) if name not in FINE else 0
    pattern = f"#,##0.{'0' * digits}{'#' * (schema.FINE_PLACES - digits)}"
    return format_decimal(value, format=pattern, locale=current_locale())


def meant(name: str, text: str) -> str | None:
    """Return what was typed as the service reads it; what cannot be read goes to it as it is, to be refused."""
    if not text:
        return None
    if name in schema.DAYS:
        return parse_day(text, today=timezone.localdate())
    if name in schema.AMOUNTS or name in FINE or name in ROW_AMOUNTS:
        return parse_number(text)
    return parse_number(text, percent=True) if name in PERCENTS else text


def shown_again(name: str, text: str, currency: str) -> str:
    """Return what was typed as the page writes it; what cannot be read, and plain text, stays as it is."""
    read = meant(name, text)
    try:
        if name in schema.DAYS:
            return day(date.fromisoformat(read or ""))
        is_number = name in schema.AMOUNTS or name in FINE or name in ROW_AMOUNTS or name in PERCENTS
        return text_of(name, Decimal(read or ""), currency) if is_number else text
    except (ValueError, ArithmeticError):
        return text


def understand(name: str, text: str) -> str:
    """Return what a paper prints as its field shows it: ``1.234,50 €`` and ``11/25/2026``, wherever they come from."""
    if name in schema.DAYS:
        return printed_day(text)
    if name in schema.AMOUNTS or name in FINE or name in ROW_AMOUNTS or name in PERCENTS:
        return printed_number(text, is_money=name in schema.AMOUNTS or name in ROW_AMOUNTS, percent=name in PERCENTS)
    return text


def printed_number(text: str, *, is_money: bool, percent: bool = False) -> str:
    """Return a printed number as the page writes it, or the text where there is none.

    Three digits behind the only point or comma of an amount are thousands: hardly any currency has three decimals.
    """
    plain = BRACKETED.sub(r"-\1", ascii_digits(unicodedata.normalize("NFKC", text)))
    plain = AROUND.sub("", plain).strip()
    if is_money and THREE_AFTER.fullmatch(plain):
        plain = re.sub("[.,]", "", plain)
    number = parse_number(plain, percent=percent)
    try:
        return number_text(Decimal(number))
    except ArithmeticError:
        return text


def printed_day(text: str) -> str:
    """Return a printed day as the page writes it, or the text where there is none; with the month first if it must be."""
    plain = ascii_digits(unicodedata.normalize("NFKC", text)).strip(" .,;:")
    found = parse_day(plain, today=timezone.localdate())
    figures = IN_FIGURES.fullmatch(plain)
    if figures and figures[3] and not schema.ISO_DAY.fullmatch(found):
        year = int(figures[3]) + (2000 if len(figures[3]) == 2 else 0)
        american = possible(year, int(figures[1]), int(figures[2]))
        found = american.isoformat() if american else found
    try:
        return day(date.fromisoformat(found))
    except ValueError:
        return text


# What changed


def digest(name: str, value: Any) -> str:
    """Return a short mark of a value, as the service takes it or as stored: the same for the same value."""
    clean = schema.read({name: value})
    if clean.errors:
        return ""  # like no value that is stored
    plain = json.dumps(clean.values[name], default=_plain, sort_keys=True, ensure_ascii=False)
    return sha256(plain.encode()).hexdigest()[:10]


def _plain(value: Any) -> str:
    return format(value.normalize(), "f") if isinstance(value, Decimal) else str(value)


def digests(data: Mapping[str, Any]) -> dict[str, str]:
    """Return the marks of data, as stored: a page takes them along, to tell later who changed what."""
    return {name: digest(name, data.get(name)) for name in schema.FIELDS}


def changed_since(values: Mapping[str, Any], base: Mapping[str, str]) -> list[str]:
    """Return the fields whose value is not the one of the marks; without a mark each counts as changed."""
    return [name for name, value in values.items() if digest(name, value) != base.get(name)]


def base_in(posted: QueryDict) -> dict[str, str]:
    """Return the marks that a page took along."""
    pairs: Iterable[list[str]] = (pair.split(":", 1) for pair in posted.get("base", "").split())
    return {pair[0]: pair[1] for pair in pairs if len(pair) == 2}


def base_text(data: Mapping[str, Any]) -> str:
    """Return the marks of data as a page takes them along."""
    return " ".join(f"{name}:{mark}" for name, mark in digests(data).items())
