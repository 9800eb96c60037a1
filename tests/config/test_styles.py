from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.conf import settings

ROOT = Path(settings.BASE_DIR)
FILES = (
    "app.css",
    "pages.css",
    "figures.css",
    "home.css",
    "list.css",
    "detail.css",
    "settings.css",
    "pay.css",
    "clients.css",
    "account.css",
    "documents.css",
    "components-page.css",
)
# htmx sets these; the states of a file on its way are put together in its template.
MADE_ELSEWHERE = {"htmx-indicator", "htmx-request", "is-done", "is-failed"}


def rules(name: str) -> str:
    return re.sub(r"/\*.*?\*/", "", (ROOT / "static/css" / name).read_text(), flags=re.DOTALL)


def words_of_pages() -> set[str]:
    sources = [
        *(ROOT / "templates").rglob("*.html"),
        *(ROOT / "static/js").glob("*.js"),
        *(
            path
            for app in ("accounts", "clients", "invoicing", "payments", "config")
            for path in (ROOT / app).rglob("*.py")
        ),
    ]
    return {word for source in sources for word in re.findall(r"[\w-]+", source.read_text())}


@pytest.mark.parametrize("name", FILES)
def test_every_class_with_a_rule_stands_on_some_page(name: str) -> None:
    selectors = re.findall(r"([^{}]+)\{", rules(name))
    classes = {found for selector in selectors for found in re.findall(r"\.([A-Za-z][\w-]*)", selector)}
    sized = {f"w-{size}" for size in ("s", "m", "l")}
    assert sorted(classes - words_of_pages() - MADE_ELSEWHERE - sized) == []


@pytest.mark.parametrize("name", FILES)
def test_colours_come_from_tokens(name: str) -> None:
    assert re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[^{}]*;)|\brgba?\(", rules(name)) == []


@pytest.mark.parametrize("name", FILES)
def test_sides_are_logical(name: str) -> None:
    physical = r"(?:margin|padding|border)-(?:left|right|top|bottom)\b|(?<![\w-])(?:left|right|top|bottom):"
    assert re.findall(physical, rules(name)) == []
