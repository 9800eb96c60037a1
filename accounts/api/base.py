"""The base of every API view: who asks, how often, what is there, what is allowed, and only then what was sent."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from difflib import get_close_matches
from functools import partial, wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, TypeVar

from django.db import models, transaction
from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_filters.rest_framework import DjangoFilterBackend
from rest_framework.exceptions import NotAuthenticated, UnsupportedMediaType
from rest_framework.permissions import SAFE_METHODS, AllowAny
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import Serializer
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.api.bodies import refuse_unknown_names
from accounts.api.media import AlwaysJSON, JSONParser, JSONRenderer, dumps, is_storable
from accounts.api.pagination import PARAMETERS, Pagination, value_of
from accounts.api.schema import ApiSchema
from accounts.choices import Permission
from accounts.errors import BusinessArchived, Invalid, LostUpdate, NotAllowed, NotFound
from accounts.models import Business, User
from accounts.queries import business_of, default_business, is_text, with_archived
from accounts.ratelimits import Usage, address_key, count_request, refuse
from accounts.services import idempotency
from accounts.services.idempotency import Answer
from accounts.tenancy import Actor, require

__all__ = [
    "ApiView",
    "ApiViewSet",
    "JSONParser",
    "JSONRenderer",
    "Pagination",
    "UnknownAddress",
    "idempotent",
]

LIST_PARAMETERS = frozenset({*PARAMETERS, "ordering", "business_id"})
# Parameters that mean something without a value, or say themselves what they need
SAID_EMPTY = frozenset({"cursor", "fields", "ordering"})
METHODS = ["get", "post", "put", "patch", "delete", "head"]
TAG = re.compile(r'"(?P<id>[^"]*)-(?P<version>[0-9]{1,20})"')
KEPT_HEADERS = ("ETag", "Location", "Retry-After")


def unknown(name: str, known: Iterable[str]) -> str:
    """Return the sentence for a name that nothing here has, with the nearest that something has."""
    names = sorted(known)
    near = get_close_matches(name, names, n=1, cutoff=0.5)
    if near:
        return _("“%(name)s” is not known here. Did you mean “%(near)s”?") % {"name": name, "near": near[0]}
    return _("“%(name)s” is not known here. Known: %(known)s.") % {
        "name": name,
        "known": ", ".join(names) or "–",
    }


def refuse_unknown(given: Iterable[str], known: Collection[str]) -> None:
    """Refuse query parameters that are not ``known``. Raises ``Invalid`` that names each and the nearest known."""
    wrong = {name: [unknown(name, known)] for name in given if name not in known}
    if wrong:
        raise Invalid(next(iter(wrong.values()))[0], errors=wrong, code="unknown_parameter")


def version_of(*values: Any) -> int:
    """Return a version made of values, for rows that count none."""
    return int.from_bytes(hashlib.sha256(dumps(values)).digest()[:7])


def tell_usage(response: HttpResponseBase, usage: Usage | None) -> None:
    """Add the headers of the rate limit."""
    if usage is not None:
        response["X-RateLimit-Limit"] = str(usage.limit)
        response["X-RateLimit-Remaining"] = str(usage.remaining)
        response["X-RateLimit-Reset"] = str(usage.reset_epoch)


class ApiView(APIView):
    """What all API views share: limits and their headers, JSON whatever ``Accept`` says, the order of refusals."""

    http_method_names = METHODS
    content_negotiation_class = AlwaysJSON
    metadata_class = None
    format_kwarg: str | None = None
    schema: Any = ApiSchema()
    #: Query parameters by action (or lower-case method), beside those that follow from the kind of action.
    parameters: ClassVar[Mapping[str, Collection[str]]] = {}
    #: Names that ``fields=`` knows, for views without a serializer class.
    field_names: ClassVar[Sequence[str]] = ()
    #: The actions whose answer shows a secret, which is then kept sealed for repetitions.
    secret_answers: ClassVar[Collection[str]] = frozenset()
    #: The actions that call another system while the caller waits; it may fail.
    acts_outside: ClassVar[Collection[str]] = frozenset()
    #: Whether API keys are refused, because a person is meant.
    for_persons: ClassVar[bool] = False
    usage: Usage | None = None

    # Who asks

    @property
    def actor(self) -> Actor:
        """The actor of this request. Raises ``NotAuthenticated`` for an anonymous one."""
        actor = getattr(self.request, "actor", None)
        if not isinstance(actor, Actor):
            raise NotAuthenticated
        return actor

    @property
    def user(self) -> User:
        """The person who asks. Raises ``NotAllowed`` for an API key, which is no person."""
        if not isinstance(self.request.user, User):
            raise NotAllowed(_("This needs a person's login: an API key has no user."))
        return self.request.user

    @property
    def caller_key(self) -> str:
        """The name under which the caller's idempotency keys are kept: an actor's, else the address's."""
        actor = getattr(self.request, "actor", None)
        return actor.key if isinstance(actor, Actor) else address_key(self.request.META.get("REMOTE_ADDR"))

    @property
    def act(self) -> str:
        """The action's name, or the method's where a view has no actions."""
        return getattr(self, "action", None) or (self.request.method or "").lower()

    # The order of refusals: 401, 429, 404, 403, 415, 400

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Refuse what can be refused before the handler runs."""
        negotiated = self.perform_content_negotiation(request)
        request.accepted_renderer, request.accepted_media_type = negotiated
        self.identify(request)
        self.check_permissions(request)
        if self.is_handled():
            self.check_access()
            self.check_media_type()
            self.check_parameters()

    def is_handled(self) -> bool:
        """Return whether the view has a handler for the method; otherwise a 405 follows."""
        method = (self.request.method or "").lower()
        return method in self.http_method_names and hasattr(self, method)

    def identify(self, request: Request) -> None:
        """Find out who asks and count the request, also one with wrong credentials. Raises ``RateLimited``."""
        try:
            self.perform_authentication(request)
        finally:
            actor = getattr(request, "actor", None)
            self.usage = count_request(actor.key if actor else address_key(request.META.get("REMOTE_ADDR")))
            request._request.usage = self.usage  # type: ignore[attr-defined]  # for what leaves by no answer of ours
            refuse(self.usage)

    def check_access(self) -> None:
        """Refuse what is not there (404) or not allowed (403), before the body is read."""
        if self.for_persons:
            self.user  # noqa: B018 -- raises for an API key

    def check_media_type(self) -> None:
        """Refuse a body of a type that no parser reads (415)."""
        request = self.request
        if request.method in SAFE_METHODS or request.stream is None:
            return
        if self.get_content_negotiator().select_parser(request, self.get_parsers()) is None:
            raise UnsupportedMediaType(request.content_type)

    def check_parameters(self) -> None:
        """Refuse unknown query parameters, and values that cannot be looked up (400)."""
        params = self.request.query_params
        refuse_unknown(params, self.known_parameters())
        repeated = [name for name, values in params.lists() if len(values) > 1]
        if repeated:
            raise Invalid(errors={name: [_("Give this once; separate several values by commas.")] for name in repeated})
        wrong = [name for name, values in params.lists() if not all(map(is_storable, values))]
        if wrong:
            sentence = _("This text holds a character that cannot be kept.")
            raise Invalid(errors={name: [sentence] for name in wrong})
        # A value that got lost on its way must not widen a list to everything.
        empty = [name for name in params if name not in SAID_EMPTY and not params[name].strip()]
        if empty:
            raise Invalid(errors={name: [_("Give a value, or leave this out.")] for name in empty})
        if "fields" in params:
            self.get_fields_requested()

    def known_parameters(self) -> frozenset[str]:
        """Return the query parameters that the current action takes."""
        known = frozenset(self.parameters.get(self.act, ()))
        return known | {"fields"} if self.request.method in SAFE_METHODS and self.known_fields() else known

    def body(
        self, reads: type[Serializer[Any]] | None, *, shows: type[Serializer[Any]] | None = None
    ) -> Mapping[str, Any]:
        """Return the object that was sent, an empty one where nothing was; what is wrong in it, the service says.

        Raises ``Invalid`` for a name that the call does not read, save what the answer ``shows``.
        """
        data = self.request.data
        data = data if isinstance(data, Mapping) else {}
        refuse_unknown_names(data, reads, shows)
        return data

    def parse_body(
        self,
        reads: type[Serializer[Any]],
        *,
        shows: type[Serializer[Any]] | None = None,
        partial: bool = True,
    ) -> dict[str, Any]:
        """Return the body's values by their types; what is missing or wrong, the service says.

        Unless ``partial``, what is required must be there. Raises ``ValidationError``, and what ``body`` raises.
        """
        parsed = reads(data=self.body(reads, shows=shows), partial=partial)
        parsed.is_valid(raise_exception=True)
        return dict(parsed.validated_data)

    # Sparse fields

    def known_fields(self) -> Sequence[str]:
        """Return the names that ``fields=`` knows: the view's, or its serializer's."""
        serializer = getattr(self, "serializer_class", None)
        return self.field_names or tuple(getattr(serializer, "_declared_fields", ()))

    def get_fields_requested(self) -> list[str] | None:
        """Return the names asked for by ``fields=``, None for all. Raises ``Invalid`` that names an unknown one.

        Views ask this before they choose columns, so that what is not asked is not queried.
        """
        text = self.request.query_params.get("fields")
        if text is None or self.request.method not in SAFE_METHODS:
            return None
        names = list(dict.fromkeys(name.strip() for name in text.split(",")))
        known = self.known_fields()
        wrong = [unknown(name, known) for name in names if name not in known]
        if wrong:
            raise Invalid(wrong[0], errors={"fields": wrong}, code="unknown_field")
        return names

    def wants(self, name: str) -> bool:
        """Return whether a field was asked for."""
        requested = self.get_fields_requested()
        return requested is None or name in requested

    def sparse(self, data: Mapping[str, Any]) -> Mapping[str, Any]:
        """Keep of an answer what ``fields=`` asks for."""
        requested = self.get_fields_requested()
        return data if requested is None else {name: data[name] for name in requested if name in data}

    # Answers

    def finalize_response(self, request: Request, response: Any, *args: Any, **kwargs: Any) -> Any:
        """Add the headers of the rate limit, and keep answers out of caches."""
        response = super().finalize_response(request, response, *args, **kwargs)
        tell_usage(response, self.usage)
        response.headers.setdefault("Cache-Control", "no-store")
        return response


class UnknownAddress(ApiView):
    """Every address under ``/api/`` that nothing else answers: a 404 in the one shape, counted like any request."""

    authentication_classes = ()
    permission_classes = (AllowAny,)
    schema = None

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Count the request, then say that nothing is here."""
        request.accepted_renderer, request.accepted_media_type = self.perform_content_negotiation(request)
        self.identify(request)
        raise NotFound(_("There is nothing at this address."))


