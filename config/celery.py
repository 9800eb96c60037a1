"""The Celery application of production: one generic task and a sweep, both in ``accounts.tasks``."""

from __future__ import annotations

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("config")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks(["accounts"])


def sweep_now() -> None:
    """Ask for a sweep without waiting for the clock."""
    app.send_task("accounts.sweep", retry=False)


def broker_answers() -> None:
    """Knock at the broker. Raises an ``OperationalError`` of kombu after two seconds without an answer."""
    with app.connection_for_write(connect_timeout=2) as connection:
        connection.ensure_connection(max_retries=1, timeout=2)
