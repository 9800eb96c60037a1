"""Documents being read: once at a time, also when it is asked for twice or the worker dies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from accounts import queue, storage
from accounts.choices import QueueState
from accounts.errors import NotAllowed, NotFound
from accounts.models import Business
from accounts.tenancy import Actor
from extraction.choices import DocumentStatus, Failure
from extraction.errors import BeingRead
from extraction.models import Document, EngineCall, Extraction
from extraction.services.runs import process, refetch
from extraction.services.verifying import correct
from tests.accounts.threads import at_once, raised, returned
from tests.extraction import papers
from tests.factories.accounts import make_actor, make_business
from tests.factories.extraction import make_document, make_read

pytestmark = pytest.mark.django_db


def order(act: Any, document: Document, **data: Any) -> Any:
    fresh = Document.objects.select_related("latest").get(pk=document.pk)
    return act(document=fresh, actor=Actor.system(document.business_id), at=timezone.now(), data=data)


def test_a_document_is_read_and_known_by_what_was_read(business: Business) -> None:
    document = make_read(business, vendor_name="Somebody else", amount="7")
    run = document.latest
    assert run is not None
    assert (run.state, run.read_by, document.status) == (QueueState.DONE, "embedded", DocumentStatus.DONE)
    assert (document.vendor, document.number, document.total, document.currency) == (
        *("Example Paper Ltd", "2026-118", 120, "EUR"),
    )
    assert all(check["ok"] for check in run.checks)
    assert run.confidence["total"]["reason"] == "embedded_xml"
    # The cache was asked first.
    assert [(call.engine, call.is_answered) for call in EngineCall.objects.order_by("pk")] == [
        *(("cache", False), ("embedded", True))
    ]


def test_a_document_that_nobody_can_read_says_so(business: Business) -> None:
    document = make_read(business, papers.plain())
    assert document.latest is not None
    assert (document.status, document.latest.failure) == (DocumentStatus.FAILED, Failure.UNREADABLE)
    assert order(process, document).state == QueueState.QUEUED  # it may be tried again


def test_a_paper_that_says_a_part_is_read_as_far_as_it_goes(business: Business) -> None:
    code = papers.zatca("Example Trading", "300000000000003", "2026-11-15T10:30:00Z", "115.00", "15.00")
    document = make_read(business, papers.with_code(code))
    assert document.latest is not None
    assert (document.status, document.number, document.total) == (DocumentStatus.DONE, "", 115)


def test_the_same_bytes_are_read_once_for_a_business(business: Business) -> None:
    first, second = make_read(business), make_read(business)
    stranger = make_read(make_business())
    assert [each.duplicate_of_id for each in (first, second, stranger)] == [None, first.pk, None]
    by = [each.latest.read_by for each in (first, second, stranger) if each.latest]
    assert by == ["embedded", "cache", "embedded"]
    checks = Extraction.objects.get(pk=second.latest_id).checks
    assert [check["values"] for check in checks if check["name"] == "duplicate"] == [{"document": first.pk}]
    # Whoever orders it anew wants no copy.
    again = order(refetch, second)
    queue.run_due()
    again.refresh_from_db()
    assert again.read_by == "embedded"


def test_process_leaves_what_is_read_or_being_read(business: Business) -> None:
    document = make_document(business)
    run = order(process, document)
    assert order(process, document) == run
    queue.run_due()
    assert order(process, document) is None


def test_one_run_at_a_time(business: Business) -> None:
    document = make_read(business)
    first = order(refetch, document)
    with pytest.raises(BeingRead):
        order(refetch, document)
    lease = queue.claim("extraction", pk=first.pk)
    assert lease is not None
    with pytest.raises(BeingRead):
        order(refetch, document)
    fresh = Document.objects.select_related("latest").get(pk=document.pk)
    assert fresh.status == DocumentStatus.PROCESSING


def test_a_worker_that_is_killed_loses_nothing(business: Business) -> None:
    document = make_document(business)
    run = order(process, document)
    dead = queue.claim("extraction", pk=run.pk)
    assert dead is not None
    assert not queue.run_one("extraction", pk=run.pk)
    Extraction.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
    assert queue.run_one("extraction", pk=run.pk)
    run.refresh_from_db()
    assert (run.state, run.attempts, run.failure) == (QueueState.DONE, 2, "")
    with pytest.raises(queue.LeaseLost), dead.finish():
        pass


def test_a_worker_that_is_killed_each_time_gives_up_with_a_sentence(business: Business) -> None:
    document = make_document(business)
    run = order(process, document)
    Extraction.objects.update(attempts=queue.MAX_ATTEMPTS)
    queue.run_one("extraction", pk=run.pk)
    run.refresh_from_db()
    assert (run.state, run.failure) == (QueueState.FAILED, Failure.GAVE_UP)


def test_a_file_that_is_gone_is_told(business: Business) -> None:
    document = make_document(business)
    storage.forget(document.file_key)
    run = order(process, document)
    queue.run_due()
    run.refresh_from_db()
    assert run.failure == Failure.FILE_MISSING


def test_a_changed_iban_is_warned_of_and_hostile_data_stays_text(business: Business) -> None:
    document = make_read(business)
    actor = make_actor(business)
    correct(document=document, actor=actor, at=timezone.now(), data={"manual_verified": True})
    other = papers.carrying(papers.cii(number="&lt;script&gt;", iban="DE02120300000000202051"))
    second = make_read(business, other)
    assert second.latest is not None
    warned = {check["name"]: check["ok"] for check in second.latest.checks}
    # Of the same vendor, day and total as the first
    assert (warned["iban_changed"], warned["duplicate"]) == (False, False)
    assert second.latest.confidence["vendor_iban"]["reason"] == "iban_changed"
    assert second.number == "<script>"


@pytest.mark.parametrize(("role", "refusal"), [("viewer", NotAllowed), ("outsider", NotFound)])
def test_a_viewer_and_an_outsider_order_nothing(business: Business, role: str, refusal: type[Exception]) -> None:
    document = make_document(business)
    actor = make_actor() if role == "outsider" else make_actor(business, role)
    for act in (process, refetch):
        with pytest.raises(refusal):
            act(document=document, actor=actor, at=timezone.now(), data={})
    assert not Extraction.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_of_many_who_order_at_once_one_is_served() -> None:
    document = make_read(make_business())

    results = at_once(4, lambda number: order(refetch, document))
    assert (raised(results), len(returned(results))) == (["BeingRead"] * 3, 1)


@pytest.mark.django_db(transaction=True)
def test_the_same_file_twice_at_once_is_two_documents_of_which_one_names_the_other(kept: Any) -> None:
    business = make_business()
    first, second = at_once(2, lambda number: make_document(business))
    assert {first.duplicate_of_id, second.duplicate_of_id} in ({None, first.pk}, {None, second.pk})
    assert len(kept()) == 2
