"""Ordering that a document be read: one run at a time, the newest is the document's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.choices import Permission, QueueState
from accounts.queue import nudge
from accounts.schema import Cleaner, clean_choice, clean_text
from accounts.tenancy import Actor, require
from extraction.choices import AUTO, Mode
from extraction.engines.order import MODEL_ENGINES, NAMES
from extraction.errors import BeingRead, InvalidDocument
from extraction.models import Document, Extraction
from extraction.queries import active_run
from extraction.services.budgets import check_budget
from extraction.services.pricing import check_model


@dataclass(frozen=True, slots=True)
class Order:
    """By what a document shall be read."""

    engine: str = AUTO
    model: str = ""
    mode: str = Mode.STANDARD.value


def clean_order(data: Mapping[str, Any], *, at: datetime) -> Order:
    """Return what was ordered. Raises ``InvalidDocument``, and ``UnknownModel`` that lists the models."""
    cleaner = Cleaner(data)
    cleaner.take("engine", clean_choice, [AUTO, *NAMES])
    cleaner.take("mode", clean_choice, Mode.values)
    cleaner.take("model", clean_text, 100)
    given = {name: value for name, value in cleaner.done(InvalidDocument).items() if value}
    if model_engine := MODEL_ENGINES.get(given.get("engine", "")):
        if not model_engine.is_configured():
            sentence = _("%(engine)s is not set up on this installation. Choose another engine.")
            raise InvalidDocument(errors={"engine": [sentence % {"engine": model_engine.name}]})
        given.setdefault("model", settings.GEMINI_MODEL)
    check_model(given.get("model", ""), day=at.date())
    return Order(**given)


def process(*, document: Document, actor: Actor, at: datetime, data: Mapping[str, Any]) -> Extraction | None:
    """Have a document read unless it was; one that is being read is left at that. None: it was read already."""
    require(actor, document.business_id, Permission.WRITE)
    order = clean_order(data, at=at)
    latest = document.latest
    if latest is not None and latest.state == QueueState.DONE:
        return None
    return active_run(document.pk) or add_run(document=document, actor=actor, at=at, order=order)


def refetch(*, document: Document, actor: Actor, at: datetime, data: Mapping[str, Any]) -> Extraction:
    """Have a document read anew, also after it was verified. Raises ``BeingRead``."""
    require(actor, document.business_id, Permission.WRITE)
    return add_run(document=document, actor=actor, at=at, order=clean_order(data, at=at))


def add_run(*, document: Document, actor: Actor, at: datetime, order: Order) -> Extraction:
    """Queue a run. Raises ``BeingRead`` while there is one, ``BudgetUsedUp`` where a model is ordered by name."""
    try:
        with transaction.atomic():
            Document.objects.select_for_update().get(pk=document.pk)
            if order.engine in MODEL_ENGINES:
                check_budget(document.business, at=at)
            last = Extraction.objects.filter(document=document).aggregate(last=Max("version"))["last"] or 0
            run = Extraction.objects.create(
                business_id=document.business_id,
                document=document,
                ordered_by_id=actor.user_id,
                version=last + 1,
                engine=order.engine,
                model=order.model,
                mode=order.mode,
                run_after=at,
                created_at=at,
            )
            Document.objects.filter(pk=document.pk).update(latest=run, updated_at=at)
            nudge("extraction", run.pk)
    except IntegrityError:
        raise BeingRead from None
    document.latest = run
    return run
