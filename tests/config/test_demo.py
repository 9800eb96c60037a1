"""The demo: made by the services, once, and only in the embedded mode."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from pytest_django import Settings

from accounts.models import Delivery, User
from accounts.queue import run_due
from invoicing.models import Artifact, Invoice
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db


def demo(*arguments: str) -> str:
    out = StringIO()
    call_command("demo", *arguments, stdout=out)
    return out.getvalue()


def test_demo_makes_a_business_once() -> None:
    assert demo() == "Demo data are there: log in as demo@example.com with the password demo.\n"
    before = Invoice.objects.count()
    demo()
    assert (User.objects.count(), Invoice.objects.count(), Delivery.objects.count()) == (1, before, 0)
    assert User.objects.get().check_password("demo")
    numbers = Invoice.objects.exclude(number=None).order_by("issued_at").values_list("number", flat=True)
    assert len(numbers) == len(set(numbers)) == 31


def test_demo_papers_are_rendered_by_the_worker() -> None:
    demo()
    run_due(limit=50)
    assert set(Artifact.objects.values_list("state", flat=True)) == {"done"}


def test_demo_if_empty_leaves_others_alone() -> None:
    make_user()
    assert demo("--if-empty") == ""
    assert User.objects.count() == 1


def test_demo_is_refused_in_production(settings: Settings) -> None:
    settings.EMBEDDED = False
    with pytest.raises(CommandError):
        demo()
    assert User.objects.count() == 0
