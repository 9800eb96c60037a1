from __future__ import annotations

import io
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest
from PIL import Image

from invoicing.pdf import images, render
from invoicing.pdf.images import packed
from tests.invoicing.pdf import documents, reading


def png(image: Image.Image, **saved: Any) -> bytes:
    data = io.BytesIO()
    image.save(data, "PNG", **saved)
    return data.getvalue()


def unpacked(data: bytes) -> tuple[str, bytes, bytes | None]:
    found = packed(data)
    assert found
    assert found.size == (2, 1)
    return found.space, zlib.decompress(found.pixels), zlib.decompress(found.opacity) if found.opacity else None


def two(mode: str, *pixels: Any) -> Image.Image:
    image = Image.new(mode, (2, 1))
    for x, pixel in enumerate(pixels):
        image.putpixel((x, 0), pixel)
    return image


@pytest.mark.parametrize(
    ("image", "saved", "expected"),
    [
        (two("RGB", (1, 2, 3), (4, 5, 6)), {}, ("DeviceRGB", b"\1\2\3\4\5\6", None)),
        (two("RGBA", (1, 2, 3, 255), (4, 5, 6, 7)), {}, ("DeviceRGB", b"\1\2\3\4\5\6", b"\xff\7")),
        (two("RGBA", (1, 2, 3, 255), (4, 5, 6, 255)), {}, ("DeviceRGB", b"\1\2\3\4\5\6", None)),
        (two("RGB", (1, 2, 3), (4, 5, 6)), {"transparency": (1, 2, 3)}, ("DeviceRGB", b"\1\2\3\4\5\6", b"\0\xff")),
        (two("L", 8, 9), {}, ("DeviceGray", b"\x08\x09", None)),
        (two("L", 8, 9), {"transparency": 9}, ("DeviceGray", b"\x08\x09", b"\xff\0")),
        (two("LA", (8, 0), (9, 128)), {}, ("DeviceGray", b"\x08\x09", b"\0\x80")),
        (two("1", 0, 255), {}, ("DeviceGray", b"\x00\xff", None)),
    ],
)
def test_picture_keeps_its_colours_and_what_shines_through(
    image: Image.Image, saved: dict[str, Any], expected: tuple[str, bytes, bytes | None]
) -> None:
    assert unpacked(png(image, **saved)) == expected


def test_palette_becomes_colours() -> None:
    image = two("RGB", (10, 20, 30), (40, 50, 60)).quantize(2)
    assert unpacked(png(image)) == ("DeviceRGB", bytes((10, 20, 30, 40, 50, 60)), None)


@pytest.mark.parametrize("data", [b"", b"no picture", png(Image.new("RGB", (9, 9)))[:30]])
def test_what_is_no_picture_is_none(data: bytes) -> None:
    assert packed(data) is None


def test_same_file_is_unpacked_once() -> None:
    data = png(Image.new("RGB", (5, 5), (1, 1, 1)))
    assert packed(data) is packed(bytes(bytearray(data)))


def test_number_and_size_of_what_is_kept_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(images, "MOST_BYTES", images.MOST_BYTES // 100)
    kept = images._Kept()
    noise = Image.merge("RGB", [Image.effect_noise((120, 120), 90) for _ in range(3)])
    for number in range(images.MOST_KEPT + 20):
        kept.get(png(Image.new("RGB", (3, 3), (number, 0, 0))))
    assert len(kept._images) == images.MOST_KEPT
    for number in range(8):
        noise.putpixel((0, 0), (number, 1, 2))
        kept.get(png(noise, compress_level=1))
    held = [image for image in kept._images.values() if image]
    assert sum(map(images._weight, held)) == kept._bytes <= images.MOST_BYTES
    assert 2 <= len(held) <= 5


def test_threads_may_share_what_is_kept() -> None:
    kept = images._Kept()
    files = [png(Image.new("RGB", (40, 40), (number, 0, 0))) for number in range(images.MOST_KEPT * 2)]
    with ThreadPoolExecutor(8) as threads:
        found = list(threads.map(kept.get, files * 4))
    assert [image and zlib.decompress(image.pixels)[0] for image in found] == list(range(len(files))) * 4
    assert kept._bytes == sum(map(images._weight, kept._images.values()))


def test_logo_stands_in_the_file_once() -> None:
    data = png(Image.new("RGBA", (300, 100), (10, 90, 200, 128)))
    document = documents.long_invoice("en", 60, logo=data)
    assert render(document).count(b"/Subtype /Image") == 2
    seen = reading.picture(render(document)).getpixel((int(30 * 150 / 25.4), int(25 * 150 / 25.4)))
    assert seen == pytest.approx((132, 172, 227), abs=2)
    assert b"/Subtype /Image" not in render(replace(document, logo=None))
