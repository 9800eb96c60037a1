"""From a refusal to its HTTP status: one table, and the one shape of every error, for pages and API alike."""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from types import MappingProxyType
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import (
    PermissionDenied,
    RequestDataTooBig,
    SuspiciousOperation,
)
from django.core.exceptions import (
    ValidationError as ModelValidationError,
)
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.http.request import UnreadablePostError
from django.shortcuts import render
from django.template.loader import select_template
from django.utils.html import escape
from django.utils.translation import gettext as _
from rest_framework import exceptions as drf
from rest_framework.response import Response
from rest_framework.serializers import as_serializer_error
from rest_framework.views import set_rollback

from accounts import errors as accounts
from accounts.errors import AppError, Sentence
from accounts.web.base import path_of
from clients import errors as clients
from config import logs
from extraction import errors as extraction
from invoicing import errors as invoicing
from payments import errors as payments

logger = logging.getLogger(__name__)

STATUS: Mapping[type[AppError], int] = MappingProxyType(
    {
        accounts.Invalid: 400,
        accounts.WrongCredentials: 401,
        accounts.SecondFactorRequired: 401,
        accounts.NotAllowed: 403,
        accounts.AccountInactive: 403,
        accounts.RegistrationClosed: 403,
        accounts.QuotaExceeded: 403,
        accounts.NotFound: 404,
        accounts.Conflict: 409,
        accounts.InProgress: 409,
        accounts.LostUpdate: 412,
        accounts.RateLimited: 429,
        clients.InvalidClient: 400,
        invoicing.InvalidInvoice: 400,
        invoicing.Immutable: 409,
        invoicing.ImpossibleMove: 409,
        invoicing.DerivedStatus: 409,
        invoicing.NumberTaken: 409,
        invoicing.DateBeforeSeries: 409,
        invoicing.RefundFirst: 409,
        invoicing.CreditNoteRequired: 409,
        invoicing.MoreThanLeft: 409,
        invoicing.MoreThanDue: 400,
        invoicing.NoRecipient: 400,
        invoicing.NoPicture: 400,
        payments.InvalidAccount: 400,
        payments.BadSignature: 400,
        payments.LinkIsOpen: 409,
        payments.NothingDue: 409,
        payments.TooSmall: 409,
        payments.TooLarge: 409,
        payments.EventTooLarge: 413,
        payments.GatewayDown: 502,
        payments.GatewayRefused: 502,
        payments.NotConfigured: 503,
        extraction.InvalidDocument: 400,
        extraction.BadFile: 400,
        extraction.UnknownModel: 400,
        extraction.BudgetUsedUp: 403,
        extraction.BeingRead: 409,
        extraction.IsVerified: 409,
        extraction.StaleVersion: 409,
        extraction.NothingRead: 409,
        extraction.FileTooLarge: 413,
    }
)
# REST framework's words, where ours differ.
CODES: Mapping[str, str] = MappingProxyType(
    {
        "permission_denied": "forbidden",
        "throttled": "rate_limited",
        "token_not_valid": "invalid_token",
        "authentication_failed": "wrong_credentials",
    }
)
# Every machine word that an answer can bear, with its statuses, for the documents. A test compares it with the code.
WORDS: Mapping[str, tuple[tuple[int, ...], str]] = MappingProxyType(
    {
        "above_maximum": ((409,), "The amount is above what Stripe takes."),
        "account_inactive": ((403,), "The account was switched off by staff."),
        "already_invited": ((409,), "This address has an open invitation to the business."),
        "already_member": ((409,), "The person belongs to the business already."),
        "bad_request": ((400,), "The request could not be understood before any view saw it."),
        "bad_signature": ((400,), "The event's signature is missing, wrong or too old."),
        "being_read": ((409,), "The document is being read; one run at a time."),
        "below_minimum": ((409,), "The amount is below what Stripe takes in the currency."),
        "budget_used_up": (
            (403,),
            "What the business may spend on models this month is spent: `spent` of `limit`, in USD.",
        ),
        "business_archived": (
            (409,),
            "The business is archived: it is read, not changed, until its owner restores it.",
        ),
        "conflict": ((409,), "It does not go with the current state; `detail` says why."),
        "credit_note_required": ((409,), "The law wants a credit note instead of a cancellation."),
        "csrf_failed": ((403,), "A browser's form came without its token, or with a stale one."),
        "derived_status": ((409,), "The status follows from facts and cannot be set; `possible` lists what can."),
        "document_verified": ((409,), "A person verified the document, and it stays."),
        "error": ((400, 409), "A refusal that has no word of its own."),
        "forbidden": ((403,), "The role, or the key's scopes, do not allow this."),
        "gateway_failed": ((502,), "Stripe did not answer, also when asked again; nothing was changed here."),
        "gateway_refused": ((502,), "Stripe refused; `reason` are its words."),
        "idempotency_key_reused": ((409,), "The `Idempotency-Key` was used for another request."),
        "immutable": ((409,), "An issued document cannot be changed; `errors` names the fields."),
        "impossible_move": ((409,), "The document's `state` does not allow this; `possible` lists what it does."),
        "in_progress": ((409,), "The same request is being carried out right now; ask again after `Retry-After`."),
        "invalid": ((400,), "Some values are wrong; `errors` names the fields."),
        "invalid_api_key": ((401,), "The API key is wrong, revoked or expired."),
        "invalid_token": ((401,), "The access or refresh token is wrong, used up, revoked or expired."),
        "invitation_over": ((409,), "The invitation was withdrawn, or is too old."),
        "issue_date_out_of_order": ((409,), "The issue date lies before the last one of its series."),
        "lost_update": ((412,), "It was changed since it was read: `If-Match` is stale."),
        "method_not_allowed": ((405,), "The address does not know this method; `Allow` lists those it knows."),
        "mfa_required": ((401,), "The password is right, and a one-time code (`otp`) is needed too."),
        "more_than_due": ((400,), "The payment is larger than what is due."),
        "more_than_left": ((409,), "More is credited or refunded than is left."),
        "no_recipient": ((400,), "There is no address to send to."),
        "not_a_pdf": ((400,), "The uploaded file is empty, no PDF, or damaged beyond repair."),
        "not_acceptable": ((406,), "The description is not served in the media type that `Accept` asks for."),
        "not_authenticated": ((401,), "No credentials were sent."),
        "not_found": ((404,), "It is not there, or it is not yours."),
        "not_ready": ((400,), "The draft is sound, but something stops it from being issued; `errors` says what."),
        "nothing_due": ((409,), "There is nothing to pay on the invoice."),
        "nothing_read": ((409,), "The document has no data yet that could be corrected."),
        "number_taken": ((409,), "Another document of the business has this number."),
        "page_too_large": ((400,), "A page of the PDF has a size that no paper has."),
        "parse_error": ((400,), "The body is not what its media type says, such as malformed JSON."),
        "payment_link_open": ((409,), "The invoice has a payment link that can still be paid; the answer names it."),
        "pdf_locked": ((400,), "The PDF opens by a password alone."),
        "pdf_too_costly": ((400,), "Looking through the PDF takes too much time or memory."),
        "picture_too_costly": ((400,), "Showing the page takes too much time or memory."),
        "quota_exceeded": ((403,), "The plan's quota is used up; the answer says what is used and when it renews."),
        "rate_limited": ((429,), "Too many requests; ask again after `Retry-After` seconds."),
        "refund_first": ((409,), "Money was received: it goes back before the invoice is cancelled."),
        "registration_closed": ((403,), "Sign-up is closed on this installation."),
        "server_error": ((500,), "Our failure; `request_id` is what to tell us."),
        "stale_version": ((409,), "The document's data was changed since `version` was read."),
        "stripe_not_configured": ((503,), "The business has no account at Stripe that it may use."),
        "too_large": ((413,), "The body is too large."),
        "too_many_pages": ((400,), "The PDF has more pages than are read."),
        "unknown_field": ((400,), "`fields` names what is not there; the nearest known name is told."),
        "unknown_model": ((400,), "The model is unknown or retired; `models` lists those on offer."),
        "unknown_parameter": ((400,), "A query parameter or an ordering is not known; the nearest known is told."),
        "unreadable_pdf": ((400,), "The file is no PDF that can be read."),
        "unsupported_media_type": ((415,), "The address does not read this type of body."),
        "wrong_address": ((403,), "The invitation was sent to another address."),
        "wrong_credentials": ((401,), "The user name or the password is wrong."),
    }
)
ROOT = "non_field_errors"
TOKEN_FIELD = "csrfmiddlewaretoken"  # noqa: S105  # the name of a field
SECRET_FIELD = re.compile("password|secret|^code$|^otp")
# The last resort, when not even a template can be rendered.
BARE_PAGE = (
    '<!doctype html><html lang="en"><meta charset="utf-8"><title>{status}</title>'
    "<h1>{title}</h1><p>{detail}</p><p>{request_id}</p></html>"
)


