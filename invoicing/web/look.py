"""The look of the invoice: colour, logo, layout and sheet, with a picture of the paper as it will print."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse, reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.choices import Digits, Language, Look, PaperSize, Permission, SecondLanguage
from accounts.errors import Invalid
from accounts.models import Business
from accounts.ratelimits import enforce
from accounts.services import businesses
from accounts.web.base import DashboardMixin, ServiceFormMixin
from accounts.web.forms import put_errors
from accounts.web.settings import SettingsMixin
from invoicing.models import Invoice
from invoicing.pdf.colours import palette
from invoicing.pdf.document import draw
from invoicing.pdf.picture import page_png
from invoicing.services.samples import latest_issued, sample_of
from invoicing.web.base import UNPROCESSABLE
from invoicing.web.forms import VersionField, choice_field, code_field

PICTURE_WIDTH: Final = 1000  # pixels
PICTURE_AGE: Final = timedelta(minutes=10)
# Width and height of the sheets, for the room that the picture takes
PROPORTIONS: Final = {PaperSize.A4.value: (1000, 1414), PaperSize.LETTER.value: (1000, 1294)}
PICTURE_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Disposition": 'inline; filename="invoice.png"',
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Cache-Control": f"private, max-age={PICTURE_AGE.seconds}",
}
OWN_COLOUR: Final = "own"
COLOURS: Final = (
    ("#0B6B50", gettext_lazy("Green")),
    ("#1F3A5F", gettext_lazy("Blue")),
    ("#8C2D1E", gettext_lazy("Red")),
    ("#6B4E16", gettext_lazy("Brown")),
    ("#14201B", gettext_lazy("Black")),
)
LANGUAGES: Final = ((Language.ENGLISH.value, "EN"), (Language.ARABIC.value, "ع"), (Language.FRENCH.value, "FR"))


class LookForm(forms.Form):
    """What papers look like. What is right or wrong the service decides."""

    use_required_attribute = False

    version = VersionField()
    look = forms.CharField(
        label=gettext_lazy("Layout"),
        required=False,
        widget=forms.RadioSelect(choices=Look.choices, attrs={"class": "vh"}),
    )
    brand_colour = forms.CharField(
        label=gettext_lazy("Colour"),
        required=False,
        widget=forms.RadioSelect(choices=[*COLOURS, (OWN_COLOUR, gettext_lazy("Your own"))], attrs={"class": "vh"}),
    )
    own_colour = code_field(gettext_lazy("Your own colour"))
    paper_size = choice_field(gettext_lazy("Paper"), PaperSize.choices)
    second_language = choice_field(
        gettext_lazy("Second language"),
        SecondLanguage.choices,
        help_text=gettext_lazy(
            "Automatic: Arabic beside, for sellers in Saudi Arabia. One of the two is always Arabic. "
            "Such papers are set in Modern, with Western digits."
        ),
    )
    digits = choice_field(
        gettext_lazy("Digits on papers in Arabic"),
        Digits.choices,
        help_text=gettext_lazy("Of amounts, quantities and dates. Numbers of documents and accounts stay Western."),
    )
    signature_frame = forms.BooleanField(
        label=gettext_lazy("Room for signature and stamp"),
        required=False,
        widget=forms.CheckboxInput(attrs={"class": "sw"}),
    )

    def __init__(self, data: QueryDict | None, *, business: Business, editable: bool) -> None:
        super().__init__(data, initial=initial_of(business))
        self.fields["own_colour"].widget.attrs |= {
            "maxlength": "7", "spellcheck": "false", "autocapitalize": "off", "aria-describedby": "colour-hint",
        }  # fmt: skip
        for field in self.fields.values():
            field.disabled = not editable

    @property
    def colour(self) -> str:
        """The colour that is chosen, as it was typed."""
        chosen = self["brand_colour"].value()
        return str((self["own_colour"].value() if chosen == OWN_COLOUR else chosen) or "").strip()

    def given(self) -> dict[str, Any]:
        """Return what was chosen, as ``update_business`` takes it."""
        names = ("look", "paper_size", "second_language", "digits", "signature_frame")
        return {name: self.cleaned_data[name] for name in names} | {"brand_colour": self.colour}

    def query(self) -> dict[str, str]:
        """Return what is chosen as the address of a picture says it."""
        names = ("look", "paper_size", "second_language", "digits")
        chosen = {name: str(self[name].value() or "") for name in names} | {"brand_colour": self.colour}
        return chosen | ({"signature_frame": "on"} if self["signature_frame"].value() else {})


def initial_of(business: Business) -> dict[str, Any]:
    """Return what the form shows at first."""
    names = ("version", "look", "paper_size", "second_language", "digits", "signature_frame")
    known = {value for value, _label in COLOURS}
    colour = business.brand_colour if business.brand_colour in known else OWN_COLOUR
    own = {"brand_colour": colour, "own_colour": business.brand_colour}
    return {name: getattr(business, name) for name in names} | own


@dataclass(frozen=True, slots=True)
class Picture:
    """The picture of a paper: where it is, how large, and what it shows in words."""

    url: str
    width: int
    height: int
    alt: str
    hint: str


class LookSettings(SettingsMixin, ServiceFormMixin, FormView[LookForm]):
    """The look, with the paper beside it as it will print; who may not change it sees it all the same.

    Asked by htmx it answers with the picture alone, of what is chosen so far.
    """

    section = "invoicing:settings_look"
    template_name = "invoicing/settings_look.html"
    form_class = LookForm
    success_url = reverse_lazy("invoicing:settings_look")

    @property
    def editable(self) -> bool:
        """Whether this person may change the look."""
        return self.actor.may(self.business.pk, Permission.MANAGE)

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form the business, and what is chosen so far."""
        chosen = self.request.POST if self.request.method == "POST" else self.request.GET.copy()
        if self.request.method == "GET":
            chosen["version"] = str(self.business.version)
        data = chosen if "look" in chosen else None
        return {"data": data, "business": self.business, "editable": self.editable}

    def look_form(self) -> LookForm:
        """Return the form with what is chosen so far."""
        form = self.get_form()
        assert isinstance(form, LookForm)
        return form

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Show the page or, to htmx, the picture of what is chosen."""
        form = self.look_form()
        is_right = self.is_right(form)
        if request.headers.get("HX-Request") != "true":
            return self.render_to_response(self.get_context_data(form=form), status=200 if is_right else UNPROCESSABLE)
        context = {"form": form, "picture": self.picture(form), "is_part": True} | self.shown(form)
        # What is half typed is not wrong yet, and has no picture: the last one stays.
        response = render(request, "invoicing/look_part.html", context)
        if not is_right:
            response["HX-Reswap"] = "none"
        return response

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save what is chosen, or show it first."""
        if request.POST.get("act") != "preview" and "show" not in request.POST:
            return super().post(request, *args, **kwargs)
        form = self.look_form()
        status = 200 if self.is_right(form) else UNPROCESSABLE
        return self.render_to_response(self.get_context_data(form=form), status=status)

    def is_right(self, form: LookForm) -> bool:
        """Ask the service about what is chosen; what it refuses shows at its field."""
        form.is_valid()
        if not form.is_bound:
            return True
        try:
            businesses.clean_business(self.business, form.given())
        except Invalid as refused:
            put_errors(form, refused, self.error_names(form))
        return not form.errors

    def save(self, form: forms.Form) -> None:
        """Change the business."""
        assert isinstance(form, LookForm)
        businesses.update_business(
            actor=self.actor, business=self.business, data=form.given(), at=timezone.now(),
            version=form.cleaned_data["version"],
        )  # fmt: skip
        messages.success(self.request, _("Saved."))

    def error_names(self, form: forms.Form) -> Mapping[str, str]:
        """Return the field in which a colour of one's own is typed."""
        return {"brand_colour": "own_colour"}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add the picture and whether the form can be sent."""
        context = super().get_context_data(**kwargs)
        form = context["form"]
        return context | {"editable": self.editable, "picture": self.picture(form)} | self.shown(form)

    def shown(self, form: LookForm) -> dict[str, Any]:
        """Return what both the page and its part show."""
        language = self.language()
        return {
            "languages": [(value, text, Language(value).label, value == language) for value, text in LANGUAGES],
            "language": language,
            "accent": palette(form.colour).accent if not form["own_colour"].errors else "",
            "logo_version": self.business.logo_key[9:21],
        }

    def latest(self) -> Invoice | None:
        """Return the invoice that stands for all, read once."""
        if not hasattr(self, "_latest"):
            self._latest = latest_issued(self.business)
        return self._latest

    def language(self) -> str:
        """Return the language of the paper that is shown."""
        asked = asked_language(self.request)
        latest = self.latest()
        return asked or (latest.language if latest else self.business.language)

    def picture(self, form: LookForm) -> Picture | None:
        """Return the picture of what is chosen, or None while something of it is wrong."""
        if form.errors and any(name in form.errors for name in form.query() | {"own_colour": ""}):
            return None
        latest, language, chosen = self.latest(), self.language(), form.query()
        # The address names what else the picture is made of, so that an old one is not shown again.
        made_of = (self.business.pk, self.business.version, latest.pk if latest else "", latest and latest.version)
        query = QueryDict(mutable=True)
        query.update(chosen | {"language": language, "v": hashlib.sha256(repr(made_of).encode()).hexdigest()[:12]})
        width, height = PROPORTIONS[chosen["paper_size"]]
        words = {
            "look": Look(chosen["look"]).label,
            "paper": PaperSize(chosen["paper_size"]).label,
            "colour": chosen["brand_colour"],
            "language": Language(language).label,
        }
        alt = _("Page 1 of the invoice: layout %(look)s, paper %(paper)s, colour %(colour)s, in %(language)s.") % words
        hint = _("Your invoice %(number)s.") % {"number": latest.number} if latest else _("A made-up invoice.")
        return Picture(f"{reverse('invoicing:settings_look_picture')}?{query.urlencode()}", width, height, alt, hint)


class LookPicture(DashboardMixin):
    """The first page of an invoice, as it would print with the look that the address names."""

    def get(self, request: HttpRequest) -> HttpResponse:
        """Draw it. Raises ``Invalid`` for what is no look, and ``RateLimited``."""
        enforce("picture", self.actor.key)
        form = LookForm(request.GET, business=self.business, editable=True)
        form.is_valid()
        document = sample_of(
            actor=self.actor,
            business=self.business,
            data=form.given() if "look" in request.GET else {},
            at=timezone.now(),
            invoice=latest_issued(self.business),
            language=asked_language(request),
        )
        content = page_png(draw(document), width=PICTURE_WIDTH)
        return HttpResponse(content, content_type="image/png", headers=PICTURE_HEADERS)


def asked_language(request: HttpRequest) -> str:
    """Return the language that a request names for the paper, or nothing."""
    sent = request.POST if request.method == "POST" else request.GET
    asked = sent.get("show") or sent.get("language") or ""
    return asked if asked in Language.values else ""
