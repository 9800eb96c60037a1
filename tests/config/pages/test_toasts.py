from __future__ import annotations

import pytest
from django.test import Client as Browser

from clients.models import Client
from tests.factories.accounts import make_business, owner_of
from tests.factories.clients import make_client

pytestmark = pytest.mark.django_db


def test_what_can_be_undone_says_so_and_is_undone_by_its_toast() -> None:
    business = make_business()
    browser = Browser()
    browser.force_login(owner_of(business))
    client = make_client(business, name="Riad")
    page = browser.post(f"/clients/{client.pk}/archive", follow=True).content.decode()
    undo = f"/clients/{client.pk}/restore"
    assert (f'action="{undo}"' in page, ">Undo</button>" in page) == (True, True)
    browser.post(undo)
    assert Client.objects.get().archived_at is None
    assert ">Undo</button>" not in browser.get("/clients").content.decode()