def status_of(error: AppError) -> int:
    """Return the HTTP status of a refusal: its class's, or the nearest ancestor's in the table."""
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def body_of(error: AppError) -> dict[str, Any]:
    """Return the JSON body of a refusal: ``detail``, ``code``, ``errors`` if any, and what else it tells."""
    body: dict[str, Any] = {**error.extra, "detail": str(error.detail), "code": error.machine_code}
    if error.errors:
        body["errors"] = {name: [str(text) for text in texts] for name, texts in error.errors.items()}
    return body


def headers_of(error: AppError) -> dict[str, str]:
    """Return the headers that HTTP wants beside a refusal's status (RFC 9110, 10.2.3 and 11.6.1)."""
    headers = {}
    if "retry_after" in error.extra:
        headers["Retry-After"] = str(error.extra["retry_after"])
    if status_of(error) == HTTPStatus.UNAUTHORIZED:
        headers["WWW-Authenticate"] = "Bearer"
    return headers


def flatten(detail: Any, name: str = "") -> Iterator[tuple[str, list[str]]]:
    """Yield the fields of a serializer's errors with their sentences, named like ``items[0].quantity``."""
    if isinstance(detail, Mapping):
        for key, value in detail.items():
            yield from flatten(value, joined(name, key))
    elif isinstance(detail, str):
        yield name or ROOT, [detail]
    elif all(isinstance(entry, str) for entry in detail):
        if detail:
            yield name or ROOT, [str(entry) for entry in detail]
    else:
        for index, entry in enumerate(detail):
            yield from flatten(entry, joined(name, index))


