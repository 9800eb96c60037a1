"""What QR codes on invoices say: ZATCA's of Saudi Arabia, the EPC's for SEPA transfers, and the Swiss QR-bill's."""

from __future__ import annotations

import base64
import binascii
import re
from datetime import date, timedelta
from typing import Any

CARRIAGE = re.compile(r"\r\n|\r")
EPC_VERSIONS = frozenset({"001", "002"})
SWISS_LINES = 31  # up to the trailer
BILLING = re.compile(r"/(\d{2})/((?:\\.|[^/\\])*)")


def data_of(code: str) -> dict[str, Any] | None:
    """Return what a code says of its invoice, or None for a code of another kind."""
    lines = [line.strip() for line in CARRIAGE.sub("\n", code).split("\n")]
    if lines[0] == "SPC" and len(lines) >= SWISS_LINES:
        return swiss(lines)
    if lines[0] == "BCD" and len(lines) > 6 and lines[1] in EPC_VERSIONS:
        return epc(lines)
    return zatca(code.strip())


# ZATCA, Security Features Implementation Standards, 4: tag, length and value, in base64


def zatca(code: str) -> dict[str, Any] | None:
    """Return what a Saudi tax invoice's code says, or None if it is none."""
    try:
        content = base64.b64decode(code, validate=True)
        fields = {tag: value.decode() for tag, value in tlv(content) if tag <= 5}
    except (binascii.Error, ValueError):
        return None
    if not {1, 2, 3, 4, 5} <= fields.keys():
        return None
    return {
        "type": "computerized",
        "vendor_name": fields[1],
        "vendor_tax_id": fields[2],
        "invoice_date": fields[3][:10],
        "total": fields[4],
        "tax": fields[5],
        "currency": "SAR",
    }


def tlv(content: bytes) -> list[tuple[int, bytes]]:
    """Return tags with their values. Raises ``ValueError`` where a length reaches past the end."""
    found, at = [], 0
    while at < len(content):
        if at + 2 > len(content) or at + 2 + content[at + 1] > len(content):
            raise ValueError("a length reaches past the end")
        end = at + 2 + content[at + 1]
        found.append((content[at], content[at + 2 : end]))
        at = end
    return found


# EPC069-12, version 1 and 2


def epc(lines: list[str]) -> dict[str, Any]:
    """Return what the code of a SEPA transfer says."""
    amount = lines[7] if len(lines) > 7 else ""
    return {
        "type": "computerized",
        "vendor_name": lines[5] or None,
        "vendor_iban": lines[6] or None,
        "currency": amount[:3] or None,
        "total": amount[3:] or None,
    }


# SIX, Swiss Implementation Guidelines QR-bill 2.x, 4.2; billing information by Swico, S1


def swiss(lines: list[str]) -> dict[str, Any]:
    """Return what a Swiss QR-bill's code says."""
    data = {
        "type": "computerized",
        "vendor_iban": lines[3] or None,
        "vendor_name": lines[5] or None,
        "vendor_address": swiss_address(lines[4:11]),
        "total": lines[18] or None,
        "currency": lines[19] or None,
        "buyer_name": lines[21] or None,
    }
    return data | billing(next((line for line in lines[SWISS_LINES:] if line.startswith("//S1/")), ""))


def swiss_address(lines: list[str]) -> str | None:
    """Return an address: structured (S) in street, number, postal code and town, or combined (K) in two lines."""
    kind, _name, first, second, code, town, country = lines
    parts = [first, second] if kind == "K" else [f"{first} {second}".strip(), f"{code} {town}".strip()]
    return "\n".join(filter(None, [*parts, country])) or None


def billing(line: str) -> dict[str, Any]:
    """Return what the billing information says: number, date, order, VAT number, rates and conditions."""
    fields = {tag: re.sub(r"\\(.)", r"\1", value) for tag, value in BILLING.findall(line.removeprefix("//S1"))}
    if "10" not in fields and re.fullmatch(r"20\d{6}", fields.get("01", "")):
        # Its first draft, which the guidelines' own samples still follow
        fields |= {"10": fields.get("11", ""), "11": fields["01"][2:]}
    data: dict[str, Any] = {"invoice_number": fields.get("10"), "purchase_order": fields.get("20")}
    written = short_day(fields.get("11", ""))
    data["invoice_date"] = written.isoformat() if written else None
    if number := re.fullmatch(r"(?:CHE?-?)?(\d{3})\.?(\d{3})\.?(\d{3})", fields.get("30", "")):
        data["vendor_tax_id"] = f"CHE-{'.'.join(number.groups())}"
    days = [
        days for rate, _colon, days in (part.partition(":") for part in fields.get("40", "").split(";")) if rate == "0"
    ]
    if written and days and re.fullmatch(r"\d{1,4}", days[0]):
        data["due_date"] = (written + timedelta(days=int(days[0]))).isoformat()
    data["tax_breakdown"] = [
        {"rate": rate, "taxable_amount": net or None} for rate, _colon, net in rates(fields.get("32", ""))
    ]
    return {name: value for name, value in data.items() if value}


def rates(written: str) -> list[tuple[str, str, str]]:
    """Return the VAT rates, each with the net amount it was taken of where one is written."""
    return [part.partition(":") for part in written.split(";") if re.fullmatch(r"\d+(\.\d+)?(:\d+(\.\d+)?)?", part)]


def short_day(written: str) -> date | None:
    """Return a day written YYMMDD."""
    try:
        return date.fromisoformat(f"20{written[:2]}-{written[2:4]}-{written[4:]}") if len(written) == 6 else None
    except ValueError:
        return None
