"""Through whose account a business is paid, and the keys of its own one."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from accounts.models import Business
from accounts.schema import Cleaner, FieldError, clean_boolean, clean_text
from accounts.sealing import BrokenSeal
from accounts.tenancy import Actor, require
from payments.errors import GatewayDown, InvalidAccount, NotConfigured
from payments.gateways.base import AccountFacts, Gateway, PermanentFailure, TransientFailure
from payments.models import Account
from payments.queries import is_served

INSTALLATION: Final = "installation"
KEY: Final = re.compile(r"(sk|rk)_(test|live)_[A-Za-z0-9_]{8,250}")
SECRET: Final = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,250}")


@dataclass(frozen=True, slots=True)
class Till:
    """A gateway's account that serves a business: its own, or the installation's."""

    gateway: Gateway
    is_own: bool = False


def open_gateway(key: str) -> Gateway:
    """Return the gateway of a key; its package is loaded at first use."""
    gateway: Gateway = import_string("payments.gateways.stripe.Stripe")(key, base=settings.STRIPE_API_BASE)
    return gateway


def till_of(business: Business) -> Till:
    """Return the account through which a business is paid now. Raises ``NotConfigured``."""
    account = Account.objects.filter(business=business).first()
    if account is not None and account.sealed_key:
        return Till(open_gateway(own_key(account)), is_own=True)
    return Till(open_gateway(installation_key(account)))


def same_till(business: Business, *, is_own: bool) -> Till:
    """Return the account that made a request earlier, though another may serve now. Raises ``NotConfigured``."""
    account = Account.objects.filter(business=business).first()
    if not is_own:
        return Till(open_gateway(settings.STRIPE_API_KEY or refuse()))
    if account is None or not account.sealed_key:
        raise NotConfigured
    return Till(open_gateway(own_key(account)), is_own=True)


def installation_key(account: Account | None) -> str:
    """Return the installation's key, where the business may use it. Raises ``NotConfigured``."""
    key: str = settings.STRIPE_API_KEY
    return key if key and is_served(account) else refuse()


def own_key(account: Account) -> str:
    """Return a business's own key. Raises ``NotConfigured`` when it can no longer be read."""
    try:
        return account.key
    except BrokenSeal:
        raise NotConfigured(_("The Stripe key can no longer be read. Enter it again in the settings.")) from None


def refuse() -> str:
    """Raise ``NotConfigured``."""
    raise NotConfigured


def save_account(*, business: Business, actor: Actor, at: datetime, data: Mapping[str, Any]) -> Account:
    """Keep what an owner sets: ``key``, ``webhook_secret`` (empty: as they are), ``with_invoice``, ``part_payments``.

    A new key is tried at Stripe before it is kept. Raises ``InvalidAccount``, ``GatewayDown``.
    """
    require(actor, business, "manage")
    cleaner = Cleaner(data)
    cleaner.take("key", clean_key)
    cleaner.take("webhook_secret", clean_secret)
    cleaner.take("with_invoice", clean_boolean)
    cleaner.take("part_payments", clean_boolean)
    values = cleaner.done(InvalidAccount)
    facts = facts_of(values["key"]) if values.get("key") else None
    with transaction.atomic():
        Account.objects.get_or_create(business=business)
        account = Account.objects.select_for_update().get(business=business)
        if facts is not None:
            account.key = values["key"]
            account.external_id, account.name, account.is_live = facts.external_id, facts.name[:200], facts.live
            account.checked_at = at
        if values.get("webhook_secret"):
            account.webhook_secret = values["webhook_secret"]
        for name in ("with_invoice", "part_payments"):
            if name in values:
                setattr(account, name, values[name])
        account.save()
    return account


def forget_keys(*, business: Business, actor: Actor) -> None:
    """Forget a business's own key and secret; what was asked by them can be closed no more."""
    require(actor, business, "manage")
    with transaction.atomic():
        for account in Account.objects.select_for_update().filter(business=business):
            account.key = account.webhook_secret = ""
            account.external_id, account.name, account.is_live, account.checked_at = "", "", False, None
            account.save()


def facts_of(key: str) -> AccountFacts:
    """Ask the gateway whose key it is. Raises ``InvalidAccount``, ``GatewayDown``."""
    try:
        return open_gateway(key).read_account()
    except PermanentFailure as failure:
        sentence = _("Stripe does not take this key: %(words)s") % {"words": failure.message}
        raise InvalidAccount(errors={"key": [sentence]}) from failure
    except TransientFailure as failure:
        raise GatewayDown from failure


def clean_key(value: Any) -> str:
    """Return a secret or restricted key of Stripe."""
    text = clean_text(value, 300)
    if text.startswith("pk_"):
        raise FieldError(_("This is the publishable key. The secret one begins with sk_ or rk_."))
    if text and not KEY.fullmatch(text):
        raise FieldError(_("A key of Stripe begins with sk_ or rk_."))
    return text


def clean_secret(value: Any) -> str:
    """Return the signing secret of a webhook endpoint."""
    text = clean_text(value, 300)
    if text and not SECRET.fullmatch(text):
        raise FieldError(_("A signing secret of Stripe begins with whsec_."))
    return text
