"""The public page with its ways to pay, and where the client comes back to from the gateway."""

from __future__ import annotations

from decimal import Decimal
from http import HTTPStatus
from typing import Any

from csp.decorators import csp_update
from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from accounts.errors import InProgress
from accounts.models import Business
from accounts.ratelimits import address_key, enforce
from accounts.schema import FieldError, clean_decimal
from accounts.templatetags.ui import money_text, regional_language
from invoicing.models import Invoice
from invoicing.money import minor_digits
from invoicing.web.forms import parse_number
from invoicing.web.pay import PRIVATE, Pay, PublicPage
from payments.errors import GatewayDown, GatewayRefused, NotConfigured, NothingDue, TooLarge, TooSmall
from payments.queries import has_arrived, invoice_known_to, ways_to_pay
from payments.services.lookups import look_up
from payments.services.requests import create_checkout


class SeeOther(HttpResponse):
    """Sends the client to the gateway, wherever that is."""

    status_code = 303


# The answer to the form leads to the gateway, which a browser takes for the form's own target.
@method_decorator(csp_update({"form-action": ["https:", "http://localhost:*", "http://127.0.0.1:*"]}), name="dispatch")
class PayByCard(Pay):
    """The invoice as its client sees it, with a Pay button while something is due."""

    template_name = "payments/pay.html"

    def context(self) -> dict[str, Any]:
        """Add the ways to pay."""
        return super().context() | {"ways": ways_to_pay(self.invoice)}


@method_decorator(csrf_exempt, name="dispatch")
class Checkout(PayByCard):
    """The Pay button. Its form is exempt from the CSRF check, as the PDF's is: see ``PayPdf``."""

    http_method_names = ["post"]

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Open a checkout for what is due, or for a part of it, and send the client there."""
        enforce("checkout", address_key(request.META.get("REMOTE_ADDR")))
        try:
            amount = self.part()
        except FieldError as error:
            return self.page(status=422, part=request.POST.get("amount", ""), part_error=str(error))
        self.saw()
        try:
            asked = create_checkout(invoice=self.invoice, at=timezone.now(), amount=amount)
        except (NothingDue, InProgress):
            return redirect(f"{reverse('invoicing:pay', args=[token])}?language={self.language}")
        except (TooSmall, TooLarge) as refused:
            return self.page(status=422, part=request.POST.get("amount", ""), part_error=str(refused.detail))
        except (GatewayDown, GatewayRefused, NotConfigured):
            return self.page(status=HTTPStatus.BAD_GATEWAY, is_down=True)
        return SeeOther(headers={"Location": asked.url})

    def part(self) -> Decimal | None:
        """Return the part that the client wants to pay; None is all. Raises ``FieldError``."""
        given = self.request.POST.get("amount", "").strip()
        if not given or not ways_to_pay(self.invoice).in_parts:
            return None
        places = minor_digits(self.invoice.currency)
        due = self.invoice.amount_due
        amount = clean_decimal(parse_number(given), places=places, low=Decimal(1).scaleb(-places))
        if amount is not None and amount > due:
            raise FieldError(_("%(amount)s is due.") % {"amount": money_text(due, self.invoice.currency)})
        return amount


class Paid(PublicPage):
    """Where the client comes back to. It says what is known: the gateway's word may still be on its way."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show whether the payment has arrived, and look it up where nobody told of it yet."""
        session = request.GET.get("session", "")
        arrived = has_arrived(self.invoice, session)
        if session and not arrived:
            enforce("checkout", address_key(request.META.get("REMOTE_ADDR")))
            look_up(invoice=self.invoice, session=session, at=timezone.now())
        context = {
            "invoice": self.invoice,
            "seller_name": self.seller_name,
            "session": session,
            "arrived": arrived,
            "language": self.language,
        }
        part = "payments/paid_state.html" if request.headers.get("HX-Request") else "payments/paid.html"
        return render(request, part, context)


class AskForm(forms.Form):
    """What a client knows of an invoice that they hold in their hands."""

    number = forms.CharField(label=_("Invoice number"), max_length=50)
    email = forms.EmailField(label=_("Your email"), max_length=254)


@method_decorator(never_cache, name="dispatch")
class Ask(View):
    """``/pay/{slug}``: asks for number and email before it shows an invoice, and says nothing of what it has."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        """Find the business, and speak its language."""
        business = Business.objects.filter(slug=kwargs["token"], archived_at=None).first()
        if business is None:
            raise Http404
        self.business = business
        translation.activate(regional_language(business.language, business.country))
        response = super().dispatch(request, *args, **kwargs)
        # No secret is in this address, and the form's check wants to know where it was sent from.
        for name, value in (PRIVATE | {"Referrer-Policy": "same-origin"}).items():
            response[name] = value
        return response

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Ask."""
        return self.page(AskForm(initial={"number": request.GET.get("invoice", "")[:50]}))

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Lead to the invoice, where number and email are those of one."""
        enforce("ask", address_key(request.META.get("REMOTE_ADDR")))
        enforce("ask_business", self.business.pk)
        form = AskForm(request.POST)
        if not form.is_valid():
            return self.page(form, status=422)
        invoice = invoice_known_to(self.business, form.cleaned_data["number"], form.cleaned_data["email"])
        if invoice is None:
            form.add_error(None, _("There is no invoice with this number and this email."))
            return self.page(form, status=422)
        return redirect("invoicing:pay", invoice.token)

    def page(self, form: AskForm, status: int = 200) -> HttpResponse:
        """Return the page."""
        return render(self.request, "payments/ask.html", {"form": form, "business": self.business}, status=status)


pay_by_card, ask = PayByCard.as_view(), Ask.as_view()


def pay(request: HttpRequest, token: str) -> HttpResponseBase:
    """Show an invoice by its token, or ask where a business is named."""
    known = Invoice.objects.filter(token=token).exists()
    return pay_by_card(request, token=token) if known else ask(request, token=token)
