from __future__ import annotations

from io import BytesIO
from types import SimpleNamespace

import pytest
from gunicorn.config import Config
from gunicorn.http.wsgi import Response

from config.bodies import LARGEST, hanging_up, measured


def told(**environ: object) -> tuple[bytes, object]:
    """Return the body and the length that an application behind ``measured`` is told of."""
    seen: list[tuple[bytes, object]] = []

    def application(given, start_response):
        seen.append((given["wsgi.input"].read(), given.get("CONTENT_LENGTH")))
        return []

    measured(application)({"wsgi.input": BytesIO(b"{}"), **environ}, lambda *_answer: None)
    return seen[0]


@pytest.mark.parametrize("coding", ["chunked", "Chunked", "gzip, chunked"])
def test_a_body_in_chunks_is_given_its_length(coding):
    assert told(HTTP_TRANSFER_ENCODING=coding) == (b"{}", "2")


def test_a_body_in_chunks_that_is_too_large_is_cut_where_every_view_refuses_it():
    body, length = told(HTTP_TRANSFER_ENCODING="chunked", **{"wsgi.input": BytesIO(b"x" * (LARGEST + 5))})
    assert (len(body), length) == (LARGEST + 1, str(LARGEST + 1))


@pytest.mark.parametrize(
    ("given", "length"), [({}, None), ({"CONTENT_LENGTH": "2"}, "2"), ({"HTTP_TRANSFER_ENCODING": ""}, None)]
)
def test_another_body_is_left_as_it_is(given, length):
    assert told(**given) == (b"{}", length)


def test_chunks_that_break_off_never_reach_the_application():
    class Broken(BytesIO):
        def read(self, size: int | None = -1) -> bytes:
            raise OSError

    answers: list[str] = []
    environ = {"wsgi.input": Broken(), "HTTP_TRANSFER_ENCODING": "chunked"}
    answer = measured(lambda *_given: pytest.fail("reached"))
    assert list(answer(environ, lambda status, _headers: answers.append(status))) == []
    assert answers == ["400 Bad Request"]


@pytest.mark.parametrize(
    ("status", "word"), [("413 Request Entity Too Large", "close"), ("400 Bad Request", "keep-alive")]
)
def test_the_connection_is_closed_where_a_body_is_too_large_to_be_read(status, word):
    request = SimpleNamespace(version=(1, 1), method="POST", should_close=lambda: False)
    answer = Response(request, None, Config())

    def application(_environ, start_response):
        start_response(status, [("Content-Length", "2")])
        return [b"{}"]

    assert list(hanging_up(application)({}, answer.start_response)) == [b"{}"]
    assert f"Connection: {word}\r\n" in answer.default_headers()
