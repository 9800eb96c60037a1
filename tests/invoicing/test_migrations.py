from __future__ import annotations

import pytest
from django.db import connection

pytestmark = pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite scans the business's rows.")


@pytest.mark.django_db
def test_search_reads_an_index_of_the_business_and_its_texts() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_indexdef('invoicing_invoice_search'::regclass)")
        [definition] = cursor.fetchone()
    assert definition.partition(" USING ")[2] == "gin (business_id, search_text gin_trgm_ops)"
