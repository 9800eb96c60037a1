"""The words of a PDF's pages: from its text layer, and where that does not say what is shown, from their pictures."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from extraction.intake import child
from extraction.intake.ocr import words_of_pictures
from extraction.intake.words import PageWords, loaded

PROGRAM: Final = Path(__file__).with_name("layer.py")


def words_of(content: bytes) -> list[PageWords]:
    """Return the words of a PDF's pages; a page that cannot be read is left out. Nothing raises.

    Where the text layer does not say what is shown, the page's picture is read, as far as the system can.
    """
    told = list(pages_told(child.run(PROGRAM, content).output))
    asked = [page.number for page, is_blank in told if not page.source and not is_blank]
    seen = {page.number: page for page in words_of_pictures(content, asked)} if asked else {}
    return [replace(page, **what_was(seen.get(page.number))) for page, _is_blank in told]


def what_was(seen: PageWords | None) -> dict[str, Any]:
    """Return what a page's picture told that the text layer did not: nothing for one that was not read."""
    return {"source": seen.source, "words": seen.words} if seen else {}


def pages_told(output: bytes) -> Iterator[tuple[PageWords, bool]]:
    """Yield what the child told of each page, and whether nothing is drawn on it; a line cut off is left out."""
    for line in output.splitlines():
        try:
            page = json.loads(line)
        except ValueError:
            return
        words, hidden = loaded(page["words"]), loaded(page["hidden"])
        size = float(page["width"]), float(page["height"])
        yield PageWords(page["number"], *size, page["source"], words, hidden), page["is_blank"]
