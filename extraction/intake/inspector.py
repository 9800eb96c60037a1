"""The program that looks a PDF through; ``extraction.intake.checks`` starts it as a child.

It reads the file from standard input and writes one line of JSON: ``error``, or ``pages``, ``sizes_fit`` and
``findings``. It imports nothing of the application.
"""

from __future__ import annotations

import io
import json
import sys
from typing import Any

import pikepdf

DEEPEST = 40  # of direct objects within an object
KEYS = {"/JS": "javascript", "/JavaScript": "javascript", "/XFA": "xfa"}
ACTIONS = {"/JavaScript": "javascript", "/Launch": "launch"}


def look(value: Any, found: set[str], depth: int = 0) -> None:
    """Note what is active in an object and in what stands directly in it; others are looked at in their turn."""
    if depth > DEEPEST:
        return
    if isinstance(value, pikepdf.Array):
        for part in value:
            look_within(part, found, depth)
    elif isinstance(value, (pikepdf.Dictionary, pikepdf.Stream)):
        found |= {KEYS[key] for key in KEYS.keys() & set(value.keys())}
        found |= {word for name, word in ACTIONS.items() if value.get("/S") == pikepdf.Name(name)}
        opening = value.get("/OpenAction")
        # A mere place to begin at is no action.
        if isinstance(opening, pikepdf.Dictionary) and opening.get("/S") != pikepdf.Name("/GoTo"):
            found.add("open_action")
        for key in value.keys():  # noqa: SIM118 -- a stream iterates over nothing
            look_within(value.get(key), found, depth)


def look_within(part: Any, found: set[str], depth: int) -> None:
    """Look at a part that stands in its parent itself."""
    if isinstance(part, pikepdf.Object) and not part.is_indirect:
        look(part, found, depth + 1)


def fits(page: pikepdf.Page, longest: int) -> bool:
    """Return whether a page has a size, of at most ``longest`` points a side."""
    try:
        left, bottom, right, top = (float(number) for number in page.mediabox)
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    return 0 < abs(right - left) <= longest and 0 < abs(top - bottom) <= longest


def inspect(content: bytes, most_pages: int, longest: int) -> dict[str, Any]:
    """Return what is known of a file."""
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            pages = len(pdf.pages)
            if pages > most_pages:
                return {"pages": pages, "sizes_fit": True, "findings": []}
            found = {"damaged"} if pdf.get_warnings() else set()
            for each in pdf.objects:
                look(each, found)
            sizes_fit = all(fits(page, longest) for page in pdf.pages)
            return {"pages": pages, "sizes_fit": sizes_fit, "findings": sorted(found)}
    except pikepdf.PasswordError:
        return {"error": "locked"}
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RecursionError):
        return {"error": "unreadable"}


if __name__ == "__main__":
    sys.stdout.write(json.dumps(inspect(sys.stdin.buffer.read(), *map(int, sys.argv[1:]))))
