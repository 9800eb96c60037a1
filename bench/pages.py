"""The pages of the dashboard against a bare view of Django behind the same middleware.

``python -m bench.pages [--invoices 500]``: on SQLite in a folder that is thrown away; with ``DATABASE_URL`` on PostgreSQL, in
a database made and dropped.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from bench.issue import database

ROUNDS = 15
AT_MOST = 300.0  # milliseconds of the server for a page


def fill(count: int) -> tuple[Any, dict[str, str]]:
    """Write the demo and as many invoices more; return who looks, and the addresses of the pages."""
    from django.utils import timezone

    from accounts.models import Business
    from config.demo import fill as fill_demo
    from invoicing.models import Invoice
    from tests.factories.invoicing import make_issued

    user = fill_demo(email="bench@example.com", password="bench", at=timezone.now())
    business = Business.objects.get()
    issued = (
        Invoice.objects.filter(business=business, state="issued").select_related("client").order_by("-created_at")[0]
    )
    draft = Invoice.objects.filter(business=business, state="draft")[0]
    for _number in range(count):
        make_issued(business, issued.client)
    client = f"/clients/{issued.client_id}"
    return user, {
        "home": "/",
        "list": "/invoices",
        "list: search": "/invoices?search=exemple",
        "invoice": f"/invoices/{issued.pk}",
        "invoice: send": f"/invoices/{issued.pk}/send",
        "draft": f"/invoices/{draft.pk}",
        "editor": "/invoices/new",
        "editor: draft": f"/invoices/{draft.pk}/edit",
        "search": "/search?q=exemple",
        "clients": "/clients",
        "client": client,
        "statement": f"{client}/statement",
        "settings": "/settings/business",
        "look": "/settings/look",
        "public page": f"/pay/{issued.token}",
    }


def timed(act: Callable[[], Any]) -> tuple[float, float]:
    """Return the milliseconds that something takes: of the processor, and by the clock."""
    began = time.process_time(), time.perf_counter()
    answer = act()
    assert answer.status_code == 200, answer.status_code
    return (time.process_time() - began[0]) * 1000, (time.perf_counter() - began[1]) * 1000


def measured(client: Any, address: str) -> tuple[float, float, float]:
    """Return what a page takes of the processor, what the bare view takes, and what the page takes by the clock."""
    ours, peer = [], []
    for _round in range(ROUNDS):  # in turns, so that whatever else the machine does weighs on both
        ours.append(timed(lambda: client.get(address)))
        peer.append(timed(lambda: client.get("/bare")))
    return (
        statistics.median(cpu for cpu, _clock in ours),
        statistics.median(cpu for cpu, _clock in peer),
        statistics.median(clock for _cpu, clock in ours),
    )


def bare(_request: Any) -> Any:
    """Answer with a word."""
    from django.http import HttpResponse

    return HttpResponse("<!doctype html><title>Bare</title><p>Nothing is read.</p>")


def prepare() -> None:
    """Name static files as they are, and add the bare view."""
    from django.conf import settings
    from django.urls import path

    from config import urls

    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1000000/m")
    urls.urlpatterns.insert(0, path("bare", bare))


def main() -> int:
    parser = argparse.ArgumentParser(prog="bench.pages")
    parser.add_argument("--invoices", type=int, default=500)
    count = parser.parse_args().invoices
    with database():
        from django.db import connection
        from django.test import Client

        prepare()
        user, addresses = fill(count)
        client = Client(SERVER_NAME="localhost")
        client.force_login(user)
        print(f"\nPages of a business with {count} invoices on {connection.display_name}, medians of {ROUNDS}\n")
        print(f"{'page':<28}{'ours, ms':>12}{'bare, ms':>12}{'ratio':>8}{'by the clock':>14}{'at most, ms':>14}")
        missed = 0
        for name, address in addresses.items():
            client.get(address)
            ours, peer, clock = measured(client, address)
            missed += ours > AT_MOST
            verdict = "" if ours <= AT_MOST else "  missed"
            print(
                f"{name:<28}{ours:>12.1f}{peer:>12.1f}{peer / ours:>8.3f}{clock:>14.1f}{AT_MOST:>14.0f}{verdict}",
                flush=True,
            )
    return int(bool(missed))


if __name__ == "__main__":
    sys.exit(main())
