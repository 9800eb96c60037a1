from __future__ import annotations

import base64
import io
from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
import zxingcpp
from PIL import Image

from invoicing.pdf import qr

RIYADH = timezone(timedelta(hours=3))


def test_zatca_tlv_is_the_known_code() -> None:
    # The example of ZATCA's guide to the simplified invoice's code.
    found = qr.zatca_tlv(
        "Bobs Records", "310122393500003", datetime(2022, 4, 25, 15, 30, tzinfo=UTC), Decimal(1000), Decimal(150)
    )
    assert found == "AQxCb2JzIFJlY29yZHMCDzMxMDEyMjM5MzUwMDAwMwMUMjAyMi0wNC0yNVQxNTozMDowMFoEBzEwMDAuMDAFBjE1MC4wMA=="


def test_zatca_tlv_counts_bytes_and_writes_utc() -> None:
    found = qr.zatca_tlv(
        "شركة نجد", "310294785600003", datetime(2026, 10, 2, 9, 30, 5, tzinfo=RIYADH), Decimal(10925), Decimal("1425.5")
    )
    name = "شركة نجد".encode()
    assert len(name) == 15
    assert base64.b64decode(found) == (
        b"\x01\x0f"
        + name
        + b"\x02\x0f310294785600003"
        + b"\x03\x142026-10-02T06:30:05Z"
        + b"\x04\x0810925.00"
        + b"\x05\x071425.50"
    )


def test_zatca_tlv_cuts_a_long_name_at_a_character() -> None:
    found = base64.b64decode(qr.zatca_tlv("ش" * 200, "3", datetime(2026, 1, 1, tzinfo=UTC), Decimal(1), Decimal(0)))
    assert found[1] == 254
    assert found[2:256].decode() == "ش" * 127


def test_zatca_tlv_refuses_a_moment_without_a_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        qr.zatca_tlv("a", "3", datetime(2026, 1, 1), Decimal(1), Decimal(0))  # noqa: DTZ001 - what is refused


@pytest.mark.parametrize("payload", ["https://invoices.example/p/7Hq2mZ4kT9wX", "أهلا", "x" * 604])
def test_png_reads_back(payload: str) -> None:
    image = Image.open(io.BytesIO(qr.qr_png(payload, scale=4)))
    assert [code.text for code in zxingcpp.read_barcodes(image)] == [payload]


def test_png_has_a_quiet_zone_of_four_modules() -> None:
    side = len(qr.qr_matrix("abc"))
    assert Image.open(io.BytesIO(qr.qr_png("abc", scale=3))).size == ((side + 8) * 3, (side + 8) * 3)


def test_matrix_is_level_m_and_no_larger_than_it_must() -> None:
    # 39 characters at level M are version 3: 29 modules.
    assert len(qr.qr_matrix("https://invoices.example/p/7Hq2mZ4kT9wX")) == 29
    assert {len(row) for row in qr.qr_matrix("abc")} == {21}


def test_svg_is_a_picture_of_the_same_modules() -> None:
    svg = qr.qr_svg("abc")
    assert svg.startswith('<?xml version="1.0" encoding="utf-8"?>')
    assert 'width="29" height="29"' in svg


def test_inline_image_paints_dark_modules() -> None:
    side, image = qr.inline_image("abc")
    assert side == 21
    assert image.startswith("BI /W 21 /H 21 /IM true /BPC 1 /F /AHx ID ")
    rows = bytes.fromhex(image.split("ID ")[1].removesuffix("> EI"))
    bits = [f"{int.from_bytes(rows[at : at + 3], 'big'):024b}"[:21] for at in range(0, len(rows), 3)]
    assert [[1 - int(bit) for bit in row] for row in bits] == [list(row) for row in qr.qr_matrix("abc")]
