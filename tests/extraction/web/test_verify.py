"""The page on which a document is verified: its fields, checks, acts, files, and what two persons do at once."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser
from typing import Any

import brotli
import pytest
from django.core.cache import cache
from django.test import Client as Browser
from django.utils import timezone

from accounts import queue
from accounts.choices import Role
from accounts.models import Business
from accounts.services.businesses import archive_business
from extraction.intake import pictures
from extraction.models import Document, Extraction, Page
from extraction.services.runs import refetch
from extraction.services.verifying import correct, current
from extraction.web.verify_texts import printed_day, printed_number
from invoicing.errors import PictureTooCostly
from tests.extraction import papers, printed
from tests.factories.accounts import make_actor, make_business, make_member
from tests.factories.extraction import make_document, make_read

pytestmark = pytest.mark.django_db


class Form(HTMLParser):
    """What the form of the page would send, gathered as a browser does."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.values: dict[str, Any] = {}
        self.acts: list[str] = []
        self._select = self._area = ""
        self._inside = self._in_template = False
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        known = {name: value or "" for name, value in attrs}
        self._inside = self._inside or known.get("id") == "verify-form"
        self._in_template = self._in_template or tag == "template"
        if not self._inside or self._in_template:
            return
        name = known.get("name", "")
        if tag == "button" and name == "act":
            self.acts.append(known["value"])
        elif tag == "input" and name == "has":
            self.values.setdefault("has", []).append(known["value"])
        elif tag == "input" and name:
            self.values[name] = known.get("value", "")
        elif tag == "select":
            self._select, self.values[name] = name, ""
        elif tag == "option" and self._select and "selected" in known:
            self.values[self._select] = known["value"]
        elif tag == "textarea":
            self._area, self.values[name] = name, ""

    def handle_data(self, data: str) -> None:
        if self._area and self._inside:
            self.values[self._area] += data.strip()

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._inside = False
        if tag == "template":
            self._in_template = False
        if tag == "select":
            self._select = ""
        if tag == "textarea":
            self._area = ""


def signed_in(user: Any) -> Browser:
    browser = Browser()
    browser.force_login(user)
    return browser


@pytest.fixture
def browser(business: Business) -> Browser:
    return signed_in(business.memberships.get().user)


def url(document: Document, rest: str = "") -> str:
    return f"/documents/{document.pk}/verify{rest}"


def form_of(browser: Browser, document: Document, query: str = "") -> Form:
    page = browser.get(url(document) + query)
    assert page.status_code == 200
    return Form(page.content.decode())


def sent(browser: Browser, document: Document, form: Form, act: str, query: str = "", **changes: str) -> Any:
    return browser.post(url(document) + query, form.values | changes | {"act": act})


def checked(browser: Browser, document: Document, form: Form, **changes: str) -> str:
    answer = browser.post(url(document, "/check"), form.values | changes)
    assert answer.status_code == 200
    return answer.content.decode()


def outcome(html: str) -> dict[str, bool]:
    return {name: ok == "yes" for name, ok in re.findall(r'data-check="(\w+)" data-ok="(\w+)"', html)}


def now(document: Document) -> dict[str, Any]:
    run = Extraction.objects.get(pk=Document.objects.get(pk=document.pk).latest_id)
    return current(run)


# What stands in the fields


