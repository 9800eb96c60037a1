from __future__ import annotations

import time
from datetime import UTC, datetime, timedelta

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session

from accounts.jobs import chores
from accounts.models import IdempotencyKey, TokenFamily
from tests.factories.accounts import make_user

pytestmark = pytest.mark.django_db

AT = datetime(2026, 11, 20, 9, 0, tzinfo=UTC)
SECOND = timedelta(seconds=1)

calls: list[datetime] = []


def note(at):
    calls.append(at)


def break_down(at):
    raise OSError


@pytest.fixture(autouse=True)
def _no_calls():
    calls.clear()


def test_answers_are_kept_for_a_day():
    for name, age in (("old", timedelta(hours=24)), ("new", timedelta(hours=24) - SECOND)):
        IdempotencyKey.objects.create(actor_key="a", key=name, fingerprint="f", status=201)
        IdempotencyKey.objects.filter(key=name).update(created_at=AT - age)
    chores.forget_answers(AT)
    assert [row.key for row in IdempotencyKey.objects.all()] == ["new"]


def test_token_families_are_kept_while_they_say_something():
    user = make_user()
    for name, expires, revoked in (
        ("expired", AT, None),
        ("live", AT + SECOND, None),
        ("revoked long ago", AT + SECOND, AT - timedelta(days=7)),
        ("revoked", AT + SECOND, AT - timedelta(days=7) + SECOND),
    ):
        TokenFamily.objects.create(user=user, current_jti=name, expires_at=expires, revoked_at=revoked)
    chores.forget_token_families(AT)
    assert sorted(TokenFamily.objects.values_list("current_jti", flat=True)) == ["live", "revoked"]


def test_sessions_go_when_they_expire_with_their_notes():
    user = make_user()
    for name, expires in (("old", AT), ("new", AT + SECOND)):
        Session.objects.create(session_key=name, session_data="", expire_date=expires)
        UserSession.objects.create(user=user, session_key=name, ip="192.0.2.7", user_agent="-")
    chores.forget_sessions(AT)
    assert [row.session_key for row in Session.objects.all()] == ["new"]
    assert [row.session_key for row in UserSession.objects.all()] == ["new"]


def test_chore_that_fails_does_not_stop_the_next(settings):
    settings.CHORES = [f"{__name__}.break_down", f"{__name__}.note"]
    chores.run_all(AT)
    assert calls == [AT]


def test_chores_are_done_once_in_their_time(settings, monkeypatch):
    settings.CHORES = [f"{__name__}.note"]
    monkeypatch.setattr(chores, "EVERY", SECOND)
    assert [chores.run_hourly(), chores.run_hourly()] == [True, False]
    time.sleep(1.1)  # in earnest: Redis has a clock of its own
    assert [chores.run_hourly(), len(calls)] == [True, 2]


def test_every_chore_in_the_settings_can_be_done(settings, caplog):
    chores.run_all(AT)
    assert caplog.records == []
    assert len(settings.CHORES) >= 3
