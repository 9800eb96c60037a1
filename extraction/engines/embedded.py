"""What a PDF carries as data: an invoice in XML, else QR codes. Every field that is carried, exactly."""

from __future__ import annotations

import base64
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from extraction.engines import cii, codes, ubl
from extraction.engines.base import Answer, EngineFailed, Paper
from extraction.engines.xml import NoInvoice, parsed
from extraction.intake import child
from extraction.reconcile import CARRIED

PROGRAM: Final = Path(__file__).with_name("carried.py")


class Embedded:
    """Reads CII and UBL within a PDF, and ZATCA, EPC and Swiss QR codes on its pages."""

    name = "embedded"

    def read(self, paper: Paper, *, model: str, mode: str) -> Answer | None:
        """Return what the file carries, or None. Raises ``EngineFailed`` where looking for it was ended by a limit."""
        whole = []
        for what, reason, understand in (("xml", "embedded_xml", of_xml), ("codes", "qr_code", of_code)):
            told = child.run(PROGRAM, paper.content, what)
            whole.append(told.is_whole)
            data = merged(understand(each) for each in entries(told.output))
            if data:
                return Answer(data, reason=reason, score=CARRIED)
        if not all(whole):
            raise EngineFailed("Looking for embedded data was ended by a limit.")
        return None


def entries(output: bytes) -> Iterator[dict[str, Any]]:
    """Yield what the child told; a line that was cut off is left out."""
    for line in output.splitlines():
        try:
            yield json.loads(line)
        except ValueError:
            return


def of_xml(entry: dict[str, Any]) -> dict[str, Any] | None:
    """Return what an attached XML file says, None where it is no invoice."""
    try:
        root = parsed(base64.b64decode(entry["xml"]))
    except NoInvoice:
        return None
    return next((syntax.data_of(root) for syntax in (cii, ubl) if syntax.understands(root)), None)


def of_code(entry: dict[str, Any]) -> dict[str, Any] | None:
    """Return what a code says, None for one of another kind."""
    return codes.data_of(entry["text"])


def merged(found: Iterator[dict[str, Any] | None]) -> dict[str, Any]:
    """Return the first data, completed by what later ones alone say."""
    whole: dict[str, Any] = {}
    for data in filter(None, found):
        whole |= {name: value for name, value in data.items() if value and not whole.get(name)}
    return whole
