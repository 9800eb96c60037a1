"""Several invoices at once: what would happen, what does, and what is refused."""

from __future__ import annotations

import io
import re
import zipfile
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client as Browser
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.choices import QueueState, Role
from accounts.models import Business, Delivery
from accounts.queue import run_due
from accounts.tenancy import Actor
from clients.models import Client
from invoicing.models import Artifact, Invoice, Payment
from invoicing.services.corrections import cancel_invoice
from invoicing.services.sending import mark_sent
from invoicing.services.settlement import mark_paid
from invoicing.web import bulk
from tests.factories.accounts import make_member
from tests.factories.clients import make_client
from tests.factories.invoicing import make_draft, make_issued

pytestmark = pytest.mark.django_db
PAGE = "/invoices/selected"
EXEMPT = ({"name": "Course", "quantity": 2, "unit_price": "150", "tax_rate": 0, "tax_category": "E"},)


@pytest.fixture
def several(business: Business, customer: Client) -> dict[str, Invoice]:
    """Return an issued, a draft, a draft that cannot be issued, one without an address, a paid and a cancelled invoice."""
    actor, now = Actor.system(business.pk), timezone.now()
    paid, cancelled = make_issued(business, customer), make_issued(business, customer)
    mark_paid(invoice=paid, actor=actor, at=now)
    cancel_invoice(invoice=cancelled, actor=actor, at=now)
    return {
        "issued": make_issued(business, customer),
        "draft": make_draft(business, customer),
        "unready": make_draft(business, customer, items=EXEMPT),
        "unreachable": make_issued(business, make_client(business, name="Nobody", email="")),
        "paid": paid,
        "cancelled": cancelled,
    }


def ask(browser: Browser, act: str, *invoices: Invoice, **data: str) -> Any:
    return browser.get(PAGE, {"act": act, "selected": [each.pk for each in invoices], **data})


def do(browser: Browser, act: str, *invoices: Invoice, **data: str) -> Any:
    return browser.post(PAGE, {"act": act, "selected": [each.pk for each in invoices], **data}, follow=True)


def left_out(several: dict[str, Invoice], page: Any) -> dict[str, str]:
    names = {invoice.pk: name for name, invoice in several.items()}
    return {names[each.invoice.pk]: each.reason for each in page.context["outlook"].left_out}


def possible(several: dict[str, Invoice], page: Any) -> set[str]:
    names = {invoice.pk: name for name, invoice in several.items()}
    return {names[invoice.pk] for invoice in page.context["outlook"].possible}


def said(page: Any) -> list[str]:
    return [re.sub(r"<[^>]+>", " ", str(message)) for message in page.context["messages"]]


def test_sending_says_first_what_will_happen(browser: Browser, several: dict[str, Invoice]) -> None:
    page = ask(browser, "send", *several.values())
    assert possible(several, page) == {"issued", "draft"}
    assert left_out(several, page) == {
        "paid": "It is settled. Where it is to go out again, send it from its own page.",
        "unready": "Say why no tax is charged: this category needs a reason.",
        "unreachable": "The client has no email address.",
        "cancelled": "This document is in the state “Cancelled”, which does not allow that.",
    }
    assert (page.context["title"], page.context["outlook"].drafts) == ("Send 2 invoices?", 1)
    assert page.context["sums"] == [("MAD", Decimal(720))]
    assert Delivery.objects.count() == 0


def test_sending_queues_a_mail_each_and_tells_what_was_refused(browser: Browser, several: dict[str, Invoice]) -> None:
    page = do(browser, "send", several["issued"], several["draft"], several["unready"], query="status=draft")
    assert Delivery.objects.count() == 2
    assert page.redirect_chain == [("/invoices?status=draft", 302)]
    done, refused = said(page)
    assert done == "2 mails are on their way."
    assert (
        " ".join(refused.split())
        == "1 was refused: Draft for Riad Exemple : Say why no tax is charged: this category needs a reason."
    )
    several["draft"].refresh_from_db()
    assert several["draft"].number


def test_the_same_form_sent_twice_is_carried_out_once(browser: Browser, several: dict[str, Invoice]) -> None:
    for _press in range(2):
        do(browser, "send", several["issued"], once="one-and-the-same")
    assert Delivery.objects.count() == 1


def test_reminding_asks_for_what_is_due_of_what_was_sent(
    browser: Browser, business: Business, several: dict[str, Invoice]
) -> None:
    several["sent"] = mark_sent(invoice=several["issued"], actor=Actor.system(business.pk), at=timezone.now())
    page = ask(browser, "remind", *several.values())
    assert possible(several, page) == {"sent"}
    assert left_out(several, page) == {
        "draft": "It is a draft: issue and send it first.",
        "unready": "It is a draft: issue and send it first.",
        "unreachable": "The client was never sent it. Send it first.",
        "paid": "Nothing is due, so there is nothing to remind of.",
        "cancelled": "This document is in the state “Cancelled”, which does not allow that.",
    }
    assert said(do(browser, "remind", several["sent"])) == ["1 reminder is on its way."]
    assert Delivery.objects.get().template == "reminder"


def test_marking_as_paid_books_all_that_is_due(browser: Browser, several: dict[str, Invoice]) -> None:
    page = ask(browser, "pay", *several.values())
    assert possible(several, page) == {"issued", "draft", "unreachable"}
    assert left_out(several, page)["paid"] == "It is paid already."
    before = Payment.objects.count()
    assert said(do(browser, "pay", several["issued"], several["draft"])) == ["2 invoices are marked as paid."]
    assert list(Payment.objects.order_by("-created_at").values_list("amount", flat=True))[:2] == [360, 360]
    assert Payment.objects.count() == before + 2


