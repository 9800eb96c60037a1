"""Takes pictures of the main pages in en and ar, light and dark, laptop and phone, and of every paper.

Run by ``make shots``: it serves a demo of its own, in a folder of its own, and stops it again. All go into ``var/shots``,
those that the documentation shows into ``docs/images`` too. ``ARGS=papers`` leaves the pages out, ``ARGS=pages`` the
papers; ``ARGS="pages home editor"`` takes some.
"""

from __future__ import annotations

import io
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import product
from pathlib import Path

from PIL import Image, ImageOps
from playwright.sync_api import Browser, FilePayload, Page, sync_playwright

from tests.extraction import printed
from tests.invoicing.pdf import reading, samples

ROOT = Path(__file__).resolve().parents[2]
IMAGES = ROOT / "docs" / "images"
SHOTS = ROOT / "var" / "shots"
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
STARTS_WITHIN = 300.0  # seconds
READ_WITHIN = 30.0  # seconds
WRONG_IBAN = "MA64011519000001205000534999"
PAPER_DPI = 120
PAPER_COLOURS = 48
PAPER_EDGE = "#C3C8CF"
COLOURS = 256
SHARPNESS = {1440: 1, 390: 2}  # pixels of the picture for one of the page
BEST = {
    "home-en-light-1440",
    "home-en-dark-1440",
    "home-ar-light-1440",
    "home-ar-dark-390",
    "list-en-light-1440",
    "list-ar-dark-390",
    "selection-en-light-1440",
    "editor-en-light-1440",
    "editor-ar-light-390",
    "detail-en-light-1440",
    "detail-ar-light-1440",
    "send-en-light-1440",
    "palette-en-dark-1440",
    "client-ar-light-1440",
    "look-en-light-1440",
    "pay-en-light-390",
    "pay-ar-dark-390",
}

Act = Callable[[Page], None]


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
        viewport={"width": width, "height": SIZES[width]},
        color_scheme="dark" if theme == "dark" else "light",
        device_scale_factor=SHARPNESS[width],
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


def nothing(_page: Page) -> None:
    """Take the page as it comes."""


def find(page: Page) -> None:
    """Type into the command palette."""
    page.keyboard.press("Control+k")
    page.locator("#palette-term").fill("ri")
    page.locator("#palette-found [role=option] mark").first.wait_for()


def select(page: Page) -> None:
    """Tick three invoices."""
    if page.locator("label.picking").is_visible():
        page.locator("label.picking").click()
    for box in page.locator("tbody td [type=checkbox]").locator("visible=true").all()[1:4]:
        box.check()


def document(page: Page) -> str:
    """Return a supplier's document to verify; the first time it is uploaded and read."""
    address = f"{BASE}/api/v1/documents"
    if not page.request.get(address).json()["results"]:
        page.goto(f"{BASE}/documents")
        token = page.locator("[name=csrfmiddlewaretoken]").first.get_attribute("value") or ""
        file: FilePayload = {
            "name": "al-boughaz_0883.pdf",
            "mimeType": "application/pdf",
            "buffer": printed.invoice(iban=WRONG_IBAN),
        }
        headers = {"X-CSRFToken": token, "Referer": BASE}
        page.request.post(address, multipart={"file": file, "process": "true"}, headers=headers)
    deadline = time.monotonic() + READ_WITHIN
    while time.monotonic() < deadline:
        found = page.request.get(f"{address}?status=done").json()["results"]
        if found:
            return f"/documents/{found[0]['id']}/verify"
        time.sleep(0.5)
    raise TimeoutError("the document is not read")


def scenes(page: Page) -> dict[str, tuple[str, Act]]:
    """Return what is taken, by name: where, and what is done there. The detail is of an invoice that was sent."""
    page.goto(f"{BASE}/invoices?status=draft")
    draft = page.locator("a.go").first.get_attribute("href") or "/invoices"
    page.goto(f"{BASE}/clients")
    client = page.locator("a.go").first.get_attribute("href") or "/clients"
    page.goto(f"{BASE}/invoices?status=viewed")
    detail = page.locator("a.go").first.get_attribute("href") or "/invoices"
    page.goto(BASE + detail)
    public = page.locator("#public-link").input_value().removeprefix(BASE)
    return {
        "home": ("/", nothing),
        "palette": ("/", find),
        "list": ("/invoices", nothing),
        "selection": ("/invoices", select),
        "new": ("/invoices/new", nothing),
        "editor": (f"{draft}/edit", nothing),
        "detail": (detail, nothing),
        "send": (f"{detail}/send", nothing),
        "pay": (public, nothing),
        "verify": (document(page), nothing),
        "clients": ("/clients", nothing),
        "client": (client, nothing),
        "statement": (f"{client}/statement", nothing),
        "search": ("/search?q=exemple", nothing),
        "business": ("/settings/business", nothing),
        "look": ("/settings/look", nothing),
        "numbering": ("/settings/numbering", nothing),
        "taxes": ("/settings/taxes", nothing),
        "members": ("/settings/members", nothing),
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
    """Take what was asked for, or all."""
    IMAGES.mkdir(parents=True, exist_ok=True)
    SHOTS.mkdir(parents=True, exist_ok=True)
    kind, *names = sys.argv[1:] or [""]
    if kind != "pages":
        take_papers()
    if kind != "papers":
        take_pages(names)


def take_pages(names: Sequence[str]) -> None:
    """Take the pages of a demo; some of them, or all."""
    with served(), sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        for language, theme, width in product(("en", "ar"), ("light", "dark"), SIZES):
            page = sign_in(browser, language, theme, width)
            for name, (address, act) in scenes(page).items():
                if names and name not in names:
                    continue
                page.goto(BASE + address)
                page.wait_for_load_state("networkidle")
                act(page)
                page.wait_for_load_state("networkidle")
                page.evaluate("document.fonts.ready")
                keep(page.screenshot(), f"{name}-{language}-{theme}-{width}")
            page.context.close()
        browser.close()


def keep(picture: bytes, name: str) -> None:
    """Store a picture with few colours, where it belongs."""
    few = Image.open(io.BytesIO(picture)).convert("RGB").quantize(COLOURS, dither=Image.Dither.NONE)
    path = SHOTS / f"{name}.png"
    few.save(path, optimize=True)
    if name in BEST:
        shutil.copyfile(path, IMAGES / path.name)


if __name__ == "__main__":
    main()
