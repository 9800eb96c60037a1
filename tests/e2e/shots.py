"""Takes pictures into ``docs/images``: of the main pages in en and ar, light and dark, laptop and phone; of every paper.

Run by ``make shots``: it serves a demo of its own, in a folder of its own, and stops it again. ``ARGS=papers`` leaves
the pages out.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Browser, Page, sync_playwright

from tests.invoicing.pdf import reading, samples

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    PORT = probe.getsockname()[1]
BASE = f"http://localhost:{PORT}"
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SIZES = {1440: 900, 390: 844}
STARTS_WITHIN = 120.0  # seconds
PAPER_DPI = 120
PAPER_COLOURS = 48
PAPER_EDGE = "#C3C8CF"


@contextmanager
def served() -> Iterator[None]:
    """Serve a fresh demo until the block ends."""
    folder = tempfile.mkdtemp(prefix="invoicing-shots-")
    env = {**os.environ, "VAR_DIR": folder, "PORT": str(PORT), "PUBLIC_URL": BASE}
    server = subprocess.Popen([sys.executable, "manage.py", "serve"], cwd=ROOT, env=env)
    try:
        wait_for(f"{BASE}/health", server)
        yield
    finally:
        server.terminate()
        server.wait(timeout=30)
        shutil.rmtree(folder, ignore_errors=True)


def wait_for(url: str, server: subprocess.Popen[bytes]) -> None:
    """Wait until an address answers. Raises ``TimeoutError``."""
    deadline = time.monotonic() + STARTS_WITHIN
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(url, timeout=2).close()
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
        else:
            return
    raise TimeoutError(f"{url} does not answer")


def sign_in(browser: Browser, language: str, theme: str, width: int) -> Page:
    """Return a page of the demo user, in a language and a theme."""
    context = browser.new_context(
        viewport={"width": width, "height": SIZES[width]}, color_scheme="dark" if theme == "dark" else "light"
    )
    page = context.new_page()
    page.goto(f"{BASE}/accounts/login/")
    page.fill("[name=login]", "demo@example.com")
    page.fill("[name=password]", "demo")
    page.locator("main form:has([name=password]) button[type=submit]").click()
    page.wait_for_url(f"{BASE}/")
    page.evaluate(
        """async ([url, language]) => {
            const token = document.querySelector('[name=csrfmiddlewaretoken]').value;
            await fetch(url, {method: 'POST', headers: {'X-CSRFToken': token},
                body: new URLSearchParams({language, next: '/'})});
        }""",
        ["/settings/language", language],
    )
    return page


def addresses(page: Page) -> dict[str, str]:
    """Return the pages to take, by name; the detail is of an invoice that was sent."""
    page.goto(f"{BASE}/invoices?search=0011")
    detail = page.locator("a.go").first.get_attribute("href") or "/invoices"
    page.goto(f"{BASE}/clients")
    client = page.locator("a.go").first.get_attribute("href") or "/clients"
    return {
        "home": "/",
        "list": "/invoices",
        "editor": "/invoices/new",
        "detail": detail,
        "clients": "/clients",
        "client": client,
        "settings": "/settings/business",
    }


def take_papers() -> None:
    """Draw every page of the papers that the tests keep, with an edge around it and few colours."""
    for name in samples.MAKERS:
        pdf = samples.sample(name).pdf()
        for page in range(reading.pages(pdf)):
            drawn = reading.picture(pdf, page, PAPER_DPI).convert("RGB")
            few = ImageOps.expand(drawn, 1, PAPER_EDGE).quantize(PAPER_COLOURS, dither=Image.Dither.NONE)
            few.save(IMAGES / f"paper-{name}{f'-{page + 1}' if page else ''}.png", optimize=True)


def main() -> None:
    """Take all pictures."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    take_papers()
    if "papers" not in sys.argv[1:]:
        take_pages()


def take_pages() -> None:
    """Take the pages of a demo."""
    with served(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for language, theme, width in product(("en", "ar"), ("light", "dark"), SIZES):
            page = sign_in(browser, language, theme, width)
            for name, address in addresses(page).items():
                page.goto(BASE + address)
                page.wait_for_load_state("networkidle")
                page.screenshot(path=IMAGES / f"{name}-{language}-{theme}-{width}.png")
            page.context.close()
        browser.close()


if __name__ == "__main__":
    main()