def test_deleting_takes_drafts_alone(browser: Browser, several: dict[str, Invoice]) -> None:
    page = ask(browser, "delete", *several.values())
    assert possible(several, page) == {"draft", "unready"}
    assert left_out(several, page)["issued"] == "It was issued. Only drafts are deleted."
    assert said(do(browser, "delete", several["draft"], several["issued"]))[0] == "1 draft was deleted."
    assert not Invoice.objects.filter(pk=several["draft"].pk).exists()
    assert Invoice.objects.filter(pk=several["issued"].pk).exists()


def test_nothing_possible_offers_no_button(browser: Browser, several: dict[str, Invoice]) -> None:
    page = ask(browser, "send", several["cancelled"])
    assert page.context["title"] == "None of these can be sent"
    assert '<form method="post" class' not in page.content.decode()


def test_nothing_ticked_leads_back(browser: Browser, business: Business) -> None:
    page = browser.get(PAGE, {"act": "send", "query": "status=paid"}, follow=True)
    assert (page.redirect_chain, said(page)) == ([("/invoices?status=paid", 302)], ["Tick the invoices first."])


def test_all_that_the_list_shows_can_be_meant(browser: Browser, several: dict[str, Invoice]) -> None:
    page = browser.get(PAGE, {"act": "delete", "all": "1", "query": "status=draft&page=7"})
    assert possible(several, page) == {"draft", "unready"}


def test_too_many_are_refused_with_a_way_on(
    browser: Browser, several: dict[str, Invoice], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST", 3)
    for act in ("send", "zip"):
        page = ask(browser, act, *several.values())
        assert "At most 3 invoices go at once" in page.content.decode()


@pytest.mark.parametrize(("form", "start"), [("csv", b"\xef\xbb\xbf"), ("xlsx", b"PK")])
def test_the_ticked_ones_are_exported(browser: Browser, several: dict[str, Invoice], form: str, start: bytes) -> None:
    content = b"".join(ask(browser, form, several["issued"]).streaming_content)
    assert content.startswith(start)
    if form == "csv":
        assert content.decode().count("\r\n") == 2


def test_a_zip_holds_what_is_stored(browser: Browser, several: dict[str, Invoice]) -> None:
    page = ask(browser, "zip", *several.values())
    bundle = page.context["bundle"]
    assert (len(bundle.ready), len(bundle.making), len(bundle.left_out)) == (0, 3, 3)
    assert 'hx-trigger="every 1s"' in page.content.decode()
    run_due(limit=20)
    page = browser.get(page.request["PATH_INFO"], page.wsgi_request.GET, headers={"HX-Request": "true"})
    assert "data-download" in page.content.decode()
    answer = ask(browser, "zip", several["issued"], several["paid"])
    response: Any = browser.get(answer["Location"])
    archive = zipfile.ZipFile(io.BytesIO(b"".join(response.streaming_content)))
    assert archive.testzip() is None
    assert sorted(archive.namelist()) == sorted(f"invoice_{several[name].number}.pdf" for name in ("issued", "paid"))
    assert archive.read(archive.namelist()[0]).startswith(b"%PDF")


def test_what_could_not_be_made_is_made_again(browser: Browser, several: dict[str, Invoice]) -> None:
    Artifact.objects.update(state=QueueState.FAILED)
    Artifact.objects.filter(invoice=several["paid"]).delete()
    page = ask(browser, "zip", several["issued"], several["paid"])
    assert len(page.context["bundle"].failed) == 2
    page = do(browser, "zip", several["issued"], several["paid"])
    assert len(page.context["bundle"].making) == 2


def test_who_only_reads_may_take_files_alone(business: Business, several: dict[str, Invoice]) -> None:
    viewer = Browser()
    viewer.force_login(make_member(business, Role.VIEWER))
    for act in ("send", "pay", "delete"):
        assert ask(viewer, act, several["issued"]).status_code == 403
        assert do(viewer, act, several["issued"]).status_code == 403
    assert ask(viewer, "csv", several["issued"]).status_code == 200
    assert ask(viewer, "zip", several["issued"]).status_code == 200


def test_strangers_reach_nothing(stranger: Browser, several: dict[str, Invoice]) -> None:
    assert ask(stranger, "send", *several.values()).status_code == 302
    do(stranger, "delete", several["draft"])
    assert Invoice.objects.filter(pk=several["draft"].pk).exists()
    assert b"".join(ask(stranger, "csv", *several.values()).streaming_content).count(b"\r\n") == 1


def test_another_act_is_not_there(browser: Browser, several: dict[str, Invoice]) -> None:
    assert ask(browser, "burn", several["issued"]).status_code == 404
    assert do(browser, "burn", several["issued"]).status_code == 404


def test_asking_takes_the_same_number_of_queries_however_many(
    browser: Browser, business: Business, customer: Client, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    drafts = [make_draft(business, customer) for _each in range(5)]
    ask(browser, "send", *drafts)
    counts = []
    for chosen in (drafts[:1], drafts):
        with django_assert_max_num_queries(16) as found:
            ask(browser, "send", *chosen)
        counts.append(len(found.captured_queries))
    assert counts[0] == counts[1]
