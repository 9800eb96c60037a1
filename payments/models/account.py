"""Through whose account at a gateway a business is paid."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Business
from accounts.sealing import seal, unseal
from accounts.tenancy import ScopedQuerySet

PURPOSE = "payments.account"


class Account(models.Model):
    """How a business takes money by Stripe: by a key of its own, or by the installation's where staff allow it.

    The secrets are sealed, and shown to nobody again.
    """

    business = models.OneToOneField(Business, on_delete=models.CASCADE, primary_key=True, related_name="stripe_account")
    by_installation = models.BooleanField(_("may use the installation's account"), default=False)
    sealed_key = models.TextField(blank=True, editable=False)
    sealed_secret = models.TextField(blank=True, editable=False)
    key_end = models.CharField(_("key ends in"), max_length=4, blank=True, editable=False)
    external_id = models.CharField(_("account"), max_length=100, blank=True, editable=False)
    name = models.CharField(_("name"), max_length=200, blank=True, editable=False)
    is_live = models.BooleanField(_("takes real money"), default=False, editable=False)
    with_invoice = models.BooleanField(_("Stripe makes its own invoice, too"), default=False)
    part_payments = models.BooleanField(_("the client may pay a part"), default=False)
    checked_at = models.DateTimeField(null=True, blank=True, editable=False)
    updated_at = models.DateTimeField(auto_now=True)

    objects = ScopedQuerySet["Account"].as_manager()

    class Meta:
        verbose_name = _("Stripe account")
        verbose_name_plural = _("Stripe accounts")

    def __str__(self) -> str:
        return self.name or self.external_id or str(self.business_id)

    @property
    def key(self) -> str:
        """The business's own key, or an empty text. Raises ``BrokenSeal``."""
        return unseal(self.sealed_key, purpose=PURPOSE) if self.sealed_key else ""

    @key.setter
    def key(self, value: str) -> None:
        self.sealed_key = seal(value, purpose=PURPOSE) if value else ""
        self.key_end = value[-4:]

    @property
    def webhook_secret(self) -> str:
        """The secret that signs the events of the business's own account, or an empty text. Raises ``BrokenSeal``."""
        return unseal(self.sealed_secret, purpose=PURPOSE) if self.sealed_secret else ""

    @webhook_secret.setter
    def webhook_secret(self, value: str) -> None:
        self.sealed_secret = seal(value, purpose=PURPOSE) if value else ""
