from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings as configured
from django.utils import timezone

from accounts import queue
from config import celery, health

pytestmark = pytest.mark.django_db

BROKER = "ok" if configured.CELERY_BROKER_URL else "embedded"


def test_health_is_ok_while_everything_answers(client):
    queue.beat("test")
    answer = client.get("/health")
    assert (answer.status_code, answer.json()) == (
        200,
        {
            "status": "ok",
            "checks": {"database": "ok", "cache": "ok", "broker": BROKER, "storage": "ok", "worker": "ok"},
        },
    )
    assert "no-store" in answer["Cache-Control"]


def test_health_needs_a_worker(client):
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["status"], answer.json()["checks"]["worker"]) == (
        503,
        "failed",
        "failed",
    )


def test_health_wants_a_recent_sign_of_the_worker(client):
    queue.beat("test")
    queue.Heartbeat.objects.update(seen_at=timezone.now() - timedelta(seconds=91))
    assert client.get("/health").status_code == 503


def test_health_needs_the_storage(client, settings, tmp_path):
    queue.beat("test")
    (tmp_path / "file").write_text("")
    settings.MEDIA_ROOT = tmp_path / "file" / "media"
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["checks"]["storage"]) == (503, "failed")


def test_health_needs_the_broker_where_there_is_one(client, settings, monkeypatch):
    queue.beat("test")
    nobody = "redis://127.0.0.1:1/0"
    # Celery reads the settings when it is first asked: before they change, or it would keep what they are here.
    monkeypatch.setattr(celery.app.conf, "broker_url", nobody)
    monkeypatch.setattr(celery.app.conf, "broker_write_url", nobody)
    settings.CELERY_BROKER_URL = nobody
    answer = client.get("/health")
    assert (answer.status_code, answer.json()["checks"]["broker"]) == (503, "failed")


def test_health_tells_nothing_of_why(client, monkeypatch):
    def broken() -> str:
        raise RuntimeError("postgresql://me:hidden@db")

    monkeypatch.setitem(health.CHECKS, "database", broken)
    assert client.get("/health").json()["checks"]["database"] == "failed"


def test_health_is_read_alone(client):
    assert client.post("/health").status_code == 405
