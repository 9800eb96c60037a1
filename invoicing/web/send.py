"""Sending an invoice, or a reminder of it, by mail: the page shows the mail as it will go out."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from accounts.choices import Permission
from accounts.web.forms import put_errors
from invoicing.errors import InvalidInvoice
from invoicing.services.sending import clean_message, preview_mail, send_again, send_invoice, usual_words
from invoicing.web.acts import InvoiceAct
from invoicing.web.base import UNPROCESSABLE, InvoicePage, detail_url
from invoicing.web.forms import OnceForm, SendForm
from invoicing.web.mail_preview import mail_preview


class Send(InvoiceAct):
    """Send it to its client; ``?as=reminder`` reminds of what is due."""

    template = "invoicing/invoice_send.html"
    form_class = SendForm

    @property
    def is_reminder(self) -> bool:
        """Whether the client has the invoice and is reminded of it."""
        return (self.request.POST or self.request.GET).get("as") == "reminder" and not self.invoice.is_draft

    def empty_form(self) -> OnceForm:
        """Return the form with the client's address and the usual words, to be changed."""
        usual = usual_words(self.invoice, at=timezone.now(), reminder=self.is_reminder)
        return SendForm(initial={"to_email": self.invoice.client_email, **usual})

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Send it, or show what is written so far."""
        if request.POST.get("act") != "preview":
            return super().post(request, **kwargs)
        self.invoice = self.invoice_or_404(self.pk)
        form = self.filled_form()
        return self.asked(form, status=200 if self.is_right(form) else UNPROCESSABLE)

    def is_right(self, form: OnceForm) -> bool:
        """Ask the service about what is written; what it refuses shows at its field."""
        form.is_valid()
        try:
            clean_message(form.given())
        except InvalidInvoice as refused:
            put_errors(form, refused, self.error_names(form))
        return not form.errors

    def error_names(self, form: OnceForm) -> Mapping[str, str]:
        """Return the field of the copies, each of which has an error of its own."""
        return {f"cc[{place}]": "cc" for place in range(100)}

    def question(self) -> Mapping[str, Any]:
        """Say what goes out, or why nothing can."""
        invoice = self.invoice
        amount = invoice.total if invoice.is_draft else invoice.amount_due or invoice.total
        return {"reminder": self.is_reminder, "amount": amount}

    @property
    def offer(self) -> str:  # type: ignore[override]  # it depends on what is asked for
        """Its name among what is offered."""
        if self.invoice.is_draft:
            return "send"
        return "remind" if self.is_reminder else "send_again"

    def asked(self, form: OnceForm, status: int = 200) -> HttpResponse:
        """Show the page with the mail beside the form."""
        context = {"invoice": self.invoice, "form": form, **self.question(), **self.refusal()}
        if "forbidden" not in context:
            context["preview"] = self.preview(form)
            usual = preview_mail(invoice=self.invoice, at=timezone.now(), reminder=self.is_reminder)
            form.fields["subject"].widget.attrs["placeholder"] = usual.subject
        return self.page(self.template, context, status=status)

    def preview(self, form: OnceForm) -> SafeString:
        """Return the mail as it is written so far."""
        written = {name: str(form[name].value() or "") for name in ("to_email", "cc", "subject", "message")}
        return mail_preview(
            self.invoice,
            at=timezone.now(),
            to=written["to_email"].strip(),
            cc=[written["cc"].strip()] if written["cc"].strip() else [],
            subject=written["subject"],
            message=written["message"].strip(),
            reminder=self.is_reminder,
        )

    def carry_out(self, form: OnceForm) -> str:
        """Queue the mail; a draft is issued first."""
        data = form.given()
        reminder = self.is_reminder
        send_invoice(invoice=self.invoice, actor=self.actor, at=timezone.now(), data=data, reminder=reminder)
        to = data["to_email"] or self.invoice.client_email
        messages.success(self.request, _("The mail to %(address)s is on its way.") % {"address": to})
        return detail_url(self.invoice)


class SendPreview(Send):
    """The mail alone, as it is written so far: asked for while somebody writes."""

    def post(self, request: HttpRequest, **kwargs: str) -> HttpResponse:
        """Return it."""
        self.invoice = self.invoice_or_404(self.pk)
        return HttpResponse(self.preview(self.filled_form()))


class SendAgain(InvoicePage):
    """Try a mail that failed once more, as it was written."""

    permission = Permission.WRITE

    def post(self, request: HttpRequest, pk: str, delivery: str) -> HttpResponse:
        """Queue it and go back to the invoice; pressed twice it is queued once."""
        invoice = self.invoice_or_404(pk)
        send_again(invoice=invoice, delivery_id=delivery, actor=self.actor, at=timezone.now())
        messages.success(request, _("The mail is tried again."))
        return redirect(detail_url(invoice))