def test_what_was_read_stands_in_the_fields_and_comes_back_unchanged(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    before, form = now(document), form_of(browser, document)
    shown = {
        name: form.values[name] for name in ("vendor_name", "invoice_date", "currency", "total", "items-0-unit_price")
    }
    assert shown == {
        "vendor_name": "Imprimerie Al Boughaz",
        "invoice_date": "12 Nov 2026",
        "currency": "MAD",
        "total": "7,080.00",
        "items-0-unit_price": "7.2",
    }  # fmt: skip
    assert sent(browser, document, form, "save").status_code == 302
    assert (now(document), Extraction.objects.get(pk=document.latest_id).corrections) == (before, {})


@pytest.mark.parametrize("language", ["ar", "fr"])
def test_fields_come_back_unchanged_in_every_language(business: Business, language: str) -> None:
    owner = business.memberships.get().user
    owner.language = language
    owner.save()
    browser, document = signed_in(owner), make_read(business, printed.invoice())
    before, form = now(document), form_of(browser, document)
    assert form.values["total"] != "7080.00"
    assert sent(browser, document, form, "verify").status_code == 302
    verified = Document.objects.get(pk=document.pk)
    assert verified.verified_data == before
    assert Extraction.objects.get(pk=document.latest_id).corrections == {}


def test_what_is_typed_is_kept_beside_what_was_read(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    form = form_of(browser, document)
    answer = sent(
        browser, document, form, "save", total="7.081,50", due_date="13/12/2026", **{"items-1-quantity": "1 001"}
    )
    assert (answer.status_code, answer.headers["Location"]) == (302, url(document))
    run = Extraction.objects.get(pk=document.latest_id)
    assert sorted(run.corrections) == ["due_date", "items", "total"]
    found = now(document)
    assert (found["total"], found["due_date"], found["items"][1]["quantity"]) == ("7081.50", "2026-12-13", "1001")
    assert (run.data or {})["total"] == "7080.00"
    assert not Document.objects.get(pk=document.pk).verified_at
    page = browser.get(url(document)).content.decode()
    assert "The machine read <bdi>7,080.00</bdi>." in page


def test_rows_are_added_changed_and_removed(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    form = form_of(browser, document)
    values = {name: value for name, value in form.values.items() if not name.startswith("items-3-")}
    new = {"items-3-description": "Freight", "items-3-amount": "12,50", "items-4-description": "", "items-4-amount": ""}
    browser.post(url(document), values | new | {"act": "save"})
    assert [(row["description"], row["amount"]) for row in now(document)["items"]][2:] == [
        ("Affiches 40 x 60", "1140.00"),
        ("Freight", "12.50"),
    ]
    none = {name: value for name, value in form_of(browser, document).values.items() if not name.startswith("items-")}
    browser.post(url(document), none | {"act": "save"})
    assert now(document)["items"] == []


def test_without_scripts_buttons_add_and_remove_rows_and_keep_what_was_typed(
    browser: Browser, business: Business
) -> None:
    document = make_read(business, printed.invoice())
    form = form_of(browser, document)
    assert {"add-items", "remove-items-0", "save", "verify"} <= set(form.acts)
    more = Form(sent(browser, document, form, "add-items", total="1").content.decode())
    assert (more.values["items-4-description"], more.values["total"], more.values["version"]) == (
        "",
        "1",
        form.values["version"],
    )
    less = Form(sent(browser, document, more, "remove-items-0").content.decode())
    assert [less.values[f"items-{place}-description"] for place in range(4)] == [
        *("Cartes de visite 85 x 55", "Affiches 40 x 60", "Faconnage et livraison", ""),
    ]
    assert now(document)["total"] == "7080.00"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("total", "much", "A number is needed here."),
        ("invoice_date", "soon", "This is no date. Write it as YYYY-MM-DD."),
        ("items-2-amount", "12x", "Amount: A number is needed here."),
    ],
)
def test_what_is_wrong_is_said_at_its_field(
    browser: Browser, business: Business, name: str, text: str, sentence: str
) -> None:
    document = make_read(business, printed.invoice())
    answer = sent(browser, document, form_of(browser, document), "verify", **{name: text})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert re.search(rf'id="wrong-{name}">{re.escape(sentence)}<', html)
    assert Form(html).values[name] == text
    assert not Document.objects.get(pk=document.pk).verified_at


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.234,50", "1234.5"),
        ("1.234", "1234"),
        ("7 080,00 MAD", "7080"),
        ("€1,234.50", "1234.5"),
        ("(12,50)", "-12.5"),
        ("١٬٢٣٤٫٥٠", "1234.5"),
        ("Total", "Total"),
    ],
)
def test_a_printed_amount_is_understood(text: str, number: str) -> None:
    assert printed_number(text, is_money=True) == number


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("12/11/2026", "12 Nov 2026"),
        ("11/25/2026", "25 Nov 2026"),
        ("12. November 2026", "12 Nov 2026"),
        ("n/a", "n/a"),
    ],
)
def test_a_printed_day_is_understood(text: str, day: str) -> None:
    assert printed_day(text) == day


