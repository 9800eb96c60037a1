"""Serve the application with its workers, until Ctrl-C or SIGTERM."""

from __future__ import annotations

import os
import socket
import sys
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.checks import Tags
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connections
from django.utils.crypto import salted_hmac

from config import celery, server
from config.management.commands.demo import DEMO_EMAIL, DEMO_PASSWORD
from config.supervisor import Child, Supervisor

BACKLOG = 2048


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. Raises ``SystemExit`` with a sentence where the port is not to be had."""
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise SystemExit(
            f"Port {port} cannot be used ({error.strerror}). "
            "Stop the program that has it, or choose another: make run PORT=8001"
        ) from None
    listener.listen(BACKLOG)
    return listener


def workers() -> list[Child]:
    """Return who does the slow work: Celery where there is a broker, else our own worker."""
    python = [sys.executable, "-m"]
    if not settings.CELERY_BROKER_URL:
        return [Child("worker", [sys.executable, str(settings.BASE_DIR / "manage.py"), "work"])]
    schedule = settings.VAR_DIR / "celerybeat-schedule"
    concurrency = str(os.cpu_count() or 2)
    return [
        Child(
            "worker",
            [*python, "celery", "-A", "config", "worker", "--concurrency", concurrency, "-l", "INFO"],
        ),
        Child("beat", [*python, "celery", "-A", "config", "beat", "--schedule", str(schedule), "--pidfile="]),
    ]


def sandbox() -> list[Child]:
    """Return what stands in for Stripe on a machine that has no key of Stripe's; never in production."""
    if not settings.EMBEDDED or settings.STRIPE_API_KEY:
        return []
    # Read by the children: to them it is Stripe, at another address.
    os.environ |= {  # noqa: TID251 -- for the children
        "STRIPE_API_KEY": settings.SANDBOX_KEY,
        "STRIPE_API_BASE": f"http://{settings.PUBLIC_HOST}:{settings.SANDBOX_PORT}",
        "STRIPE_WEBHOOK_SECRET": f"whsec_{salted_hmac('payments.sandbox', 'webhook').hexdigest()}",
    }
    return [Child("sandbox", [sys.executable, str(settings.BASE_DIR / "manage.py"), "sandbox"])]


def web(listener: socket.socket) -> Child:
    """Return the web server, which inherits the socket: while it restarts, callers wait instead of failing."""
    number = listener.fileno()
    command = [
        sys.executable,
        "-m",
        "gunicorn",
        "-c",
        "python:config.server",
        "--bind",
        f"fd://{number}",
        "config.wsgi",
    ]
    return Child("web", command, pass_fds=(number,))


class Command(BaseCommand):
    """Bring everything up to date, then run the web server and its workers."""

    help = "Serves the application with its workers at PUBLIC_URL."
    requires_system_checks = [Tags.security]

    def handle(self, *args: Any, **options: Any) -> None:
        """Prepare, say where, and run until asked to stop."""
        listener = listen(server.host(), settings.PORT)
        call_command("prepare", stdout=self.stdout)
        if settings.CELERY_BROKER_URL:
            self.knock()
        if settings.EMBEDDED:
            call_command("demo", if_empty=True, stdout=self.stdout)
        self.greet()
        connections.close_all()
        # Gunicorn reads it by itself, and fails on an empty one.
        os.environ["WEB_CONCURRENCY"] = str(settings.WEB_CONCURRENCY)  # noqa: TID251 -- for the child
        helpers = sandbox()  # before the others, who shall know of it
        code = Supervisor([*helpers, web(listener), *workers()]).run()
        self.stdout.write("Stopped.")
        sys.exit(code)

    def knock(self) -> None:
        """Leave word for the first worker, or stop with a sentence where the broker does not answer."""
        try:
            celery.broker_answers()
            celery.sweep_now()
        except Exception as error:
            raise SystemExit(f"REDIS_URL: Redis does not answer ({error}).") from None

    def greet(self) -> None:
        """Say where the application is, how to sign in, and where mail goes."""
        lines = [f"Invoices are served at {settings.PUBLIC_URL}"]
        if settings.EMBEDDED and get_user_model().objects.filter(email=DEMO_EMAIL).exists():
            lines.append(f"To look around, sign in as {DEMO_EMAIL} with the password {DEMO_PASSWORD}")
        lines.append(self.mail())
        if settings.EMBEDDED and not settings.STRIPE_API_KEY:
            lines.append("Payments go to a sandbox, where no money moves: pay with the card 4242 4242 4242 4242")
        lines.append("Ctrl-C stops everything.")
        self.stdout.write("\n".join(["", *lines, ""]))
        self.stdout.flush()

    def mail(self) -> str:
        """Return a sentence on where mail goes."""
        if settings.SMTP:
            return f"Mail goes to {settings.SMTP['host']}"
        shown = f", shown at {settings.PUBLIC_URL}/dev/mail" if settings.EMBEDDED else ""
        return f"Mail is kept under {settings.MAIL_DIR}{shown}"
