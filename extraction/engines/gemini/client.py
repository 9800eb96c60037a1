"""Sends requests by Google's own library, bounded in time and size: the only importer of ``google.genai``."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache, partial
from typing import Any, Final

import httpx2
from django.conf import settings
from google import genai
from google.auth.exceptions import GoogleAuthError, RefreshError
from google.auth.transport.requests import Request as AuthRequest
from google.genai import errors, types
from google.oauth2.service_account import Credentials

from extraction.choices import Failure
from extraction.engines.base import EngineFailed, Told, Usage
from extraction.engines.gemini.answer import Reply
from extraction.engines.gemini.question import ATTEMPTS, Request

TIMEOUT: Final = 60_000  # milliseconds, of each attempt
TOKEN_TIMEOUT: Final = 10.0  # seconds, for a token of Vertex
FIRST_DELAY: Final = 1.0  # seconds before the second attempt
MOST_BYTES: Final = 4_000_000  # of an answer
LONGEST_WAIT: Final = 3600.0  # seconds that a provider can make us wait
SCOPE: Final = "https://www.googleapis.com/auth/cloud-platform"
# What is worth another attempt at once. 429 is not: the provider says when, and the queue waits for that.
PASSING: Final = (408, 500, 502, 503, 504)
UNAUTHENTICATED, NOT_FOUND, TOO_LARGE, TOO_MANY = 401, 404, 413, 429


class Bounded(httpx2.SyncByteStream):
    """An answer that is given up where it takes too long or is too large: a timeout alone bounds each piece of it."""

    def __init__(self, stream: Any, until: float) -> None:
        self.stream = stream
        self.until = until

    def __iter__(self) -> Iterator[bytes]:
        size = 0
        for chunk in self.stream:
            size += len(chunk)
            if time.monotonic() > self.until:
                raise httpx2.ReadTimeout("The answer took too long.")
            if size > MOST_BYTES:
                raise httpx2.DecodingError("The answer is too large.")
            yield chunk

    def close(self) -> None:
        """Close the connection's own stream."""
        self.stream.close()


class Tally:
    """Counts the requests that went out and the answers that came, for what was lost may cost as well."""

    def __init__(self) -> None:
        self.sent = self.answered = 0
        self.until = 0.0

    @property
    def lost(self) -> int:
        """How many requests went out without an answer."""
        return self.sent - self.answered

    def request(self, request: httpx2.Request) -> None:
        """Watch a request."""
        self.until = time.monotonic() + TIMEOUT / 1000
        request.extensions = {**request.extensions, "trace": self.trace}

    def trace(self, event: str, info: Any) -> None:
        """Count a request once its head is out."""
        self.sent += event.endswith("send_request_headers.complete")

    def response(self, response: httpx2.Response) -> None:
        """Bound an answer; a refusal counts as answered, whose price is known, another one when it was read."""
        assert isinstance(response.stream, httpx2.SyncByteStream)
        response.stream = Bounded(response.stream, self.until)
        self.answered += not response.is_success


@lru_cache(maxsize=1)
def service_account(path: str, project: str) -> Credentials:
    """Return the service account, whose token is kept for as long as it is valid. Raises ``OSError``, ``ValueError``."""
    found: Credentials = Credentials.from_service_account_file(path, scopes=[SCOPE])  # type: ignore[no-untyped-call]
    return found


def let_in(engine: str) -> dict[str, Any]:
    """Return how an engine is let in. Raises ``GoogleAuthError``, ``OSError``, ``ValueError``."""
    if engine == "gemini":
        return {"enterprise": False, "api_key": settings.GEMINI_API_KEY}
    credentials = service_account(settings.GOOGLE_APPLICATION_CREDENTIALS, settings.VERTEX_PROJECT)
    if not credentials.valid:
        # The library would wait for two minutes.
        credentials.refresh(partial(AuthRequest(), timeout=TOKEN_TIMEOUT))  # type: ignore[no-untyped-call]
    return {
        "enterprise": True,
        "credentials": credentials,
        "project": settings.VERTEX_PROJECT,
        "location": settings.VERTEX_LOCATION,
    }


def send(engine: str, model: str, request: Request) -> Reply:
    """Return what a model replied. Raises ``EngineFailed``, transient or not, with what the call may have cost."""
    tally = Tally()
    with told_apart(tally):
        options = types.HttpOptions(
            base_url=settings.GEMINI_BASE_URL or None,
            timeout=TIMEOUT,
            retry_options=types.HttpRetryOptions(
                attempts=ATTEMPTS, initial_delay=FIRST_DELAY, jitter=FIRST_DELAY, http_status_codes=list(PASSING)
            ),
            client_args={"event_hooks": {"request": [tally.request], "response": [tally.response]}},
        )
        with genai.Client(http_options=options, **let_in(engine)) as client:
            response = client.models.generate_content(
                model=model, contents=parts_of(request), config=config_of(request)
            )
        tally.answered += 1
        return reply_of(response, lost=tally.lost)


def parts_of(request: Request) -> list[Any]:
    """Return the file and the text, each a part of its own."""
    text = types.Part.from_text(text=request.text)
    if not request.pdf:
        return [text]
    return [types.Part.from_bytes(data=request.pdf, mime_type="application/pdf"), text]


