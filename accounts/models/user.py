"""A person who signs in."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from accounts.choices import Language
from accounts.identifiers import IdField


class User(AbstractUser):
    """A person who signs in, by email or user name. allauth's ``EmailAddress`` is the truth about the address."""

    id = IdField("usr")
    email = models.EmailField(_("email"))
    full_name = models.CharField(_("full name"), max_length=200, blank=True)
    language = models.CharField(_("language"), max_length=2, choices=Language, default=Language.ENGLISH)
    default_business = models.ForeignKey(
        "accounts.Business", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    # Raised when all tokens must end: at logout and when the password changes.
    token_version = models.PositiveIntegerField(default=0, editable=False)

    first_name = None  # type: ignore[assignment]  # one field holds the whole name, as the person writes it
    last_name = None  # type: ignore[assignment]  # likewise
    REQUIRED_FIELDS = ["email"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_unique"),
            models.UniqueConstraint(Lower("username"), name="user_username_unique"),
        ]

    def __str__(self) -> str:
        return self.full_name or self.username

    def get_full_name(self) -> str:
        """Return the name as the person wrote it."""
        return str(self)

    def get_short_name(self) -> str:
        """Return the first word of the name."""
        return str(self).split(" ", 1)[0]
