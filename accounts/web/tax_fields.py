"""The numbers of tax and trade registers in forms: those a country is used to by name, any other by kind and number."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Any, Final

from django import forms
from django.forms import BoundField
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.schema import EU_COUNTRIES, MOST_TAX_IDS, TAX_ID_TYPES

LEAST_ROWS: Final = 3
ROW: Final = re.compile(r"tax_ids_(\d{1,2})_(type|value)")
# What stands beside the VAT number and the commercial registration in a country
KINDS_BY_COUNTRY: Final[Mapping[str, tuple[str, ...]]] = MappingProxyType(
    {"MA": ("ICE", "IF", "RC", "TP", "CNSS"), "FR": ("SIREN", "SIRET")}
)
ALL_KINDS: Final = frozenset(kind for kinds in KINDS_BY_COUNTRY.values() for kind in kinds)
HINTS: Final[Mapping[str, Promise]] = MappingProxyType(
    {
        "ICE": _("Common identifier of the enterprise, 15 digits"),
        "IF": _("Tax identifier"),
        "RC": _("Commercial register"),
        "TP": _("Business tax"),
        "CNSS": _("Social security"),
        "SIREN": _("9 digits"),
        "SIRET": _("14 digits"),
    }
)


def kinds_of(country: str) -> tuple[str, ...]:
    """Return the kinds of numbers that businesses of a country are known by."""
    return KINDS_BY_COUNTRY.get(country, ())


def vat_hint(country: str) -> str:
    """Say what the VAT number of a country looks like, where we check it."""
    if country == "SA":
        return gettext("15 digits; the first and the last are 3.")
    if country in EU_COUNTRIES:
        return gettext("With the letters of the country, such as %(letters)s.") % {
            "letters": "EL" if country == "GR" else country
        }
    return ""


def arranged(entries: Iterable[Mapping[str, str]], country: str) -> list[tuple[str, str]]:
    """Return the rows of a form: the country's kinds, whatever else there is, then a blank one."""
    left = {entry["type"]: entry["value"] for entry in entries}
    rows = [(kind, left.pop(kind, "")) for kind in kinds_of(country)]
    rows += [*left.items(), ("", "")]
    rows += [("", "")] * (LEAST_ROWS - len(rows))
    return rows[:MOST_TAX_IDS]


def sent_rows(data: Mapping[str, Any]) -> int:
    """Return how many rows a form was sent with."""
    sent = [int(match[1]) for name in data if (match := ROW.search(name)) and match[2] == "value"]
    return min(max([LEAST_ROWS - 1, *sent]) + 1, MOST_TAX_IDS)


def rearranged(data: Mapping[str, Any], country: str) -> dict[str, Any]:
    """Return what was typed in a form, with its numbers in the rows of another country; nothing typed is lost."""
    values = {name: data[name] for name in data}
    rows = [(values.pop(f"tax_ids_{n}_type", ""), values.pop(f"tax_ids_{n}_value", "")) for n in range(MOST_TAX_IDS)]
    entries = [{"type": kind, "value": value} for kind, value in rows if value]
    for row, (kind, value) in enumerate(arranged(entries, country)):
        values |= {f"tax_ids_{row}_type": kind, f"tax_ids_{row}_value": value}
    return values


class TaxIdsMixin(forms.Form):
    """Rows of numbers, each of a kind and a value. ``tax_country`` is where the party is, as far as it is said."""

    tax_country: str = ""
    tax_rows: range = range(0)

    def add_tax_ids(self, entries: Iterable[Mapping[str, str]]) -> None:
        """Add a field for the kind and one for the number of each row."""
        rows = arranged(entries, self.tax_country)
        self.tax_rows = range(sent_rows(self.data) if self.is_bound else len(rows))
        for row in self.tax_rows:
            kind, value = rows[row] if row < len(rows) else ("", "")
            self.initial.update({f"tax_ids_{row}_type": kind, f"tax_ids_{row}_value": value})
            typed = {"list": "tax-id-types", "placeholder": _("Type"), "dir": "auto", "autocomplete": "off"}
            self.fields[f"tax_ids_{row}_type"] = forms.CharField(
                label=_("Type of number"), required=False, widget=forms.TextInput(attrs=typed)
            )
            self.fields[f"tax_ids_{row}_value"] = forms.CharField(
                label=kind or _("Number"),
                required=False,
                widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}),
            )

    def row_kind(self, row: int) -> str:
        """Return the kind that stands in a row."""
        return str(self[f"tax_ids_{row}_type"].value() or "")

    @property
    def known_tax_ids(self) -> list[tuple[BoundField, BoundField, str, str]]:
        """The rows of the country's kinds: the kind to be sent along, the number, its name and what it is."""
        known = kinds_of(self.tax_country)
        return [
            (self[f"tax_ids_{row}_type"], self[f"tax_ids_{row}_value"], kind, str(HINTS.get(kind, "")))
            for row in self.tax_rows
            if (kind := self.row_kind(row)) in known
        ]

    @property
    def other_tax_ids(self) -> list[tuple[BoundField, BoundField]]:
        """The rows in which the kind is to be written, too."""
        known = kinds_of(self.tax_country)
        rows = [row for row in self.tax_rows if self.row_kind(row) not in known]
        return [(self[f"tax_ids_{row}_type"], self[f"tax_ids_{row}_value"]) for row in rows]

    @property
    def has_other_tax_ids(self) -> bool:
        """Whether anything stands in such a row, or is wrong with it; else they are folded away."""
        return any(field.value() or field.errors for pair in self.other_tax_ids for field in pair)

    @property
    def shows_vat(self) -> bool:
        """Whether businesses of the country have a VAT number beside the others; Morocco's is the ICE."""
        return self.tax_country != "MA" or bool(self["vat_number"].value() or self["vat_number"].errors)

    @property
    def shows_cr(self) -> bool:
        """Whether the commercial registration is asked for by itself, and not among the country's kinds."""
        return not kinds_of(self.tax_country) or bool(self["cr_number"].value() or self["cr_number"].errors)

    @property
    def tax_id_types(self) -> tuple[str, ...]:
        """Kinds to suggest."""
        return TAX_ID_TYPES

    def filled_tax_rows(self) -> list[int]:
        """Return the rows in which a number stands, or a kind that was written: a country's own were not."""
        written = self.cleaned_data
        return [
            row
            for row in self.tax_rows
            if written.get(f"tax_ids_{row}_value") or written.get(f"tax_ids_{row}_type", "") not in {"", *ALL_KINDS}
        ]

    def tax_ids(self) -> list[dict[str, str]]:
        """Return the numbers as the services take them."""
        written = self.cleaned_data
        return [
            {part: written[f"tax_ids_{row}_{part}"] for part in ("type", "value")} for row in self.filled_tax_rows()
        ]

    def tax_error_names(self) -> dict[str, str]:
        """Return the fields by the names of the services' errors, where the place in a list is not the row's."""
        names = {"tax_ids": "tax_ids_0_value"}
        for index, row in enumerate(self.filled_tax_rows()):
            names |= {f"tax_ids[{index}].{part}": f"tax_ids_{row}_{part}" for part in ("type", "value")}
        return names
