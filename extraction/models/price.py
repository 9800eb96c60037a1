"""What models cost, and what a business may spend on them."""

from __future__ import annotations

from typing import Any, Final, Self

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Business

RESOLUTIONS: Final = ("low", "medium", "high")
LEVELS: Final = ("minimal", "low", "medium", "high")
MOST_PAGE_TOKENS: Final = 1120  # of a page, at the highest resolution of any model that is known
HIGHEST: Final = 1_000_000
MODEL_NAME: Final = RegexValidator(
    r"\A[a-z0-9]+([.-][a-z0-9]+)*\Z", gettext_lazy("A model's name has small letters, digits, dots and hyphens alone.")
)


def is_count(value: Any) -> bool:
    """Return whether a value is a whole number that can be one of tokens."""
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= HIGHEST


def is_capability(name: str, value: Any, thinking: Any) -> bool:
    """Return whether a capability is known and has a value of its kind."""
    match name:
        case "pdf":
            return isinstance(value, bool)
        case "thinking":
            return value in ("budget", "level")
        case "least_thinking":
            return is_count(value) if thinking == "budget" else thinking == "level" and value in LEVELS
        case "page_tokens":
            return is_count(value)
        case "media_resolution":
            return isinstance(value, dict) and set(value) == set(RESOLUTIONS) and all(map(is_count, value.values()))
    return False


def check_capabilities(value: Any) -> None:
    """Refuse what the engines would not understand. Raises ``ValidationError``.

    ``pdf``: whether it is shown files. ``thinking``: whether it is bounded by a ``budget`` of tokens or by a ``level``, and
    ``least_thinking``: the lowest one the model takes. ``page_tokens``: what a page counts as, or ``media_resolution``:
    the same by resolution, where one can be chosen.
    """
    if not isinstance(value, dict):
        raise ValidationError(_("An object is needed here."))
    kind = value.get("thinking")
    wrong = [name for name, each in value.items() if not is_capability(name, each, kind)]
    if wrong:
        raise ValidationError(_("These are not understood: %(names)s.") % {"names": ", ".join(wrong)})


class ModelPriceQuerySet(models.QuerySet["ModelPrice"]):
    """Prices of models."""

    def valid_on(self, day: object) -> Self:
        """Keep what is valid on a day, the newest price of a model first."""
        return self.filter(valid_from__lte=day).order_by("name", "-valid_from")


class ModelPrice(models.Model):
    """The price of a model from a day on, in USD for a million tokens. Staff edit these.

    ``capabilities`` are what ``check_capabilities`` describes.
    """

    name = models.CharField(gettext_lazy("model"), max_length=100, validators=[MODEL_NAME])
    valid_from = models.DateField(gettext_lazy("valid from"))
    input_price = models.DecimalField(gettext_lazy("for a million tokens in"), max_digits=10, decimal_places=4)
    cached_price = models.DecimalField(
        gettext_lazy("for a million tokens in that were cached"),
        max_digits=10,
        decimal_places=4,
        null=True,
        blank=True,
        help_text=gettext_lazy("Left out, they cost as much as the others."),
    )
    output_price = models.DecimalField(gettext_lazy("for a million tokens out"), max_digits=10, decimal_places=4)
    capabilities = models.JSONField(
        gettext_lazy("capabilities"), default=dict, blank=True, validators=[check_capabilities]
    )
    retired_at = models.DateField(gettext_lazy("retired on"), null=True, blank=True)

    objects = ModelPriceQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("model price")
        verbose_name_plural = gettext_lazy("model prices")
        constraints = [
            models.UniqueConstraint(fields=["name", "valid_from"], name="model_price_unique"),
            models.CheckConstraint(
                condition=Q(input_price__gte=0, output_price__gte=0) & (Q(cached_price=None) | Q(cached_price__gte=0)),
                name="model_price_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.valid_from}"

    def clean(self) -> None:
        """Refuse an empty list, too, which Django takes for nothing given. Raises ``ValidationError``."""
        if not isinstance(self.capabilities, dict):
            raise ValidationError({"capabilities": _("An object is needed here.")})

    def page_tokens(self, resolution: str) -> int:
        """Return what a page counts as at a resolution; where that is not known, the most that any model counts."""
        by_resolution = self.capabilities.get("media_resolution", {})
        return int(by_resolution.get(resolution) or self.capabilities.get("page_tokens") or MOST_PAGE_TOKENS)


class Budget(models.Model):
    """What a business may spend on models in a calendar month, in USD."""

    business = models.OneToOneField(
        Business, on_delete=models.CASCADE, primary_key=True, related_name="extraction_budget"
    )
    monthly_usd = models.DecimalField(gettext_lazy("a month, in USD"), max_digits=10, decimal_places=2)

    class Meta:
        verbose_name = gettext_lazy("budget")
        verbose_name_plural = gettext_lazy("budgets")
        constraints = [models.CheckConstraint(condition=Q(monthly_usd__gte=0), name="budget_not_negative")]

    def __str__(self) -> str:
        return f"{self.business_id}: {self.monthly_usd}"
