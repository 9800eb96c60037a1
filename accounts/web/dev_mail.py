"""``/dev/mail``: the mails that became files. Only where no mail leaves the machine; elsewhere it is not there."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import wraps
from pathlib import Path
from typing import Any, cast

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from accounts.mail import file_of

SHOWN = 200
HEADERS = ("From", "To", "Cc", "Reply-To", "Date", "Message-ID")
FRAME_POLICY = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; style-src 'unsafe-inline'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)

PageView = Callable[..., HttpResponse]


@dataclass(frozen=True, slots=True)
class Mail:
    """A mail read from its file."""

    name: str
    message: EmailMessage

    @property
    def headers(self) -> list[tuple[str, str]]:
        """The headers that people care for."""
        return [(name, str(self.message[name])) for name in HEADERS if self.message[name]]

    @property
    def subject(self) -> str:
        """What it is about."""
        return str(self.message["Subject"] or "")

    @property
    def to(self) -> str:
        """Who gets it."""
        return str(self.message["To"] or "")

    @property
    def language(self) -> str:
        """The language it is written in."""
        return str(self.message["Content-Language"] or "")

    @property
    def sent_at(self) -> datetime | None:
        """The moment of its Date header."""
        moment: datetime | None = getattr(self.message["Date"], "datetime", None)
        return moment

    @property
    def text(self) -> str:
        """The plain text."""
        return self.body("plain")

    @property
    def html(self) -> str:
        """The HTML, or nothing."""
        return self.body("html")

    def body(self, kind: str) -> str:
        """Return the body of a kind, ``plain`` or ``html``."""
        part = self.message.get_body((kind,))
        return str(part.get_content()) if part else ""

    @property
    def attachments(self) -> list[tuple[str, str, bytes]]:
        """Name, content type and bytes of each file."""
        return [
            (part.get_filename() or "file", part.get_content_type(), cast(bytes, part.get_payload(decode=True)))
            for part in self.message.iter_attachments()
        ]


def embedded_only(view: PageView) -> PageView:
    """Let a view be there in the embedded mode alone."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if not settings.EMBEDDED:
            raise Http404
        return view(request, *args, **kwargs)

    return require_safe(wrapper)


def read(path: Path) -> Mail:
    """Read a mail's file."""
    message = message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    return Mail(path.stem, message)


def newest(limit: int = SHOWN) -> list[Mail]:
    """Return the latest mails, newest first."""
    files = sorted(Path(settings.MAIL_DIR).glob("*.eml"), key=lambda path: path.stat().st_mtime_ns, reverse=True)
    return [read(path) for path in files[:limit]]


def find(name: str) -> Mail:
    """Return one mail. Raises ``Http404``."""
    path = file_of(name)
    if path.stem != name or not path.is_file():
        raise Http404
    return read(path)


@embedded_only
def mail_list(request: HttpRequest) -> HttpResponse:
    """List the mails."""
    return render(request, "accounts/dev_mail.html", {"mails": newest()})


@embedded_only
def mail_message(request: HttpRequest, name: str) -> HttpResponse:
    """Show one mail."""
    return render(request, "accounts/dev_mail_message.html", {"mail": find(name)})


@embedded_only
def mail_html(request: HttpRequest, name: str) -> HttpResponse:
    """Return a mail's HTML for a frame in which nothing runs; its links open in a new tab."""
    html = find(name).html
    if not html:
        raise Http404
    return HttpResponse(
        html.replace("<head>", '<head><base target="_blank">', 1),
        headers={"Content-Security-Policy": FRAME_POLICY, "X-Frame-Options": "SAMEORIGIN"},
    )


@embedded_only
def mail_attachment(request: HttpRequest, name: str, number: int) -> HttpResponse:
    """Return one file of a mail, to be kept."""
    attachments = find(name).attachments
    if number >= len(attachments):
        raise Http404
    file_name, content_type, content = attachments[number]
    disposition = content_disposition_header(as_attachment=True, filename=file_name)
    return HttpResponse(
        content, content_type=content_type, headers={"Content-Disposition": disposition or "attachment"}
    )
