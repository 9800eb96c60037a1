"""What is done with an invoice: each act asks on a page of its own, then does, and goes back to the invoice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.errors import AppError, NotFound, RateLimited
from accounts.templatetags.ui import money_text
from accounts.web.forms import put_errors
from invoicing.domain.lifecycle import status
from invoicing.models import Invoice, Payment
from invoicing.queries import refunds_of
from invoicing.services.corrections import cancel_invoice
from invoicing.services.drafts import delete_draft, duplicate_invoice
from invoicing.services.issuing import issue_invoice
from invoicing.services.sending import mark_sent
from invoicing.services.settlement import mark_paid, record_payment, record_refund
from invoicing.web.base import UNPROCESSABLE, InvoicePage, detail_url
from invoicing.web.detail import payment_form
from invoicing.web.forms import OnceForm, PaymentForm, RefundForm, amount_text
from invoicing.web.offers import cancelling, offers_of


class InvoiceAct(InvoicePage):
    """An act with a form: ``GET`` asks, ``POST`` does it once and goes on."""

    permission = Permission.WRITE
    template: ClassVar[str] = "invoicing/invoice_act.html"
    form_class: ClassVar[type[OnceForm]] = OnceForm
    offer: ClassVar[str] = ""  # its name among what is offered

    invoice: Invoice

    def setup(self, request: HttpRequest, *args: Any, **kwargs: Any) -> None:
        """Keep which invoice is meant."""
        super().setup(request, *args, **kwargs)
        self.pk = str(kwargs["pk"])

    def get(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Ask."""
        self.invoice = self.invoice_or_404(self.pk)
        return self.asked(self.empty_form())

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Do it. What is refused at a field shows there; any other refusal shows on the invoice's page."""
        self.invoice = self.invoice_or_404(self.pk)
        form = self.filled_form()
        form.is_valid()
        try:
            return self.once(lambda: self.carry_out(form), otherwise=detail_url(self.invoice))
        except NotFound:
            raise
        except AppError as refused:
            return self.refused(form, refused)

    def refused(self, form: OnceForm, refused: AppError) -> HttpResponse:
        """Show a refusal where it belongs."""
        if refused.errors and len(form.fields) > 1:
            put_errors(form, refused, self.error_names(form))
            return self.asked(form, status=UNPROCESSABLE)
        if isinstance(refused, RateLimited):
            raise refused
        reasons = [str(text) for texts in refused.errors.values() for text in texts]
        messages.warning(self.request, " ".join([str(refused.detail), *reasons]))
        return redirect(detail_url(self.invoice))

    def asked(self, form: OnceForm, status: int = 200) -> HttpResponse:
        """Show the page that asks."""
        context = {"invoice": self.invoice, "form": form, **self.question(), **self.refusal()}
        return self.page(self.template, context, status=status)

    def refusal(self) -> Mapping[str, Any]:
        """Return why the act cannot be done now, and the way on; nothing where it can."""
        if not self.offer:
            return {}
        known = offers_of(self.invoice, was_sent=False) | offers_of(self.invoice, was_sent=True)
        found = known.get(self.offer)
        if found and not found.reason:
            return {}
        label = str(status(self.invoice, at=timezone.now()).label)
        reason = _("The document is “%(status)s”, which does not allow this.") % {"status": label}
        return {"forbidden": found.reason if found else reason, "way_on": found.way_on if found else None}

    def empty_form(self) -> OnceForm:
        """Return the form as it is shown at first."""
        return self.form_class()

    def filled_form(self) -> OnceForm:
        """Return the form with what was sent."""
        return self.form_class(self.request.POST)

    def error_names(self, form: OnceForm) -> Mapping[str, str]:
        """Return the form's fields by the names that errors give, where they differ."""
        return {}

    def question(self) -> Mapping[str, Any]:
        """Return what the page asks: ``title``, ``text``, ``action`` and, where it destroys, ``danger``."""
        raise NotImplementedError

    def carry_out(self, form: OnceForm) -> str:
        """Do it and return where to go."""
        raise NotImplementedError


class Issue(InvoiceAct):
    """Give a draft its number."""

    offer = "issue"

    def question(self) -> Mapping[str, Any]:
        """Ask before what cannot be undone."""
        return {
            "title": _("Issue this invoice?"),
            "text": _("It gets its number and can no longer be changed. A mistake is then corrected by a credit note."),
            "action": _("Issue"),
            "busy": _("Issuing…"),
        }

    def carry_out(self, form: OnceForm) -> str:
        """Issue it."""
        if self.invoice.is_draft:
            issued = issue_invoice(invoice=self.invoice, actor=self.actor, at=timezone.now())
            messages.success(self.request, _("Issued as %(number)s.") % {"number": issued.number})
        return detail_url(self.invoice)


class Mark(InvoiceAct):
    """Note by hand that an invoice was handed over, or paid in full."""

    def question(self) -> Mapping[str, Any]:
        """Ask which."""
        if self.wanted == "paid":
            amount = money_text(self.invoice.amount_due, self.invoice.currency)
            return {
                "title": _("Mark as paid?"),
                "text": _("A payment of all that is due, %(amount)s, is recorded today.") % {"amount": amount},
                "action": _("Mark as paid"),
                "hidden": [("as", "paid")],
            }
        return {
            "title": _("Mark as sent?"),
            "text": _("For an invoice that you handed over yourself. Nothing is mailed."),
            "action": _("Mark as sent"),
            "hidden": [("as", "sent")],
        }

    @property
    def wanted(self) -> str:
        """What it is to be marked as."""
        return "paid" if (self.request.POST or self.request.GET).get("as") == "paid" else "sent"

    def carry_out(self, form: OnceForm) -> str:
        """Do it."""
        if self.wanted == "paid":
            mark_paid(invoice=self.invoice, actor=self.actor, at=timezone.now())
            messages.success(self.request, _("Marked as paid."))
        else:
            mark_sent(invoice=self.invoice, actor=self.actor, at=timezone.now())
            messages.success(self.request, _("Marked as sent."))
        return detail_url(self.invoice)