def joined(name: str, key: str | int) -> str:
    """Return the name of a part: ``[0]`` for a place in a list, ``.quantity`` for a field."""
    if isinstance(key, int):
        return f"{name}[{key}]"
    if key == ROOT:
        return name
    return f"{name}.{key}" if name else key


def validation_body(detail: Any) -> dict[str, Any]:
    """Return the JSON body for a serializer's errors. Sentences about the whole become ``detail``."""
    errors: dict[str, list[str]] = {}
    for name, sentences in flatten(detail):
        errors.setdefault(name, []).extend(sentences)
    whole = " ".join(errors[ROOT]) if list(errors) == [ROOT] else ""
    return {"detail": whole or str(accounts.Invalid.default), "code": accounts.Invalid.code, "errors": errors}


def from_django(exception: Exception) -> Exception:
    """Return Django's own exception as REST framework's, or the same where there is none."""
    match exception:
        case Http404():
            return drf.NotFound()
        case PermissionDenied():
            return drf.PermissionDenied(str(exception) or None)
        case ModelValidationError():
            return drf.ValidationError(as_serializer_error(exception))
        case RequestDataTooBig():
            return TooLarge()
        case SuspiciousOperation() | UnreadablePostError():
            return drf.ParseError()
    return exception


class TooLarge(drf.APIException):
    """The request's body is larger than we read (413)."""

    status_code = HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    default_code = "too_large"

    def __init__(self) -> None:
        super().__init__(_("The request is too large."))


def api_exception_handler(exc: Exception, context: Mapping[str, Any]) -> Response | None:
    """Answer in the one shape for whatever an API view raised. None: it was not foreseen, a 500."""
    exc = from_django(exc)
    if isinstance(exc, AppError):
        set_rollback()
        return Response(body_of(exc), status=status_of(exc), headers=headers_of(exc))
    if isinstance(exc, drf.APIException):
        set_rollback()
        return Response(api_body(exc), status=exc.status_code, headers=api_headers(exc))
    return None


def api_body(exc: drf.APIException) -> dict[str, Any]:
    """Return the JSON body for an exception of REST framework."""
    if isinstance(exc, drf.ValidationError):
        return validation_body(exc.detail)
    detail: Any = exc.detail
    if isinstance(detail, Mapping):  # simplejwt puts sentence and code into a dictionary
        sentence, code = (
            str(detail.get("detail", exc.default_detail)),
            str(detail.get("code", exc.default_code)),
        )
    else:
        sentence, code = str(detail), str(getattr(detail, "code", None) or exc.default_code)
    return {"detail": sentence, "code": CODES.get(code, code)}


def api_headers(exc: drf.APIException) -> dict[str, str]:
    """Return the headers that belong to an exception of REST framework."""
    headers = {}
    if auth_header := getattr(exc, "auth_header", None):
        headers["WWW-Authenticate"] = str(auth_header)
    if wait := getattr(exc, "wait", None):
        headers["Retry-After"] = str(int(wait))
    return headers


