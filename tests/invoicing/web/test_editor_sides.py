from __future__ import annotations

import pytest
from django.test import Client as Browser

from accounts.choices import Role
from accounts.models import Business
from clients.models import Client
from invoicing.models import Invoice
from tests.factories.accounts import make_member
from tests.factories.invoicing import make_draft
from tests.invoicing.web.conftest import line

pytestmark = pytest.mark.django_db
MAIL, PAGE = "/invoices/preview/mail", "/invoices/preview/page"


def test_mail_and_page_show_what_is_typed_in_the_language_of_the_invoice(browser: Browser, customer: Client) -> None:
    sent = {"client_id": customer.pk, "currency": "MAD", "language": "fr"} | line(0, "Identity", "100")
    mail, page = (browser.post(url, sent).content.decode() for url in (MAIL, PAGE))
    assert ("compta@example.com" in mail, 'lang="fr"' in mail) == (True, True)
    assert ("Identity" in page, 'lang="fr"' in page, "Facture" in page) == (True, True, True)
    assert Invoice.objects.count() == 0


@pytest.mark.parametrize("url", [MAIL, PAGE])
def test_there_is_nothing_to_show_of_nothing(browser: Browser, business: Business, url: str) -> None:
    assert browser.post(url, line(0, "", "")).status_code == 204


@pytest.mark.parametrize("url", [MAIL, PAGE])
def test_only_who_may_write_sees_them(browser: Browser, stranger: Browser, business: Business, url: str) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    sent = {"invoice": make_draft(business).pk} | line(0, "Identity", "100")
    assert [each.post(url, sent).status_code for each in (viewer, stranger)] == [403, 404]
