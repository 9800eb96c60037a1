"""What holds on every page, in English and Arabic, light and dark, on phone, tablet and laptop."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from django.contrib import admin
from django.urls import URLResolver, get_resolver
from playwright.sync_api import Browser
from playwright.sync_api import Page as Tab

from tests.e2e import axe
from tests.e2e.pages import NO_ADMIN_PAGES, NO_PAGES, REST, WORK, Page, admin_pages
from tests.e2e.windows import STILL, Windows
from tests.e2e.world import make_world

logger = logging.getLogger(__name__)

WIDTHS = {1440: 900, 820: 1180, 390: 844, 320: 640}  # the last: 1280 at 400 %, WCAG 1.4.10
WIDEST, PHONE = 1440, 390
BOXES = (Path(__file__).parent / "boxes.js").read_text(encoding="utf-8")
# What floats above the page on purpose, beside what is fixed.
OVERLAYS = "dialog, [popover], .pop, .toasts, [role=listbox], [role=tooltip], .chipbox > .clear"
# What may be wider than its box.
SPILLED = ".vh"
# What others made, by what shows it.
THIRD_PARTY = {
    "docs": ("#swagger-ui",),  # Swagger UI
    "redoc": ("redoc",),  # Redoc
    # Django: its tabular inlines name fields by the heads of columns, its choosers by tooltips
    "admin": (
        ".tabular [id$=DELETE]",
        ".tabular select",
        ".tabular input",
        ".help-tooltip",
    ),
}
GROUPS = {
    "work": WORK[::2],
    "work, the rest": WORK[1::2],
    "accounts and public": REST[::2],
    "accounts and public, the rest": REST[1::2],
    "admin": tuple(admin_pages()),
}


@dataclass(frozen=True)
class Finding:
    """What is wrong, where."""

    page: str
    language: str
    theme: str
    width: int
    rule: str
    element: str
    fact: str


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.urls("tests.config.urls")
@pytest.mark.parametrize("group", GROUPS)
@pytest.mark.parametrize("language", ["en", "ar"])
def test_every_page_is_sound(language: str, group: str, looking_glass: Browser, uncounted: str) -> None:
    windows = Windows(looking_glass, uncounted, make_world(language), language)
    findings: list[Finding] = []
    advice: list[Finding] = []
    for page in GROUPS[group]:
        began = time.monotonic()
        try:
            tab = windows.show(page)
            for finding, is_advice in looked_at(tab, page, language):
                (advice if is_advice else findings).append(finding)
        except Exception as error:
            findings.append(
                Finding(page.name, language, "", 0, "cannot be shown", type(error).__name__, str(error)[:300])
            )
        findings += [Finding(page.name, language, "", 0, "complaint", "", text) for text in windows.complaints]
        windows.complaints.clear()
        logger.info("%s: %.1f s", page.name, time.monotonic() - began)
    windows.close()
    for line in told(advice):
        logger.warning("advice: %s", line)
    assert not findings, "\n" + "\n".join(told(findings))


def told(findings: Iterable[Finding]) -> Iterator[str]:
    """Yield a line for each rule and element of a page, with the sizes and themes at which it was found."""
    seen: dict[tuple[str, ...], list[Finding]] = {}
    for each in findings:
        seen.setdefault((each.page, each.language, each.rule, each.element), []).append(each)
    for (page, language, rule, element), same in seen.items():
        sizes = " ".join(dict.fromkeys(f"{each.width}{' dark' if each.theme == 'dark' else ''}" for each in same))
        yield f"{page} | {language} {sizes} | {rule} | {element} | {same[0].fact}"


def looked_at(tab: Tab, page: Page, language: str) -> Iterator[tuple[Finding, bool]]:
    """Yield what is wrong on a page that is shown, and whether it is advice alone."""
    maker = page.view.partition(":")[0]
    without = THIRD_PARTY.get(maker, ())
    for width, height in WIDTHS.items():
        if maker == "admin" and width != WIDEST:
            continue  # Django's own layout
        tab.set_viewport_size({"width": width, "height": height})
        tab.evaluate(STILL)
        if not without:
            for found in tab.evaluate(BOXES, {"overlays": OVERLAYS, "spilled": SPILLED}):
                yield (
                    Finding(page.name, language, "light", width, found["rule"], found["element"], found["fact"]),
                    False,
                )
        themes = {"light": (), "dark": axe.COLOURS} if width == WIDEST or page.main else {"light": axe.NARROW}
        for theme, rules in themes.items() if width in {WIDEST, PHONE} else ():
            tab.emulate_media(color_scheme="dark" if theme == "dark" else "light")
            tab.evaluate(STILL)
            for each in axe.violations(tab, rules=rules, without=without):
                yield Finding(page.name, language, theme, width, each.rule, each.element, each.fact), each.advice
        tab.emulate_media(color_scheme="light")


def names(resolver: URLResolver | None = None, space: str = "") -> Iterator[str]:
    """Yield the names of all addresses; programs have theirs elsewhere."""
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            if str(pattern.pattern) != "api/v1/":
                yield from names(pattern, f"{space}{pattern.namespace}:" if pattern.namespace else space)
        elif pattern.name:
            yield f"{space}{pattern.name}"


def test_every_address_is_in_the_list_of_pages_or_says_why_not() -> None:
    looked = {page.view for page in (*WORK, *REST, *admin_pages())}
    known = {name for name in names() if not name.startswith("admin:") or not name.endswith(NO_ADMIN_PAGES)}
    assert sorted(known - looked - NO_PAGES.keys()) == []
    assert sorted(looked - known - {""}) == []
    assert sorted(NO_PAGES.keys() - known) == []
    assert len(admin.site._registry) >= 15