class RecordPayment(InvoiceAct):
    """Book money that came in."""

    offer = "pay"
    form_class = PaymentForm

    def empty_form(self) -> OnceForm:
        """Return the form for all that is due."""
        return payment_form(self.invoice)

    def filled_form(self) -> OnceForm:
        """Return the form with what was sent."""
        form = PaymentForm(self.request.POST)
        form.address_to(self.invoice.client_email)
        return form

    def question(self) -> Mapping[str, Any]:
        """Say what is due."""
        amount = money_text(self.invoice.amount_due, self.invoice.currency)
        return {
            "title": _("Record a payment"),
            "text": _("Amount due: %(amount)s") % {"amount": amount},
            "action": _("Record payment"),
            "busy": _("Recording…"),
            "after": _("Less than is due leaves the invoice partly paid. Its receipt can be downloaded afterwards."),
        }

    def carry_out(self, form: OnceForm) -> str:
        """Book it."""
        payment = record_payment(invoice=self.invoice, actor=self.actor, at=timezone.now(), data=form.given())
        amount = money_text(payment.amount, payment.currency)
        messages.success(self.request, _("Payment of %(amount)s recorded.") % {"amount": amount})
        return detail_url(self.invoice)


class RecordRefund(InvoiceAct):
    """Book money that went back."""

    form_class = RefundForm

    @property
    def payment(self) -> Payment:
        """The payment of which something goes back. Raises ``NotFound``."""
        rows = Payment.objects.filter(invoice=self.invoice, pk=self.kwargs["payment"]).select_related("invoice")
        payment = rows.first()
        if payment is None:
            raise NotFound
        payment.invoice.business = self.business
        return payment

    def empty_form(self) -> OnceForm:
        """Return the form for all that is left of the payment."""
        payment = self.payment
        left = payment.amount - sum(row["amount"] for row in refunds_of([payment.pk])[payment.pk])
        return RefundForm(initial={"amount": amount_text(left, payment.currency)})

    def question(self) -> Mapping[str, Any]:
        """Say which payment."""
        payment = self.payment
        return {
            "title": _("Record a refund"),
            "text": _("Of the payment of %(amount)s. The money itself you send back yourself.")
            % {"amount": money_text(payment.amount, payment.currency)},
            "action": _("Record refund"),
        }

    def carry_out(self, form: OnceForm) -> str:
        """Book it."""
        refund = record_refund(payment=self.payment, actor=self.actor, at=timezone.now(), data=form.given())
        amount = money_text(refund.amount, self.invoice.currency)
        messages.success(self.request, _("Refund of %(amount)s recorded.") % {"amount": amount})
        return detail_url(self.invoice)


class Cancel(InvoiceAct):
    """Take an issued invoice back."""

    offer = "cancel"

    def question(self) -> Mapping[str, Any]:
        """Say what it will do."""
        outcome = cancelling(self.invoice)
        return {
            "title": _("Cancel this invoice?"),
            "text": outcome.text,
            "action": _("Cancel the invoice"),
            "keep": _("Keep it"),
            "danger": True,
        }

    def carry_out(self, form: OnceForm) -> str:
        """Cancel it, or issue the credit note that takes it back."""
        if self.invoice.cancelled_at:
            return detail_url(self.invoice)
        outcome = cancel_invoice(invoice=self.invoice, actor=self.actor, at=timezone.now())
        if outcome.credit_note:
            sentence = _("Credit note %(number)s was issued.") % {"number": outcome.credit_note.number}
            messages.success(self.request, sentence)
            return detail_url(outcome.credit_note)
        messages.success(self.request, _("Cancelled."))
        return detail_url(self.invoice)


class Duplicate(InvoiceAct):
    """Write a new draft like this one."""

    offer = "duplicate"

    def question(self) -> Mapping[str, Any]:
        """Say what is copied."""
        return {
            "title": _("Duplicate this invoice?"),
            "text": _("A new draft with the same client and lines. Number, dates and reference are not copied."),
            "action": _("Duplicate"),
        }

    def carry_out(self, form: OnceForm) -> str:
        """Copy it."""
        copy = duplicate_invoice(actor=self.actor, invoice=self.invoice, at=timezone.now())
        messages.success(self.request, _("This is the copy."))
        return reverse("invoicing:invoice_edit", args=[copy.pk])


class Delete(InvoiceAct):
    """Throw a draft away."""

    offer = "delete"

    def question(self) -> Mapping[str, Any]:
        """Ask before what cannot be undone."""
        return {
            "title": _("Delete this draft?"),
            "text": _("It is gone for good. No number was used."),
            "action": _("Delete"),
            "keep": _("Keep it"),
            "danger": True,
        }

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Delete it; the second press of the button finds nothing left to do."""
        if request.POST.get("once") and not self.invoices().filter(pk=self.pk).exists():
            return self.once(self.gone, otherwise=reverse("invoicing:invoice_list"))
        return super().post(request, **kwargs)

    def gone(self) -> str:
        """Say that there is no such draft. Raises ``NotFound``."""
        raise NotFound

    def carry_out(self, form: OnceForm) -> str:
        """Delete it."""
        delete_draft(actor=self.actor, invoice=self.invoice)
        messages.success(self.request, _("The draft was deleted."))
        return reverse("invoicing:invoice_list")
