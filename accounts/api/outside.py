"""POSTs that call another system: they commit step by step, and are still carried out once by their key."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from django.http.response import HttpResponseBase
from django.utils import timezone
from rest_framework.request import Request

from accounts.api.base import ApiView, answer_of, fingerprint, response_of
from accounts.services import idempotency
from accounts.services.idempotency import Answer

V = TypeVar("V", bound=ApiView)
P = ParamSpec("P")
Handler = Callable[Concatenate[V, Request, P], HttpResponseBase]


def idempotent_outside(handler: Handler[V, P]) -> Handler[V, P]:
    """Let a POST that waits for another system take ``Idempotency-Key``.

    The view's ``order_key`` is then the name of the order, by which the service finds what an earlier try began; it
    is empty without the header.
    """

    @wraps(handler)
    def once(view: V, request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if "Idempotency-Key" not in request.headers:
            return handler(view, request, *args, **kwargs)

        def act(order_key: str) -> Answer:
            view.order_key = order_key  # type: ignore[attr-defined]  # declared by the views that use this
            return answer_of(view, lambda: handler(view, request, *args, **kwargs))

        answer = idempotency.carry_out_outside(
            actor_key=view.caller_key,
            key=request.headers["Idempotency-Key"],
            fingerprint=fingerprint(request),
            at=timezone.now(),
            act=act,
        )
        return response_of(answer)

    marked: Any = once
    marked.is_idempotent = True  # read by the schema
    return marked  # type: ignore[no-any-return]  # the names of the parameters are nobody's concern
