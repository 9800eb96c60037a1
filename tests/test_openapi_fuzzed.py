"""What the API does with everything its description allows, and with what it does not: schemathesis over all operations.

Each request meets the same rows, and what it does is taken back. The seed is fixed; what is generated follows from the
description alone.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections, transaction
from django.test import Client as Browser
from django.utils import timezone
from schemathesis import Case
from schemathesis.checks import load_all_checks
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import Failure, FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.generation import GenerationMode
from schemathesis.generation.feedback import FeedbackSources
from schemathesis.pytest._test_builder import build_operation_test
from schemathesis.specs.openapi.checks import negative_data_rejection

from accounts.choices import Role
from accounts.queries import actor_for
from accounts.services.api_keys import create_api_key
from accounts.services.invitations import invite
from accounts.services.tokens import start_family
from accounts.tenancy import Actor
from invoicing.models import Payment
from invoicing.services.corrections import write_note
from invoicing.services.settlement import record_payment
from tests.factories.accounts import make_business, make_member, owner_of
from tests.factories.clients import make_client
from tests.factories.extraction import make_document, make_read
from tests.factories.invoicing import make_draft, make_issued
from tests.fakes.stripe import KEY, stripe_stand_in

pytestmark = [pytest.mark.slow, pytest.mark.django_db, pytest.mark.timeout(900)]

CONFIG: dict[str, Any] = {
    "seed": 1,
    "generation": {"database": "none"},
    # Methods that an address does not have are tested once for all: tests/config/test_errors.py.
    "phases": {"coverage": {"unexpected-methods": []}},
    "checks": {
        # Many rules cannot be written in a schema: a phone number that exists, an amount that is still due.
        "positive_data_acceptance": {"enabled": False},
        # A stale If-Match is told before a malformed body is looked at.
        "negative_data_rejection": {
            "expected-statuses": ["400", "401", "403", "404", "405", "409", "412", "413", "415"]
        },
    },
}
PARTS = 6
# Those who may less get fewer examples: what is looked for is a refusal that the description does not know.
EXAMPLES = {"owner": 6, "member": 2, "key that reads": 2}
ASKED = [
    *((who, part, PARTS) for who in ("owner",) for part in range(PARTS)),
    *((who, part, 2) for who in ("member", "key that reads") for part in range(2)),
]
# Where an id may stand in a path, a query or a body, and of what.
REFERENCES = {
    "id": "api_key",
    "business_id": "business",
    "client_id": "client",
    "document_id": "document",
    "extraction_id": "extraction",
    "invitation_id": "invitation",
    "invoice_id": "invoice",
    "payment_id": "payment",
    "user_id": "user",
    "parent_invoice_id": "invoice",
    "parent_item_id": "item",
    "invoice_number": "number",
    "parent_invoice_number": "number",
}


@pytest.fixture(scope="session")
def described() -> dict[str, Any]:
    return dict(Browser().get("/api/v1/schema").json())


@pytest.fixture
def api_schema(described: dict[str, Any], who: str) -> Iterator[Any]:
    # As Django's own test client does: the connection with the rows is the test's, not the request's.
    signals = (request_started, request_finished)
    logging.disable()  # thousands of refusals
    for signal in signals:
        signal.disconnect(close_old_connections)
    generation = {**CONFIG["generation"], "max-examples": EXAMPLES[who]}
    config = SchemathesisConfig.from_dict(CONFIG | {"generation": generation})
    loaded = schemathesis.openapi.from_dict(described, config=config)
    loaded.app = get_wsgi_application()
    yield loaded
    logging.disable(logging.NOTSET)
    for signal in signals:
        signal.connect(close_old_connections)


@pytest.fixture
def known(db: None, settings: Any) -> Iterator[dict[str, list[str]]]:
    """Return the ids of what there is, by kind, and who asks; links for payment are made at a stand-in."""
    with stripe_stand_in() as stand_in:
        settings.STRIPE_API_KEY, settings.STRIPE_API_BASE = KEY, stand_in.base
        yield everything(settings)


def everything(settings: Any) -> dict[str, list[str]]:
    """Make something of each kind."""
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, "1000000/s")
    at = timezone.now()
    business = make_business(currency="MAD", country="MA")
    owner, actor = owner_of(business), Actor.system(business.pk)
    owner_actor = actor_for(owner)
    client = make_client(business)
    draft, issued, paid, credited = (
        make_draft(business, client),
        make_issued(business, client),
        make_issued(business, client),
        make_issued(business, client),
    )
    record_payment(invoice=paid, actor=actor, at=at, data={"amount": 300, "method": "cash"})
    note = write_note(
        parent=credited, kind="credit_note", actor=actor, at=at, data={"reason": "Returned", "issue": True}
    )
    invoices = [draft, issued, paid, credited, note]
    key, text = create_api_key(actor=actor, business=business, data={"name": "Shop", "scopes": ["read"]}, at=at)
    member = make_member(business, Role.MEMBER)
    document = make_read(business)
    return {
        "api_key": [key.pk],
        "business": [business.pk, make_business(owner=owner).pk],
        "invitation": [invite(actor=owner_actor, business=business, email="new@example.com", at=at).pk],
        "document": [document.pk, make_document(business).pk],
        "extraction": [str(document.latest_id)],
        "client": [client.pk, make_client(business).pk],
        "invoice": [invoice.pk for invoice in invoices],
        "item": [line.pk for line in issued.lines.all()],
        "number": [str(issued.number), str(note.number)],
        "payment": [payment.pk for payment in Payment.objects.all()],
        "user": [owner.pk, member.pk],
        "owner": [start_family(user=owner, at=at).access_token],
        "member": [start_family(user=member, at=at).access_token],
        "key that reads": [text],
    }


def existing(value: Any, known: dict[str, list[str]]) -> Any:
    """Return what was generated with three of four ids put in place of a text that is none; which, the text says."""
    if isinstance(value, list):
        return [existing(entry, known) for entry in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, entry in value.items():
        number = zlib.crc32(repr(entry).encode())
        if isinstance(entry, str) and name in REFERENCES and number % 4:
            ids = known[REFERENCES[name]]
            found[name] = ids[number // 4 % len(ids)]
        else:
            found[name] = existing(entry, known)
    return found


WRITTEN = (ParameterLocation.PATH, ParameterLocation.QUERY, ParameterLocation.BODY)


def is_meant_wrong(case: Case[Any], location: ParameterLocation) -> bool:
    """Return whether a part of a request breaks the description on purpose."""
    component = case.meta.components.get(location) if case.meta else None
    return component is not None and component.mode == GenerationMode.NEGATIVE


def ask(case: Case[Any], known: dict[str, list[str]], who: str) -> None:
    """Send a request, look at the answer, and take back what it did."""
    # Where nothing but the credentials is wrong, ours in their place make the request right.
    is_wrong = any(is_meant_wrong(case, location) for location in WRITTEN)
    if not is_meant_wrong(case, ParameterLocation.PATH):
        case.path_parameters = existing(case.path_parameters, known)
    if not is_meant_wrong(case, ParameterLocation.QUERY):
        case.query = existing(case.query, known)
    case.body = existing(case.body, known)
    with transaction.atomic():
        case.call_and_validate(
            headers={"Authorization": f"Bearer {known[who][0]}"},
            excluded_checks=[] if is_wrong else [negative_data_rejection],
        )
        transaction.set_rollback(True)


@pytest.mark.parametrize(("who", "part", "parts"), ASKED)
def test_every_answer_is_as_described(
    api_schema: Any, known: dict[str, list[str]], who: str, part: int, parts: int
) -> None:
    load_all_checks()
    operations = [found.ok() for found in api_schema.get_all_operations()]
    failed = []
    for operation in operations[part::parts]:
        test = build_operation_test(
            config=api_schema.config, operation=operation, test_func=ask, given_kwargs={}, feedback=FeedbackSources()
        )
        try:
            test(known=known, who=who)
        except (FailureGroup, Failure) as failure:
            failed.append(f"{operation.label}: {failure}")
    assert operations[part::parts]
    if failed:
        pytest.fail("\n\n".join(failed))
