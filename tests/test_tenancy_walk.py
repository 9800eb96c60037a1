"""Every address and every operation there is, asked for by a stranger, a viewer and nobody.

The addresses come from the URL resolver, so that a new one is walked by itself: it fails here when nobody says
what stands for its parameters.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from django.test import Client as Browser
from django.urls import URLResolver, get_resolver
from django.utils import timezone
from rest_framework.permissions import SAFE_METHODS, AllowAny

from accounts.choices import Permission, Role
from accounts.models import Business, User
from accounts.services.api_keys import create_api_key
from accounts.services.invitations import invite
from accounts.tenancy import Actor
from extraction.services.uploads import Upload
from invoicing.services.papers import pdf_of
from invoicing.services.sending import send_invoice
from invoicing.services.settlement import record_payment
from invoicing.services.views import save_view
from tests.factories.accounts import make_actor, make_business, make_member, make_user, owner_of
from tests.factories.clients import make_client
from tests.factories.extraction import make_read
from tests.factories.invoicing import make_issued

MARK = "Qzx77 Secret"  # stands in all names of the business that is not to be seen
METHODS = ("get", "post", "put", "patch", "delete")
# What is walked elsewhere or has nothing of a business: staff's own pages, and those of packages.
ELSEWHERE = ("admin", "accounts/", "i18n/", "^api")
# Open to all. Who has the token of a public page may see it; the embedded mode shows its mails to whoever is there.
PUBLIC = (
    "health",
    "docs",
    "redoc",
    "api/v1/schema",
    "pay/",
    "invitations/",
    "dev/",
    "favicon.ico",
    "settings/language",
    "settings/theme",
    "webhooks/",
)
# The caller's own account, whatever their role.
OWN = ("api/v1/auth/", "api/v1/users/me")
PARAMETER = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>[^()]*\)")


@dataclass(frozen=True)
class Address:
    """An address of the application with the methods it answers to."""

    route: str
    callback: Any

    @property
    def is_api(self) -> bool:
        return self.route.startswith("api/")

    @property
    def is_public(self) -> bool:
        return self.route.startswith(PUBLIC) or AllowAny in getattr(self.view, "permission_classes", ())

    @property
    def view(self) -> Any:
        return getattr(self.callback, "cls", None) or getattr(self.callback, "view_class", None)

    @property
    def parameters(self) -> list[str]:
        return [first or second for first, second in PARAMETER.findall(self.route)]

    @property
    def methods(self) -> list[str]:
        actions = getattr(self.callback, "actions", None)
        if actions:
            return list(actions)
        if self.view is None:
            return ["get", "post"]
        return [method for method in METHODS if hasattr(self.view, method)]

    def url(self, values: dict[tuple[str, str], str]) -> str:
        collection = self.route.removeprefix("api/v1/").lstrip("^").partition("/")[0]
        filled = PARAMETER.sub(lambda found: values[collection, found[1] or found[2]], self.route)
        return "/" + filled.replace("^", "").removesuffix("$")

    def permission(self, method: str) -> str | None:
        """Return what an operation of the API needs in the business; None: nothing there, or the service decides."""
        if not hasattr(self.view, "required") or self.route.startswith(OWN):
            return None
        default = Permission.READ if method.upper() in SAFE_METHODS else Permission.WRITE
        needed: str | None = self.view.required.get(self.callback.actions[method], default)
        return needed


def addresses(resolver: URLResolver | None = None, prefix: str = "") -> Iterator[Address]:
    for pattern in (resolver or get_resolver()).url_patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern, route)
        elif not route.startswith(ELSEWHERE):
            yield Address(route, pattern.callback)


@dataclass
class World:
    """A business with one of everything, and who asks for it."""

    business: Business
    values: dict[tuple[str, str], str]
    stranger: User
    viewer: User

    @cached_property
    def before(self) -> list[Any]:
        """What was stored before anybody asked."""
        return self.state()

    def state(self) -> list[Any]:
        """Return all that is stored of the business."""
        rows: list[Any] = list(Business.objects.filter(pk=self.business.pk).values())
        for model in apps.get_models():
            if any(field.name == "business" and field.related_model is Business for field in model._meta.fields):
                rows += model._default_manager.filter(business=self.business).order_by("pk").values()
        return rows

    def ask(self, user: User | None, method: str, url: str, data: dict[str, Any] | None, *, is_api: bool) -> Any:
        """Return the answer to one question; what it changed in the business is a failure, and is undone."""
        with transaction.atomic():
            browser = Browser(raise_request_exception=False)
            if user is not None:
                browser.force_login(user)
            if is_api or method not in {"get", "post"}:
                body = json.dumps(data or {}) if method != "get" else ""
                answer = browser.generic(method.upper(), url, body, content_type="application/json")
            else:
                answer = getattr(browser, method)(url, data or {})
            content = b"".join(getattr(answer, "streaming_content", ())) if answer.streaming else answer.content
            after = self.state()
            transaction.set_rollback(True)
        name = f"{method.upper()} {url}: {answer.status_code}"
        assert after == self.before, name
        assert answer.status_code < 500, name
        if user != self.viewer:
            assert MARK.encode() not in content, name
        return answer


@pytest.fixture
def world(db: None, settings: Any) -> World:
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "100000/m")
    business = make_business(name=MARK, legal_name=MARK, owner=make_user(full_name=MARK), currency="USD")
    actor, now = Actor.system(business.pk), timezone.now()
    client = make_client(business, name=MARK)
    invoice = make_issued(business, client, items=[{"name": MARK, "unit_price": 100}], reference=MARK)
    pdf_of(invoice)  # kept before, so that reading it stores nothing
    payment = record_payment(
        invoice=invoice, actor=make_actor(user=owner_of(business)), at=now, data={"amount": 10, "method": "cash"}
    )
    delivery = send_invoice(invoice=invoice, actor=actor, at=now, data={"to_email": "client@example.com"})
    key, _text = create_api_key(actor=actor, business=business, data={"name": MARK}, at=now)
    offer = invite(actor=actor, business=business, email="invited@example.com", at=now)
    paper = make_read(business, name=f"{MARK}.pdf", vendor_name=MARK, supporting=(Upload(MARK, MARK.encode()),))
    view = save_view(
        actor=make_actor(user=owner_of(business)), business=business, name=MARK, query="status=paid", at=now
    )
    values = {
        ("settings", "pk"): business.pk,
        ("businesses", "invitation_id"): offer.pk,
        ("businesses", "business_id"): business.pk,
        ("businesses", "user_id"): owner_of(business).pk,
        ("api-keys", "pk"): key.pk,
        ("clients", "client_id"): client.pk,
        ("clients", "pk"): client.pk,
        ("invoices", "invoice_id"): invoice.pk,
        ("invoices", "pk"): invoice.pk,
        ("invoices", "payment"): payment.pk,
        ("invoices", "page"): "1",
        ("invoices", "delivery"): delivery.pk,
        ("invoices", "view"): view.pk,
        ("payments", "payment_id"): payment.pk,
        ("documents", "document_id"): paper.pk,
        ("documents", "n"): "1",
        ("documents", "pk"): paper.pk,
        ("documents", "number"): "1",
        ("extractions", "extraction_id"): str(paper.latest_id),
    }
    made = World(business, values, owner_of(make_business()), make_member(business, Role.VIEWER))
    assert made.before
    return made


def private(*, api: bool, with_ids: bool) -> list[Address]:
    """Return the addresses that are not open to all, of one kind."""
    return [
        address
        for address in addresses()
        if address.is_api == api and bool(address.parameters) == with_ids and not address.is_public
    ]


def walk(world: World, found: list[Address]) -> Iterator[tuple[Address, str, str]]:
    """Yield each address with each of its methods and its URL with the business's own ids."""
    assert found
    for address in found:
        for method in address.methods:
            yield address, method, address.url(world.values)


