from __future__ import annotations

import io
import resource
import struct
import subprocess
import sys
import time
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from PIL import Image

from invoicing.errors import PictureTooCostly, UnreadablePdf
from invoicing.pdf import picture, rasteriser, render
from invoicing.pdf.picture import page_png
from tests.invoicing.pdf import documents, reading


def written(*objects: str, page: str = "/MediaBox [0 0 200 100]") -> bytes:
    """Return a PDF file of one page, whose content is object 4; the readers find the objects themselves."""
    bodies = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /Contents 4 0 R {page} >>",
        *objects,
    ]
    file = "".join(f"{number} 0 obj\n{body}\nendobj\n" for number, body in enumerate(bodies, start=1))
    return f"%PDF-1.7\n{file}trailer\n<< /Root 1 0 R >>\n".encode()


def stream(content: str, entries: str = "") -> str:
    return f"<< /Length {len(content)} {entries} >>\nstream\n{content}\nendstream"


def endless() -> bytes:
    """Return half a kilobyte that fills the page with 200 million million tiles."""
    steps = "/BBox [0 0 1 1] /XStep 0.00001 /YStep 0.00001 /Resources << >>"
    tile = stream("0 0 1 1 re f", f"/Type /Pattern /PatternType 1 /PaintType 1 /TilingType 1 {steps}")
    page = "/MediaBox [0 0 200 100] /Resources << /Pattern << /P 5 0 R >> >>"
    return written(stream("/Pattern cs /P scn 0 0 200 100 re f"), tile, page=page)


def nested() -> bytes:
    """Return a few kilobytes that draw a square 64 ** 8 times."""
    form = "/Type /XObject /Subtype /Form /BBox [0 0 200 100]"
    objects = [
        stream("/X Do " * 64, f"{form} /Resources << /XObject << /X {number} 0 R >> >>") for number in range(6, 14)
    ]
    page = "/MediaBox [0 0 200 100] /Resources << /XObject << /X 5 0 R >> >>"
    return written(stream("/X Do"), *objects, stream("0 0 9 9 re f", form), page=page)


def bloated() -> bytes:
    """Return 700 kilobytes whose page unpacks to 700 megabytes."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    part = packer.compress(b" " * 2**20) + packer.flush(zlib.Z_FULL_FLUSH)
    content = b"x\xda" + part * 700 + zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    head = b"<< /Length %d /Filter /FlateDecode >>\nstream\n" % len(content)
    return written("CONTENT").replace(b"CONTENT", head + content + b"\nendstream")


def opened(data: bytes) -> Image.Image:
    image = Image.open(io.BytesIO(data))
    image.load()
    return image


def test_page_is_drawn_as_wide_as_asked() -> None:
    image = opened(page_png(render(documents.invoice("ar")), width=800))
    assert (image.format, image.mode, image.size) == ("PNG", "RGB", (800, 1131))


def test_picture_is_what_pdfium_draws() -> None:
    pdf = render(documents.invoice("fr"))
    image = opened(page_png(pdf, width=1240))
    expected = reading.picture(pdf, dpi=150).convert("RGB")
    assert image.size == (1240, 1754)
    assert (expected.size[0] - 1240, expected.size[1] - 1754) in {(0, 0), (1, 0), (0, 1), (1, 1)}
    small, other = (found.resize((62, 88)).convert("L").tobytes() for found in (image, expected))
    assert max(abs(one - two) for one, two in zip(small, other, strict=True)) < 24


def test_colours_keep_their_order() -> None:
    image = opened(page_png(written(stream("1 0 0 rg 0 0 100 100 re f 0 0 1 rg 100 0 100 100 re f")), width=20))
    assert [image.getpixel((x, 5)) for x in (2, 17)] == [(255, 0, 0), (0, 0, 255)]
    assert opened(page_png(written(stream("")), width=3)).getcolors() == [(6, (255, 255, 255))]


def test_another_page_is_drawn_by_its_number() -> None:
    pdf = render(documents.long_invoice("en", 30))
    first, second = (page_png(pdf, page=page, width=400) for page in (0, 1))
    assert first != second
    for page in (reading.pages(pdf), -1):
        with pytest.raises(UnreadablePdf):
            page_png(pdf, page=page, width=400)


@pytest.mark.parametrize("pdf", [b"", b"no file at all", b"\x89PNG\r\n\x1a\n" * 99, b"%PDF-1.7\n%%EOF"])
def test_garbage_is_unreadable(pdf: bytes) -> None:
    with pytest.raises(UnreadablePdf):
        page_png(pdf, width=100)


def test_half_a_file_is_unreadable() -> None:
    pdf = render(documents.invoice("en"))
    with pytest.raises(UnreadablePdf):
        page_png(pdf[: len(pdf) // 8], width=100)


def test_endless_file_is_stopped_in_time() -> None:
    begun = time.monotonic()
    with pytest.raises(PictureTooCostly):
        page_png(endless(), width=100, seconds=0.7)
    assert time.monotonic() - begun < 3


def test_endless_file_ends_itself_when_nobody_stops_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "CPU_SECONDS", 1)
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    with pytest.raises(PictureTooCostly):
        page_png(endless(), width=100, seconds=100)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 2


PROBE = """
import resource, sys
import django
django.setup()
from invoicing.pdf.picture import page_png
try:
    page_png(sys.stdin.buffer.read(), width=100, seconds=60)
except Exception as error:
    print(type(error).__name__, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""


@pytest.mark.parametrize("make", [bloated, nested])
def test_child_may_not_take_more_memory_than_a_page_may(make: Callable[[], bytes]) -> None:
    # In a process that has no other children, whose memory would be counted, too.
    done = subprocess.run(
        [sys.executable, "-c", PROBE], input=make(), cwd=settings.BASE_DIR, capture_output=True, timeout=90, check=True
    )
    refusal, kilobytes = done.stdout.decode().split()
    assert refusal == "PictureTooCostly"
    assert int(kilobytes) * 1024 < picture.MEMORY


@pytest.mark.parametrize("box", ["0 0 1 100000", "0 0 0.001 14400"])
def test_page_too_tall_for_a_picture_is_refused(box: str) -> None:
    with pytest.raises(PictureTooCostly):
        page_png(written(stream("0 0 9 9 re f"), page=f"/MediaBox [{box}]"), width=800)


@pytest.mark.parametrize(("box", "size"), [("0 0 1 100000", (15, 1500000)), ("0 0 200 14400", (577, 41544))])
def test_page_too_tall_is_drawn_narrower_where_that_is_asked_for(box: str, size: tuple[int, int]) -> None:
    drawn = page_png(written(stream(""), page=f"/MediaBox [{box}]"), width=800, shrinks=True)
    assert struct.unpack(">II", drawn[16:24]) == size
    assert size[0] * size[1] <= rasteriser.MOST_PIXELS


def test_huge_page_is_drawn_small() -> None:
    image = opened(page_png(written(stream(""), page="/MediaBox [0 0 10000000 5000000]"), width=100))
    assert image.size == (100, 50)


@pytest.mark.parametrize("width", [0, -1, 4001])
def test_width_has_bounds(width: int) -> None:
    with pytest.raises(ValueError, match="1 to 4000 pixels"):
        page_png(b"", width=width)


def test_child_starts_without_the_application() -> None:
    source = Path(rasteriser.__file__).read_text()
    assert "django" not in source
    assert "invoicing" not in source.split('"""', 2)[2]
