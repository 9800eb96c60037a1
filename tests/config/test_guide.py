from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings
from drf_spectacular.generators import SchemaGenerator
from playwright.sync_api import sync_playwright
from rest_framework import exceptions as drf

from config import errors, guide
from config.openapi import operations

TEXT = guide.SOURCE.read_text(encoding="utf-8")
ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "clients", "invoicing", "payments", "extraction", "config")
# What REST framework raises for a request to the API: our parsers, permissions and limits answer for the rest.
RAISED_BY_FRAMEWORK = (
    drf.ParseError,
    drf.NotAuthenticated,
    drf.AuthenticationFailed,
    drf.PermissionDenied,
    drf.NotFound,
    drf.MethodNotAllowed,
    drf.UnsupportedMediaType,
    drf.Throttled,
    drf.ValidationError,
)
# The base class's, which nothing raises by itself.
NEVER_TOLD = {"error"}
CALL = re.compile(r"`((?:GET|POST|PUT|PATCH|DELETE) /[^`\s]*)")


def rows(section: str, depth: str = "##") -> list[list[str]]:
    """Return the cells of the tables under a heading."""
    part = re.split(rf"^{depth} ", TEXT.partition(f"\n{depth} {section}\n")[2], maxsplit=1, flags=re.MULTILINE)[0]
    lines = [line for line in part.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines if not line.startswith("| --")]


def documented_words() -> dict[str, int]:
    words: dict[str, int] = {}
    for codes, status, *_ in rows("Errors")[1:]:
        words |= dict.fromkeys(re.findall("`([a-z_]+)`", codes), int(status))
    return words


def words_in_the_code() -> set[str]:
    """Return each machine word that stands in the code: classes' own, given where something is raised, Django's."""
    found = {errors.CODES.get(kind.default_code, kind.default_code) for kind in RAISED_BY_FRAMEWORK}
    for path in (path for app in APPS for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            found |= words_of(node, path.name == "errors.py")
    return found - NEVER_TOLD


def words_of(node: ast.AST, in_errors: bool) -> set[str]:
    if in_errors and isinstance(node, ast.ClassDef):
        assigned = [part for part in node.body if isinstance(part, ast.Assign | ast.AnnAssign)]
        named = [part for part in assigned if {"code", "default_code"} & {name.id for name in targets(part)}]
        return {value for part in named for value in texts(part.value)}
    if isinstance(node, ast.Raise) and isinstance(node.exc, ast.Call):
        return {value for word in node.exc.keywords if word.arg == "code" for value in texts(word.value)}
    if in_errors and isinstance(node, ast.Call) and getattr(node.func, "id", "") == "refusal":
        return set(texts(node.args[2]))
    return set()


def targets(part: ast.Assign | ast.AnnAssign) -> list[ast.Name]:
    found = part.targets if isinstance(part, ast.Assign) else [part.target]
    return [name for name in found if isinstance(name, ast.Name)]


def texts(node: ast.AST | None) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


@pytest.fixture(scope="module")
def calls():
    document = SchemaGenerator().get_schema(request=None, public=True)
    return {name for name, _operation in operations(document)} | {"GET /health"}


def test_the_table_of_words_is_that_of_the_code():
    # simplejwt raises two of its own; the last resort has its word in its handler's body.
    elsewhere = {"user_not_found", "user_inactive", "server_error"}
    assert set(documented_words()) == words_in_the_code() | elsewhere
    assert '"code": "server_error"' in (ROOT / "config" / "errors.py").read_text(encoding="utf-8")


def test_the_table_gives_each_word_its_status():
    expected = {}
    for kind, status in errors.STATUS.items():
        for each in [kind, *kind.__subclasses__()]:
            if "code" in vars(each):
                expected[each.code] = errors.STATUS.get(each, status)
    assert {word: documented_words()[word] for word in expected} == expected


def test_each_call_that_is_named_is_there(calls):
    before, _, migration = TEXT.partition("## Coming from another system")
    named = set(CALL.findall(before)) | set(CALL.findall(migration.partition("\n### ")[0]))
    for line in migration.splitlines():
        named |= set(CALL.findall(line.partition(" | ")[2] if line.startswith("|") else ""))
    assert len(named) > 30
    assert named - calls == set()


def test_each_step_is_shown_in_each_language(calls):
    found: dict[str, list[str]] = {}
    for language, operation, _code in guide.samples():
        if operation:
            found.setdefault(operation, []).append(language)
    assert len(found) == 11
    assert {tuple(languages) for languages in found.values()} == {tuple(guide.LANGUAGES)}
    assert set(found) - {guide.SETUP} - calls == set()


def test_each_system_says_where_its_calls_went():
    systems = re.findall(r"^### (.+)$", TEXT.partition("## Coming from another system")[2], re.MULTILINE)
    assert systems == [
        "E Invoice Generator API",
        "Invoice Generation Service",
        "Clawprint's Invoice API",
        "Invoice Management System",
        "Fatoora API",
    ]
    assert all(len(rows(name, "###")) > 4 for name in systems)


@pytest.mark.django_db
def test_the_page_stands_for_this_server_and_loads_nothing_from_elsewhere(client, settings):
    settings.PUBLIC_URL = "https://invoices.example"
    answer = client.get("/docs/guide")
    text = answer.content.decode()
    assert (answer.status_code, text.count("<h1"), "http://localhost:8000" in text) == (200, 1, False)
    assert "https://invoices.example/api/v1" in text
    loaded = re.findall(r'(?:src|href)="([^"#]+)"', text)
    assert [link for link in loaded if not link.startswith("/")] == []
    assert re.findall(r"<style|<script(?![^>]*\bsrc=)|\sstyle=", text) == []
    assert "style-src" not in answer["Content-Security-Policy"]
    assert client.cookies == {}


@pytest.mark.django_db
def test_the_page_is_in_english_whatever_the_reader_speaks(client):
    text = client.get("/docs/guide", headers={"Accept-Language": "ar"}).content.decode()
    assert '<html lang="en"' in re.sub(r"\s+", " ", text)
    assert "Skip to the page" in text


@pytest.mark.django_db
def test_each_place_on_the_page_has_one_name_and_the_contents_lead_there(client):
    text = client.get("/docs/guide").content.decode()
    names = re.findall(r'<h[1-3] id="([^"]+)"', text)
    assert len(set(names)) == len(names) >= 30
    assert re.findall(r'href="#([^"]+)"', text) == ["main", *names[1:]]


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/docs", "/redoc"])
def test_the_pages_that_explain_lead_to_the_guide(client, path):
    assert 'href="/docs/guide"' in client.get(path).content.decode()


@pytest.fixture
def browser(chromium_path):
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium_path, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize(("width", "scheme"), [(390, "light"), (1440, "dark")])
def test_one_language_at_a_time_is_shown_without_scripts(live_server, browser, width, scheme):
    told: list[str] = []
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=False
    )
    page = context.new_page()
    page.on("console", lambda message: told.append(message.text) if message.type in {"error", "warning"} else None)
    page.goto(live_server.url + "/docs/guide")
    shown = page.locator(".samples .sample:visible")
    assert shown.count() == 11
    page.get_by_text("PHP", exact=True).first.click()
    assert shown.count() == 11
    assert shown.first.inner_text().startswith("PHP")
    page.get_by_role("radio", name="PHP").press("ArrowLeft")
    assert shown.first.inner_text().startswith("JavaScript")
    assert page.evaluate("document.documentElement.scrollWidth") == width
    assert told == []
