"""Statements whose SQL is made once a process: of wide rows, making it costs several times what running it does.

Django's own compiler makes it at the first use, so that it follows the models and no column is named here. They run on
the default database, in the caller's transaction. A queryset says the same: use these where a measurement asks for it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from functools import cache, lru_cache, wraps
from inspect import signature
from typing import Any, Generic, TypeVar, TypeVarTuple

from django.db import DEFAULT_DB_ALIAS, DatabaseError, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Expression, Field, Model, QuerySet
from django.db.models.query import get_related_populators
from django.db.models.sql.subqueries import InsertQuery, UpdateQuery
from django.db.transaction import TransactionManagementError, mark_for_rollback_on_error

M = TypeVar("M", bound=Model)
populators: Callable[..., list[Any]] = get_related_populators  # the stubs are of a later Django
Values = TypeVarTuple("Values")


class Given(Expression):
    """The place in a statement of a value that comes with each run."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.name = name

    def as_sql(self, *_arguments: Any, **_options: Any) -> tuple[str, Any]:
        """Return a placeholder, and itself for the parameter."""
        return "%s", [self]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL and its parameters, some of them ``Given``."""

    sql: str
    parameters: tuple[Any, ...]

    def bind(self, values: dict[str, Any], db: BaseDatabaseWrapper) -> list[Any]:
        """Return the parameters with values in the places of what is given."""
        for name, value in values.items():
            # Only these are written alike whatever column they are compared with, and nothing equals NULL.
            if not isinstance(value, str | int | date):
                raise TypeError(f"{name} must be a text, a whole number, a day or a moment, not {value!r}")
        adapt = db.ops.adapt_unknown_value
        return [adapt(values[each.name]) if isinstance(each, Given) else each for each in self.parameters]


@dataclass(frozen=True, slots=True)
class Reading(Generic[M]):
    """A SELECT of a model's rows with what makes instances of them: the steps of ``ModelIterable``."""

    statement: Statement
    locks: bool
    model: type[M]
    names: list[str]
    own: slice
    related: list[Any]
    converters: list[tuple[int, Callable[[Any, Any, Any], Any], Any]]

    @classmethod
    def of(cls, queryset: Any) -> Reading[Any]:
        """Compile a queryset of plain rows, be it with ``select_related`` or ``only``."""
        compiler = queryset.query.get_compiler(DEFAULT_DB_ALIAS)
        statement = Statement(*compiler.as_sql())
        if compiler.klass_info is None or compiler.annotation_col_map or queryset._prefetch_related_lookups:
            raise TypeError("only plain rows of a model can be prepared")
        columns = [column for column, _sql, _alias in compiler.select]
        places = compiler.klass_info["select_fields"]
        own = slice(places[0], places[-1] + 1)
        return cls(
            statement=statement,
            locks=queryset.query.select_for_update,
            model=compiler.klass_info["model"],
            names=[column.target.attname for column in columns[own]],
            own=own,
            related=populators(compiler.klass_info, compiler.select, DEFAULT_DB_ALIAS),
            converters=[
                (place, converter, column)
                for place, (converters, column) in compiler.get_converters(columns).items()
                for converter in converters
            ],
        )

    def run(self, values: dict[str, Any]) -> list[M]:
        """Return the rows. Raises ``TransactionManagementError`` if they are to be locked outside of a transaction."""
        db = connections[DEFAULT_DB_ALIAS]
        if self.locks and db.get_autocommit():
            raise TransactionManagementError("select_for_update cannot be used outside of a transaction.")
        with db.cursor() as cursor:
            cursor.execute(self.statement.sql, self.statement.bind(values, db))
            return [self._instance(list(row), db) for row in cursor.fetchall()]

    def _instance(self, row: list[Any], db: BaseDatabaseWrapper) -> M:
        for place, converter, column in self.converters:
            row[place] = converter(row[place], column, db)
        instance = self.model.from_db(DEFAULT_DB_ALIAS, self.names, row[self.own])
        for each in self.related:
            each.populate(row, instance)
        return instance


