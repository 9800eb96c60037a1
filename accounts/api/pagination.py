"""Lists: numbered pages with a count, or a cursor for any depth; in a stable order that the caller may choose."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import reduce
from operator import or_
from typing import Any

from django.conf import settings
from django.core import signing
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import OrderBy
from django.utils.translation import gettext as _
from rest_framework.exceptions import NotFound
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.urls import remove_query_param, replace_query_param

from accounts.errors import Invalid

PAGE_SIZE = 10
MAX_PAGE_SIZE = 100
MAX_DEPTH = 10_000  # rows; deeper only by cursor, which costs the same at any depth
SALT = "accounts.api.cursor"
PARAMETERS = ("page", "page_size", "cursor")


@dataclass(frozen=True, slots=True)
class Order:
    """One column of an ordering. An absent value counts as the greatest, as in PostgreSQL."""

    column: str
    descending: bool
    nullable: bool

    def expression(self, *, backwards: bool) -> OrderBy:
        """Return the term for ORDER BY; spelled so that PostgreSQL's plain indexes serve it."""
        descending = self.descending != backwards
        if not self.nullable:
            return F(self.column).desc() if descending else F(self.column).asc()
        return F(self.column).desc(nulls_first=True) if descending else F(self.column).asc(nulls_last=True)

    def beyond(self, value: Any, *, backwards: bool) -> Q | None:
        """Return the condition of rows that come after ``value`` by this column alone. None: there are none."""
        if self.descending != backwards:
            return Q(**{f"{self.column}__isnull": False}) if value is None else Q(**{f"{self.column}__lt": value})
        if value is None:
            return None
        later = Q(**{f"{self.column}__gt": value})
        return later | Q(**{f"{self.column}__isnull": True}) if self.nullable else later

    def same(self, value: Any) -> Q:
        """Return the condition of rows with this very value."""
        return Q(**{f"{self.column}__isnull": True}) if value is None else Q(**{self.column: value})

    def not_before(self, value: Any, *, backwards: bool) -> Q:
        """Return the bound that lets an index begin in the right place."""
        if self.nullable or value is None:
            return Q()
        lookup = "lte" if self.descending != backwards else "gte"
        return Q(**{f"{self.column}__{lookup}": value})


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in a list: behind ``values``, or at its beginning; ``backwards`` looks the other way."""

    ordering: str
    values: tuple[Any, ...] | None = None
    backwards: bool = False

    def dumps(self) -> str:
        """Return the cursor as callers see it: opaque and signed."""
        packed = None if self.values is None else [pack(value) for value in self.values]
        return signing.dumps([self.ordering, packed, self.backwards], salt=SALT, compress=False)

    @classmethod
    def loads(cls, text: str, ordering: str) -> Cursor:
        """Return the cursor that a caller sent back. Raises ``Invalid``."""
        if not text:
            return cls(ordering)
        try:
            made_for, packed, backwards = signing.loads(text, salt=SALT)
        except (signing.BadSignature, ValueError):
            raise Invalid(errors={"cursor": [_("This cursor is not one of ours.")]}) from None
        if made_for != ordering:
            raise Invalid(errors={"cursor": [_("This cursor belongs to another ordering.")]})
        return cls(ordering, None if packed is None else tuple(packed), backwards)


def pack(value: Any) -> Any:
    """Return a column's value as JSON carries it, to be read back by its field."""
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value


def field_of(queryset: models.QuerySet[Any], column: str) -> models.Field[Any, Any] | None:
    """Return the model's field behind a column or a path; None for an annotation."""
    model: Any = queryset.model
    try:
        *path, last = column.split("__")
        for name in path:
            model = model._meta.get_field(name).related_model
        field = model._meta.get_field(last)
    except (FieldDoesNotExist, AttributeError):
        return getattr(queryset.query.annotations.get(column), "output_field", None)
    return field if isinstance(field, models.Field) else None


def orders_of(queryset: models.QuerySet[Any], ordering: Sequence[str]) -> list[Order]:
    """Return the columns to sort by, closed by the primary key in the direction of the last one."""
    orders: list[Order] = []
    for term in ordering:
        column = term.lstrip("-")
        field = field_of(queryset, column)
        nullable = field is None or field.null or "__" in column
        orders.append(Order(column, term.startswith("-"), nullable))
    if not any(order.column in {"pk", "id"} for order in orders):
        orders.append(Order(queryset.model._meta.pk.name, bool(orders and orders[-1].descending), nullable=False))
    return orders