# Checks as one types


def test_checks_turn_as_one_types_and_nothing_is_kept(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    form, version = form_of(browser, document), Extraction.objects.get(pk=document.latest_id).version
    assert outcome(checked(browser, document, form))["totals_add_up"] is True
    html = checked(browser, document, form, total="7.090")
    assert outcome(html)["totals_add_up"] is False
    assert '<data data-for="total" data-sent="7.090" value="7.09"></data>' in html
    # As a paper prints it, that are seven thousand.
    html = checked(browser, document, form, total="7.080", printed="total")
    assert outcome(html)["totals_add_up"] is True
    assert '<data data-for="total" data-sent="7.080" value="7,080.00"></data>' in html
    assert outcome(checked(browser, document, form, **{"items-0-amount": "1"}))["lines_add_up"] is False
    run = Extraction.objects.get(pk=document.latest_id)
    assert (run.version, run.corrections) == (version, {})


def test_a_changed_field_says_what_the_machine_read(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    html = checked(browser, document, form_of(browser, document), invoice_number="other")
    mark = html[html.index('id="mark-invoice_number"') :].partition("</small>")[0]
    assert "Changed" in mark
    assert "The machine read <bdi>F-2026/0883</bdi>." in mark


def test_what_made_other_fields_doubtful_is_over_once_it_is_mended(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice(total="9080.00"))
    form = form_of(browser, document)
    doubt = "The figures do not add up with it."
    assert browser.get(url(document)).content.decode().count(f">{doubt}<") == 3  # subtotal, tax, total
    assert checked(browser, document, form).count(doubt) == 3
    assert checked(browser, document, form, total="7080").count(doubt) == 0


# Verifying


def test_verifying_goes_on_to_the_oldest_that_waits_and_ends_calmly(browser: Browser, business: Business) -> None:
    first, second, third = (make_read(business, printed.invoice(number=number)) for number in ("1", "2", "3"))
    answer = sent(browser, third, form_of(browser, third), "verify")
    assert answer.headers["Location"] == url(first)
    found = Document.objects.get(pk=third.pk)
    assert (found.status, found.verified_by) == ("verified", business.memberships.get().user)
    assert sent(browser, first, form_of(browser, first), "verify").headers["Location"] == url(second)
    assert sent(browser, second, form_of(browser, second), "verify").headers["Location"] == "/documents/verify"
    page = browser.get("/documents/verify")
    assert (page.status_code, "All documents are verified." in page.content.decode()) == (200, True)


def test_what_was_skipped_comes_again_when_it_is_asked_for(browser: Browser, business: Business) -> None:
    first, second = (make_read(business, printed.invoice(number=number)) for number in ("1", "2"))
    assert browser.get(url(first, "/skip")).headers["Location"] == url(second)
    assert browser.get(url(second, "/skip")).headers["Location"] == "/documents/verify"
    assert "You skipped 2 documents." in browser.get("/documents/verify").content.decode()
    assert browser.get("/documents/verify?again").headers["Location"] == url(first)


def test_a_verification_says_whose_it_is_and_is_taken_back(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    sent(browser, document, form_of(browser, document), "verify")
    page = browser.get(url(document)).content.decode()
    assert f"Verified by <bdi>{business.memberships.get().user}</bdi>" in page
    assert page.count("</b>Confirmed</span>") > 10
    assert browser.post(url(document, "/undo")).headers["Location"] == url(document)
    assert Document.objects.get(pk=document.pk).verified_at is None


# Two persons at once


def test_what_only_the_other_changed_is_taken_and_ones_own_stays(browser: Browser, business: Business) -> None:
    document, other = make_read(business, printed.invoice()), make_member(business)
    form = form_of(browser, document)
    correct(
        document=document, actor=make_actor(user=other), at=timezone.now(), data={"data": {"invoice_number": "theirs"}}
    )
    answer = sent(browser, document, form, "verify", total="7081")
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "Somebody else changed this document in the meantime." in html
    assert "Their changes are here now: Invoice number." in html
    again = Form(html)
    assert (again.values["invoice_number"], again.values["total"]) == ("theirs", "7081")
    assert sent(browser, document, again, "verify").status_code == 302
    found = now(document)
    assert (found["invoice_number"], found["total"]) == ("theirs", "7081")


def test_what_both_changed_is_for_the_person_to_decide(browser: Browser, business: Business) -> None:
    document, other = make_read(business, printed.invoice()), make_member(business)
    form = form_of(browser, document)
    correct(document=document, actor=make_actor(user=other), at=timezone.now(), data={"data": {"total": "7082"}})
    html = sent(browser, document, form, "save", total="7081").content.decode()
    assert "You both changed: Total." in html
    assert "Somebody else wrote <bdi>7,082.00</bdi>." in html
    taken = Form(sent(browser, document, Form(html), "theirs-total").content.decode())
    assert taken.values["total"] == "7,082.00"
    assert now(document)["total"] == "7082"


def test_the_same_form_twice_is_harmless(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    form = form_of(browser, document)
    assert [sent(browser, document, form, "verify", total="7081").status_code for _ in range(2)] == [302, 302]
    run = Extraction.objects.get(pk=document.latest_id)
    assert (run.corrections, run.version) == ({"total": "7081"}, 2)


# Reading


def test_a_document_that_was_not_read_is_read_by_one_button(browser: Browser, business: Business) -> None:
    document = make_document(business, printed.invoice())
    page = browser.get(url(document)).content.decode()
    assert "This document was not read yet." in page
    assert 'id="verify-form"' not in page
    assert browser.post(url(document, "/read"), {"engine": "embedded", "mode": "optimised"}).headers["Location"] == url(
        document
    )
    run = Extraction.objects.get(document=document)
    assert (run.engine, run.mode, run.state) == ("embedded", "optimised", "queued")
    page = browser.get(url(document)).content.decode()
    assert "This document waits to be read." in page
    part = browser.get(url(document, "/progress?look=3"))
    assert (part.status_code, "look=4" in part.content.decode()) == (200, True)
    queue.run_due()
    done = browser.get(url(document, "/progress?look=4&compare=x"))
    assert (done.status_code, done.headers["HX-Redirect"]) == (204, f"{url(document)}?compare=x")
    assert form_of(browser, document).values["total"] == "7,080.00"


def test_a_document_that_nobody_could_read_is_filled_in_by_hand(browser: Browser, business: Business) -> None:
    document = make_read(business, papers.plain())
    page = browser.get(url(document)).content.decode()
    assert "No engine could read this document. Fill in its fields by hand." in page
    answer = sent(browser, document, Form(page), "verify", vendor_name="By hand", total="12", currency="EUR")
    assert answer.status_code == 302
    found = Document.objects.get(pk=document.pk)
    assert (found.status, found.vendor, found.total) == ("verified", "By hand", 12)


def test_reading_again_is_compared_with_what_was_read_before(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    sent(browser, document, form_of(browser, document), "save", total="7081", **{"items-0-description": "Leaflets"})
    before = document.latest_id
    answer = browser.post(url(document, "/read"), {"engine": "auto", "mode": "standard", "model": ""})
    assert answer.headers["Location"] == f"{url(document)}?compare={before}"
    queue.run_due()
    page = browser.get(answer.headers["Location"]).content.decode()
    form = Form(page)
    assert (form.values["total"], "1 field differs." in page) == ("7,080.00", True)
    assert {"take-total", "take-items"} <= set(form.acts)
    assert "take-vendor_name" not in form.acts
    query = f"?compare={before}"
    taken = Form(sent(browser, document, form, "take-total", query).content.decode())
    taken = Form(sent(browser, document, taken, "take-items", query).content.decode())
    assert (taken.values["total"], taken.values["items-0-description"]) == ("7,081.00", "Leaflets")
    assert now(document)["total"] == "7080.00"


def test_reading_twice_at_once_and_by_what_is_not_there_says_so(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    assert "Choose one of" in browser.post(url(document, "/read"), {"engine": "crystal"}, follow=True).content.decode()
    for _ in range(2):
        browser.post(url(document, "/read"), {"engine": "auto"})
    assert Extraction.objects.filter(document=document).count() == 2
    assert "It is being read already." in browser.get(url(document)).content.decode()


def test_saving_while_it_is_read_keeps_what_was_typed(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice())
    form = form_of(browser, document)
    fresh = Document.objects.select_related("latest").get(pk=document.pk)
    refetch(document=fresh, actor=make_actor(user=business.memberships.get().user), at=timezone.now(), data={})
    answer = sent(browser, document, form, "save", total="7081")
    assert (answer.status_code, "This document is being read." in answer.content.decode()) == (409, True)
    assert Form(answer.content.decode()).values["total"] == "7081"


# Who may what


def test_a_viewer_sees_and_changes_nothing(business: Business) -> None:
    document, viewer = make_read(business, printed.invoice()), signed_in(make_member(business, Role.VIEWER))
    page = viewer.get(url(document))
    form = Form(page.content.decode())
    assert (page.status_code, form.acts, form.values["total"]) == (200, [], "7,080.00")
    assert "You may look at the documents of this business" in page.content.decode()
    for rest in ("", "/check", "/undo", "/read"):
        assert viewer.post(url(document, rest), form.values | {"act": "verify"}).status_code == 403
    assert Document.objects.get(pk=document.pk).verified_at is None


PARTS = ("", "/check", "/undo", "/read", "/skip", "/progress", "/words")


def test_a_strangers_document_is_not_there(business: Business) -> None:
    document, stranger = make_read(business, printed.invoice()), signed_in(make_business().memberships.get().user)
    for rest in PARTS:
        method = stranger.post if rest in {"/check", "/undo", "/read"} else stranger.get
        assert method(url(document, rest)).status_code == 404
    assert stranger.get(f"/documents/{document.pk}/pages/1").status_code == 404
    assert stranger.post(url(document), {"act": "verify"}).status_code == 404


def test_a_document_of_an_archived_business_cannot_be_changed(browser: Browser, business: Business) -> None:
    document, owner = make_read(business, printed.invoice()), business.memberships.get().user
    make_business(owner=owner)
    form = form_of(browser, document)
    archive_business(business=business, actor=make_actor(user=owner), at=timezone.now())
    assert sent(browser, document, form, "verify").status_code == 404
    assert Document.objects.get(pk=document.pk).verified_at is None


def test_visitors_log_in_first(business: Business) -> None:
    document = make_read(business, printed.invoice())
    assert Browser().get(url(document)).headers["Location"].startswith("/accounts/login/")


# Pictures and words


def test_a_picture_is_kept_by_the_browser_alone(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice(pages=2))
    page = browser.get(f"/documents/{document.pk}/pages/2")
    assert (page.status_code, page.headers["Content-Type"]) == (200, "image/png")
    assert page.content.startswith(b"\x89PNG")
    assert page.headers["Cache-Control"] == "private, max-age=600"
    again = browser.get(f"/documents/{document.pk}/pages/2", headers={"If-None-Match": page.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    for number in (0, 3):
        assert browser.get(f"/documents/{document.pk}/pages/{number}").status_code == 404


def test_a_page_that_cannot_be_drawn_says_so(
    browser: Browser, business: Business, monkeypatch: pytest.MonkeyPatch
) -> None:
    document = make_read(business, printed.invoice())

    def costly(*_args: Any, **_options: Any) -> bytes:
        raise PictureTooCostly

    monkeypatch.setattr(pictures, "page_png", costly)
    page = browser.get(f"/documents/{document.pk}/pages/1")
    assert (page.status_code, page.content.decode()) == (422, "This page takes too much time or memory to show.")
    cache.clear()


def test_words_come_once_with_their_boxes(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice(pages=2))
    answer = browser.get(url(document, "/words"))
    words = json.loads(answer.content)
    assert sorted(words) == ["1", "2"]
    number = next(word for word in words["1"] if word[0] == "F-2026/0883")
    assert all(0 <= side <= 1 for side in number[1:])
    again = browser.get(url(document, "/words"), headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


# What it costs


def test_queries_do_not_grow_with_pages_runs_and_lines(
    browser: Browser, business: Business, django_assert_max_num_queries: Any
) -> None:
    small = make_read(business, printed.invoice())
    with django_assert_max_num_queries(30) as of_small:
        browser.get(url(small))
    most = len(of_small)
    large = make_read(business, printed.invoice(pages=12, lines=printed.LINES * 20))
    for _ in range(4):
        browser.post(url(large, "/read"), {"engine": "embedded"})
        queue.run_due()
    with django_assert_max_num_queries(most):
        page = browser.get(url(large))
    assert page.content.decode().count('class="vline items"') == 81  # with the one for a line to come


def test_the_page_is_light_with_many_lines(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice(pages=50, lines=printed.LINES * 50))
    assert Page.objects.filter(document=document).count() == 50
    page = browser.get(url(document))
    assert len(brotli.compress(page.content, quality=4)) < 40_000


def test_texts_of_files_are_shown_as_texts(browser: Browser, business: Business) -> None:
    nasty = "<script>alert(1)</script>"
    document = make_read(business, printed.invoice(), name=f"{nasty}.pdf")
    form = form_of(browser, document)
    sent(
        browser, document, form, "save", vendor_name=nasty, **{"items-0-description": '"><img src=x onerror=alert(1)>'}
    )
    html = browser.get(url(document)).content.decode()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert unescape(Form(html).values["vendor_name"]) == nasty


def test_the_page_of_a_failed_run_starts_from_the_result_before_it(browser: Browser, business: Business) -> None:
    document = make_read(business, printed.invoice(with_data=False), engine="local")
    now = timezone.now()
    correct(document=document, actor=make_actor(business), at=now, data={"data": {"vendor_name": "Corrected Ltd"}})
    before = form_of(browser, document).values
    browser.post(url(document, "/read"), {"engine": "embedded"})
    queue.run_due()
    page = browser.get(url(document)).content.decode()
    assert "The fields show the result before it" in page
    form = Form(page)
    assert form.values["vendor_name"] == "Corrected Ltd"
    told = {"version", "csrfmiddlewaretoken"}
    assert {name: form.values[name] for name in form.values.keys() - told} == {
        name: before[name] for name in before.keys() - told
    }
    live = checked(browser, document, form)
    assert "Changed" in live
    assert sent(browser, document, form, "save").status_code == 302
    assert "Corrected Ltd" in browser.get("/documents").content.decode()
    assert sent(browser, document, form_of(browser, document), "back-vendor_name").status_code == 200
    sent(browser, document, form_of(browser, document), "verify")
    document.refresh_from_db()
    assert document.verified_data is not None
    assert (document.vendor, document.verified_data["vendor_name"]) == ("Corrected Ltd",) * 2
