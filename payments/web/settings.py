"""The settings of card payments: through whose account, with which keys, and what clients may do."""

from __future__ import annotations

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse_lazy
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import FormView

from accounts.web.base import ServiceFormMixin
from accounts.web.settings import SettingsMixin
from payments.errors import GatewayDown
from payments.queries import Standing, standing_of
from payments.services.accounts import forget_keys, save_account

# What Stripe shall tell of
EVENTS = (
    *("checkout.session.completed", "checkout.session.async_payment_succeeded", "payment_intent.succeeded"),
    *("payment_intent.payment_failed", "invoice.payment_failed", "charge.refunded", "refund.created"),
    *("refund.updated", "refund.failed", "charge.dispute.created", "charge.dispute.closed"),
)


def secret_field(label: Any, **options: Any) -> forms.CharField:
    """Return a field for a secret; what was entered is shown to nobody again."""
    attrs = {"dir": "ltr", "autocomplete": "new-password", "spellcheck": "false"}
    return forms.CharField(label=label, required=False, widget=forms.PasswordInput(attrs=attrs), **options)


class CardsForm(forms.Form):
    """The keys of the business's own account, and what clients may do."""

    use_required_attribute = False

    key = secret_field(gettext_lazy("Secret key"))
    webhook_secret = secret_field(gettext_lazy("Signing secret"))
    part_payments = forms.BooleanField(
        label=gettext_lazy("Clients may pay a part"),
        required=False,
        help_text=gettext_lazy("The public page then asks how much. What is left stays due."),
    )
    with_invoice = forms.BooleanField(
        label=gettext_lazy("Stripe makes its own invoice, too"),
        required=False,
        help_text=gettext_lazy("Beside yours, for payment links. Stripe may charge for it."),
    )

    def __init__(self, *args: Any, standing: Standing, editable: bool, **options: Any) -> None:
        account = standing.account
        shown = ("part_payments", "with_invoice")
        options["initial"] = {name: getattr(account, name, False) for name in shown}
        super().__init__(*args, **options)
        if standing.key_end:
            ends = _("Ends in %(end)s. Leave it empty to keep it.") % {"end": standing.key_end}
        else:
            ends = _("Begins with sk_ or rk_. It is tried at Stripe before it is kept.")
        self.fields["key"].help_text = ends
        kept = _("One is kept. Leave it empty to keep it.") if standing.has_secret else _("Begins with whsec_.")
        self.fields["webhook_secret"].help_text = kept
        for field in self.fields.values():
            field.disabled = not editable


class CardsSettings(SettingsMixin, ServiceFormMixin, FormView[CardsForm]):
    """How the business takes cards. Who may not change it sees it all the same, but for the keys."""

    section = "payments:settings_cards"
    template_name = "payments/settings_cards.html"
    form_class = CardsForm
    success_url = reverse_lazy("payments:settings_cards")

    def get_form_kwargs(self) -> dict[str, Any]:
        """Give the form what is kept."""
        given = super().get_form_kwargs()
        return given | {"standing": standing_of(self.business), "editable": self.editable}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        """Add how the business is paid now, and what to enter at Stripe."""
        return super().get_context_data(**kwargs) | {
            "standing": standing_of(self.business),
            "webhook_url": f"{settings.PUBLIC_URL}/webhooks/stripe/{self.business.pk}",
            "events": EVENTS,
            "asked": self.editable and "remove" in self.request.GET,
        }

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Save, or forget the keys."""
        if "remove" not in request.POST:
            return super().post(request, *args, **kwargs)
        forget_keys(business=self.business, actor=self.actor)
        messages.success(request, _("The keys are removed."))
        return redirect(self.get_success_url())

    def save(self, form: forms.Form) -> HttpResponse | None:
        """Try a new key at Stripe, and keep what was entered."""
        try:
            save_account(business=self.business, actor=self.actor, at=timezone.now(), data=form.cleaned_data)
        except GatewayDown:
            form.add_error("key", _("Stripe does not answer, so the key was not tried. Nothing was changed."))
            return self.form_invalid(form)
        messages.success(self.request, _("Saved."))
        return None
