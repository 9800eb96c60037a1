"""The guide for integrators: ``docs/guide.md`` as a page, and its code for the API's description."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby, pairwise
from typing import Final, NamedTuple

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import slugify
from django.views.decorators.http import require_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

SOURCE: Final = settings.BASE_DIR / "docs" / "guide.md"
WRITTEN_FOR: Final = "http://localhost:8000"  # the server that the text names
LANGUAGES: Final[Mapping[str, str]] = {"sh": "curl", "python": "Python", "js": "JavaScript", "php": "PHP"}
REDOC_LANGUAGES: Final[Mapping[str, str]] = {"sh": "Shell", "python": "Python", "js": "JavaScript", "php": "PHP"}
SETUP: Final = "setup"
MARKDOWN: Final = MarkdownIt("commonmark", {"html": False}).enable("table")


class Sample(NamedTuple):
    """Some code: in which language, for which operation (``POST /invoices``, ``setup`` or none)."""

    language: str
    operation: str
    code: str


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading with the name of its place on the page."""

    level: int
    text: str
    anchor: str


@dataclass(frozen=True, slots=True)
class Page:
    """The guide, drawn."""

    title: str
    body: SafeString
    headings: Sequence[Heading]


def tokens(server: str = WRITTEN_FOR) -> list[Token]:
    """Return the guide's parts, written for a server."""
    return MARKDOWN.parse(SOURCE.read_text(encoding="utf-8").replace(WRITTEN_FOR, server))


def sample_of(token: Token) -> Sample:
    """Return the code of a fence, whose opening line says ``language operation``."""
    language, _, operation = token.info.partition(" ")
    return Sample(language, operation.strip(), token.content)


def samples(server: str = WRITTEN_FOR) -> Iterator[Sample]:
    """Yield all code of the guide, in its order."""
    yield from (sample_of(token) for token in tokens(server) if token.type == "fence")


@lru_cache(maxsize=2)
def code_samples(server: str) -> Mapping[str, list[dict[str, str]]]:
    """Return for each operation that the guide shows its code in each language, with what it needs beforehand."""
    found: dict[str, list[dict[str, str]]] = {}
    setups: dict[str, str] = {}
    for language, operation, code in samples(server):
        if operation == SETUP:
            setups[language] = code
        elif operation:
            known = {"lang": REDOC_LANGUAGES[language], "label": LANGUAGES[language]}
            found.setdefault(operation, []).append({**known, "source": f"{setups[language]}\n{code}"})
    return found


def text_of(inline: Token) -> str:
    """Return the words of a heading, without its marks."""
    return "".join(child.content for child in inline.children or ())


def headings_of(parts: Sequence[Token]) -> list[Heading]:
    """Return the headings, and name the place of each in its token."""
    found = []
    for token, inline in pairwise(parts):
        if token.type == "heading_open":
            text = text_of(inline)
            token.attrSet("id", slugify(text))
            found.append(Heading(int(token.tag[1:]), text, slugify(text)))
    return found


def drawn(parts: Sequence[Token]) -> Iterator[str]:
    """Yield the page piece by piece: fences that stand together become one block with a choice of language."""
    section = ""
    for is_code, group in groupby(parts, key=lambda token: token.type == "fence"):
        run = list(group)
        if is_code:
            code = [sample_of(token) for token in run]
            context = {"samples": code, "languages": LANGUAGES, "choice": len(code) > 1, "section": section}
            yield render_to_string("docs/samples.html", context)
            continue
        for token, inline in pairwise(run):
            if token.type == "heading_open":
                section = text_of(inline)
        yield re.sub(
            r"<table>.*?</table>",
            lambda table: render_to_string("docs/table.html", {"table": mark_safe(table[0]), "section": section}),  # noqa: B023, S308 -- called at once; made by MARKDOWN, which lets no HTML through
            MARKDOWN.renderer.render(run, MARKDOWN.options, {}),
            flags=re.DOTALL,
        )


@lru_cache(maxsize=2)
def page(server: str) -> Page:
    """Return the guide as a page for a server."""
    parts = tokens(server)
    headings = headings_of(parts)
    return Page(headings[0].text, mark_safe("".join(drawn(parts))), headings[1:])  # noqa: S308 -- made above, escaped by MARKDOWN and templates


@require_safe
def guide(request: HttpRequest) -> HttpResponse:
    """Show the guide, in English."""
    with translation.override("en"):
        context = {"guide": page(settings.PUBLIC_URL), "languages": LANGUAGES}
        return render(request, "docs/guide.html", context)
