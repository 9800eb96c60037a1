from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


@pytest.fixture
def migrate(transactional_db: None) -> Iterator[Any]:
    """Return a function that brings the database to a migration, and come back to the last one in the end."""

    def to(*targets: tuple[str, str]) -> Any:
        executor = MigrationExecutor(connection)
        executor.migrate(list(targets))
        return MigrationExecutor(connection).loader.project_state(list(targets)).apps

    yield to
    executor = MigrationExecutor(connection)
    executor.migrate(executor.loader.graph.leaf_nodes())


@pytest.mark.slow
def test_businesses_that_were_there_keep_how_they_print(migrate: Any) -> None:
    before = migrate(("accounts", "0002_plans"))
    before.get_model("accounts", "Plan").objects.get_or_create(code="enterprise", defaults={"name": "Enterprise"})
    for country in ("MA", "US", "SA"):
        before.get_model("accounts", "Business").objects.create(name=country, country=country)
    after = migrate(("accounts", "0003_look_of_papers"))
    rows = after.get_model("accounts", "Business").objects.values_list(
        "look", "paper_size", "digits", "second_language", "signature_frame"
    )
    assert list(rows) == [("modern", "a4", "latn", "auto", False)] * 3
