"""Collects and compiles the catalogues of translations, without GNU gettext."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO

from babel.messages.catalog import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

DOMAIN = "django"
COMMENT = "Translators:"
KEYWORDS = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
SOURCES = ("accounts", "clients", "config", "extraction", "invoicing", "payments", "templates")
SUFFIXES = {".py", ".html", ".txt"}


def is_stale(source: Path) -> bool:
    """Return whether a catalogue's compiled form is missing or older."""
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_catalogues(folders: Iterable[Path]) -> list[Path]:
    """Compile each ``.po`` under ``folders`` that has changed; return them."""
    stale = [source for folder in folders for source in sorted(folder.rglob("*.po")) if is_stale(source)]
    for source in stale:
        with replacing(source.with_suffix(".mo")) as file:
            write_mo(file, load(source))
    return stale


@contextmanager
def replacing(path: Path) -> Iterator[IO[bytes]]:
    """Write a file beside ``path``, and put it there once it is whole: several processes may do so at once."""
    with NamedTemporaryFile(dir=path.parent, suffix=".partial", delete=False) as file:
        yield file
    partial = Path(file.name)
    partial.chmod(0o644)
    partial.replace(path)


def load(path: Path, language: str | None = None) -> Catalog:
    """Return a catalogue from its file, or an empty one for a language that has none."""
    if not path.exists():
        return Catalog(
            locale=language,
            fuzzy=False,
            header_comment="# Translations of the invoicing application.",
            project="invoicing",
            version="1",
            msgid_bugs_address="-",
            last_translator="the contributors",
            language_team="the contributors",
        )
    with path.open("rb") as file:
        return read_po(file, locale=language)


def files(root: Path) -> Iterator[Path]:
    """Yield the files that may hold texts for people, in order."""
    for source in SOURCES:
        for path in sorted((root / source).rglob("*")):
            if path.suffix in SUFFIXES and "migrations" not in path.parts:
                yield path


def collect(root: Path) -> Catalog:
    """Return a catalogue of all texts in the code and the templates under ``root``, without translations."""
    catalogue = Catalog(fuzzy=False)
    for path in files(root):
        text = path.read_text(encoding="utf-8")
        if path.suffix != ".py":
            # The result is read as Python, where a line's indentation would have a meaning.
            text = "\n".join(line.strip() for line in templatize(text, origin=str(path)).splitlines())
        found = extract("python", BytesIO(text.encode()), keywords=KEYWORDS, comment_tags=(COMMENT,))
        for _line, message, comments, context in found:
            place = (str(path.relative_to(root)), 0)
            catalogue.add(message, locations=[place], auto_comments=comments, context=context)
    return catalogue


def update(path: Path, language: str, template: Catalog) -> None:
    """Bring one language's file in step with the texts: new ones are added, gone ones removed."""
    catalogue = load(path, language)
    created = catalogue.creation_date
    catalogue.update(template, no_fuzzy_matching=True)
    catalogue.creation_date = created
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with replacing(path) as file:
        write_po(file, catalogue, width=110, sort_output=True, include_lineno=False)


def gaps(path: Path, language: str, template: Catalog) -> Iterator[str]:
    """Yield what one language's file lacks, or has too much."""
    catalogue = load(path, language)
    wanted, present = keys(template), keys(catalogue)
    yield from (f"missing: {text}" for text, _context in sorted(wanted - present, key=str))
    yield from (f"no longer used: {text}" for text, _context in sorted(present - wanted, key=str))
    for message in catalogue:
        if message.id and not translated(message.string):
            yield f"not translated: {first(message.id)}"
        elif message.id and message.fuzzy:
            yield f"fuzzy: {first(message.id)}"
    for message, errors in catalogue.check():
        yield from (f"{error}: {first(message.id)}" for error in errors)


def keys(catalogue: Catalog) -> set[tuple[str, str | None]]:
    """Return what a catalogue's entries are known by."""
    return {(first(message.id), message.context) for message in catalogue if message.id}


def first(identifier: str | tuple[str, ...] | list[str]) -> str:
    """Return a message's singular."""
    return identifier if isinstance(identifier, str) else identifier[0]


def translated(string: str | tuple[str, ...] | list[str] | None) -> bool:
    """Return whether every form has words."""
    return all(string) if isinstance(string, tuple | list) else bool(string)
