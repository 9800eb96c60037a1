from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from accounts.models import Business

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", ["look", "paper_size", "digits", "second_language"])
def test_the_database_keeps_to_the_looks_there_are(name: str) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Business.objects.create(name="Studio", **{name: "x"})
