"""``/dev/components``: every component in its states, in each language, light and dark. There in the embedded mode alone."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from django import forms
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts.templatetags.ui import STATUSES
from accounts.web.context import THEMES
from accounts.web.dev_mail import embedded_only
from config.pages.home import steps
from config.pages.money import drawn
from invoicing.queries import Beginning, MonthSum

RIGHT_TO_LEFT: Final = "ar"
LANGUAGES: Final = (("en", "English"), ("fr", "Français"), ("ar", "العربية"))
SHADES: Final = (("light", _("Light"), "sun"), ("dark", _("Dark"), "moon"), ("", _("System"), "screen"))
SPRITE: Final = Path(settings.BASE_DIR) / "static" / "icons" / "sprite.svg"
INVOICED: Final = (4200, 9800, 7400, 12600, 10200, 14800, 11300, 8800, 16200, 19400, 22680, 8400)
PAID: Final = (4200, 6100, 9900, 8200, 12400, 10900, 13600, 9100, 8800, 15200, 17300, 3100)
AT: Final = datetime(2026, 11, 18, 9, 12, tzinfo=UTC)


class Fields(forms.Form):
    """Each kind of field; the one on the VAT number is wrong, the number is fixed."""

    contact = forms.CharField(
        label=_("Contact"), required=False, widget=forms.TextInput(attrs={"placeholder": _("Name of a person")})
    )
    vat_number = forms.CharField(label=_("VAT number"), widget=forms.TextInput(attrs={"dir": "ltr"}))
    number = forms.CharField(label=_("Number"), disabled=True, initial="INV-2026-0147", help_text=_("Fixed at issue."))
    currency = forms.ChoiceField(label=_("Currency"), choices=[("MAD", "MAD"), ("SAR", "SAR")])
    notes = forms.CharField(label=_("Notes"), required=False, widget=forms.Textarea(attrs={"rows": 2, "dir": "auto"}))
    remember = forms.BooleanField(label=_("Mail automatically"), required=False)

    def clean_vat_number(self) -> str:
        """Refuse it, to show how that looks."""
        raise forms.ValidationError(_("15 digits are needed; this has 14."))


@dataclass(frozen=True, slots=True)
class Option:
    """One of a row of segments, tabs or entries of a menu."""

    label: str | Promise
    url: str = ""
    current: bool = False
    icon: str = ""
    value: str = ""
    lang: str = ""
    count: int | None = None
    key: str = ""
    danger: bool = False
    rule: bool = False


@embedded_only
def components(request: HttpRequest) -> HttpResponse:
    """Show them all; ``?dir=rtl`` or ``?language=ar`` in Arabic, ``?theme=dark`` in the dark."""
    asked = request.GET.get("language", RIGHT_TO_LEFT if request.GET.get("dir") == "rtl" else "")
    language = asked if asked in dict(LANGUAGES) else (translation.get_language() or "en")[:2]
    theme = request.GET.get("theme", "")
    with translation.override(language):
        return render(request, "components-page/page.html", shown(language, theme if theme in THEMES else "system"))


def shown(language: str, theme: str) -> dict[str, Any]:
    """Return what the page shows, all of it made up."""
    form = Fields({"vat_number": "30012345670003", "currency": "MAD"})
    form.is_valid()
    return {
        "theme": theme,
        "languages": [
            Option(name, f"?language={code}&theme={theme}", code == language, lang=code) for code, name in LANGUAGES
        ],
        "shades": [
            Option(name, f"?language={language}&theme={code}", (code or "system") == theme, icon)
            for code, name, icon in SHADES
        ],
        "form": form,
        "statuses": list(STATUSES),
        "amounts": [
            (Decimal(amount), currency)
            for amount, currency in (("22680", "MAD"), ("-1450.5", "SAR"), ("0", "MAD"), ("12.345", "KWD"))
        ],
        "tabs": [
            Option(_("All"), "#tabs", current=True, count=42),
            Option(_("Drafts"), "#tabs", count=3),
            Option(_("Overdue"), "#tabs", count=2),
        ],
        "views": [
            Option("PDF", "#segments", current=True),
            Option(_("Mail"), "#segments"),
            Option(_("Pay page"), "#segments"),
        ],
        "menu": [
            Option(_("Duplicate"), "#menu", icon="copy", key="D"),
            Option(_("Credit note"), "#menu", icon="invoice"),
            Option(_("Debit note"), "#menu", icon="plus"),
            Option(_("Cancel invoice"), "#menu", icon="cross", danger=True, rule=True),
        ],
        "clients": [
            {"id": "1", "label": "Riad Exemple", "detail": "compta@riad.example"},
            {"id": "2", "label": "Riad Modèle"},
        ],
        "chart": drawn(months(), 1120, 250),
        "chart_small": drawn(months()[-6:], 358, 200),
        "icons": re.findall(r'symbol id="([^"]+)"', SPRITE.read_text()),
        "steps": steps(Beginning(has_details=True, has_client=False, has_draft=False, has_issued=False)),
        "events": [
            {"tone": "g", "icon": "tick", "title": _("Paid"), "at": AT, "detail": "Riad Exemple"},
            {"tone": "nf", "icon": "plane", "title": _("Sent"), "at": AT, "detail": "compta@riad.example"},
            {"tone": "r", "icon": "warning", "title": _("The mail was not delivered"), "at": AT},
            {"icon": "pencil", "title": _("Draft"), "at": AT},
        ],
    }


def months() -> list[MonthSum]:
    """Return a year of made-up amounts."""
    days = [date(2025 + month // 12, month % 12 + 1, 1) for month in range(11, 23)]
    sums = zip(days, INVOICED, PAID, strict=True)
    return [MonthSum(day, "MAD", Decimal(invoiced), Decimal(paid)) for day, invoiced, paid in sums]
