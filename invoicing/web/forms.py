"""Forms of the pages of invoicing. They read what people type; what is right or wrong the services decide."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import lru_cache
from typing import Any, Final

from babel import Locale
from babel.numbers import get_group_symbol
from django import forms
from django.forms.utils import flatatt
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from accounts.identifiers import new_token
from accounts.schema import CURRENCIES, ascii_digits
from accounts.templatetags.ui import currency_digits, current_locale
from accounts.web.business_form import LongSelect
from invoicing.choices import METHODS_BY_HAND
from invoicing.models import Invoice

ARABIC_POINT: Final = "\u066b"
# Signs that people's keyboards and other programs write: minus, Arabic comma, apostrophes and Arabic thousands
# as space, marks of direction as nothing.
TYPED_SIGNS: Final = {
    0x2212: "-",
    0x060C: ",",
    **dict.fromkeys((0x27, 0x2019, 0x066C), " "),
    **dict.fromkeys((0x200E, 0x200F, 0x061C)),
}
PERCENT_SIGN: Final = re.compile(r"^[%\u066a]\s*|\s*[%\u066a]$")
SIGN_AND_DIGITS: Final = re.compile(rf"([+-]?)\s*([\d.,{ARABIC_POINT} ]+)", re.ASCII)
# Digits without groups, in groups of three, or as India groups them
WHOLE: Final = re.compile(r"\d*|\d{1,3}(?:([ .,])\d{3})(?:\1\d{3})*|\d{1,2}(?:,\d{2})+,\d{3}", re.ASCII)
COULD_BE_GROUPED: Final = re.compile(r"[1-9]\d{0,2}", re.ASCII)


def parse_number(typed: str, *, percent: bool = False) -> str:
    """Return a number as people type it as a plain decimal: ``1 234,56``, ``1,234.56`` and ``١٢٣٤٫٥٦`` are 1234.56.

    What could mean two things, such as ``1,234``, is read as the page's language writes numbers. ``percent``: a
    percent sign may stand at either end. What cannot be read comes back as it was typed, for the service to refuse.
    """
    text = ascii_digits(unicodedata.normalize("NFKC", typed)).translate(TYPED_SIGNS).strip()
    if percent:
        text = PERCENT_SIGN.sub("", text)
    match = SIGN_AND_DIGITS.fullmatch(text)
    if match is None or not any(char.isdigit() for char in text):
        return typed.strip()
    sign, body = match[1], match[2].strip()
    point = decimal_mark(body)
    whole, _point, fraction = body.rpartition(point) if point else (body, "", "")
    if not WHOLE.fullmatch(whole) or not (fraction.isdigit() or not fraction):
        return typed.strip()
    plain = re.sub(r"\D", "", whole) or "0"
    return f"{sign.replace('+', '')}{plain}{'.' if fraction else ''}{fraction}"


def decimal_mark(body: str) -> str:
    """Return the sign behind which a number's decimals stand, or nothing where there are none."""
    if ARABIC_POINT in body:
        return ARABIC_POINT
    marks = [char for char in body if char in ".,"]
    if not marks:
        return ""
    if len(set(marks)) > 1:
        return marks[-1]
    if len(marks) > 1:
        return ""
    before, after = body.split(marks[0])
    if len(after) == 3 and COULD_BE_GROUPED.fullmatch(before):
        return "" if marks[0] == get_group_symbol(current_locale()) else marks[0]
    return marks[0]


def number_text(value: Decimal, *, places: int = 0) -> str:
    """Return a number for an input: without groups, with at least ``places`` decimals, as the locale writes its point.

    ``parse_number`` reads it back as the same number.
    """
    written = format(value.normalize(), "f")
    whole, _point, fraction = written.partition(".")
    fraction = fraction.ljust(places, "0")
    mark = current_locale().number_symbols["latn"]["decimal"]
    return f"{whole}{mark}{fraction}" if fraction else whole


class QuickInput(forms.TextInput):
    """An input written at once: the editor has many, and a template for each would take longer than all the rest."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the element."""
        shown = {} if value in (None, "") else {"value": str(value)}
        given = {"type": self.input_type, "name": name, **(attrs or {}), **shown}
        return format_html("<input{}>", flatatt(self.build_attrs(self.attrs, given)))


class QuickTextarea(forms.Textarea):
    """An input for several lines, written at once."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """Return the element; a browser drops the first line end."""
        given = {"name": name, **(attrs or {})}
        return format_html("<textarea{}>\r\n{}</textarea>", flatatt(self.build_attrs(self.attrs, given)), value or "")


class VersionField(forms.IntegerField):
    """The version of what a page shows, hidden in its form; one that cannot be read is a stale one."""

    NONE: Final = -1

    def __init__(self) -> None:
        super().__init__(required=False, widget=forms.HiddenInput())

    def clean(self, value: Any) -> int | None:
        """Return the version, or one that nothing has; nothing where none was sent."""
        try:
            version: int | None = super().clean(value)
        except forms.ValidationError:
            return self.NONE
        return version


class NumberField(forms.CharField):
    """A number typed by a person; its value is a plain decimal as text, or what could not be read."""

    def __init__(self, *, percent: bool = False, **options: Any) -> None:
        self.percent = percent
        attrs = {"inputmode": "decimal", "dir": "ltr", "autocomplete": "off"}
        super().__init__(required=False, widget=QuickInput(attrs=attrs), **options)

    def to_python(self, value: Any) -> str:
        """Return what was typed as a plain decimal."""
        return parse_number(super().to_python(value) or "", percent=self.percent)

    def prepare_value(self, value: Any) -> Any:
        """Return what the input shows: a stored number as the locale writes it, else what was typed."""
        return number_text(value) if isinstance(value, Decimal) else value


def text_field(label: Any, *, widget: forms.Widget | None = None, **options: Any) -> forms.CharField:
    """Return a field for text, whose rules are the service's."""
    return forms.CharField(
        label=label, required=False, widget=widget or forms.TextInput(attrs={"dir": "auto"}), **options
    )


