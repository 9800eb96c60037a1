"""The rows of the page on which a document is verified: each field with its text, its mark, and what others say of it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from babel import Locale
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.templatetags.ui import current_locale
from extraction import schema
from extraction.reconcile import sentence
from extraction.web.verify_marks import CODES, LABELS, Mark, said_of
from extraction.web.verify_runs import Other
from extraction.web.verify_texts import ROW_FIELDS, Written
from invoicing.web.forms import currency_choices

LANGUAGES: Final = tuple(
    re.findall(
        r"\w+", "ar bg cs da de el en es et fi fr he hi hr hu it ja ko lt lv nl no pl pt ro ru sk sl sv tr uk zh"
    )
)
KINDS: Final[Mapping[str, Promise]] = {
    "computerized": pgettext_lazy("document", "Made by a computer"),
    "scanned": pgettext_lazy("document", "Scanned"),
    "handwritten": pgettext_lazy("document", "Written by hand"),
}
PART_LABELS: Final[Mapping[str, Promise]] = {
    "description": gettext_lazy("Description"),
    "sku": gettext_lazy("SKU"),
    "quantity": gettext_lazy("Quantity"),
    "unit": gettext_lazy("Unit"),
    "unit_price": gettext_lazy("Unit price"),
    "tax_rate": gettext_lazy("Tax rate"),
    "amount": gettext_lazy("Amount"),
    "rate": gettext_lazy("Tax rate"),
    "taxable_amount": gettext_lazy("Taxable amount"),
    "tax_amount": gettext_lazy("Tax"),
}
TEXT_PARTS: Final = ("description", "sku", "unit")


@dataclass(frozen=True, slots=True)
class Row:
    """A field of one value. ``kind``: text, area, code, day, amount or choice."""

    name: str
    label: Promise
    kind: str
    text: str
    mark: Mark
    errors: Sequence[str] = ()
    theirs: str = ""
    other: str = ""
    differs: bool = False
    choices: Sequence[tuple[str, str]] = ()

    @property
    def is_loud(self) -> bool:
        """Whether somebody should look at it."""
        return bool(self.mark.is_doubtful or self.errors or self.theirs or self.differs)


@dataclass(frozen=True, slots=True)
class Part:
    """A value within a row of a list."""

    name: str
    label: Promise
    text: str
    is_text: bool
    errors: Sequence[str] = ()
    mark: Mark | None = None


@dataclass(frozen=True, slots=True)
class List:
    """A field that is a list: lines, or the tax of each rate."""

    name: str
    label: Promise
    mark: Mark
    rows: list[list[Part]]
    empty: list[Part]  # for a row to come
    is_loud: bool = False
    theirs: str = ""
    other: str = ""
    differs: bool = False
    errors: Sequence[str] = field(default_factory=list)

    @property
    def count(self) -> int:
        """How many rows there are."""
        return len(self.rows)


def kind_of(name: str) -> str:
    """Return what kind of field this is."""
    if name in schema.DAYS:
        return "day"
    if name in schema.AMOUNTS:
        return "amount"
    if name in {"currency", "language", "type"}:
        return "choice"
    return "code" if name in CODES else "area" if name == "vendor_address" else "text"


def rows_of(
    written: Written,
    marks: Mapping[str, Mark],
    errors: Mapping[str, Sequence[str]],
    theirs: Mapping[str, str],
    other: Other | None,
    currency: str,
) -> dict[str, Row]:
    """Return the fields of one value, by name; ``currency`` is the business's."""
    rows = {}
    for name, text in written.texts.items():
        kind = kind_of(name)
        rows[name] = Row(
            name,
            LABELS[name],
            kind,
            text,
            marks[name],
            errors.get(name, ()),
            theirs.get(name, ""),
            other.written.texts.get(name, "") if other else "",
            differs=other is not None and other.written.texts.get(name, "") != text,
            choices=choices_of(name, text, currency) if kind == "choice" else (),
        )
    return rows


def choices_of(name: str, text: str, currency: str) -> list[tuple[str, str]]:
    """Return what a field offers; what stands in it is among it in any case."""
    blank = ("", _("Unknown"))
    if name == "currency":
        return [blank, *currency_choices(text, currency)]
    if name == "type":
        return [blank, *((kind, str(label)) for kind, label in KINDS.items())]
    locale = current_locale()
    known = [(code, language_name(code, locale)) for code in LANGUAGES]
    mine = [] if not text or text in LANGUAGES else [(text, language_name(text, locale))]
    return [blank, *mine, *sorted(known, key=lambda choice: choice[1])]


def language_name(code: str, locale: Locale) -> str:
    """Return a language's name, or the code."""
    return str(locale.languages.get(code.partition("-")[0].lower(), code))


def list_rows(
    written: Written,
    marks: Mapping[str, Mark],
    errors: Mapping[str, Sequence[str]],
    theirs: Mapping[str, str],
    other: Other | None,
    confidence: Mapping[str, Any],
) -> dict[str, List]:
    """Return the fields that are lists, by name. ``confidence`` is that of the rows as they stand here, or empty."""
    lists = {}
    for name, parts in ROW_FIELDS.items():
        rows = written.rows.get(name, [])
        wrong = {key: texts for key, texts in errors.items() if key == name or key.startswith(f"{name}-")}
        differs = other is not None and other.written.rows.get(name, []) != rows
        lists[name] = List(
            name,
            LABELS[name],
            marks[name],
            [
                [
                    part_of(
                        part,
                        row.get(part, ""),
                        wrong.get(f"{name}-{place}-{part}", ()),
                        confidence.get(f"{name}[{place}].{part}"),
                    )
                    for part in parts
                ]
                for place, row in enumerate(rows)
            ],
            [part_of(part, "", ()) for part in parts],
            is_loud=bool(marks[name].is_doubtful or wrong or name in theirs or differs),
            theirs=theirs.get(name, ""),
            other=other.count_text(name) if other and differs else "",
            differs=differs,
            errors=wrong.get(name, ()),
        )
    return lists


def part_of(name: str, text: str, errors: Sequence[str], known: Mapping[str, Any] | None = None) -> Part:
    """Return one value within a row, with what is known of it."""
    mark = said_of(name, known) if known else None
    return Part(name, PART_LABELS[name], text, name in TEXT_PARTS, errors, mark)


@dataclass(frozen=True, slots=True)
class Shown:
    """A check in words; ``url`` is another document that it names."""

    name: str
    ok: bool
    text: str
    url: str = ""


def shown_checks(checks: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return checks, as stored, in words: what fails first."""
    shown = [Shown(each["name"], each["ok"], sentence(each), url_in(each)) for each in checks]
    failing = [each for each in shown if not each.ok]
    return {
        "all": failing + [each for each in shown if each.ok],
        "hold": len(shown) - len(failing),
        "fail": len(failing),
    }


def url_in(check: Mapping[str, Any]) -> str:
    """Return the page of the document that a check names."""
    other = (check.get("values") or {}).get("document", "")
    return reverse("extraction:document_verify", args=[other]) if other else ""
