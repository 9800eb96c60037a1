"""What axe-core has to say about a page: rules of WCAG 2.2 A and AA, which fail; best practices, which are told."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page as Tab

TAGS = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa")
ADVICE = "best-practice"
COLOURS = ("color-contrast", "link-in-text-block")  # what a change of theme can break
# What a narrow window can break, beside what the wide one has shown
NARROW = (
    *COLOURS,
    "target-size",
    "scrollable-region-focusable",
    "aria-hidden-focus",
    "empty-heading",
    "label",
    "link-name",
)
SHOWN = 4  # elements of a rule

# No style sheet is asked for again; frames are pages of their own.
COMMON: dict[str, Any] = {"resultTypes": ["violations"], "preload": False, "iframes": False}


@dataclass(frozen=True)
class Violation:
    """A rule that does not hold, at an element."""

    rule: str
    element: str
    fact: str
    advice: bool


def violations(tab: Tab, *, rules: tuple[str, ...] = (), without: tuple[str, ...] = ()) -> Iterator[Violation]:
    """Run axe on what is shown: some rules alone, or all. ``without`` names what is not ours."""
    if not tab.evaluate("typeof axe === 'object'"):
        tab.evaluate(AXE_SCRIPT)
    options: dict[str, Any] = dict(COMMON)
    if rules:
        options["runOnly"] = {"type": "rule", "values": list(rules)}
    else:
        options["runOnly"] = {"type": "tag", "values": [*TAGS, ADVICE]}
        # What lies behind an open menu is not aimed at.
        options["rules"] = {"target-size": {"enabled": not tab.locator("details.more[open]").count()}}
    context: dict[str, Any] = {"exclude": [[selector] for selector in without]} if without else {}
    found = tab.evaluate(
        "([context, options]) => axe.run(Object.keys(context).length ? context : document, options)",
        [context, options],
    )
    for violation in found["violations"]:
        for node in violation["nodes"][:SHOWN]:
            fact = (node.get("failureSummary") or violation["help"]).partition("\n")[2] or violation["help"]
            yield Violation(
                rule=violation["id"],
                element=" ".join(str(part) for part in node["target"]) + " " + node["html"][:120],
                fact=" ".join(fact.split()),
                advice=ADVICE in violation["tags"] and not set(TAGS) & set(violation["tags"]),
            )
