"""What each request passes through: its id and true address, its language, and the page for a refusal."""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable
from ipaddress import ip_address
from secrets import randbelow, token_hex
from typing import Any

import brotli
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.core.cache import cache
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.middleware.gzip import GZipMiddleware
from django.utils import translation
from django.utils.cache import patch_vary_headers

from accounts.api.base import tell_usage
from accounts.errors import AppError
from accounts.ratelimits import address_key, count_request
from config import errors, logs

logger = logging.getLogger("config.requests")

ID_FORM = re.compile(r"[A-Za-z0-9._-]{8,64}")
# Names of path parts that open something by themselves: such a path is logged as its pattern.
SECRET_PARTS = frozenset({"token", "key", "uidb36", "secret"})
FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_PROTO", "HTTP_X_FORWARDED_HOST", "HTTP_X_REAL_IP")

SEEN_EVERY = 60  # seconds

TAKES_BROTLI = re.compile(r"\bbr\b(?!\s*;\s*q=0(\.0*)?\s*(,|$))")
BROTLI_QUALITY = 6  # takes a page the time that gzip takes
SHORT = 200  # bytes, as Django's own
BLUR = 100  # bytes at most, as Django's own

GetResponse = Callable[[HttpRequest], HttpResponseBase]


def is_proxy(address: str) -> bool:
    """Return whether an address is one of ``TRUSTED_PROXIES``."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    return any(parsed in network for network in settings.TRUSTED_PROXIES)


def client_address(peer: str, forwarded: str) -> str:
    """Return who asks: the last address that no trusted proxy of ours has, read from the right."""
    address = peer
    for hop in reversed([part.strip() for part in forwarded.split(",")] if forwarded else []):
        if not is_proxy(address):
            break
        try:
            address = str(ip_address(hop))
        except ValueError:
            break
    return address


class PageCompressionMiddleware(GZipMiddleware):
    """Compresses pages and blurs their length; answers of the API keep their length and their strong ETag."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> HttpResponseBase:
        """Compress a page, by Brotli where the browser takes it: a tenth smaller than by gzip."""
        if not response.get("Content-Type", "").startswith("text/html"):
            return response
        if isinstance(response, HttpResponse) and TAKES_BROTLI.search(request.headers.get("Accept-Encoding", "")):
            compress_by_brotli(response)
        return super().process_response(request, response)


def compress_by_brotli(response: HttpResponse) -> None:
    """Compress a page whose true length a comment at its end hides, as Django hides it in a gzip header (BREACH)."""
    if len(response.content) < SHORT or response.has_header("Content-Encoding"):
        return
    blur = b"<!--%s-->" % token_hex(randbelow(BLUR)).encode()
    response.content = brotli.compress(response.content + blur, quality=BROTLI_QUALITY)
    response["Content-Length"] = str(len(response.content))
    response["Content-Encoding"] = "br"
    patch_vary_headers(response, ("Accept-Encoding",))


class RequestIdMiddleware:
    """Gives each request an id for answers and logs, and its true address; writes one line a request."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer with ``X-Request-ID``: the caller's, where it has the form of one, or a new one."""
        given = request.headers.get("X-Request-ID", "")
        identifier = given if ID_FORM.fullmatch(given) else token_hex(8)
        logs.request_id.set(identifier)
        logs.user_id.set("-")
        self.settle_address(request)
        started = time.monotonic()
        response = self.get_response(request)
        response["X-Request-ID"] = identifier
        self.log(request, response, time.monotonic() - started)
        return response

    def settle_address(self, request: HttpRequest) -> None:
        """Put the caller's address where Django and everybody else looks, and drop headers nobody vouches for."""
        peer = request.META.get("REMOTE_ADDR", "")
        if is_proxy(peer):
            address = client_address(peer, request.META.get("HTTP_X_FORWARDED_FOR", ""))
        else:
            address = peer
            for name in FORWARDED:
                request.META.pop(name, None)
        request.META["REMOTE_ADDR"] = address
        request.client_ip = address  # type: ignore[attr-defined]  # named for readers; META has the same

    def log(self, request: HttpRequest, response: HttpResponseBase, seconds: float) -> None:
        """Write the request's line."""
        user = getattr(request, "user", None)
        if user is not None and user.is_authenticated:
            logs.user_id.set(str(user.pk))
        logger.info(
            "%s %s %d %d ms",
            request.method,
            loggable_path(request),
            response.status_code,
            round(seconds * 1000),
        )


def loggable_path(request: HttpRequest) -> str:
    """Return the path on one line, without its query, or its pattern where the path itself is a secret."""
    match = request.resolver_match
    if match is not None and SECRET_PARTS & match.kwargs.keys():
        return f"/{match.route}"
    return "".join(char if char.isprintable() else repr(char)[1:-1] for char in request.path)


class UsageMiddleware:
    """Tells the rate limit also where no view of the API answers: for a failure of ours, or what Django refuses."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Add the headers to answers under ``/api/`` that lack them, and count what no view has counted."""
        response = self.get_response(request)
        if request.path.startswith("/api/") and "X-RateLimit-Limit" not in response:
            counted = getattr(request, "usage", None)
            tell_usage(response, counted or count_request(address_key(request.META.get("REMOTE_ADDR"))))
        return response


class UserLanguageMiddleware:
    """Speaks the language that a signed-in user has chosen."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Activate the user's language for this request."""
        if request.user.is_authenticated:
            logs.user_id.set(str(request.user.pk))
            language = request.user.language
            if language in dict(settings.LANGUAGES):
                translation.activate(language)
                request.LANGUAGE_CODE = language
        return self.get_response(request)


class SessionSeenMiddleware:
    """Notes when a session was last used, for its owner's list of sessions: once a minute, not at each page."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Note it, then answer."""
        key = request.session.session_key
        if key and request.user.is_authenticated and cache.add(f"session-seen:{key}", 1, timeout=SEEN_EVERY):
            UserSession.objects.create_from_request(request)
        return self.get_response(request)


class ErrorMiddleware:
    """Refuses what no page can mean, and turns a foreseen refusal that left a view into its page, or its JSON, with the status of the one table."""

    def __init__(self, get_response: GetResponse) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Pass the request on."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> None:
        """Refuse NUL, which PostgreSQL cannot look up, on pages; the API names the field that has it."""
        if request.path.startswith("/api/"):
            return
        if "\0" in request.path:
            raise Http404
        # What takes no form may want to read its body as it came.
        forms = [request.GET] if getattr(view, "csrf_exempt", False) else [request.GET, request.POST]
        if any("\0" in value for form in forms for _name, values in form.lists() for value in values):
            raise SuspiciousOperation("NUL in a form")

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponseBase | None:
        """Answer for an ``AppError``; leave everything else to Django."""
        return errors.app_error_response(request, exception) if isinstance(exception, AppError) else None
