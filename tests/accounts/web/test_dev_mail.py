from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.mail import Attachment, deliver, file_of, queue_mail
from accounts.models import Delivery

pytestmark = pytest.mark.django_db
PDF = Attachment("فاتورة 7.pdf", "application/pdf", b"%PDF \x00")


@pytest.fixture(autouse=True)
def _empty(settings: Settings) -> Iterator[None]:
    shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)
    yield
    shutil.rmtree(settings.MAIL_DIR, ignore_errors=True)


def written(subject: str = "Hello", *attachments: Attachment, **fields: Any) -> str:
    """Write a mail's file and return its name in addresses."""
    values = {"template": "verify_email", "to": "a@example.com", "context": {"url": "https://x.example/?a=1&b=2"}}
    delivery = queue_mail(**values | {"language": "en", "subject": subject} | fields)
    deliver(delivery, attachments)
    return delivery.message_id.strip("<>")


def path(name: str, rest: str = "") -> str:
    return f"/dev/mail/{name}{rest}"


def test_mails_are_listed_newest_first(client: Client) -> None:
    for minute, subject in enumerate(["First", "Second", "Third"]):
        file = file_of(written(subject))
        os.utime(file, (minute, minute))
    page = client.get("/dev/mail")
    assert [mail.subject for mail in page.context["mails"]] == ["Third", "Second", "First"]


def test_no_mail_yet(client: Client) -> None:
    page = client.get("/dev/mail")
    assert (page.status_code, list(page.context["mails"]), b"No mail yet." in page.content) == (200, [], True)


def test_a_mail_shows_headers_text_and_files(client: Client) -> None:
    with time_machine.travel("2026-11-20T09:00:00Z", tick=False):
        name = written("Grüße <b>", PDF, cc=["copy@example.com"], reply_to="own@example.com", language="fr")
    page = client.get(path(name))
    mail = page.context["mail"]
    assert (mail.subject, mail.to, mail.language) == ("Grüße <b>", "a@example.com", "fr")
    assert dict(mail.headers) == {
        "From": "Invoices <invoices@localhost>", "To": "a@example.com", "Cc": "copy@example.com",
        "Reply-To": "own@example.com", "Date": "Fri, 20 Nov 2026 09:00:00 +0000", "Message-ID": f"<{name}>",
    }  # fmt: skip
    assert mail.attachments == [(PDF.name, PDF.content_type, PDF.content)]
    html = page.content.decode()
    assert ("Grüße <b>" in html, 'href="https://x.example/?a=1&amp;b=2"' in html) == (False, True)
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in html


def test_the_html_of_a_mail_runs_nothing(client: Client) -> None:
    name = written()
    Delivery.objects.update(html="<html><head></head><script>alert(1)</script></html>")
    deliver(Delivery.objects.get())
    response = client.get(path(name, "/html"))
    assert response.content == b'<html><head><base target="_blank"></head><script>alert(1)</script></html>'
    assert response["X-Frame-Options"] == "SAMEORIGIN"
    assert response["Content-Security-Policy"] == (
        "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
        "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
    )


def test_a_file_of_a_mail_is_kept_not_shown(client: Client) -> None:
    response = client.get(path(written("x", PDF), "/attachments/0"))
    assert (response.content, response["Content-Type"]) == (PDF.content, "application/pdf")
    assert response["Content-Disposition"].startswith("attachment; filename*=utf-8''%D9%81")


@pytest.mark.parametrize("rest", ["", "/html", "/attachments/0"])
@pytest.mark.parametrize("name", ["nothing@here", "..", "..%2f..%2fdb", ".part", "x%00"])
def test_what_is_no_mail_is_not_there(client: Client, name: str, rest: str) -> None:
    assert client.get(path(name, rest)).status_code == 404


def test_a_file_that_a_mail_has_not_is_not_there(client: Client) -> None:
    assert client.get(path(written("x", PDF), "/attachments/1")).status_code == 404


@pytest.mark.parametrize("rest", ["", "/html", "/attachments/0"])
def test_in_production_there_is_no_such_page(client: Client, settings: Settings, rest: str) -> None:
    name = written("x", PDF)
    assert client.get(path(name, rest)).status_code == 200
    settings.EMBEDDED = False
    assert (client.get(path(name, rest)).status_code, client.get("/dev/mail").status_code) == (404, 404)


def test_mails_are_only_read(client: Client) -> None:
    assert (client.post("/dev/mail").status_code, client.post(path(written())).status_code) == (405, 405)