def config_of(request: Request) -> types.GenerateContentConfig:
    """Return how the model shall answer."""
    thinking = None
    if isinstance(request.thinking, int):
        thinking = types.ThinkingConfig(thinking_budget=request.thinking)
    elif request.thinking:
        thinking = types.ThinkingConfig(thinking_level=types.ThinkingLevel(request.thinking.upper()))
    resolution = f"MEDIA_RESOLUTION_{request.resolution.upper()}"
    return types.GenerateContentConfig(
        system_instruction=request.system,
        temperature=request.temperature,
        max_output_tokens=request.most_output,
        response_mime_type="application/json",
        response_json_schema=request.shape or None,
        thinking_config=thinking,
        media_resolution=types.MediaResolution(resolution) if request.resolution else None,
        automatic_function_calling=types.AutomaticFunctionCallingConfig(disable=True),
    )


def reply_of(response: types.GenerateContentResponse, *, lost: int) -> Reply:
    """Return a response in our own terms; each part of it may be missing."""
    candidate = response.candidates[0] if response.candidates else None
    content = candidate.content if candidate else None
    texts = [part.text for part in (content.parts if content else None) or () if part.text and not part.thought]
    blocked = response.prompt_feedback.block_reason if response.prompt_feedback else None
    ended = candidate.finish_reason if candidate else None
    told = Told(str(ended.value if ended else "")[:40], str(blocked.value if blocked else "")[:40])
    return Reply("".join(texts), usage_of(response.usage_metadata, lost=lost), told)


def usage_of(counted: types.GenerateContentResponseUsageMetadata | None, *, lost: int) -> Usage:
    """Return what is billed: thoughts count as output. Where the prompt was not counted, nobody knows what it cost."""
    if counted is None or not counted.prompt_token_count:
        return Usage(lost=lost + 1)
    return Usage(
        input_tokens=max(counted.prompt_token_count + (counted.tool_use_prompt_token_count or 0), 0),
        output_tokens=max((counted.candidates_token_count or 0) + (counted.thoughts_token_count or 0), 0),
        cached_tokens=max(counted.cached_content_token_count or 0, 0),
        lost=lost,
    )


@contextmanager
def told_apart(tally: Tally) -> Iterator[None]:
    """Turn whatever goes wrong into ``EngineFailed``: what passes by itself is transient, the rest is not."""
    try:
        yield
    except errors.APIError as error:
        raise refused(error, tally) from error
    except httpx2.TransportError as error:
        sentence = f"{type(error).__name__}: {error}"
        raise EngineFailed(sentence, Failure.UNREACHABLE, is_transient=True, usage=Usage(lost=tally.lost)) from error
    except GoogleAuthError as error:
        is_refusal = isinstance(error, RefreshError) and not error.retryable
        failure = Failure.REFUSED if is_refusal else Failure.UNREACHABLE
        raise EngineFailed(f"{type(error).__name__}: {error}", failure, is_transient=not is_refusal) from error
    except RecursionError as error:  # the library looks into the text by itself
        raise EngineFailed("The answer is too deep.", Failure.NONSENSE, usage=Usage(lost=1)) from error
    except (httpx2.HTTPError, ValueError, TypeError, AttributeError, LookupError, OSError) as error:
        if not tally.sent:
            raise EngineFailed(f"The call could not be made: {error}", Failure.REFUSED) from error
        # An answer that is no JSON, or of another shape than the library knows: a gateway's page, for one.
        sentence = f"The answer is not one of Gemini's. {type(error).__name__}: {error}"
        raise EngineFailed(
            sentence, Failure.NONSENSE, is_transient=True, usage=Usage(lost=max(tally.lost, 1))
        ) from error


def refused(error: errors.APIError, tally: Tally) -> EngineFailed:
    """Return a refusal by its status. A wrong key is a 400, a model that is gone a 404; neither is the caller's fault."""
    usage = Usage(lost=tally.lost)
    sentence = f"{error.code} {error.status}: {error.message}"
    if error.code == TOO_MANY:
        return EngineFailed(sentence, Failure.BUSY, is_transient=True, retry_after=wait_of(error), usage=usage)
    if error.code == UNAUTHENTICATED:
        # A token of Vertex that was taken back before its time: the next attempt asks for another one.
        service_account.cache_clear()
        return EngineFailed(sentence, Failure.REFUSED, is_transient=True, usage=usage)
    if error.code in PASSING or error.code > max(PASSING):
        return EngineFailed(sentence, Failure.UNREACHABLE, is_transient=True, usage=usage)
    failure = {NOT_FOUND: Failure.MODEL_GONE, TOO_LARGE: Failure.TOO_LARGE}.get(error.code, Failure.REFUSED)
    return EngineFailed(sentence, failure, usage=usage)


def wait_of(error: errors.APIError) -> float:
    """Return the seconds that a refusal says to wait (``RetryInfo`` of google.rpc), 0 where it does not."""
    try:
        details = json.loads(json.dumps(error.details))["error"]["details"]
        delays = [each["retryDelay"] for each in details if str(each.get("@type", "")).endswith("RetryInfo")]
        return min(max(float(str(delays[0]).removesuffix("s")), 0.0), LONGEST_WAIT)
    except (LookupError, TypeError, ValueError, AttributeError):
        return 0.0
