"""Bodies that come without a length, and those that are too large to be read."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from tempfile import SpooledTemporaryFile
from typing import Any

LARGEST = 32_000_000  # bytes of a body in chunks; more than any view takes
IN_MEMORY = 1_000_000
BLOCK = 64_000

Application = Callable[..., Iterable[bytes]]


def measured(application: Application) -> Application:
    """Give bodies sent in chunks (RFC 9112, 7.1) their length, without which Django takes a body for empty.

    A refund of a part, sent so, would become one of all that is left. One byte too many is kept of a body that is
    too large, so that views answer 413 as they do by its length.
    """

    def with_length(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        codings = environ.get("HTTP_TRANSFER_ENCODING", "").lower()
        if "chunked" not in codings or environ.get("CONTENT_LENGTH"):
            return application(environ, start_response)
        with SpooledTemporaryFile(max_size=IN_MEMORY) as body:
            try:
                while block := environ["wsgi.input"].read(min(BLOCK, LARGEST + 1 - body.tell())):
                    body.write(block)
            except OSError:  # gunicorn's word for chunks that are broken off or malformed
                start_response("400 Bad Request", [("Content-Length", "0"), ("Connection", "close")])
                return []
            environ["CONTENT_LENGTH"] = str(body.tell())
            body.seek(0)
            environ["wsgi.input"] = body
            return application(environ, start_response)

    return with_length


def hanging_up(application: Application) -> Application:
    """Close the connection with a 413, and say so (RFC 9110, 15.5.14): the rest of the body would have to be read.

    A WSGI application must not set ``Connection`` itself (PEP 3333); gunicorn's answer knows how to.
    """

    def answering(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        def begin(status: str, *rest: Any) -> Any:
            server: Any = getattr(start_response, "__self__", None)
            if status.startswith("413") and hasattr(server, "force_close"):
                server.force_close()
            return start_response(status, *rest)

        return application(environ, begin)

    return answering
