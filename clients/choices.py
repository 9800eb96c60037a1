"""The closed lists of clients."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClientType(models.TextChoices):
    """What kind of buyer a client is; it decides which tax invoice the law asks for."""

    BUSINESS = "business", pgettext_lazy("client type", "Business")
    INDIVIDUAL = "individual", _("Individual")
