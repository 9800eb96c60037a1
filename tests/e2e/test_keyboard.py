"""The main pages by keyboard alone: everything is reached, nothing holds the focus, and one sees where it is."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect
from playwright.sync_api import Page as Tab

from tests.e2e.pages import REST, WORK
from tests.e2e.windows import STILL, Windows
from tests.e2e.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.django_db(transaction=True)]
FOCUS = (Path(__file__).parent / "focus.js").read_text(encoding="utf-8")
MAIN = tuple(page for page in (*WORK, *REST) if page.main)
MOST = 300  # steps of a page


@pytest.mark.parametrize(("language", "width"), [("en", 1440), ("ar", 390)])
def test_tab_reaches_everything_and_is_seen(language: str, width: int, looking_glass: Browser, uncounted: str) -> None:
    windows = Windows(looking_glass, uncounted, make_world(language), language)
    wrong = []
    for page in MAIN:
        tab = windows.show(page)
        tab.set_viewport_size({"width": width, "height": 900})
        tab.evaluate(STILL)
        wrong += [f"{page.name}: {text}" for text in walked(tab)]
    windows.close()
    assert not wrong, "\n" + "\n".join(wrong)


def walked(tab: Tab) -> Iterator[str]:
    """Press Tab until the page is over, and yield what was wrong on the way."""
    tab.evaluate(FOCUS)
    count = tab.evaluate("lookAtFocus.begin()")
    for _step in range(min(count + 20, MOST)):
        tab.keyboard.press("Tab")
        here = tab.evaluate("lookAtFocus.step()")
        if here["done"] or here["again"]:
            break
        yield from (f"{here['name']}: {text}" for text in here["wrong"])
    else:
        yield "Tab never comes to an end"
    for name in tab.evaluate("lookAtFocus.missed()"):
        yield f"{name}: not reached"


def test_skip_link_leads_to_the_page(looking_glass: Browser, uncounted: str) -> None:
    windows = Windows(looking_glass, uncounted, make_world(), "en")
    wrong = []
    for page in MAIN:
        tab = windows.show(page)
        tab.evaluate(FOCUS)
        tab.evaluate("lookAtFocus.begin()")
        tab.keyboard.press("Tab")
        tab.keyboard.press("Enter")
        if tab.evaluate("document.activeElement?.id") != "main":
            wrong.append(page.name)
    windows.close()
    assert wrong == []


def test_dialogs_keep_the_focus_and_give_it_back(looking_glass: Browser, uncounted: str) -> None:
    windows = Windows(looking_glass, uncounted, make_world(), "en")
    opened, wrong = 0, []
    for page in MAIN:
        if page.view == "invoicing:invoice_new":
            continue  # an empty invoice says what it lacks before it asks
        tab = windows.show(page)
        openers = tab.locator("[data-dialog]").locator("visible=true")
        for place in range(openers.count()):
            opener = openers.nth(place)
            opener.focus()
            tab.keyboard.press("Enter")
            dialog = tab.locator("dialog:modal")
            if dialog.count() != 1:
                wrong.append(f"{page.name}: Enter does not open {opener.get_attribute('data-dialog')}")
                break
            opened += 1
            for _step in range(30):
                tab.keyboard.press("Tab")
                if not tab.evaluate(
                    "document.activeElement.closest('dialog') || document.activeElement === document.body"
                ):
                    wrong.append(f"{page.name}: the focus leaves {opener.get_attribute('data-dialog')}")
                    break
            tab.keyboard.press("Escape")
            expect(dialog).to_have_count(0)
            if not opener.evaluate("opener => opener === document.activeElement"):
                wrong.append(f"{page.name}: {opener.get_attribute('data-dialog')} keeps the focus")
    windows.close()
    assert wrong == []
    assert opened >= 2