def code_field(label: Any, **options: Any) -> forms.CharField:
    """Return a field for codes, which run from left to right in every language."""
    return text_field(label, widget=forms.TextInput(attrs={"dir": "ltr", "autocomplete": "off"}), **options)


def day_field(label: Any, **options: Any) -> forms.CharField:
    """Return a field for a day, which the service reads."""
    return text_field(label, widget=DayInput(), **options)


def email_field(label: Any, **options: Any) -> forms.CharField:
    """Return a field for an address, which the service checks."""
    return text_field(label, widget=forms.EmailInput(attrs={"autocomplete": "off"}), **options)


def lines_field(label: Any, rows: int, **options: Any) -> forms.CharField:
    """Return a field for several lines of text."""
    return text_field(label, widget=forms.Textarea(attrs={"rows": rows, "dir": "auto"}), **options)


def choice_field(label: Any, choices: Sequence[tuple[str, Any]] = (), **options: Any) -> forms.CharField:
    """Return a field that offers choices; the service knows which are allowed."""
    return text_field(label, widget=LongSelect(choices=list(choices)), **options)


class DayInput(forms.DateInput):
    """The browser's own picker of days."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")


@lru_cache(maxsize=8)
def currency_names(language: str) -> dict[str, str]:
    """Return the currencies by code, each with its name in a language."""
    names = Locale.parse(language, sep="-").currencies
    return {code: f"{code} – {names.get(code, code)}" for code in sorted(CURRENCIES)}


def currency_choices(*first: str) -> list[tuple[str, str]]:
    """Return the currencies to choose from, those named first at the top."""
    names = currency_names((get_language() or "en")[:2])
    top = dict.fromkeys(code for code in first if code in names)
    return [(code, names[code]) for code in [*top, *(code for code in names if code not in top)]]


class OnceForm(forms.Form):
    """A form that is carried out once, however often its button is pressed: ``once`` names the one order."""

    use_required_attribute = False

    once = forms.CharField(required=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, **options: Any) -> None:
        options["initial"] = {"once": new_token(16)} | (options.get("initial") or {})
        super().__init__(*args, **options)

    def given(self) -> dict[str, Any]:
        """Return what was typed, by the API's names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "once"}


class SendForm(OnceForm):
    """A mail to the client."""

    to_email = email_field(_("To"))
    cc = code_field(_("Copies to"), help_text=_("Several with commas between them."))
    subject = text_field(_("Subject"))
    message = lines_field(_("Message"), 7, help_text=_("Amount, link and PDF follow it by themselves."))


class PaymentForm(OnceForm):
    """Money received."""

    amount = NumberField(label=_("Amount"))
    method = choice_field(_("How"), METHODS_BY_HAND)
    received_at = day_field(_("Received on"))
    reference = code_field(_("Reference"), help_text=_("Such as the number of the transfer or of the cheque."))
    send_receipt = forms.BooleanField(label=_("Mail the receipt to the client"), required=False)

    def address_to(self, email: str) -> None:
        """Say where the receipt would go; without an address it is not offered."""
        if email:
            self.fields["send_receipt"].help_text = email
        else:
            del self.fields["send_receipt"]


class RefundForm(OnceForm):
    """Money returned."""

    amount = NumberField(label=_("Amount"))
    reason = text_field(_("Reason"))
    reopen = forms.BooleanField(
        label=_("The client owes it again"),
        required=False,
        help_text=_("Otherwise the invoice counts as refunded and nothing is due."),
    )


class AmendForm(forms.Form):
    """What may still change once issued."""

    use_required_attribute = False

    due_date = day_field(_("Due date"))
    reference = code_field(_("Client’s reference"))
    client_email = email_field(_("Client’s email"))
    client_phone = code_field(_("Client’s phone"))
    notes = lines_field(_("Notes"), 4)
    version = VersionField()

    @classmethod
    def of(cls, invoice: Invoice) -> AmendForm:
        """Return the form with what the invoice says now."""
        return cls(initial={name: getattr(invoice, name) for name in cls.base_fields})

    def given(self) -> Mapping[str, Any]:
        """Return what was typed, by the API's names."""
        return {name: value for name, value in self.cleaned_data.items() if name != "version"}


def amount_text(amount: Decimal, currency: str) -> str:
    """Return an amount for an input, with the currency's decimals."""
    return number_text(amount, places=currency_digits(currency))
