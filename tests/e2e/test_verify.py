"""Verifying documents in a browser: by keyboard, by words of the page, in two windows, in Arabic, and on a phone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Dialog, FloatRect, Locator, expect
from playwright.sync_api import Page as Tab

from accounts import queue
from accounts.models import Business, User
from extraction.models import Document, Extraction
from extraction.services.verifying import current
from tests.e2e import axe
from tests.e2e.test_detail import signed_in, tab_of
from tests.e2e.windows import STILL
from tests.extraction import papers, printed
from tests.factories.accounts import make_business, make_member, make_user
from tests.factories.extraction import make_document, make_read

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
WRONG_IBAN = "MA64011519000001205000534999"


@pytest.fixture(autouse=True)
def _files(settings: Any, tmp_path: Path) -> None:
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def complaints() -> Iterator[list[str]]:
    """Gather errors of the console, and want none."""
    found: list[str] = []
    yield found
    assert found == []


@pytest.fixture
def owner() -> User:
    return make_user(full_name="Owner Person")


@pytest.fixture
def business(owner: User) -> Business:
    return make_business(owner=owner, name="Studio", currency="MAD", country="MA")


def opened(context: BrowserContext, base: str, document: Document, complaints: list[str], query: str = "") -> Tab:
    """Open a document whose words are there."""
    tab = tab_of(context, complaints)
    tab.goto(f"{base}/documents/{document.pk}/verify{query}")
    tab.wait_for_selector("#verify[data-ready]")
    return tab


def now(document: Document) -> dict[str, Any]:
    return current(Extraction.objects.get(pk=Document.objects.get(pk=document.pk).latest_id))


def word(tab: Tab, text: str) -> Locator:
    """Return the box of a word of the page."""
    place = tab.evaluate(
        """async (text) => {
          const words = await (await fetch(document.getElementById("verify").dataset.words)).json();
          return words["1"].findIndex(([each]) => each === text);
        }""",
        text,
    )
    assert place >= 0, text
    return tab.locator(f'#page-1 .w[data-index="{place}"]')


def box(element: Locator) -> FloatRect:
    """Return where an element is that is shown."""
    found = element.bounding_box()
    assert found is not None
    return found


def holds(tab: Tab, name: str) -> Locator:
    return tab.locator(f'[data-check="{name}"]')


def test_a_document_is_verified_by_keyboard_alone(
    looking_glass: Browser, uncounted: str, owner: User, business: Business, complaints: list[str]
) -> None:
    first = make_read(business, printed.invoice(iban=WRONG_IBAN, total="7090.00"))
    second = make_read(business, printed.invoice(number="F-2026/0884"))
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, first, complaints)
    pressed = 0

    def press(key: str) -> None:
        nonlocal pressed
        pressed += 1
        tab.keyboard.press(key)

    # The first field in doubt has the focus.
    doubtful = tab.locator(".vrow:has(> .cf.a)")
    expect(doubtful.first.locator("input")).to_be_focused()
    count = tab.locator("[data-row]:has(.cf.a)").count()
    assert count >= 2
    expect(holds(tab, "totals_add_up")).to_have_attribute("data-ok", "no")
    said = tab.locator("#said")
    for _ in range(count + 2):
        focused = tab.evaluate("document.activeElement.name || document.activeElement.id")
        if focused == "total":
            tab.keyboard.type("7.080,00")
            expect(holds(tab, "totals_add_up")).to_have_attribute("data-ok", "yes")
        if focused == "vendor_iban":
            tab.keyboard.type("MA64011519000001205000534921")
        press("Enter")
        if said.text_content():
            break
    # After the last one Enter leads nowhere, and says so.
    expect(said).to_have_text("Nothing else is in doubt. Ctrl+Enter verifies.")
    press("Control+Enter")
    tab.wait_for_url(re.compile(f"{second.pk}/verify$"))
    assert pressed < 20
    verified = Document.objects.get(pk=first.pk)
    assert (verified.status, verified.verified_by) == ("verified", owner)
    assert (verified.verified_data or {})["total"] == "7080.00"
    tab.wait_for_selector("#verify[data-ready]")
    tab.keyboard.press("Control+Enter")
    expect(tab.get_by_text("All documents are verified.")).to_be_visible()


def test_enter_alone_never_verifies(
    looking_glass: Browser, uncounted: str, owner: User, business: Business, complaints: list[str]
) -> None:
    first = make_read(business, printed.invoice())
    second = make_read(business, printed.invoice(number="F-2026/0884"))
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, first, complaints)
    for _ in range(tab.locator("[data-row]").count() + 3):
        tab.keyboard.press("Enter")
    expect(tab.locator("#said")).to_have_text("Nothing else is in doubt. Ctrl+Enter verifies.")
    expect(tab.locator("#verify-button")).not_to_be_focused()
    assert tab.url.endswith(f"{first.pk}/verify")
    assert Document.objects.get(pk=first.pk).verified_at is None
    # A key that is held down does not run on into the next document.
    tab.keyboard.down("Control")
    tab.keyboard.down("Enter")
    tab.wait_for_url(re.compile(f"{second.pk}/verify$"))
    tab.wait_for_selector("#verify[data-ready]")
    before = tab.evaluate("document.activeElement.id")
    for _ in range(3):
        tab.keyboard.down("Enter")
    tab.keyboard.up("Control")
    tab.locator("#verify-button").focus()
    tab.keyboard.down("Enter")
    tab.locator(f"#{before}").focus()
    tab.keyboard.down("Enter")
    assert tab.evaluate("document.activeElement.id") == before
    assert tab.url.endswith(f"{second.pk}/verify")
    assert Document.objects.get(pk=second.pk).verified_at is None
    tab.keyboard.up("Enter")
    # On the button itself, which one comes to by Tab, it is meant.
    tab.locator("#verify-button").focus()
    tab.keyboard.press("Enter")
    expect(tab.get_by_text("All documents are verified.")).to_be_visible()


def test_a_click_on_a_word_fills_the_field_and_checks_turn(
    looking_glass: Browser, uncounted: str, owner: User, business: Business, complaints: list[str]
) -> None:
    document = make_read(business, printed.invoice())
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, document, complaints)
    total, day, name = (tab.locator(f"#f-{each}") for each in ("total", "due_date", "vendor_name"))
    total.fill("1")
    expect(holds(tab, "totals_add_up")).to_have_attribute("data-ok", "no")
    word(tab, "7.080,00").click()
    expect(total).to_have_value("7,080.00")
    expect(total).to_be_focused()
    expect(holds(tab, "totals_add_up")).to_have_attribute("data-ok", "yes")
    expect(tab.locator("#page-1 .hit.foc")).to_have_count(1)
    day.focus()
    word(tab, "12/11/2026").click()
    expect(day).to_have_value("12 Nov 2026")
    name.fill("")
    word(tab, "IMPRIMERIE").click()
    word(tab, "BOUGHAZ").click(modifiers=["Shift"])
    expect(name).to_have_value("IMPRIMERIE BOUGHAZ")
    # Dragging over several words takes all of them.
    first, last = box(word(tab, "IMPRIMERIE")), box(word(tab, "BOUGHAZ"))
    tab.mouse.move(first["x"] - 4, first["y"] - 3)
    tab.mouse.down()
    tab.mouse.move(last["x"] + last["width"] + 4, last["y"] + last["height"] + 3, steps=4)
    tab.mouse.up()
    expect(name).to_have_value("IMPRIMERIE AL BOUGHAZ")
    expect(tab.locator("#unsaved")).to_have_text("Not saved")
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_role("status").get_by_text("Saved. It is not verified yet.")).to_be_visible()
    found = now(document)
    assert (found["vendor_name"], found["due_date"], found["total"]) == (
        "IMPRIMERIE AL BOUGHAZ",
        "2026-11-12",
        "7080.00",
    )


def test_a_field_in_focus_shows_its_place_on_a_later_page(
    looking_glass: Browser, uncounted: str, owner: User, business: Business, complaints: list[str]
) -> None:
    document = make_read(business, printed.invoice(pages=3))
    run = Extraction.objects.get(pk=document.latest_id)
    known = {"score": 0.98, "page": 3, "box": [0.1, 0.9, 0.3, 0.92], "reason": "on_page"}
    Extraction.objects.filter(pk=run.pk).update(
        confidence=run.confidence | {"purchase_order": known, "due_date": known}
    )
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, document, complaints)
    tab.locator("#f-due_date").focus()
    expect(tab.locator("#page-place")).to_have_text("Page 3 of 3")
    expect(tab.locator("#page-3 .hit.foc")).to_be_in_viewport()
    tab.get_by_role("button", name="Page before").click()
    expect(tab.locator("#page-place")).to_have_text("Page 2 of 3")
    wide = box(tab.locator("#page-2"))["width"]
    tab.get_by_role("button", name="Larger").click()
    assert box(tab.locator("#page-2"))["width"] == pytest.approx(wide * 1.25, abs=2)
    tab.locator('[data-zoom="fit"]').click()
    room = box(tab.locator("#view"))["width"]
    assert room - 70 < box(tab.locator("#page-2"))["width"] < room


def test_lines_are_written_by_keyboard(
    looking_glass: Browser, uncounted: str, owner: User, business: Business, complaints: list[str]
) -> None:
    document = make_read(business, printed.invoice())
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, document, complaints)
    lines = tab.locator('[data-list="items"]')
    lines.locator("summary").click()
    last = lines.locator('[name="items-3-description"]')
    last.focus()
    tab.keyboard.press("Enter")
    expect(lines.locator('[name="items-4-description"]')).to_be_focused()
    tab.keyboard.type("Freight")
    lines.locator('[name="items-4-amount"]').fill("10")
    expect(holds(tab, "lines_add_up")).to_have_attribute("data-ok", "no")
    tab.keyboard.press("Control+Backspace")
    expect(lines.locator("[data-line]")).to_have_count(4)
    expect(holds(tab, "lines_add_up")).to_have_attribute("data-ok", "yes")
    lines.locator("[data-remove]").first.click()
    expect(lines.locator('[name="items-0-description"]')).to_have_value("Cartes de visite 85 x 55")
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_text("Saved. It is not verified yet.")).to_be_visible()
    assert [item["description"] for item in now(document)["items"]] == [name for name, *_rest in printed.LINES[1:]]


def test_a_word_that_cannot_be_a_date_or_an_amount_is_not_put_in(
    looking_glass: Browser, uncounted: str, owner: User, business: Business, complaints: list[str]
) -> None:
    document = make_read(business, printed.invoice())
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, document, complaints)
    for name, reason in (("due_date", "“IMPRIMERIE” is no date"), ("total", "“IMPRIMERIE” is no number")):
        field = tab.locator(f"#f-{name}")
        held = field.input_value()
        field.focus()
        word(tab, "IMPRIMERIE").click()
        expect(tab.locator("#said")).to_contain_text(reason)
        expect(field).to_have_value(held)
        expect(field).to_be_focused()
    word(tab, "7.080,00").click()
    expect(tab.locator("#said")).to_be_empty()


@pytest.mark.parametrize("width", [390, 820, 1440])
def test_labels_of_cells_are_read_to_their_end(
    looking_glass: Browser, uncounted: str, owner: User, business: Business, complaints: list[str], width: int
) -> None:
    document = make_read(business, printed.invoice())
    run = Extraction.objects.get(pk=document.latest_id)
    doubt = {"score": 0.4, "page": 1, "box": [0.1, 0.9, 0.3, 0.92], "reason": "on_page"}
    cells = {f"items[{place}].{name}": doubt for place in range(2) for name in ("tax_rate", "unit_price", "quantity")}
    Extraction.objects.filter(pk=run.pk).update(confidence=run.confidence | cells)
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, document, complaints)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.locator('[data-list="items"] > summary').click()
    labels = tab.locator('[data-list="items"] [data-line] label > span')
    expect(labels.first).to_be_visible()
    cut = labels.evaluate_all(
        "all => all.filter((each) => each.scrollWidth > each.clientWidth + 1).map((each) => each.textContent)"
    )
    assert cut == []


def test_reading_again_turns_the_page_by_itself_and_is_compared(
    looking_glass: Browser, uncounted: str, owner: User, business: Business, complaints: list[str]
) -> None:
    document = make_read(business, printed.invoice())
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, document, complaints)
    tab.locator("#f-total").fill("7081")
    tab.get_by_role("button", name="Save", exact=True).click()
    expect(tab.get_by_text("Saved. It is not verified yet.")).to_be_visible()
    tab.locator("#again > summary").click()
    tab.locator("#again-engine").select_option("embedded")
    tab.locator("#again form button").click()
    expect(tab.locator("#reading")).to_contain_text("This document waits to be read.")
    queue.run_due()
    expect(tab.locator("#comparing")).to_contain_text("1 field differs.", timeout=15_000)
    row = tab.locator('[data-row="total"]')
    expect(row.locator("input")).to_have_value("7,080.00")
    row.locator(".other button").click()
    expect(row.locator("input")).to_have_value("7,081.00")
    expect(holds(tab, "totals_add_up")).to_have_attribute("data-ok", "no")
    row.get_by_role("button", name="Put back").click()
    expect(row.locator("input")).to_have_value("7,080.00")
    tab.keyboard.press("Control+Enter")
    tab.wait_for_url("**/documents/verify")
    assert Document.objects.get(pk=document.pk).status == "verified"


def test_two_windows_lose_nothing(looking_glass: Browser, uncounted: str, owner: User, business: Business) -> None:
    document = make_read(business, printed.invoice())
    told: list[str] = []
    mine = opened(signed_in(looking_glass, uncounted, owner), uncounted, document, told)
    theirs = opened(signed_in(looking_glass, uncounted, make_member(business)), uncounted, document, told)
    theirs.locator("#f-total").fill("7082")
    theirs.locator("#f-invoice_number").fill("THEIRS")
    theirs.get_by_role("button", name="Save", exact=True).click()
    expect(theirs.get_by_text("Saved. It is not verified yet.")).to_be_visible()
    mine.locator("#f-total").fill("7083")
    mine.locator("#f-vendor_name").fill("Mine")
    mine.keyboard.press("Control+Enter")
    lost = mine.locator("#lost")
    expect(lost).to_be_focused()
    expect(lost).to_contain_text("Their changes are here now: Invoice number.")
    expect(lost).to_contain_text("You both changed: Total.")
    mine.locator('[data-row="total"] .theirs button').click()
    expect(mine.locator("#f-total")).to_have_value("7,082.00")
    mine.keyboard.press("Control+Enter")
    mine.wait_for_url("**/documents/verify")
    found = now(document)
    assert (found["total"], found["invoice_number"], found["vendor_name"]) == ("7082", "THEIRS", "Mine")
    # A browser says itself that the first answer was a 409.
    assert [each for each in told if "409" not in each] == []


def test_leaving_asks_and_a_lost_connection_is_said(
    looking_glass: Browser, uncounted: str, owner: User, business: Business
) -> None:
    document = make_read(business, printed.invoice())
    context = signed_in(looking_glass, uncounted, owner)
    tab = opened(context, uncounted, document, [])
    asked: list[str] = []

    def stay(dialog: Dialog) -> None:
        asked.append(dialog.type)
        dialog.dismiss()

    tab.on("dialog", stay)
    tab.locator("#f-total").click()
    tab.keyboard.type("1")
    tab.get_by_role("link", name="Back to the documents").click()
    tab.wait_for_function("document.hasFocus() || true")
    assert asked == ["beforeunload"]
    assert tab.url.endswith(f"{document.pk}/verify")
    context.set_offline(True)
    tab.keyboard.press("Control+Enter")
    expect(tab.locator('[data-notice="offline"]')).to_be_visible()
    assert Document.objects.get(pk=document.pk).verified_at is None


def test_a_document_nobody_could_read_is_read_by_another_engine_or_by_hand(
    looking_glass: Browser, uncounted: str, owner: User, business: Business, complaints: list[str]
) -> None:
    document = make_read(business, papers.plain())
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, document, complaints)
    expect(tab.locator(".pane .note.bad")).to_contain_text("No engine could read this document.")
    tab.get_by_role("button", name="Read it by another engine").click()
    expect(tab.locator("#again-engine")).to_be_focused()
    tab.locator("#f-vendor_name").fill("By hand")
    tab.keyboard.press("Control+Enter")
    tab.wait_for_url("**/documents/verify")
    assert Document.objects.get(pk=document.pk).vendor == "By hand"


def test_a_document_is_verified_without_scripts(
    looking_glass: Browser, uncounted: str, owner: User, business: Business
) -> None:
    document = make_document(business, printed.invoice())
    cookie = signed_in(looking_glass, uncounted, owner).cookies()
    context = looking_glass.new_context(java_script_enabled=False)
    context.add_cookies(cookie)  # type: ignore[arg-type]  # what one context gives the other takes
    tab = context.new_page()
    tab.goto(f"{uncounted}/documents/{document.pk}/verify")
    tab.get_by_role("button", name="Read it").click()
    queue.run_due()
    tab.get_by_role("link", name="Look again").click()
    assert tab.locator("#page-1 img").evaluate("image => image.complete && image.naturalWidth") == 1400
    tab.locator("#f-total").fill("7081")
    tab.locator("#verify-button").click()
    tab.wait_for_url("**/documents/verify")
    assert (Document.objects.get(pk=document.pk).verified_data or {})["total"] == "7081"


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (820, 1180), (390, 844)])
def test_it_works_in_arabic(
    looking_glass: Browser, uncounted: str, complaints: list[str], width: int, height: int
) -> None:
    owner = make_user(language="ar")
    business = make_business(owner=owner, name="Studio", currency="MAD", country="MA")
    document = make_read(business, printed.invoice())
    tab = opened(signed_in(looking_glass, uncounted, owner), uncounted, document, complaints)
    tab.set_viewport_size({"width": width, "height": height})
    expect(tab.locator("html")).to_have_attribute("dir", "rtl")
    pages, fields = box(tab.locator("#doc")), box(tab.locator(".pane"))
    assert pages["x"] > fields["x"] if width > 640 else pages["y"] < fields["y"]
    total = tab.locator("#f-total")
    total.fill("")
    expect(tab.locator("#mark-total .dot")).to_be_visible()
    tab.locator("#view").evaluate("view => view.scrollTop = 0")
    word(tab, "7.080,00").click()
    expect(total).to_have_value("7.080,00")
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    for theme in ("light", "dark"):
        tab.emulate_media(color_scheme=theme)
        tab.evaluate(STILL)
        assert [each for each in axe.violations(tab) if not each.advice] == []
    tab.keyboard.press("Control+Enter")
    tab.wait_for_url("**/documents/verify")
    assert (Document.objects.get(pk=document.pk).verified_data or {})["total"] == "7080.00"
