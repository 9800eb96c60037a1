"""What is done about money at a gateway: a payment link, a refund, an overpayment that goes back."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import AppError, InProgress
from accounts.services.idempotency import Answer, carry_out_outside
from accounts.templatetags.ui import day, money_text
from invoicing.services.received import left_of, overpaid
from invoicing.web.acts import InvoiceAct, RecordRefund
from invoicing.web.base import detail_url
from invoicing.web.forms import OnceForm, RefundForm, amount_text
from payments.errors import GatewayRefused
from payments.queries import is_at_gateway
from payments.services.refunds import refund_overpaid, refund_payment
from payments.services.requests import create_link


class OutsideAct(InvoiceAct):
    """An act that calls a gateway: its steps are stored one by one, and it is still carried out once."""

    order_key = ""

    def once(self, act: Callable[[], str], *, otherwise: str) -> HttpResponse:
        """Carry out what a form orders, as ``InvoicePage.once`` does."""
        if not self.request.POST.get("once"):
            return redirect(act())
        digest = self.order_digest()

        def ordered(order_key: str) -> Answer:
            self.order_key = order_key
            return Answer(302, "", {"Location": act()})

        try:
            answer = carry_out_outside(
                actor_key=self.actor.key,
                key=f"page:{digest}",
                fingerprint=digest,
                at=timezone.now(),
                act=ordered,
            )
        except InProgress:
            messages.info(self.request, _("This is being done already."))
            return redirect(otherwise)
        return redirect(answer.headers["Location"])

    def refused(self, form: OnceForm, refused: AppError) -> HttpResponse:
        """Show a refusal where it belongs, with the gateway's own words."""
        if isinstance(refused, GatewayRefused) and refused.extra.get("reason"):
            words = {"words": refused.extra["reason"]}
            messages.warning(self.request, _("Stripe refused this: %(words)s") % words)
            return redirect(detail_url(self.invoice))
        return super().refused(form, refused)


class MakeLink(OutsideAct):
    """Make a payment link."""

    offer = "pay"

    def question(self) -> Mapping[str, Any]:
        """Say what it asks for."""
        amount = money_text(self.invoice.amount_due, self.invoice.currency)
        return {
            "title": _("Make a payment link?"),
            "text": _("A page at Stripe that asks for all that is due, %(amount)s, and can be paid once.")
            % {"amount": amount},
            "action": _("Make the link"),
            "busy": _("Making…"),
        }

    def carry_out(self, form: OnceForm) -> str:
        """Make it."""
        link = create_link(invoice=self.invoice, actor=self.actor, at=timezone.now(), order_key=self.order_key)
        expires = day(link.expires_at) if link.expires_at else ""
        messages.success(self.request, _("The payment link is there; it expires on %(date)s.") % {"date": expires})
        return f"{detail_url(self.invoice)}#payment-link"


class GatewayRefundForm(RefundForm):
    """Money that Stripe sends back."""

    credit = forms.BooleanField(
        label=gettext_lazy("Write a credit note next"),
        required=False,
        help_text=gettext_lazy("For what was returned or not delivered: it lowers the invoice and its tax."),
    )

    def given(self) -> dict[str, Any]:
        """Return what the refund is, by the API's names."""
        return {name: value for name, value in super().given().items() if name != "credit"}


class RefundPayment(RecordRefund, OutsideAct):
    """Return money: of a Stripe payment at Stripe, else as it was done by hand."""

    form_class = GatewayRefundForm

    def empty_form(self) -> OnceForm:
        """Return the form for all that is left of the payment."""
        payment = self.payment
        form = GatewayRefundForm(initial={"amount": amount_text(left_of(payment), payment.currency)})
        if self.invoice.amount_credited >= self.invoice.total:
            del form.fields["credit"]
        return form

    def question(self) -> Mapping[str, Any]:
        """Say which payment, and who sends the money."""
        payment = self.payment
        if not is_at_gateway(payment):
            return super().question()
        return {
            "title": _("Refund a payment"),
            "text": _("Stripe sends it back to the card of the client. Of the payment of %(amount)s, %(left)s is left.")
            % {
                "amount": money_text(payment.amount, payment.currency),
                "left": money_text(left_of(payment), payment.currency),
            },
            "action": _("Refund"),
            "busy": _("Refunding…"),
            "after": _("Stripe keeps its fee. The client sees the money in 5 to 10 days."),
        }

    def carry_out(self, form: OnceForm) -> str:
        """Return it, and go on to the credit note where that was asked for."""
        refund = refund_payment(
            payment=self.payment,
            actor=self.actor,
            at=timezone.now(),
            data=form.given(),
            order_key=self.order_key,
        )
        amount = money_text(refund.amount, self.invoice.currency)
        if is_at_gateway(self.payment):
            messages.success(self.request, _("%(amount)s goes back to the client.") % {"amount": amount})
        else:
            messages.success(self.request, _("Refund of %(amount)s recorded.") % {"amount": amount})
        if not form.cleaned_data.get("credit"):
            return detail_url(self.invoice)
        credit = reverse("invoicing:invoice_credit", args=[self.invoice.pk])
        return f"{credit}?{urlencode({'refund': refund.pk})}"


class RefundOverpaid(OutsideAct):
    """Return in one step what was paid beyond what is asked."""

    def question(self) -> Mapping[str, Any]:
        """Say how much."""
        over = overpaid(self.invoice)
        if not over:
            return {"title": _("Refund the overpayment"), "nothing": True}
        amount = money_text(over, self.invoice.currency)
        return {
            "title": _("Refund the overpayment?"),
            "text": _("%(amount)s was paid beyond what the invoice asks for. What came by Stripe goes back by Stripe; the rest you send back yourself.")
            % {"amount": amount},
            "action": _("Refund %(amount)s") % {"amount": amount},
            "busy": _("Refunding…"),
        }  # fmt: skip

    def refusal(self) -> Mapping[str, Any]:
        """Say so where nothing was overpaid."""
        if overpaid(self.invoice):
            return {}
        return {"forbidden": _("Nothing was paid beyond what the invoice asks for."), "way_on": None}

    def carry_out(self, form: OnceForm) -> str:
        """Return it."""
        refunds = refund_overpaid(invoice=self.invoice, actor=self.actor, at=timezone.now())
        amount = money_text(sum(refund.amount for refund in refunds), self.invoice.currency)
        messages.success(self.request, _("%(amount)s goes back to the client.") % {"amount": amount})
        return detail_url(self.invoice)
