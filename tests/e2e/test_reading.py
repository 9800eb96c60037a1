"""The main pages for who reads otherwise: with large or spaced text, without motion, in colours of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.e2e import axe
from tests.e2e.pages import REST, WORK
from tests.e2e.test_every_page import OVERLAYS, SPILLED
from tests.e2e.windows import STILL, Windows
from tests.e2e.world import make_world

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600), pytest.mark.django_db(transaction=True)]
BOXES = (Path(__file__).parent / "boxes.js").read_text(encoding="utf-8")
MAIN = tuple(page for page in (*WORK, *REST) if page.main)
LOSSES = {"cut off", "outside", "scrolls sideways"}
SPACED = "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }"


def losses(tab: Tab) -> Iterator[str]:
    """Yield what is no longer to be seen."""
    for found in tab.evaluate(BOXES, {"overlays": OVERLAYS, "spilled": SPILLED}):
        if found["rule"] in LOSSES:
            yield f"{found['rule']} | {found['element']} | {found['fact']}"


def large(tab: Tab) -> Iterator[str]:
    """Write twice as large, WCAG 1.4.4."""
    tab.evaluate("document.documentElement.style.fontSize = '200%'")
    tab.evaluate(STILL)
    yield from losses(tab)


def spaced(tab: Tab) -> Iterator[str]:
    """Space out lines, words and letters, WCAG 1.4.12."""
    tab.evaluate(
        """rules => {
          const sheet = new CSSStyleSheet();
          sheet.replaceSync(rules);
          document.adoptedStyleSheets = [sheet];
        }""",
        SPACED,
    )
    tab.evaluate(STILL)
    yield from losses(tab)


def still(tab: Tab) -> Iterator[str]:
    """Ask for no motion, as the window does: nothing takes time to change."""
    moving = """() => [...document.querySelectorAll("*")].flatMap((element) => {
      const style = getComputedStyle(element);
      const longest = Math.max(...`${style.transitionDuration}, ${style.animationDuration}`.split(",").map(parseFloat));
      return longest > .001 ? [`${element.localName}.${element.className}: ${longest} s`] : [];
    }).slice(0, 5)"""
    yield from tab.evaluate(moving)


def own_colours(tab: Tab) -> Iterator[str]:
    """Let the system choose the colours: words stay readable, and buttons keep their edges."""
    tab.emulate_media(forced_colors="active")
    for violation in axe.violations(tab, rules=("color-contrast",)):
        yield f"{violation.element} | {violation.fact}"
    yield from tab.evaluate(
        """() => [...document.querySelectorAll("main .b, main .in")].filter((box) => box.checkVisibility()
          && !box.matches(".q") && getComputedStyle(box).borderTopStyle === "none").map((box) => `${box.className}: no edge`)"""
    )
    tab.emulate_media(forced_colors="none")


@pytest.mark.parametrize(("language", "look"), [("en", large), ("en", spaced), ("ar", still), ("en", own_colours)])
def test_main_pages_lose_nothing(
    language: str, look: Callable[[Tab], Iterator[str]], looking_glass: Browser, uncounted: str
) -> None:
    windows = Windows(looking_glass, uncounted, make_world(language), language)
    lost = [f"{page.name}: {text}" for page in MAIN for text in look(windows.show(page))]
    windows.close()
    assert not lost, "\n" + "\n".join(lost)


def test_dark_is_the_same_by_the_system_and_by_choice(looking_glass: Browser, uncounted: str) -> None:
    windows = Windows(looking_glass, uncounted, make_world(), "en")
    tab = windows.show(MAIN[0])
    values = """() => [...document.body.querySelectorAll("*")].map((element) => {
      const style = getComputedStyle(element);
      return `${element.localName}.${element.className} ${style.color} on ${style.backgroundColor}`;
    })"""
    light = tab.evaluate(values)
    tab.emulate_media(color_scheme="dark")
    by_system = tab.evaluate(values)
    tab.emulate_media(color_scheme="light")
    tab.evaluate("document.documentElement.dataset.theme = 'dark'")
    by_choice = tab.evaluate(values)
    windows.close()
    assert by_choice == by_system
    assert sum(one != other for one, other in zip(light, by_choice, strict=True)) > len(light) / 2
