"""XML from a stranger: no DTD, no entities, no network; elements are found by their local names."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

Element = Any


class NoInvoice(ValueError):
    """The XML is refused, or is no invoice."""


def parsed(content: bytes) -> Element:
    """Return the root of a document. Raises ``NoInvoice`` for what is malformed or declares a DTD."""
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise NoInvoice(str(error)) from None
    if root.getroottree().docinfo.doctype:
        raise NoInvoice("a DTD is declared")
    return root


def local(element: Element) -> str:
    """Return an element's name without its namespace."""
    return str(etree.QName(element).localname)


def every(element: Element | None, path: str) -> Iterator[Element]:
    """Yield the descendants at a path of local names such as ``Party/Name``; ``A|B`` is either."""
    if element is None:
        return
    first, _slash, rest = path.partition("/")
    names = first.split("|")
    for child in element:
        if local(child) in names:
            if rest:
                yield from every(child, rest)
            else:
                yield child


def one(element: Element | None, path: str) -> Element | None:
    """Return the first at a path, or None."""
    return next(every(element, path), None)


def text(element: Element | None, path: str = "") -> str | None:
    """Return the text of the first at a path that has one, or None."""
    found = every(element, path) if path else iter([element] if element is not None else [])
    return next((value for each in found if (value := " ".join((each.text or "").split()))), None)
