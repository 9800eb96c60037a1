"""Names that an invoice does not have, but that are very near ones it has: probably typed wrong."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import Any, Final

from django.utils.translation import gettext as _

from invoicing.api.representation import FIELDS, ITEM_FIELDS

NEAR: Final = 0.8
MOST_HINTS: Final = 20

Hint = dict[str, str]


def nearest(name: str, known: Collection[str]) -> str | None:
    """Return the known name that a name is very near: alike letter by letter, or one of its words alone."""
    alike = get_close_matches(name, known, n=1, cutoff=NEAR)
    if alike:
        return alike[0]
    return next((each for each in known if each.startswith(f"{name}_") or each.endswith(f"_{name}")), None)


def hints(data: Mapping[str, Any], *, known: Collection[str], known_of_items: Collection[str]) -> list[Hint]:
    """Return a warning for each field of a body that was ignored, but that may have been meant for a known one."""
    found = list(unknown(data, known, FIELDS, ""))
    items = data.get("items")
    for index, item in enumerate(items if isinstance(items, list) else []):
        if len(found) >= MOST_HINTS:
            break
        if isinstance(item, Mapping):
            found += unknown(item, known_of_items, ITEM_FIELDS, f"items[{index}].")
    return found[:MOST_HINTS]


def unknown(data: Mapping[str, Any], known: Collection[str], readable: Collection[str], prefix: str) -> Iterator[Hint]:
    """Yield a warning for each name near a known one. What is answered may be sent back, and is ignored quietly."""
    for name in data:
        if name in known or name in readable:
            continue
        meant = nearest(name[:100], known)
        if meant is not None:
            sentence = _("“%(name)s” is not known and was ignored. Did you mean “%(meant)s”?")
            yield {
                "code": "unknown_field",
                "field": prefix + name[:100],
                "detail": sentence % {"name": name[:100], "meant": meant},
            }