# The API


@pytest.mark.parametrize("with_ids", [True, False])
def test_nobody_is_asked_for_credentials_by_every_operation(world: World, with_ids: bool) -> None:
    for _address, method, url in walk(world, private(api=True, with_ids=with_ids)):
        answer = world.ask(None, method, url, None, is_api=True)
        assert answer.status_code == 401, f"{method} {url}"


def test_a_stranger_finds_none_of_the_businesss_things(world: World) -> None:
    for _address, method, url in walk(world, private(api=True, with_ids=True)):
        answer = world.ask(world.stranger, method, url, None, is_api=True)
        assert answer.status_code == 404, f"{method} {url}: {answer.content.decode()}"


def test_a_stranger_neither_lists_nor_makes_anything_in_the_business(world: World) -> None:
    names = {name: value for (_collection, name), value in world.values.items() if name != "pk"}
    for address, method, url in walk(world, private(api=True, with_ids=False)):
        world.ask(world.stranger, method, url, None, is_api=True)
        world.ask(world.stranger, method, url, names, is_api=True)
        answer = world.ask(world.stranger, method, f"{url}?business_id={world.business.pk}", None, is_api=True)
        if method == "get" and "business_id" in known_parameters(address, method):
            assert answer.status_code == 404, f"{method} {url}"


