"""What can be told of bank details, which are a text of their own: whether the IBANs in them add up (ISO 13616)."""

from __future__ import annotations

import re
from typing import Final

from stdnum import iban

# Two letters, two check digits and at least eleven more characters, in groups or not, as people write them
WRITTEN: Final = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ \u00a0]?[A-Z0-9]){11,30}(?![A-Za-z0-9])")


def wrong_ibans(text: str) -> list[str]:
    """Return the IBANs in a text, as they are written, whose check digits or length are wrong."""
    return [found for found in WRITTEN.findall(text) if not iban.is_valid(found.replace("\u00a0", ""), False)]
