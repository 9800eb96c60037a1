"""The public page of an invoice: what the client sees, in the invoice's language."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone, translation
from django.utils.decorators import method_decorator
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.generic import View

from accounts.choices import Channel, Language
from accounts.models import User
from accounts.queries import actor_for
from accounts.ratelimits import address_key, enforce
from accounts.schema import address_lines
from accounts.templatetags.ui import currency_digits, regional_language
from accounts.tenancy import Actor
from invoicing.choices import InvoiceType
from invoicing.domain.lifecycle import claims, status
from invoicing.domain.snapshot import seller_name, seller_of
from invoicing.models import Invoice, Payment
from invoicing.pdf import qr_svg
from invoicing.services.papers import pdf_of
from invoicing.services.printing import public_url
from invoicing.services.sending import record_view
from invoicing.web.detail import days_left
from invoicing.web.files import edition, pdf_response, sheet_response, sheets_of
from invoicing.web.paper import data_url, paper_of

# Nobody learns the address of the page: no index keeps it, no link passes it on.
LANGUAGES = (("ar", "العربية"), ("en", "English"), ("fr", "Français"))
PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}


@method_decorator(never_cache, name="dispatch")
class PublicPage(View):
    """A page that its token alone opens. A draft opens for those who write it, as it will be."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer in the invoice's language, or the one asked for, and keep the address private."""
        invoice = Invoice.objects.select_related("business", "parent").filter(token=kwargs["token"]).first()
        if invoice is None or (invoice.is_draft and invoice.business_id not in self.visitor().roles):
            raise Http404
        self.invoice = invoice
        self.seller = invoice.seller or seller_of(invoice.business)
        asked = request.GET.get("language", "")
        self.language = asked if asked in Language.values else invoice.language
        translation.activate(regional_language(self.language, self.seller.get("country") or invoice.business.country))
        response = super().dispatch(request, *args, **kwargs)
        for name, value in PRIVATE.items():
            response[name] = value
        return response

    @property
    def seller_name(self) -> str:
        """The seller's name, in the language of the page."""
        return seller_name(self.seller, self.language)

    def visitor(self) -> Actor:
        """Return who looks: a person who is signed in, else anybody."""
        user = self.request.user
        ip = self.request.META.get("REMOTE_ADDR") or None
        if isinstance(user, User):
            return actor_for(user, channel=Channel.PUBLIC, ip=ip)
        return Actor(channel=Channel.PUBLIC, ip=ip)

    def saw(self) -> None:
        """Note that the client saw the invoice."""
        record_view(token=self.invoice.token, actor=self.visitor(), at=timezone.now())


class Pay(PublicPage):
    """The invoice as its client sees it. Looking at the page changes nothing. Upper apps may add ways to pay."""

    template_name = "invoicing/pay.html"

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show it."""
        return self.page()

    def page(self, status: int = 200, **more: Any) -> HttpResponse:
        """Return the page, with what an upper app adds to it."""
        return render(self.request, self.template_name, self.context() | more, status=status)

    def context(self) -> dict[str, Any]:
        """Return what the page shows."""
        invoice, seller, at = self.invoice, self.seller, timezone.now()
        lines = list(invoice.lines.all())
        label = status(invoice, at=at)
        return {
            "invoice": invoice,
            "seller": seller,
            "seller_name": self.seller_name,
            "place": " · ".join(address_lines(seller.get("address") or {}, self.language)[-2:]),
            "language": self.language,
            "languages": [(value, name) for value, name in LANGUAGES if value != self.language],
            "status": label.value,
            "is_owed": claims(invoice) and not invoice.cancelled_at,
            "is_credit": invoice.type == InvoiceType.CREDIT_NOTE,
            "days": days_left(invoice, at=at) if invoice.amount_due else None,
            "lines": [(line, line.subtotal - line.discount_amount) for line in lines],
            "taxes": taxes_of(invoice),
            "minus": {
                "discount": -invoice.discount_amount,
                "paid": -invoice.amount_paid,
                "credited": -invoice.amount_credited,
            },
            "paid_on": paid_on(invoice) if invoice.amount_paid else None,
            "plain_due": f"{invoice.amount_due:.{currency_digits(invoice.currency)}f}",
            "sheets": sheets_of(pdf_of(invoice)) if invoice.is_draft or invoice.pdf_key else None,
            "edition": edition(invoice),
            "paper": paper_of(invoice, lines=lines),
            "code": data_url("image/svg+xml", qr_svg(public_url(invoice)).encode()),
        }


class PaySheet(PublicPage):
    """One page of the PDF as a picture."""

    def get(self, request: HttpRequest, token: str, page: int) -> HttpResponse:
        """Draw it. Raises ``NotFound`` and ``RateLimited``."""
        enforce("picture", address_key(request.META.get("REMOTE_ADDR")))
        return sheet_response(self.invoice, page)


@method_decorator(csrf_exempt, name="dispatch")
class PayPdf(PublicPage):
    """The PDF. Taking it by the page's button counts as having seen the invoice; a plain request does not.

    The button's form is exempt from the CSRF check: the page's own policy hides where it comes from, and all that
    another site could do with an address it must know already is to note a view.
    """

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Return it."""
        return pdf_response(self.invoice)

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Return it to whoever pressed the button."""
        self.saw()
        return pdf_response(self.invoice)


@method_decorator(csrf_exempt, name="dispatch")
class PaySeen(PublicPage):
    """Told by the page once it was visible for two seconds.

    The page sets no cookies, so there is no token to compare: what browsers say of a request's origin is checked.
    """

    def post(self, request: HttpRequest, token: str) -> HttpResponse:
        """Note it. Raises ``PermissionDenied`` when another site's page sent it."""
        if is_from_elsewhere(request):
            raise PermissionDenied
        self.saw()
        return HttpResponse(status=204)


def is_from_elsewhere(request: HttpRequest) -> bool:
    """Return whether a browser says that another site's page sent the request (Fetch Metadata; RFC 6454, 7)."""
    site = request.headers.get("Sec-Fetch-Site", "")
    if site:
        return site != "same-origin"
    origin = request.headers.get("Origin")
    return origin is not None and origin != f"{request.scheme}://{request.get_host()}"


def paid_on(invoice: Invoice) -> Any:
    """Return the moment of the last payment, or None."""
    return (
        Payment.objects.filter(invoice=invoice).order_by("-received_at").values_list("received_at", flat=True).first()
    )


def taxes_of(invoice: Invoice) -> list[dict[str, Any]]:
    """Return the tax by rate, where there is one."""
    return [
        {"rate": Decimal(group["rate"]), "tax_amount": Decimal(group["tax_amount"])}
        for group in invoice.tax_breakdown
        if Decimal(group["tax_amount"])
    ]