def behind(orders: Sequence[Order], values: Sequence[Any], *, backwards: bool) -> Q:
    """Return the condition of the rows that come after a place (keyset)."""
    alternatives: list[Q] = []
    equal = Q()
    for order, value in zip(orders, values, strict=True):
        later = order.beyond(value, backwards=backwards)
        if later is not None:
            alternatives.append(equal & later)
        equal &= order.same(value)
    return orders[0].not_before(values[0], backwards=backwards) & reduce(or_, alternatives)


def whole_number(request: Request, name: str, default: int, high: int) -> int:
    """Return a query parameter from 1 to ``high``. Raises ``Invalid`` that names it."""
    text = request.query_params.get(name)
    if text is None:
        return default
    if not re.fullmatch(r"[0-9]{1,9}", text) or not 1 <= int(text) <= high:
        sentence = _("%(name)s must be a whole number from 1 to %(high)d.") % {"name": name, "high": high}
        raise Invalid(sentence, errors={name: [sentence]})
    return int(text)


def own_address(request: Request) -> str:
    """Return a request's address under our own name, whatever host it was sent to."""
    return str(settings.PUBLIC_URL) + request.get_full_path()


class Pagination(BasePagination):
    """``page`` and ``page_size`` with a count, or ``cursor`` without."""

    request: Request

    def paginate_queryset(  # type: ignore[override]  # rows of a model, no plain list
        self, queryset: models.QuerySet[Any], request: Request, view: Any = None
    ) -> list[Any]:
        """Return the rows of the page that was asked for, in the view's ordering. Raises ``Invalid``, ``NotFound``."""
        self.request = request
        ordering: list[str] = view.get_ordering() if view is not None else ["-created_at"]
        self.ordering = ",".join(ordering)
        self.orders = orders_of(queryset, ordering)
        self.size = whole_number(request, "page_size", PAGE_SIZE, MAX_PAGE_SIZE)
        self.links: dict[str, str | None] = {"next": None, "previous": None}
        self.picks_first = not request.query_params.keys().isdisjoint(getattr(view, "finding", ()))
        if "cursor" in request.query_params:
            return self.by_cursor(queryset, request)
        return self.by_page(queryset, request)

    # Numbered pages

    def by_page(self, queryset: models.QuerySet[Any], request: Request) -> list[Any]:
        """Return one numbered page, at most ``MAX_DEPTH`` rows deep; a page past the end is a 404."""
        page = whole_number(request, "page", 1, 10**9)
        first = (page - 1) * self.size
        if first + self.size > MAX_DEPTH:
            sentence = _("Pages end at %(depth)d rows. Use cursor= to go on.") % {"depth": MAX_DEPTH}
            raise Invalid(sentence, errors={"page": [sentence]})
        count = queryset.count()
        if page > 1 and first >= count:
            raise NotFound(_("There is no page %(page)d.") % {"page": page})
        self.head: dict[str, Any] = {"count": count}
        self.tail: dict[str, Any] = {"page": page, "page_size": self.size}
        if first + self.size < count:
            self.links["next"] = self.page_link(page + 1)
        if page > 1:
            self.links["previous"] = self.page_link(page - 1)
        terms = [order.expression(backwards=False) for order in self.orders]
        return self.cut(queryset.order_by(*terms), first, first + self.size)

    def cut(self, queryset: models.QuerySet[Any], first: int, until: int) -> list[Any]:
        """Return some rows of a sorted ``values()`` queryset, in one query.

        Where many rows are found in no order, their keys are sorted instead of all that is read of them.
        """
        if not self.picks_first:
            return list(queryset[first:until])
        keys = queryset.values("pk")[first:until]
        chosen = queryset.model._default_manager.filter(pk__in=keys).values(*getattr(queryset, "_fields", ()))
        return list(chosen.order_by(*queryset.query.order_by))

    def page_link(self, page: int) -> str:
        """Return the address of another page."""
        address = own_address(self.request)
        return remove_query_param(address, "page") if page == 1 else replace_query_param(address, "page", page)

    # Cursors

    def by_cursor(self, queryset: models.QuerySet[Any], request: Request) -> list[Any]:
        """Return the rows behind a cursor, in one query."""
        if "page" in request.query_params:
            raise Invalid(errors={"page": [_("Use page or cursor, not both.")]})
        self.head, self.tail = {}, {}
        cursor = Cursor.loads(request.query_params["cursor"], self.ordering)
        rows = self.cut(self.sorted_from(queryset, cursor), 0, self.size + 1)
        more, rows = len(rows) > self.size, rows[: self.size]
        if cursor.backwards:
            rows.reverse()
        self.link_cursors(rows, cursor, more=more)
        return [self.without_extras(row) for row in rows]

    def sorted_from(self, queryset: models.QuerySet[Any], cursor: Cursor) -> models.QuerySet[Any]:
        """Return the rows from a cursor on, sorted its way, with every column that the next cursor needs."""
        queryset = self.with_columns(queryset)
        if cursor.values is not None:
            values = self.read_values(queryset, cursor.values)
            queryset = queryset.filter(behind(self.orders, values, backwards=cursor.backwards))
        return queryset.order_by(*(order.expression(backwards=cursor.backwards) for order in self.orders))

    def with_columns(self, queryset: models.QuerySet[Any]) -> models.QuerySet[Any]:
        """Add to a ``values()`` queryset the columns of the ordering that it lacks."""
        chosen: tuple[str, ...] = tuple(getattr(queryset, "_fields", None) or ())
        self.extras = [order.column for order in self.orders if chosen and order.column not in chosen]
        computed = {name: value for name, value in queryset.query.annotations.items() if name in self.extras}
        stored = [column for column in self.extras if column not in computed]
        if stored:
            queryset = queryset.values(*chosen, *stored)
        return queryset.annotate(**computed) if computed else queryset

    def without_extras(self, row: Any) -> Any:
        """Take out of a row what only the cursor needed."""
        for column in self.extras:
            row.pop(column)
        return row

    def read_values(self, queryset: models.QuerySet[Any], packed: Sequence[Any]) -> list[Any]:
        """Return a cursor's values as their fields hold them."""
        fields = [field_of(queryset, order.column) for order in self.orders]
        try:
            return [
                value if field is None else field.to_python(value) for field, value in zip(fields, packed, strict=True)
            ]
        except (ValidationError, ValueError):
            raise Invalid(errors={"cursor": [_("This cursor is not one of ours.")]}) from None

    def link_cursors(self, rows: Sequence[Any], cursor: Cursor, *, more: bool) -> None:
        """Set the links to the next and the previous rows."""
        has_next = cursor.backwards or more
        has_previous = more if cursor.backwards else cursor.values is not None
        if has_next:
            self.links["next"] = self.cursor_link(rows[-1] if rows else None, backwards=False)
        if has_previous:
            self.links["previous"] = self.cursor_link(rows[0] if rows else None, backwards=True)

    def cursor_link(self, row: Any, *, backwards: bool) -> str:
        """Return the address of the rows next to ``row``; without a row, from that end of the list."""
        values = None if row is None else tuple(value_of(row, order.column) for order in self.orders)
        cursor = Cursor(self.ordering, values, backwards)
        return replace_query_param(own_address(self.request), "cursor", cursor.dumps())

    # Answers

    def get_paginated_response(self, data: Any) -> Response:
        """Return the answer of a list."""
        return Response({**self.head, **self.links, **self.tail, "results": data})

    def get_paginated_response_schema(self, schema: Mapping[str, Any]) -> dict[str, Any]:
        """Return the OpenAPI schema of a list's answer; ``count``, ``page``, ``page_size`` come with pages only."""
        link = {"type": ["string", "null"], "format": "uri", "example": None}
        return {
            "type": "object",
            "required": ["next", "previous", "results"],
            "properties": {
                "count": {
                    "type": "integer",
                    "description": "All rows that fit; not with `cursor`.",
                    "example": 1,
                },
                "next": link,
                "previous": link,
                "page": {"type": "integer", "example": 1},
                "page_size": {"type": "integer", "example": PAGE_SIZE},
                "results": schema,
            },
        }

    def get_schema_operation_parameters(self, view: Any) -> list[dict[str, Any]]:
        """Return the query parameters for OpenAPI."""
        size = {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE, "default": PAGE_SIZE}
        page = {"type": "integer", "minimum": 1, "default": 1}
        return [
            parameter("page", page, f"A numbered page, at most {MAX_DEPTH:,} rows deep; one past the end is a 404."),
            parameter("page_size", size, "Rows a page."),
            parameter("cursor", {"type": "string"}, "Pages of any depth: empty to begin, then as `next` says."),
        ]


def parameter(name: str, schema: Mapping[str, Any], description: str) -> dict[str, Any]:
    """Return a query parameter for OpenAPI."""
    return {
        "name": name,
        "in": "query",
        "required": False,
        "description": description,
        "schema": dict(schema),
    }


def value_of(row: Any, column: str) -> Any:
    """Return a column of a row, a dictionary or a model."""
    if isinstance(row, Mapping):
        return row[column]
    for name in column.split("__"):
        row = getattr(row, name, None)
    return row
