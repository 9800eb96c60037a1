"""What a business may spend on models in a calendar month of its time zone: kept by noting the most before each call."""

from __future__ import annotations

from datetime import datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import Business
from extraction.choices import CallState
from extraction.engines.base import Question
from extraction.errors import BudgetUsedUp
from extraction.models import Budget, EngineCall, Extraction, ModelPrice
from extraction.queries import spent_since
from extraction.services.pricing import price_of


def limit_of(business_id: str) -> Decimal:
    """Return what a business may spend in a month, in USD: what staff set, else what the installation allows each."""
    row = Budget.objects.filter(business_id=business_id).first()
    limit: Decimal = settings.EXTRACTION_BUDGET_USD if row is None else row.monthly_usd
    return limit


def month_began(business: Business, at: datetime) -> datetime:
    """Return when the month began in which a moment lies for a business."""
    zone = ZoneInfo(business.timezone)
    return datetime.combine(at.astimezone(zone).date().replace(day=1), time(), zone)


def check_budget(business: Business, *, at: datetime) -> None:
    """Refuse to order a model when all is spent. Raises ``BudgetUsedUp``."""
    limit = limit_of(business.pk)
    spent = spent_since(business_id=business.pk, since=month_began(business, at))
    if spent >= limit:
        raise used_up(limit, spent)


def used_up(limit: Decimal, spent: Decimal) -> BudgetUsedUp:
    """Return the refusal with its figures."""
    sentence = _("What may be spent on models this month is used up: %(spent)s of %(limit)s USD.")
    return BudgetUsedUp(sentence % {"spent": f"{spent:.2f}", "limit": f"{limit:.2f}"}, limit=limit, spent=spent)


def reserve(*, run: Extraction, engine: str, row: ModelPrice, question: Question, at: datetime) -> EngineCall:
    """Note a call that is about to be made, with the most that it can cost. Raises ``BudgetUsedUp``.

    What was noted counts as spent until the call ends, so that calls at once cannot pass the budget together, and stays
    spent where the worker is killed.
    """
    most = price_of(row, question.most, question.most)
    with transaction.atomic():
        # One after the other, so that each sees what the others noted.
        business = Business.objects.select_for_update(no_key=True).get(pk=run.business_id)
        limit = limit_of(business.pk)
        spent = spent_since(business_id=business.pk, since=month_began(business, at))
        if spent + most.usd > limit:
            raise used_up(limit, spent)
        return EngineCall.objects.create(
            business=business,
            extraction=run,
            engine=engine,
            model=question.model,
            mode=question.mode,
            state=CallState.BEGUN,
            price_row=row,
            is_estimate=True,
            called_at=at,
            **most.columns(),
        )