def known_parameters(address: Address, method: str) -> frozenset[str]:
    """Return the query parameters that an operation takes."""
    view = address.view()
    view.action = getattr(address.callback, "actions", {}).get(method)
    view.request = type("Asked", (), {"method": method.upper(), "query_params": {}})()
    return frozenset(view.known_parameters())


@pytest.mark.parametrize("with_ids", [True, False])
def test_a_viewer_reads_and_changes_nothing(world: World, with_ids: bool) -> None:
    refused = 0
    for address, method, url in walk(world, private(api=True, with_ids=with_ids)):
        needed = address.permission(method)
        answer = world.ask(world.viewer, method, url, None, is_api=True)
        name = f"{method} {url}: {answer.status_code}"
        if needed == Permission.READ and method == "get":
            assert answer.status_code not in {401, 403}, name
        elif needed not in {None, Permission.READ}:
            assert answer.status_code == 403, name
            refused += 1
    assert refused


# Pages


@pytest.mark.parametrize("with_ids", [True, False])
def test_nobody_is_sent_to_sign_in_by_every_page(world: World, with_ids: bool) -> None:
    for _address, method, url in walk(world, private(api=False, with_ids=with_ids)):
        answer = world.ask(None, method, url, None, is_api=False)
        assert answer.status_code in {302, 405}, f"{method} {url}: {answer.status_code}"
        if answer.status_code == 302:
            assert answer["Location"].startswith("/accounts/login/"), f"{method} {url}: {answer['Location']}"


def test_a_stranger_finds_no_page_of_the_businesss_things(world: World) -> None:
    for _address, method, url in walk(world, private(api=False, with_ids=True)):
        answer = world.ask(world.stranger, method, url, None, is_api=False)
        assert answer.status_code in {404, 405}, f"{method} {url}: {answer.status_code}"


def test_a_strangers_own_pages_show_and_change_nothing_of_the_business(world: World) -> None:
    names = {name: value for (_collection, name), value in world.values.items() if name != "pk"}
    names |= {"business": world.business.pk, "client": names["client_id"]}
    for _address, method, url in walk(world, private(api=False, with_ids=False)):
        world.ask(world.stranger, method, url, None, is_api=False)
        world.ask(world.stranger, method, url, names, is_api=False)


@pytest.mark.parametrize("with_ids", [True, False])
def test_a_viewers_pages_change_nothing(world: World, with_ids: bool) -> None:
    for address, method, url in walk(world, private(api=False, with_ids=with_ids)):
        answer = world.ask(world.viewer, method, url, None, is_api=False)
        if with_ids and method == "post":
            # A saved view is its person's alone: nobody else finds it.
            refusals = {404} if "view" in address.parameters else {403, 405}
            assert answer.status_code in refusals, f"{method} {url}: {answer.status_code}"
