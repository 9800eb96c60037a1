"""Compiles the catalogues of translations, without GNU gettext."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po


def is_stale(source: Path) -> bool:
    """Return whether a catalogue's compiled form is missing or older."""
    compiled = source.with_suffix(".mo")
    return not compiled.exists() or compiled.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_catalogues(folders: Iterable[Path]) -> list[Path]:
    """Compile each ``.po`` under ``folders`` that has changed; return them."""
    stale = [source for folder in folders for source in sorted(folder.rglob("*.po")) if is_stale(source)]
    for source in stale:
        with source.open("rb") as file:
            catalogue = read_po(file)
        partial = source.with_suffix(".mo.partial")
        with partial.open("wb") as file:
            write_mo(file, catalogue)
        partial.replace(source.with_suffix(".mo"))
    return stale
