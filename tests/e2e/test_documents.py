"""Documents in a browser: dropped, followed until they are read, found again, exported."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client as Session
from django.utils import timezone, translation
from playwright.sync_api import Browser, BrowserContext, Page, expect

from accounts.models import Business, User
from accounts.queue import run_due
from extraction.models import Document, Extraction
from tests.e2e.axe import violations
from tests.extraction import papers
from tests.factories.accounts import make_business, owner_of
from tests.factories.extraction import make_document, make_read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def business() -> Business:
    return make_business(name="Studio Exemple", currency="EUR")


@pytest.fixture(params=[("en", 1440), ("ar", 390)], ids=["en-laptop", "ar-phone"])
def page(request: pytest.FixtureRequest, looking_glass: Browser, uncounted: str, business: Business) -> Iterator[Page]:
    """Return a page of the owner's; in the end the console had nothing to say."""
    language, width = request.param
    session, complaints = Session(), list[str]()
    User.objects.update(language=language)
    session.force_login(owner_of(business))
    context: BrowserContext = looking_glass.new_context(viewport={"width": width, "height": 900}, base_url=uncounted)
    context.add_cookies(
        [
            {"name": "sessionid", "value": session.cookies["sessionid"].value, "url": uncounted},
        ]
    )
    page = context.new_page()
    # A refused file is a 422, which a browser tells too.
    page.on(
        "console",
        lambda message: (
            complaints.append(message.text) if message.type == "error" and "422" not in message.text else None
        ),
    )
    page.on("pageerror", lambda error: complaints.append(str(error)))
    with translation.override(language):
        yield page
    context.close()
    assert complaints == []


def dropped(page: Page, files: dict[str, bytes]) -> None:
    """Drop files on the page, beside the place for them."""
    page.evaluate(
        """(files) => {
          const carried = new DataTransfer();
          for (const [name, bytes] of files)
            carried.items.add(new File([Uint8Array.from(bytes)], name, { type: "application/pdf" }));
          for (const kind of ["dragenter", "dragover", "drop"])
            document.querySelector("h1").dispatchEvent(
              new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: carried }));
        }""",
        [[name, list(content)] for name, content in files.items()],
    )


def test_files_are_dropped_and_followed_until_they_are_read(page: Page, business: Business) -> None:
    page.goto("/documents")
    files = {
        "one.pdf": papers.carrying(papers.cii()),
        "notes.pdf": b"no paper at all",
        "locked.pdf": papers.locked(),
        "two.pdf": papers.carrying(papers.cii("2026-119")),
    }
    dropped(page, files)
    rows = page.locator("#files > li")
    expect(rows).to_have_count(4)
    expect(page.locator("#files > li.is-failed")).to_have_count(2)
    # The one is refused before it is sent, the other by the server.
    expect(page.locator("#files > li.is-reading")).to_have_count(2, timeout=20_000)
    assert sorted(Document.objects.values_list("file_name", flat=True)) == ["one.pdf", "two.pdf"]
    run_due(limit=10)
    expect(page.locator("#files > li.is-done")).to_have_count(2, timeout=15_000)
    assert list(violations(page)) == []
    # Then nobody asks any more.
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.wait_for_timeout(3000)
    assert [url for url in asked if "progress" in url] == []
    # The first ones bring the list along.
    expect(page.locator("tbody tr")).to_have_count(2)
    assert page.locator("html").get_attribute("dir") == ("rtl" if translation.get_language() == "ar" else "ltr")


def test_a_list_shows_what_was_read_meanwhile_without_being_asked(page: Page, business: Business) -> None:
    make_read(business, papers.carrying(papers.cii("2026-120")))
    page.goto("/documents")
    expect(page.locator("tbody tr")).to_have_count(1)
    dropped(page, {"late.pdf": papers.carrying(papers.cii("2026-121"))})
    expect(page.locator("#files > li.is-reading")).to_have_count(1, timeout=20_000)
    run_due(limit=10)
    expect(page.locator("tbody tr")).to_have_count(2, timeout=15_000)


def test_a_verified_one_is_found_and_exported(page: Page, business: Business) -> None:
    found = make_read(business)
    make_document(business, papers.plain(), vendor_name="Another")
    Document.objects.filter(pk=found.pk).update(verified_at=timezone.now(), verified_data=found.latest.data)  # type: ignore[union-attr]  # it was read
    page.goto("/documents")
    page.locator("#tabrow a").last.click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("input[type=search][name=search]").fill("2026-118")
    expect(page.locator("tbody tr")).to_contain_text("Example Paper Ltd")
    page.wait_for_url("**search=2026-118**")
    page.locator("#export-menu > summary").click()
    with page.expect_download() as download:
        page.locator("#export-menu a[href*=csv]").click()
    text = Path(download.value.path()).read_text(encoding="utf-8-sig")
    assert len(text.splitlines()) == 2
    assert "2026-118" in text


def test_all_of_a_row_is_in_sight_on_a_tablet(page: Page, business: Business) -> None:
    first = make_read(business, papers.carrying(papers.cii("2026-122")))
    second = make_read(business, papers.carrying(papers.cii("2026-123")))
    data = (Extraction.objects.get(pk=second.latest_id).data or {}) | {
        "vendor_name": "Société Générale des Imprimeries Réunies du Nord et de l’Ouest S.A.R.L.",
        "invoice_number": "FACT-2026-000000123-A/2",
        "total": "1234567.89",
    }
    Document.objects.filter(pk=second.pk).update(
        duplicate_of=first,
        verified_at=timezone.now(),
        verified_data=data,
        vendor=data["vendor_name"],
        number=data["invoice_number"],
        total=data["total"],
    )
    page.set_viewport_size({"width": 820, "height": 1180})
    page.goto("/documents")
    card = page.locator(".tw")
    assert card.evaluate("card => card.scrollWidth - card.clientWidth") <= 0
    badge = page.locator("td.cl .bd")
    expect(badge).to_be_visible()
    assert badge.evaluate(
        """badge => {
          const [own, cell] = [badge, badge.closest("td")].map((each) => each.getBoundingClientRect());
          return own.left >= cell.left && own.right <= cell.right && own.top >= cell.top && own.bottom <= cell.bottom;
        }"""
    )
    assert page.locator("td.more-col summary").first.evaluate(
        "button => { const { left, right } = button.getBoundingClientRect(); return left >= 0 && right <= innerWidth; }"
    )