def rows(build: Callable[[*Values], QuerySet[M]]) -> Callable[[*Values], list[M]]:
    """Make a function that returns a queryset into one that returns its rows.

    It is called once, with the places of its arguments: they are compared with columns of texts, whole numbers, days
    and moments, and decide nothing else. Calls give the values, by position.
    """
    names = list(signature(build).parameters)

    @cache
    def reading() -> Reading[M]:
        return Reading.of(build(*_places(names)))

    @wraps(build)
    def run(*values: *Values) -> list[M]:
        return reading().run(_named(names, values))

    return run


def update(build: Callable[[*Values], tuple[QuerySet[M], dict[str, Any]]]) -> Callable[[*Values], int]:
    """Make a function that returns a queryset and its new values into one that writes them and counts the rows.

    What ``rows`` says of arguments holds here too.
    """
    names = list(signature(build).parameters)

    @cache
    def statement() -> Statement:
        queryset, changes = build(*_places(names))
        query: Any = queryset.query.chain(UpdateQuery)
        query.add_update_values(changes)
        return Statement(*query.get_compiler(DEFAULT_DB_ALIAS).as_sql())

    @wraps(build)
    def run(*values: *Values) -> int:
        db = connections[DEFAULT_DB_ALIAS]
        return _written(db, statement().sql, statement().bind(_named(names, values), db))

    return run


def _places(names: Iterable[str]) -> Any:
    return [Given(name) for name in names]


def _named(names: list[str], values: tuple[Any, ...]) -> dict[str, Any]:
    return dict(zip(names, values, strict=True))


def insert(instance: M) -> M:
    """Insert a new row whose key is known, as ``save(force_insert=True)`` does without signals."""
    sql, fields = _insertion(type(instance))
    db = connections[DEFAULT_DB_ALIAS]
    _written(db, sql, [field.get_db_prep_save(field.pre_save(instance, True), db) for field in fields])
    instance._state.adding, instance._state.db = False, DEFAULT_DB_ALIAS
    return instance


def save(instance: Model, names: Iterable[str]) -> None:
    """Write columns of a row, by the names of their attributes, as ``save(update_fields=names)`` does without signals.

    Raises ``DatabaseError`` when there is no such row.
    """
    sql, fields = _change(type(instance), tuple(names))
    db = connections[DEFAULT_DB_ALIAS]
    values = [field.get_db_prep_save(field.pre_save(instance, False), db) for field in fields]
    if not _written(db, sql, [*values, instance.pk]):
        raise DatabaseError("The row is not there.")


def _written(db: BaseDatabaseWrapper, sql: str, parameters: list[Any]) -> int:
    with mark_for_rollback_on_error(DEFAULT_DB_ALIAS), db.cursor() as cursor:
        cursor.execute(sql, parameters)
        return int(cursor.rowcount)


@cache
def _insertion(model: type[Model]) -> tuple[str, list[Field[Any, Any]]]:
    fields = list(model._meta.local_concrete_fields)
    query: Any = InsertQuery(model)
    query.insert_values(fields, [model(**{field.attname: Given(field.attname) for field in fields})], raw=True)
    [(sql, parameters)] = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return _plain(sql, parameters, fields)


@lru_cache(512)  # sets of columns that change together; there are few
def _change(model: type[Model], names: tuple[str, ...]) -> tuple[str, list[Field[Any, Any]]]:
    by_name = {field.attname: field for field in model._meta.local_concrete_fields}
    fields = [by_name[name] for name in names]
    query: Any = model._base_manager.filter(pk=Given("pk")).query.chain(UpdateQuery)
    query.add_update_fields([(field, None, Given(field.attname)) for field in fields])
    sql, parameters = query.get_compiler(DEFAULT_DB_ALIAS).as_sql()
    return _plain(sql, parameters[:-1], fields)


def _plain(sql: str, parameters: Iterable[Any], fields: list[Field[Any, Any]]) -> tuple[str, list[Field[Any, Any]]]:
    if [each.name for each in parameters] != [field.attname for field in fields]:
        raise TypeError("only columns that take one value each can be prepared")
    return sql, fields
