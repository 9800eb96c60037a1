"""The figures of the caller's businesses: ``/users/me/stats``."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import ApiViewSet
from accounts.choices import Permission
from accounts.models import Business
from accounts.queries import default_business
from invoicing.api.serializers import money
from invoicing.domain.lifecycle import Status
from invoicing.queries import MonthSum, Standing, Statistics

EXAMPLE = {
    "total_invoices": 24,
    "status_breakdown": dict.fromkeys(Status.values, 0)
    | {"draft": 5, "sent": 10, "overdue": 2, "paid": 7, "cancelled": 1},
    "total_revenue": 125000,
    "pending_amount": 45000,
    "overdue_amount": 9000,
    "by_currency": [
        {"currency": "MAD", "revenue": 125000, "pending": 45000, "overdue": 9000},
        {"currency": "EUR", "revenue": 1800, "pending": 0, "overdue": 0},
    ],
    "by_month": [
        {"month": "2026-10", "currency": "MAD", "invoiced": 30000, "paid": 21000},
        {"month": "2026-10", "currency": "EUR", "invoiced": 1800, "paid": 0},
        {"month": "2026-11", "currency": "MAD", "invoiced": 22680, "paid": 5000},
        {"month": "2026-11", "currency": "EUR", "invoiced": 0, "paid": 1800},
    ],
    "payment_link": "https://pay.example/studio-atlas",
}


class StandingSerializer(serializers.Serializer[Any]):
    """How the businesses stand in one currency."""

    currency = serializers.CharField(help_text="ISO 4217.")
    revenue = money(help_text="Payments less refunds.")
    pending = money(help_text="Everything that is due, overdue included.")
    overdue = money(help_text="What is overdue of it.")


class MonthSerializer(serializers.Serializer[Any]):
    """A month in one currency."""

    month = serializers.RegexField(r"^\d{4}-\d{2}$", help_text="Year and month, in the business's time zone.")
    currency = serializers.CharField(help_text="ISO 4217.")
    invoiced = money(help_text="What was issued in it, less what was credited of that since.")
    paid = money(help_text="What was received in it, less what went back in it.")


class BreakdownSerializer(serializers.Serializer[Any]):
    """How many invoices bear each status."""

    def get_fields(self) -> dict[str, serializers.Field[Any, Any, Any, Any]]:
        """Return a count for each status."""
        return {label: serializers.IntegerField(min_value=0) for label in Status.values}


@extend_schema_serializer(
    component_name="Statistics",
    examples=[OpenApiExample("A freelancer", value=EXAMPLE, response_only=True)],
)
class StatisticsSerializer(serializers.Serializer[Any]):
    """The figures of the caller's businesses."""

    total_invoices = serializers.IntegerField(
        min_value=0, help_text="Drafts and issued invoices; notes and cancelled invoices do not count."
    )
    status_breakdown = BreakdownSerializer(help_text="Invoices by status, cancelled ones too; notes do not count.")
    total_revenue = money(help_text="Payments less refunds, in the business's currency.")
    pending_amount = money(help_text="Everything that is due, overdue included, in the business's currency.")
    overdue_amount = money(help_text="What is overdue of it.")
    by_currency = StandingSerializer(
        many=True, help_text="The business's own currency first. Unlike currencies are never added."
    )
    by_month = MonthSerializer(
        many=True,
        help_text="Twelve months, the present one last, each once for every currency in which anything moved in them.",
    )
    payment_link = serializers.CharField(help_text="Of the business that is meant.", allow_blank=True)


@extend_schema(tags=["Users"])
class StatisticsViewSet(ApiViewSet):
    """Figures over all businesses of the caller, or one."""

    queryset = Business.objects.all()
    serializer_class = StatisticsSerializer
    parameters: ClassVar[Mapping[str, Collection[str]]] = {"statistics": ("business_id",)}

    @extend_schema(
        operation_id="users_me_stats",
        summary="Read statistics",
        description=(
            "Over all businesses of the caller, or the one that `business_id` names. The flat amounts are in that "
            "business's currency, or the default one's; other currencies stand in `by_currency`. Debit notes count "
            "in what is invoiced, due and paid, as they ask for money of their own; credit notes lower what their "
            "invoice asks for."
        ),
        responses={200: StatisticsSerializer},
        filters=False,
    )
    def statistics(self, request: Request) -> Response:
        """Answer with the figures that were asked for."""
        businesses = self.businesses()
        figures = Statistics(businesses, at=timezone.now())
        shown = {name: make(figures) for name, make in FIGURES.items() if self.wants(name)}
        return Response(self.sparse(shown | {"payment_link": businesses[0].payment_link}))

    def businesses(self) -> list[Business]:
        """Return the business that is named, or all of the caller's, the default one first."""
        if "business_id" in self.request.query_params:
            return [self.get_business(Permission.READ)]
        first = default_business(self.actor)
        others = Business.objects.for_actor(self.actor).exclude(pk=first.pk).order_by("created_at", "pk")
        return [first, *(each for each in others if self.actor.may(each.pk, Permission.READ))]


def standing(each: Standing) -> dict[str, Any]:
    """Return how the businesses stand in a currency, as the API shows it."""
    return {"currency": each.currency, "revenue": each.revenue, "pending": each.due, "overdue": each.overdue}


def month(each: MonthSum) -> dict[str, Any]:
    """Return a month as the API shows it."""
    return {
        "month": f"{each.month:%Y-%m}",
        "currency": each.currency,
        "invoiced": each.invoiced,
        "paid": each.paid,
    }


FIGURES: Mapping[str, Callable[[Statistics], Any]] = {
    "total_invoices": lambda figures: sum(
        count for label, count in figures.by_status.items() if label != Status.CANCELLED
    ),
    "status_breakdown": lambda figures: figures.by_status,
    "total_revenue": lambda figures: figures.by_currency[0].revenue,
    "pending_amount": lambda figures: figures.dues[0].due,
    "overdue_amount": lambda figures: figures.dues[0].overdue,
    "by_currency": lambda figures: [standing(each) for each in figures.by_currency],
    "by_month": lambda figures: [month(each) for each in figures.by_month],
}
