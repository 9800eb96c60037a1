"""Windows of a browser for each who looks, and what they complain of."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import brotli
from django.contrib.staticfiles import finders
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Request, Response, Route, ViewportSize
from playwright.sync_api import Page as Tab
from whitenoise.compress import Compressor

from config.middleware import BROTLI_QUALITY
from tests.e2e.pages import Page
from tests.e2e.world import World

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--force-color-profile=srgb",
]
LAPTOP = ViewportSize(width=1440, height=900)
HEAVIEST = 100_000  # bytes of a first load
HEAVY_PARTS = 6  # named in a complaint
HEAVY = ("docs", "redoc")  # brought by others
# A page stands still when its fonts are there, its pictures are drawn, and htmx asks for nothing.
STILL = """async () => {
  await document.fonts.ready;
  const quiet = () => !document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")
    && [...document.images].every((image) => image.complete || image.loading === "lazy");
  for (let turn = 0; turn < 200 && !quiet(); turn++) await new Promise((done) => setTimeout(done, 25));
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  const ends = document.getAnimations().filter((each) => each.effect.getComputedTiming().endTime < 1000);
  await Promise.allSettled(ends.map((each) => each.finished));
}"""


@dataclass
class Windows:
    """One window a person, opened when first needed; what goes wrong in any gathers in ``complaints``."""

    browser: Browser
    base: str
    world: World
    language: str
    complaints: list[str] = field(default_factory=list)
    contexts: dict[str, BrowserContext] = field(default_factory=dict)
    status: int = 0  # of the page shown last
    expected: str = ""  # the address that answers with an error on purpose

    def of(self, who: str) -> Tab:
        """Return a person's window."""
        if who not in self.contexts:
            self.contexts[who] = self.opened(who)
        return self.contexts[who].pages[0]

    def opened(self, who: str) -> BrowserContext:
        """Open a window in the language that reaches this machine alone."""
        context = self.browser.new_context(
            viewport=LAPTOP, locale=self.language, color_scheme="light", reduced_motion="reduce"
        )
        cookies = {"django_language": self.language, "sessionid": self.world.cookie_of(who)}
        context.add_cookies(
            [{"name": name, "value": value, "url": self.base} for name, value in cookies.items() if value]
        )
        context.route("**/*", self.refuse_the_outside)
        self.listen(context.new_page())
        return context

    def refuse_the_outside(self, route: Route) -> None:
        """Let through what this machine answers."""
        if route.request.url.startswith((self.base, "data:", "blob:")):
            route.continue_()
        else:
            self.complaints.append(f"asked for {route.request.url}")
            route.abort()

    def listen(self, tab: Tab) -> None:
        """Gather errors and warnings of the console, uncaught errors, and what was not answered well."""
        tab.on("console", self.heard)
        tab.on("pageerror", lambda error: self.complaints.append(f"error: {error}"))
        tab.on("requestfailed", self.failed)
        tab.on("response", self.answered)

    def heard(self, message: ConsoleMessage) -> None:
        """Take a message of the console, but that of an error that was asked for."""
        asked_for = "Failed to load resource" in message.text and message.location.get("url") == self.expected
        if message.type in {"error", "warning"} and not asked_for:
            self.complaints.append(f"console: {message.text} ({message.location.get('url')})")

    def failed(self, request: Request) -> None:
        """Take a request that had no answer, unless the page was left for another."""
        if request.failure and "ERR_ABORTED" not in request.failure:
            self.complaints.append(f"no answer: {request.url} {request.failure}")

    def answered(self, response: Response) -> None:
        """Take an answer that says that something is wrong, but the page's own where that is asked for."""
        if response.request.is_navigation_request():
            self.status = response.status
        if response.status >= 400 and response.url != self.expected:
            self.complaints.append(f"{response.status}: {response.url}")

    def show(self, page: Page) -> Tab:
        """Go to a page, do there what it wants, and wait until it stands still."""
        tab = self.of(page.who)
        if page.who == "nobody":
            self.contexts[page.who].clear_cookies(name="sessionid")
        tab.set_viewport_size(LAPTOP)
        url = self.base + page.address(self.world)
        self.expected = url if page.status >= 400 else ""
        response = tab.goto(url, wait_until="load")
        tab.evaluate(STILL)
        if response and page.view not in HEAVY and not page.view.startswith("admin:"):
            self.weigh(tab, response)
        if response and response.url != url and not page.leads_on:
            self.complaints.append(f"{url} led to {response.url}")
        page.act(tab, self.world)
        tab.wait_for_load_state("load")
        tab.evaluate(STILL)
        if self.status != page.status:
            self.complaints.append(f"answered {self.status}, not {page.status}")
        return tab

    def weigh(self, tab: Tab, response: Response) -> None:
        """Complain of a page whose first load is heavy."""
        parts = weights(tab, response)
        if sum(parts.values()) > HEAVIEST:
            heaviest = sorted(parts.items(), key=lambda part: -part[1])[:HEAVY_PARTS]
            named = ", ".join(f"{name} {size:,}" for name, size in heaviest)
            self.complaints.append(f"weighs {sum(parts.values()):,} bytes, not {HEAVIEST:,} at most: {named}")

    def close(self) -> None:
        """Close all windows."""
        for context in self.contexts.values():
            context.close()


def weights(tab: Tab, page: Response) -> dict[str, int]:
    """Return the bytes of a first load, the page and the files it asked for, compressed as they are served.

    Pictures of papers are made for the page and come after it: they do not count.
    """
    body = page.body()
    asked_for = tab.evaluate("performance.getEntriesByType('resource').map((each) => each.name)")
    files = {re.split("[?#]", address)[0].partition("/static/")[2] for address in asked_for}
    return {
        "the page": len(brotli.compress(body, quality=BROTLI_QUALITY))
        if page.headers.get("content-encoding") == "br"
        else len(body),
        **{path: compressed(path) for path in files if path},
    }


@cache
def compressed(path: str) -> int:
    """Return the bytes of a file under ``/static/`` as a browser of today gets it: whitenoise keeps it by Brotli."""
    found = finders.find(path)
    assert found
    content = Path(found).read_bytes()
    return len(Compressor.compress_brotli(content) if Compressor().should_compress(path) else content)
