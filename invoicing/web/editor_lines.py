"""The lines of the form an invoice is written with, and the columns that show only where they are used."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, Final

from babel.numbers import format_decimal
from django import forms
from django.forms import BoundField
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from accounts.templatetags.ui import currency_digits, current_locale, figure_text
from invoicing.choices import ItemType, TaxCategory
from invoicing.domain.fields import MAX_DECIMALS
from invoicing.models import Line
from invoicing.web.forms import (
    NumberField,
    QuickInput,
    QuickTextarea,
    choice_field,
    number_text,
    text_field,
)

# What follows from a line's rate unless it is chosen
BY_RATE: Final = frozenset({TaxCategory.STANDARD, TaxCategory.ZERO})
# Columns that are there only where they are used or asked for, with the fields that stand in each
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "tax": ("tax_rate",),
    "description": ("description",),
    "unit": ("unit",),
    "discount": ("discount_rate",),
    "sku": ("sku",),
    "kind": ("type",),
    "category": ("tax_category", "exemption_reason"),
    "arabic": ("name_ar", "description_ar"),
}
COLUMN_NAMES: Final[Mapping[str, Any]] = {
    "tax": gettext_lazy("Tax rate"),
    "description": gettext_lazy("Description"),
    "unit": gettext_lazy("Unit"),
    "discount": gettext_lazy("Discount"),
    "sku": gettext_lazy("SKU"),
    "kind": pgettext_lazy("line", "Kind"),
    "category": gettext_lazy("Tax category"),
    "arabic": gettext_lazy("Arabic beside it"),
}
# Where something stands in a row that somebody has begun
TYPED_FIELDS: Final = ("name", "description", "sku", "unit_price", "name_ar", "description_ar")
# What a field holds where nobody has chosen anything
UNUSED: Final = frozenset({"", "0", ItemType.SERVICE.value})
TWO_ROWS: Final = {"rows": 1, "cols": 40}


PLAIN: Final = re.compile(r"[0-9]{1,15}(?:\.[0-9]{1,6})?")


def line_text(label: Any, direction: str = "auto") -> forms.CharField:
    """Return a field for a text of a line."""
    return text_field(label, widget=QuickInput(attrs={"dir": direction, "autocomplete": "off"}))


def line_area(label: Any, direction: str = "auto") -> forms.CharField:
    """Return a field for several lines of text of a line."""
    return text_field(label, widget=QuickTextarea(attrs=TWO_ROWS | {"dir": direction}))


class LineForm(forms.Form):
    """One line."""

    use_required_attribute = False

    name = line_text(gettext_lazy("Item"))
    quantity = NumberField(label=gettext_lazy("Quantity"))
    unit_price = NumberField(label=gettext_lazy("Unit price"))
    tax_rate = NumberField(label=gettext_lazy("Tax rate"), percent=True)
    description = line_area(gettext_lazy("Description"))
    name_ar = line_text(gettext_lazy("Item in Arabic"), direction="rtl")
    description_ar = line_area(gettext_lazy("Description in Arabic"), direction="rtl")
    unit = line_text(gettext_lazy("Unit"))
    discount_rate = NumberField(label=gettext_lazy("Discount"), percent=True)
    sku = line_text(gettext_lazy("SKU"), direction="ltr")
    type = choice_field(pgettext_lazy("line", "Kind"), ItemType.choices)
    tax_category = choice_field(gettext_lazy("Tax category"), [("", gettext_lazy("By the rate")), *TaxCategory.choices])
    exemption_reason = line_text(gettext_lazy("Why no tax is charged"))

    def __init__(
        self,
        data: QueryDict | None = None,
        *,
        index: str,
        rate: Decimal,
        line: Line | None = None,
        currency: str,
    ):
        super().__init__(data, prefix=f"items-{index}", initial=line_initial(line, currency) if line else None)
        self.index, self.currency = index, currency
        hints = {
            "name": _("Add a line: type an item"),
            "quantity": "1",
            "unit_price": figure_text(Decimal(0), currency),
            "tax_rate": f"{number_text(rate)}%",
        }
        for name, hint in hints.items():
            self.fields[name].widget.attrs |= {"placeholder": hint, "aria-label": str(self.fields[name].label)}
        self.fields["name"].widget.attrs["list"] = "known-items"

    @property
    def problems(self) -> list[tuple[str, str]]:
        """What is wrong, each with the id of its field."""
        if not self.is_bound:
            return []
        found = [(str(self[name].auto_id), name, texts) for name, texts in self.errors.items() if name in self.fields]
        problems = [
            (auto_id, f"{self.fields[name].label}: {' '.join(map(str, texts))}") for auto_id, name, texts in found
        ]
        return problems + [(self.prefix or "", str(text)) for text in self.non_field_errors()]

    def written(self, name: str) -> Any:
        """Return what stands in a field: as typed where something was sent, else as stored."""
        return self.data.get(self.add_prefix(name)) if self.is_bound else self.initial.get(name)

    @property
    def is_blank(self) -> bool:
        """Whether nobody has written anything here."""
        if not self.is_bound:
            return not self.initial
        return not any(str(self.written(name) or "").strip() for name in TYPED_FIELDS)

    @property
    def in_use(self) -> set[str]:
        """The columns in which something was written, or is wrong."""
        wrong = self.errors if self.is_bound else {}
        return {
            column
            for column, names in COLUMNS.items()
            if any(name in wrong or is_used(self.written(name)) for name in names)
        }

    @property
    def price_text(self) -> str:
        """The price that was typed as the page writes it, where it could be read."""
        return price_text(self.cleaned_data.get("unit_price", ""), self.currency) if self.is_bound else ""

    def item(self) -> dict[str, Any]:
        """Return the line by the API's names; what was left empty has its default."""
        return {name: value for name, value in self.cleaned_data.items() if value}


def is_used(value: Any) -> bool:
    """Return whether a field holds more than nobody's choice."""
    return bool(value) and str(value).strip() not in UNUSED


def price_text(written: str, currency: str) -> str:
    """Return a plain decimal as the page writes amounts, with the decimals it has; nothing for any other text."""
    if not PLAIN.fullmatch(written):
        return ""
    pattern = "#,##0." + "0" * currency_digits(currency) + "#" * (MAX_DECIMALS - currency_digits(currency))
    return format_decimal(Decimal(written), format=pattern.rstrip("."), locale=current_locale())


def fields_of(row: LineForm, columns: Iterable[str]) -> list[tuple[str, BoundField]]:
    """Return the fields of a row that stand below its own line, each with its column."""
    return [(column, row[name]) for column in columns if column != "tax" for name in COLUMNS[column]]


def line_initial(line: Line, currency: str) -> dict[str, Any]:
    """Return what a stored line shows."""
    initial = {name: getattr(line, name) for name in LineForm.base_fields}
    initial["unit_price"] = price_text(format(line.unit_price, "f"), currency)
    initial["discount_rate"] = line.discount_rate or None
    if line.tax_category in BY_RATE:
        initial["tax_category"] = ""
    return initial
