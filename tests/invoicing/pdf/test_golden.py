"""Every kept paper still reads and looks as it did; `make golden` keeps them anew."""

from __future__ import annotations

from functools import cache

import pypdfium2
import pytest
import zxingcpp
from PIL import Image
from pypdfium2 import PdfMatrix
from pypdfium2.raw import FPDF_PAGEOBJ_IMAGE, FPDF_PAGEOBJ_PATH, FPDF_PAGEOBJ_TEXT

from tests.invoicing.pdf import golden, reading, samples

MM = 72 / 25.4


@cache
def pdf(name: str) -> bytes:
    return samples.sample(name).pdf()


@pytest.mark.parametrize("name", samples.MAKERS)
def test_paper_reads_as_it_did(name: str) -> None:
    assert reading.page_texts(pdf(name)) == golden.kept_texts(name)


@pytest.mark.parametrize("name", samples.MAKERS)
def test_paper_looks_as_it_did(name: str) -> None:
    found = [golden.difference(golden.kept_picture(name, at), page) for at, page in enumerate(golden.pages(pdf(name)))]
    assert [(at + 1, difference) for at, difference in enumerate(found) if difference.is_seen] == []


def test_folder_keeps_the_papers_alone() -> None:
    files = {golden.text_file(name) for name in samples.MAKERS}
    files |= {golden.picture_file(name, page) for name in samples.MAKERS for page in range(reading.pages(pdf(name)))}
    assert set(golden.FOLDER.iterdir()) == files
    assert sum(file.stat().st_size for file in files) < 1_500_000


@pytest.mark.parametrize("name", [name for name in samples.MAKERS if samples.sample(name).codes])
def test_every_code_reads_from_the_page(name: str) -> None:
    last = reading.pages(pdf(name)) - 1
    shown = [zxingcpp.read_barcodes(reading.picture(pdf(name), page)) for page in range(last + 1)]
    assert tuple(sorted(code.text for codes in shown for code in codes)) == samples.sample(name).codes


def test_some_papers_have_two_codes() -> None:
    counts = [len(samples.sample(name).codes) for name in samples.MAKERS]
    assert (counts.count(2) >= 4, counts.count(1) >= 8) == (True, True)


# -- that it can fail ------------------------------------------------------------------------------------


def seen(name: str, kind: int, at: tuple[float, float], *, moved: float | None) -> bool:
    """Return whether it is seen that one thing on a paper is moved by millimetres to the right, or taken away.

    It is the smallest of its kind that a point holds, in millimetres from the top left.
    """
    with pypdfium2.PdfDocument(pdf(name)) as document:
        page = document[0]
        x, y = at[0] * MM, page.get_height() - at[1] * MM
        boxes = [(found, found.get_bounds()) for found in page.get_objects(filter=[kind])]
        held = [(b, found) for found, b in boxes if b[0] - 1 <= x <= b[2] + 1 and b[1] - 1 <= y <= b[3] + 1]
        box, found = min(held, key=lambda each: (each[0][2] - each[0][0]) * (each[0][3] - each[0][1]))
        if moved is None:
            page.remove_obj(found)
        else:
            # A rule that lies is moved down, or it would lie on itself.
            down = box[2] - box[0] > 20 * (box[3] - box[1])
            found.transform(PdfMatrix().translate(*((0, -moved * MM) if down else (moved * MM, 0))))
        picture = golden.grey(page.render(scale=golden.DPI / 72).to_pil())
        return golden.difference(golden.kept_picture(name, 0), picture).is_seen


THINGS = {
    "title": ("invoice-modern-en", FPDF_PAGEOBJ_TEXT, (180, 19)),
    "label": ("invoice-modern-en", FPDF_PAGEOBJ_TEXT, (20, 47)),
    "quantity": ("invoice-modern-en", FPDF_PAGEOBJ_TEXT, (111, 119.5)),
    "Arabic name": ("invoice-modern-ar", FPDF_PAGEOBJ_TEXT, (185, 73)),
    "page count": ("invoice-modern-en", FPDF_PAGEOBJ_TEXT, (190, 285)),
    "logo": ("invoice-modern-en", FPDF_PAGEOBJ_IMAGE, (20, 25)),
    "code": ("invoice-modern-en", FPDF_PAGEOBJ_IMAGE, (28, 174)),
    "strip": ("invoice-modern-en", FPDF_PAGEOBJ_PATH, (105, 57)),
    "rule under the head": ("invoice-modern-en", FPDF_PAGEOBJ_PATH, (60, 115.2)),
    "hair": ("invoice-modern-en", FPDF_PAGEOBJ_PATH, (60, 128.8)),
    "mark of a draft": ("draft-modern-en", FPDF_PAGEOBJ_TEXT, (105, 160)),
}


@pytest.mark.parametrize("thing", THINGS)
def test_thing_that_moves_by_a_millimetre_is_seen(thing: str) -> None:
    assert seen(*THINGS[thing], moved=1.0)
    assert seen(*THINGS[thing], moved=-1.0)
    assert not seen(*THINGS[thing], moved=0.0)


@pytest.mark.parametrize("thing", THINGS)
def test_thing_that_is_missing_is_seen(thing: str) -> None:
    assert seen(*THINGS[thing], moved=None)


def test_other_edges_of_letters_are_not_seen() -> None:
    """Set the edges of some letters one grey brighter and of a few two, as a pdfium of another year does."""
    kept = golden.kept_picture("invoice-modern-en", 0)
    pixels = bytearray(kept.tobytes())
    edges = [at for at, grey in enumerate(pixels) if 4 <= grey <= 11]
    for number, at in enumerate(edges[::25]):
        pixels[at] += 2 if number % 100 == 0 else 1
    found = golden.difference(kept, Image.frombytes("L", kept.size, bytes(pixels)))
    assert len(edges) > 10_000
    assert (found.other >= 5, found.stray >= 20, found.is_seen) == (True, True, False), found
