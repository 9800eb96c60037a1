from __future__ import annotations

import pytest
from django.utils import timezone

from accounts.tenancy import Actor
from invoicing.services.issuing import preview_invoice
from invoicing.services.sketches import sketch
from tests.factories.accounts import make_business

pytestmark = pytest.mark.django_db


def test_sketch_draws_the_page_that_is_asked_for_within_those_there_are() -> None:
    business = make_business()
    items = [{"name": f"Line {number}", "unit_price": "1"} for number in range(60)]
    data = {"client_name": "Client Exemple", "items": items}
    actor = Actor.system(business.pk)
    preview = preview_invoice(actor=actor, business=business, data=data, at=timezone.now())
    first, last = sketch(preview, page=0), sketch(preview, page=99)
    assert (first.page, last.page, first.pages == last.pages > 1) == (1, last.pages, True)
    assert first.png[:8] == b"\x89PNG\r\n\x1a\n" != last.png
