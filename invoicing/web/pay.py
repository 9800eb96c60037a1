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

from accounts.choices import Channel
from accounts.models import User
from accounts.queries import actor_for
from accounts.schema import address_lines
from accounts.templatetags.ui import regional_language
from accounts.tenancy import Actor
from invoicing.choices import DocumentState, InvoiceType
from invoicing.domain.lifecycle import claims, status
from invoicing.domain.snapshot import seller_name
from invoicing.models import Invoice
from invoicing.pdf import qr_svg
from invoicing.services.printing import public_url
from invoicing.services.sending import record_view
from invoicing.web.detail import days_left, pdf_response
from invoicing.web.paper import data_url, paper_of

# Nobody learns the address of the page: no index keeps it, no link passes it on.
PRIVATE = {"Referrer-Policy": "no-referrer", "X-Robots-Tag": "noindex, nofollow, noarchive"}


@method_decorator(never_cache, name="dispatch")
class PublicPage(View):
    """A page that its token alone opens. Drafts are not there."""

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Answer in the invoice's language, and keep the address private."""
        rows = Invoice.objects.select_related("business", "parent").exclude(state=DocumentState.DRAFT)
        invoice = rows.filter(token=kwargs["token"]).first()
        if invoice is None:
            raise Http404
        self.invoice = invoice
        country = (invoice.seller or {}).get("country") or invoice.business.country
        translation.activate(regional_language(invoice.language, country))
        response = super().dispatch(request, *args, **kwargs)
        for name, value in PRIVATE.items():
            response[name] = value
        return response

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
    """The invoice as its client sees it. Looking at the page changes nothing."""

    def get(self, request: HttpRequest, token: str) -> HttpResponse:
        """Show it."""
        invoice, at = self.invoice, timezone.now()
        seller = invoice.seller or {}
        url = public_url(invoice)
        lines = list(invoice.lines.all())
        context = {
            "invoice": invoice,
            "seller": seller,
            "seller_name": seller_name(seller, invoice.language),
            "place": " · ".join(address_lines(seller.get("address") or {}, invoice.language)[-2:]),
            "status": status(invoice, at=at).value,
            "is_claim": claims(invoice),
            "is_credit": invoice.type == InvoiceType.CREDIT_NOTE,
            "days": days_left(invoice, at=at) if invoice.amount_due else None,
            "lines": [(line, line.subtotal - line.discount_amount) for line in lines],
            "taxes": taxes_of(invoice),
            "minus": {
                "discount": -invoice.discount_amount,
                "paid": -invoice.amount_paid,
                "credited": -invoice.amount_credited,
            },
            "paper": paper_of(invoice, lines=lines),
            "code": data_url("image/svg+xml", qr_svg(url).encode()),
            "url": url,
        }
        return render(request, "invoicing/pay.html", context)


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


def taxes_of(invoice: Invoice) -> list[dict[str, Any]]:
    """Return the tax by rate, where there is one."""
    return [
        {"rate": Decimal(group["rate"]), "tax_amount": Decimal(group["tax_amount"])}
        for group in invoice.tax_breakdown
        if Decimal(group["tax_amount"])
    ]