class ApiViewSet(ApiView, GenericViewSet[Any]):
    """A collection of things that belong to businesses.

    ``initial`` loads the one that the address names into ``self.object`` and refuses strangers (404) and roles or
    scopes that are too low (403) before the body is read.
    """

    queryset: Any = None
    pagination_class = Pagination
    paginator: Pagination
    filter_backends = (DjangoFilterBackend,)
    #: What an action needs; by default reading needs ``read``, the rest ``write``. None: whoever is signed in.
    required: ClassVar[Mapping[str, str | None]] = {}
    #: Names that ``ordering=`` knows, with the column of each.
    ordering_fields: ClassVar[Mapping[str, str]] = {}
    default_ordering: ClassVar[Sequence[str]] = ("-created_at",)
    #: The actions that answer with a page of rows.
    list_actions: ClassVar[Collection[str]] = frozenset({"list"})
    #: Filters that find rows in no order: which of them stand on a page is found out before those are read whole.
    finding: ClassVar[Collection[str]] = frozenset()
    #: The row that the address names: a model, or a dictionary from ``values()``.
    object: Any = None
    #: The one business whose rows are meant; None: all of the actor's.
    narrowed_to: str | None = None

    # What is there, and who may

    def check_access(self) -> None:
        """Load what the address names, and refuse strangers and roles that are too low."""
        self.also_in_archive(self.load)

    def also_in_archive(self, look: Callable[[], None]) -> None:
        """Look something up, once more with the caller's archived businesses where it is not there.

        Raises ``BusinessArchived`` where only these have it and it would be changed.
        """
        try:
            look()
        except NotFound:
            wide = with_archived(self.actor)
            if wide.roles == self.actor.roles:
                raise
            self.request._request.actor = wide  # type: ignore[attr-defined]  # where authentication leaves it
            look()
            if self.request.method not in SAFE_METHODS:
                raise BusinessArchived from None

    def load(self) -> None:
        """Load what the address names. Raises ``NotFound``, and ``NotAllowed`` for too low a role."""
        permission = self.permission_needed()
        if (self.lookup_url_kwarg or self.lookup_field) in self.kwargs:
            self.object = self.get_object()
            if permission is not None:
                require(self.actor, self.business_id_of(self.object), permission)
        elif permission is not None and self.actor.roles:
            self.refuse_everywhere(permission)

    def refuse_everywhere(self, permission: str) -> None:
        """Refuse whoever has the permission in no business at all; which one is meant may stand in the body."""
        actor = self.actor
        if not any(actor.may(business_id, permission) for business_id in actor.roles):
            require(actor, actor.default_business_id or actor.business_ids[0], permission)

    def permission_needed(self) -> str | None:
        """Return what the current action needs."""
        default = Permission.READ if self.request.method in SAFE_METHODS else Permission.WRITE
        return self.required.get(self.act, default)

    def business_id_of(self, row: Any) -> str:
        """Return the id of the business that a row belongs to."""
        path = getattr(self.queryset, "business_field", "business")
        return str(row.pk if isinstance(row, Business) else value_of(row, f"{path}_id"))

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows of the actor's businesses, or of the one that they were narrowed to."""
        rows: models.QuerySet[Any] = self.queryset.none()
        if not getattr(self, "swagger_fake_view", False):
            # One condition on the business: with a second one an index is searched twice.
            rows = self.queryset.for_actor(self.actor, *filter(None, [self.narrowed_to]))
        return rows

    def get_object(self) -> Any:
        """Return the row that the address names. Raises ``NotFound``, also for a stranger's."""
        value = self.kwargs[self.lookup_url_kwarg or self.lookup_field]
        lookup = {self.lookup_field: value}
        row = self.get_queryset().filter(**lookup).first() if is_text(value) else None
        if row is None:
            raise NotFound
        return row

    def get_business_id(self, permission: str = Permission.WRITE) -> str:
        """Return the id of the business that is meant: ``business_id`` of body or query, else the default one.

        Raises ``NotFound`` for a stranger's, ``NotAllowed`` for too low a role.
        """
        data = self.request.data if self.request.method not in SAFE_METHODS else {}
        given = data.get("business_id") if isinstance(data, Mapping) else None
        asked = self.request.query_params.get("business_id")
        if given is not None and asked is not None and given != asked:
            raise Invalid(errors={"business_id": [_("The address and the body name different businesses.")]})
        given = asked if given is None else given
        if given is None:
            given = self.actor.default_business_id or default_business(self.actor).pk
            if not self.actor.default_is_chosen and self.request.method not in SAFE_METHODS:
                raise Invalid(errors={"business_id": [_("Say which business is meant: none of yours is the default.")]})
        if not isinstance(given, str):
            raise Invalid(errors={"business_id": [_("This must be the id of a business.")]})
        business_id = given
        self.also_in_archive(lambda: require(self.actor, business_id, permission))
        return business_id

    def get_business(self, permission: str = Permission.WRITE) -> Business:
        """Return the business that is meant, as ``get_business_id`` finds it."""
        business_id = self.get_business_id(permission)  # first: it may widen the actor by the archive
        return business_of(self.actor, business_id)

    # Parameters

    def known_parameters(self) -> frozenset[str]:
        """Return the query parameters that the current action takes."""
        known = super().known_parameters()
        if self.act in self.list_actions:
            filterset = getattr(self, "filterset_class", None)
            known |= LIST_PARAMETERS | frozenset(getattr(filterset, "base_filters", ()))
        return known | {"business_id"} if self.act == "create" else known

    def get_ordering(self) -> list[str]:
        """Return the columns to sort by, ``-`` before one means downwards. Raises ``Invalid``."""
        text = self.request.query_params.get("ordering")
        if text is None:
            return list(self.default_ordering)
        terms = [term.strip() for term in text.split(",")]
        wrong = [
            unknown(term, self.ordering_fields) for term in terms if term.removeprefix("-") not in self.ordering_fields
        ]
        if wrong:
            raise Invalid(wrong[0], errors={"ordering": wrong}, code="unknown_parameter")
        columns = {self.ordering_fields[term.removeprefix("-")]: term.startswith("-") for term in reversed(terms)}
        return [f"-{column}" if down else column for column, down in reversed(columns.items())]

    # Answers

    def represent(self, row: Any) -> Mapping[str, Any]:
        """Return a row as the API shows it: by the serializer, or as it is where it is a dictionary."""
        if isinstance(row, Mapping):
            return row
        return dict(self.get_serializer(row).data)

    def represent_page(self, rows: Sequence[Any]) -> list[Mapping[str, Any]]:
        """Return a page's rows; the place for one further query over all of them."""
        return [self.represent(row) for row in rows]

    def list(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with a page of the business's rows."""
        return self.page_of(self.rows_of_business())

    def rows_of_business(self) -> models.QuerySet[Any]:
        """Return the rows of the business that is meant. Raises as ``get_business_id`` does."""
        self.narrowed_to = self.get_business_id(Permission.READ)
        return self.get_queryset()

    def page_of(self, queryset: models.QuerySet[Any]) -> Response:
        """Answer with a page of rows: filtered, sorted, cut, and each as ``fields=`` asks."""
        rows = self.paginator.paginate_queryset(self.filter_queryset(queryset), self.request, view=self)
        entries = [self.sparse(entry) for entry in self.represent_page(rows or [])]
        return self.paginator.get_paginated_response(entries)

    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Answer with the row that the address names."""
        return self.one(self.object)

    def one(self, row: Any, *, status: int = 200) -> Response:
        """Answer with one thing and its ETag."""
        return Response(self.sparse(self.represent(row)), status=status, headers={"ETag": self.etag_of(row)})

    # Lost updates

    def row_version(self, row: Any) -> int:
        """Return the number that changes whenever the row does."""
        return int(value_of(row, "version"))

    def etag_of(self, row: Any) -> str:
        """Return a row's strong entity tag (RFC 9110, 8.8.3)."""
        return f'"{value_of(row, "id")}-{self.row_version(row)}"'

    def expected_version(self) -> int | None:
        """Return the version that ``If-Match`` names, for the service to compare with the locked row.

        None without the header or with ``*``. Raises ``LostUpdate`` where it is stale already (RFC 9110, 13.1.1).
        """
        header = self.request.headers.get("If-Match", "*").strip()
        if header == "*":
            return None
        current = self.row_version(self.object)
        expected = (str(value_of(self.object, "id")), str(current))
        tags = [TAG.fullmatch(tag.strip()) for tag in header.split(",")]
        if not any(tag is not None and tag.group("id", "version") == expected for tag in tags):
            raise LostUpdate
        return current


class OfNamedBusiness(ApiViewSet):
    """A collection under ``/businesses/{business_id}``: of the business that the address names."""

    def check_access(self) -> None:
        """Refuse strangers to the business, and roles that are too low in it."""
        require(self.actor, self.kwargs["business_id"], self.permission_needed() or Permission.READ)
        super().check_access()

    def get_queryset(self) -> models.QuerySet[Any]:
        """Return the rows of the business that the address names."""
        business_id = self.kwargs.get("business_id", "")
        return super().get_queryset().filter(business_id=business_id if is_text(business_id) else "")

    def rows_of_business(self) -> models.QuerySet[Any]:
        """Return them."""
        return self.get_queryset()


# Idempotency

V = TypeVar("V", bound=ApiView)
P = ParamSpec("P")
Handler = Callable[Concatenate[V, Request, P], HttpResponseBase]


def idempotent(handler: Handler[V, P]) -> Handler[V, P]:
    """Let a POST take ``Idempotency-Key``: key, effect and answer commit in one transaction.

    The handler runs in a transaction then: it must not wait for the outside.
    """

    @wraps(handler)
    def once(view: V, request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if "Idempotency-Key" not in request.headers:
            return handler(view, request, *args, **kwargs)
        answer = idempotency.carry_out(
            actor_key=view.caller_key,
            key=request.headers["Idempotency-Key"],
            fingerprint=fingerprint(request),
            at=timezone.now(),
            # The effects of what is refused are rolled back.
            act=lambda: answer_of(view, transaction.atomic(partial(handler, view, request, *args, **kwargs))),
        )
        return response_of(answer)

    once.is_idempotent = True  # type: ignore[attr-defined]  # read by the schema
    return once  # type: ignore[return-value]  # the names of the parameters are nobody's concern


def answer_of(view: ApiView, act: Callable[[], HttpResponseBase]) -> Answer:
    """Return what an act answers, also a refusal. Raises what was not foreseen."""
    try:
        response = act()
    except Exception as error:
        response = view.handle_exception(error)
    kept = {name: response.headers[name] for name in KEPT_HEADERS if name in response.headers}
    return Answer(response.status_code, content_of(response).decode(), kept, is_secret=view.act in view.secret_answers)


def response_of(answer: Answer) -> HttpResponse:
    """Return an answer as it is sent, also once more."""
    headers = dict(answer.headers) | ({"Idempotent-Replayed": "true"} if answer.replayed else {})
    return HttpResponse(answer.body, status=answer.status, headers=headers, content_type="application/json")


def content_of(response: HttpResponseBase) -> bytes:
    """Return an answer's body."""
    if isinstance(response, Response):
        return JSONRenderer().render(response.data)
    return response.content if isinstance(response, HttpResponse) else b""


def fingerprint(request: Request) -> str:
    """Return a digest of what a request orders: method, address, and the body whatever its spacing.

    By a key of ours: a body may hold a password, which nobody shall guess from what is kept.
    """
    whole = salted_hmac("accounts.api.base", f"{request.method} {request.get_full_path()}\n", algorithm="sha256")
    data: Any = request.data
    fields = {name: [digest(value) for value in data.getlist(name)] for name in data} if request.FILES else data
    whole.update(dumps(fields, sort=True))
    return whole.hexdigest()


def digest(value: Any) -> Any:
    """Return what stands for a value of a form: of a file, the SHA-256 of its bytes."""
    if not hasattr(value, "chunks"):
        return value
    content = hashlib.sha256()
    for chunk in value.chunks():
        content.update(chunk)
    value.seek(0)
    return content.hexdigest()
