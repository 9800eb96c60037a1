from __future__ import annotations

from typing import Any

import pytest

from accounts.choices import Role
from accounts.models import Business
from payments.gateways.sandbox.forms import Refused
from payments.gateways.sandbox.server import Fault, Sandbox
from payments.models import Account
from tests.payments.web.conftest import Sit

pytestmark = pytest.mark.django_db
PAGE = "/settings/cards"
OWN_KEY, SECRET = "sk_test_ownownown1234", "whsec_verysecretsecret"


@pytest.fixture
def box(box: Sandbox) -> Sandbox:
    box.keys = box.keys | {OWN_KEY}
    return box


def test_keys_are_tried_kept_and_shown_to_nobody_again(box: Sandbox, business: Business, sit: Sit) -> None:
    browser = sit(Role.ADMIN)
    assert browser.post(PAGE, {"key": OWN_KEY, "webhook_secret": SECRET, "part_payments": "on"}).status_code == 302
    account = Account.objects.get()
    assert (account.key, account.webhook_secret, account.part_payments) == (OWN_KEY, SECRET, True)
    text = browser.get(PAGE).content.decode()
    assert (OWN_KEY in text, SECRET in text, "1234" in text) == (False, False, True)
    assert f"/webhooks/stripe/{business.pk}" in text
    browser.post(PAGE, {"key": "", "webhook_secret": ""})
    account.refresh_from_db()
    assert (account.key, account.webhook_secret, account.part_payments) == (OWN_KEY, SECRET, False)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({"key": "pk_test_12345678"}, "key"),
        ({"key": "sk_test_nobodysnobodys"}, "key"),
        ({"webhook_secret": "not-of-stripe"}, "webhook_secret"),
    ],
)
def test_what_is_wrong_shows_at_its_field(box: Sandbox, sit: Sit, data: dict[str, str], field: str) -> None:
    page = sit().post(PAGE, data)
    assert (page.status_code, list(page.context["form"].errors), Account.objects.count()) == (422, [field], 0)
    assert next(iter(data.values())) not in page.content.decode()


def test_a_gateway_that_does_not_answer_changes_nothing(box: Sandbox, sit: Sit) -> None:
    box.faults = [Fault(status=500, path="/v1/") for _ in range(9)]
    page = sit().post(PAGE, {"key": OWN_KEY})
    assert (page.status_code, list(page.context["form"].errors), Account.objects.count()) == (422, ["key"], 0)


def test_keys_are_removed(box: Sandbox, sit: Sit) -> None:
    browser = sit()
    browser.post(PAGE, {"key": OWN_KEY, "webhook_secret": SECRET})
    assert 'name="remove"' in browser.get(f"{PAGE}?remove").content.decode()
    browser.post(PAGE, {"remove": "1"})
    account = Account.objects.get()
    assert (account.key, account.webhook_secret, account.key_end) == ("", "", "")


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
@pytest.mark.parametrize("data", [{"key": OWN_KEY}, {"remove": "1"}, {"part_payments": "on"}])
def test_below_an_admin_nothing_is_changed(box: Sandbox, sit: Sit, role: str, data: dict[str, str]) -> None:
    browser = sit(role)
    assert (browser.get(PAGE).status_code, browser.post(PAGE, data).status_code) == (200, 403)
    assert Account.objects.count() == 0


def test_the_page_says_how_the_business_is_paid(box: Sandbox, business: Business, sit: Sit, settings: Any) -> None:
    settings.EMBEDDED = False
    browser = sit()
    assert "cannot pay by card yet" in browser.get(PAGE).content.decode()
    Business.objects.filter(pk=business.pk).update(payment_link="https://pay.example/studio")
    assert "https://pay.example/studio" in browser.get(PAGE).content.decode()
    Account.objects.create(business=business, by_installation=True)
    assert "account of this installation" in browser.get(PAGE).content.decode()


def test_a_key_is_not_repeated_though_stripe_repeats_it(
    box: Sandbox, sit: Sit, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refuse(method: str, path: str, form: object) -> None:
        raise Refused("Invalid API Key provided: sk_test_nobodysnobodys, see whsec_nobodysnobodys", status=401)

    box.keys = frozenset()
    monkeypatch.setattr(box, "answer", refuse)
    page = sit().post(PAGE, {"key": "sk_test_nobodysnobodys", "webhook_secret": SECRET})
    assert page.status_code == 422
    assert "nobodysnobodys" not in page.content.decode() + caplog.text
    assert SECRET not in page.content.decode() + caplog.text
