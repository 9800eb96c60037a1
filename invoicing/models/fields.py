"""Columns for amounts of money that add up in the database, and for what is kept as JSON."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import orjson
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models.expressions import Col

SCALE = 4  # the most minor digits of any currency in ISO 4217


class AmountField(models.DecimalField[Any, Any]):
    """An exact amount of money, to four decimals.

    PostgreSQL stores it as ``numeric``. SQLite has binary floats only, in which sums and the constraints between
    amounts would fail, so there it is a whole number of ten-thousandths.
    """

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **(options | {"max_digits": 19, "decimal_places": SCALE}))

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Leave out of migrations what the constructor sets."""
        name, path, args, kwargs = super().deconstruct()
        kwargs.pop("max_digits")
        kwargs.pop("decimal_places")
        return name, path, args, kwargs

    def get_internal_type(self) -> str:
        """Keep Django's conversions for decimals, which are floats on SQLite, away."""
        return "AmountField"

    def db_type(self, connection: BaseDatabaseWrapper) -> str:
        """Return the column's type."""
        return "bigint" if connection.vendor == "sqlite" else f"numeric(19, {SCALE})"

    def get_db_prep_value(self, value: Any, connection: BaseDatabaseWrapper, prepared: bool = False) -> Any:
        """Return an amount as the column holds it."""
        if not isinstance(value, (Decimal, int, str)):
            return value
        amount = Decimal(value)
        return int(amount.scaleb(SCALE)) if connection.vendor == "sqlite" else amount

    def get_db_prep_save(self, value: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return an amount as the column holds it."""
        if hasattr(value, "as_sql"):
            return value
        return self.get_db_prep_value(self.to_python(value), connection)

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Decimal | None:
        """Return the amount a column holds."""
        if value is None:
            return None
        return Decimal(value).scaleb(-SCALE) if connection.vendor == "sqlite" else Decimal(value)


class DataField(models.JSONField):
    """JSON that is read in a fifth of the time: a page of invoices holds hundreds."""

    def deconstruct(self) -> tuple[str, str, Any, Any]:
        """Stand in migrations as what it is in the database."""
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.JSONField", args, kwargs

    def from_db_value(self, value: Any, expression: Any, connection: BaseDatabaseWrapper) -> Any:
        """Return what a column holds."""
        if expression.__class__ is Col and isinstance(value, str):
            return orjson.loads(value)
        return super().from_db_value(value, expression, connection)