def wants_json(request: HttpRequest) -> bool:
    """Return whether a program asks: under ``/api/``, or whoever prefers JSON to a page."""
    if request.path.startswith("/api/"):
        return True
    return request.get_preferred_type(["text/html", "application/json"]) == "application/json"


def answer(
    request: HttpRequest,
    status: int,
    body: Mapping[str, Any],
    *,
    headers: Mapping[str, str] = MappingProxyType({}),
    message: str = "",
) -> HttpResponse:
    """Return an error as JSON or as a page, as the request wants it; ``message`` overrides the page's own words."""
    if wants_json(request):
        return JsonResponse(dict(body), status=status, headers=dict(headers))
    context = {
        **body,
        "status": status,
        "title": _("This could not be done"),
        "message": message,
        "again": request.get_full_path() if request.method == "GET" else "",
        "request_id": logs.request_id.get(),
    }
    template = select_template([f"errors/{status}.html", "errors/error.html"])
    return HttpResponse(template.render(context, request), status=status, headers=dict(headers))


def app_error_response(request: HttpRequest, error: AppError) -> HttpResponse:
    """Answer for a refusal that left a view of pages."""
    message = "" if isinstance(error, accounts.NotFound) else str(error.detail)
    return answer(request, status_of(error), body_of(error), headers=headers_of(error), message=message)


def refusal(request: HttpRequest, status: int, code: str, detail: Sentence, message: Sentence = "") -> HttpResponse:
    """Answer for what Django itself refuses."""
    return answer(request, status, {"detail": str(detail), "code": code}, message=str(message))


def handler400(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that cannot be understood, or is too large (413)."""
    if isinstance(exception, RequestDataTooBig):
        return refusal(request, 413, "too_large", _("The request is too large."))
    return refusal(request, 400, "bad_request", _("The request could not be understood."))


def handler403(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer a request that is not allowed."""
    reason = str(exception)
    return refusal(request, 403, accounts.NotAllowed.code, reason or accounts.NotAllowed.default, reason)


def handler404(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Answer for an address that leads nowhere."""
    return refusal(request, 404, accounts.NotFound.code, accounts.NotFound.default)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Answer a form whose token is missing or stale: what it held can be sent once more, or its page opened again."""
    logger.warning("CSRF: %s", reason)
    sentence = _("This form is no longer valid. Load the page again, then repeat.")
    if wants_json(request):
        return refusal(request, 403, "csrf_failed", sentence)
    ours = came_from_here(request)
    context = {
        "fields": fields_again(request) if ours else [],
        "target": request.get_full_path(),
        "page": path_of(request, request.headers.get("Referer", "")) if ours else "/",
        "request_id": logs.request_id.get(),
    }
    return render(request, "errors/csrf.html", context, status=HTTPStatus.FORBIDDEN)


def came_from_here(request: HttpRequest) -> bool:
    """Return whether the browser says that a page of ours sent this: only then may it be offered to send it again."""
    origin = request.headers.get("Origin") or request.headers.get("Referer", "")
    parts = urlsplit(origin)
    return f"{parts.scheme}://{parts.netloc}" in {f"{request.scheme}://{request.get_host()}", settings.PUBLIC_URL}


def fields_again(request: HttpRequest) -> list[tuple[str, str]]:
    """Return what a form held, or nothing where something cannot be handed back: files, passwords and codes."""
    fields = [(name, value) for name, values in request.POST.lists() for value in values if name != TOKEN_FIELD]
    if request.FILES or any(SECRET_FIELD.search(name) for name, _value in fields):
        return []
    return fields


def handler500(request: HttpRequest) -> HttpResponse:
    """Answer for our own failure: a sentence and the request's id, nothing else, also when templates fail."""
    identifier = logs.request_id.get()
    detail = _("Something went wrong on our side. Tell us the request id: %(id)s.") % {"id": identifier}
    body = {"detail": detail, "code": "server_error", "request_id": identifier}
    try:
        return answer(request, 500, body)
    except Exception:
        logger.exception("The page for a failure failed")
    try:
        # Without the request nothing asks the database, which may be what fails.
        page = select_template(["errors/500.html"]).render({"request_id": identifier})
        return HttpResponse(page, status=500)
    except Exception:
        logger.exception("The plain page for a failure failed")
        text = BARE_PAGE.format(status=500, title="500", detail=escape(detail), request_id=identifier)
        return HttpResponse(text, status=500)
