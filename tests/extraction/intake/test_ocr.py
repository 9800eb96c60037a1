"""What is seen on pages that are pictures, and that neither it nor a hostile page leaves anything behind."""

from __future__ import annotations

import io
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pikepdf
import pytest
from PIL import Image

from extraction.intake import child, ocr
from extraction.intake.words import PageWords
from tests.extraction import papers
from tests.extraction.layouts.degrading import Wear, scanned
from tests.extraction.layouts.papers import named

needs_tesseract = pytest.mark.skipif(shutil.which("tesseract") is None, reason="tesseract is not there.")
needs_arabic = pytest.mark.skipif(ocr.ARABIC not in ocr.languages(), reason="tesseract has no Arabic.")
needs_posture = pytest.mark.skipif(ocr.POSTURE not in ocr.languages(), reason="tesseract cannot tell how pages lie.")


@pytest.fixture
def looked_up() -> Iterator[None]:
    """Forget what was found of tesseract, before and after."""
    for found in (ocr.program, ocr.languages):
        found.cache_clear()
    yield
    for found in (ocr.program, ocr.languages):
        found.cache_clear()


def texts(page: PageWords) -> list[str]:
    return [word.text for word in page.words]


def one(content: bytes) -> PageWords:
    [page] = ocr.words_of_pictures(content, [1])
    return page


def holds(page: PageWords, wanted: str) -> bool:
    return set(wanted.split()) <= set(texts(page))


def folder_of_temporary_files() -> list[Path]:
    return sorted(path for path in Path("/tmp").iterdir() if re.match(r"(tess|OCR|lept)", path.name, re.IGNORECASE))


@needs_tesseract
def test_english_is_read_with_its_place() -> None:
    page = one(named("british-plain").scan())
    assert (page.source, round(page.width), round(page.height)) == ("ocr", 595, 842)
    assert holds(page, "Harrow Pike Joinery HP-2041 2026 £1,209.60 £201.60")
    [box] = [word.box for word in page.words if word.text == "£1,209.60"]
    # It ends 545 points from the left, with its line 400 points down, askew by less than half a degree.
    assert box[2] == pytest.approx(545 / 595, abs=0.01)
    assert box[1] < 0.5 < box[3] + 0.1


@needs_tesseract
def test_french_is_read() -> None:
    page = one(named("french-three-rates-sentence").scan())
    assert holds(page, "Plateau-repas Quantité 2026/11/042 novembre 514,93")


@needs_tesseract
@needs_arabic
def test_arabic_is_read_and_its_figures_exactly() -> None:
    page = one(named("saudi-joined-forms").scan())
    assert holds(page, "شركة الرواق المحدودة الكمية INV-7781 2026/05/17 10,511.00 310554477800003")


@needs_tesseract
def test_black_and_white_alone_is_read() -> None:
    page = one(named("american-balance-first-black-and-white").scan())
    assert holds(page, "Bluestem Analytics INV-000318 $4,182.75")


@needs_tesseract
@needs_posture
@pytest.mark.parametrize("quarters", [1, 2, 3])
def test_a_page_that_lies_on_its_side_is_read_where_its_words_are_shown(quarters: int) -> None:
    paper = named("british-plain").content()
    upright, turned = (one(scanned(paper, Wear(dpi=200, skew=0, noise=0, quarters=each))) for each in (0, quarters))
    assert holds(turned, "HP-2041 £1,209.60")
    assert (round(turned.width), round(turned.height)) == ((842, 595) if quarters % 2 else (595, 842))
    for text in ("HP-2041", "£1,209.60"):
        [[left, top, right, bottom], shown] = [
            next(word.box for word in page.words if word.text == text) for page in (upright, turned)
        ]
        expected = {
            1: (top, 1 - right, bottom, 1 - left),
            2: (1 - right, 1 - bottom, 1 - left, 1 - top),
            3: (1 - bottom, left, 1 - top, right),
        }[quarters]
        assert shown == pytest.approx(expected, abs=0.01)


@needs_tesseract
def test_a_page_askew_is_read_where_its_words_are_shown() -> None:
    paper = named("british-plain").content()
    level, askew = (one(scanned(paper, Wear(dpi=200, skew=each, noise=0))) for each in (0, 2.0))
    # Turned counter-clockwise about the middle, what stands at the right goes up.
    before, after = (next(word.box for word in page.words if word.text == "£1,209.60") for page in (level, askew))
    raised = (before[1] + before[3]) / 2 - (after[1] + after[3]) / 2
    across = (before[0] + before[2]) / 2 - 0.5
    assert raised == pytest.approx(across * 595 / 842 * 0.0349, abs=0.002)


@needs_tesseract
def test_a_blank_page_has_no_words() -> None:
    page = one(scanned(papers.plain(), Wear(noise=3)))
    assert (page.source, texts(page)) == ("ocr", [])


def test_without_tesseract_nothing_is_read(looked_up: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert ocr.words_of_pictures(named("british-plain").scan(), [1]) == []


@needs_tesseract
def test_without_arabic_the_rest_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "languages", lambda: frozenset({"eng"}))
    assert holds(one(named("saudi-joined-forms").scan()), "INV-7781 310554477800003")


@needs_tesseract
@pytest.mark.parametrize("content", [b"", b"%PDF-1.7 and no more"], ids=["empty", "broken"])
def test_what_is_no_file_has_no_pages(content: bytes) -> None:
    assert ocr.words_of_pictures(content, [1]) == []


@needs_tesseract
def test_a_page_that_is_not_there_is_left_out() -> None:
    assert [page.number for page in ocr.words_of_pictures(scanned(papers.plain()), [1, 2])] == [1]


@needs_tesseract
def test_ten_pages_are_read(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []
    monkeypatch.setattr(ocr, "page_of", lambda _content, number: asked.append(number))
    assert ocr.words_of_pictures(b"", range(1, 31)) == []
    assert asked == list(range(1, 11))


def huge(side: int) -> bytes:
    """Return a small file whose page is a picture of so many dots a side, full of specks."""
    picture = Image.effect_noise((1000, 1000), 90).resize((side, side), Image.Resampling.NEAREST).convert("1")
    out, pdf = io.BytesIO(), pikepdf.new()
    picture.save(out, "PDF", resolution=72)
    with pikepdf.open(out) as whole:
        pdf.pages.extend(whole.pages)
        pdf.pages[0].mediabox = pikepdf.Array([0, 0, side, side])
        return papers.saved(pdf)


@needs_tesseract
def test_a_hostile_picture_is_ended_in_time_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "SECONDS", 2)
    before, ran = folder_of_temporary_files(), names_of_processes()
    began = time.monotonic()
    found = ocr.words_of_pictures(huge(8000), [1])
    # A picture, and then at most three looks at it.
    assert time.monotonic() - began < 20
    assert [texts(page) for page in found] in ([], [[]])
    assert folder_of_temporary_files() == before
    assert names_of_processes() == ran


@needs_tesseract
def test_nothing_is_left_of_an_ordinary_page() -> None:
    content, before = named("british-plain").scan(), folder_of_temporary_files()
    one(content)
    assert (folder_of_temporary_files(), names_of_processes()) == (before, 0)


def names_of_processes() -> int:
    """Return how many of our children that read are running."""
    children = Path("/proc/self/task").glob("*/children")
    ids = [number for path in children for number in path.read_text().split()]
    return sum("tesseract" in command_of(number) or "scan.py" in command_of(number) for number in ids)


def command_of(number: str) -> str:
    path = Path("/proc", number, "cmdline")
    return path.read_bytes().decode(errors="replace") if path.exists() else ""


@needs_tesseract
def test_tesseract_has_no_environment_and_may_write_no_file(tmp_path: Path) -> None:
    told = child.run(ocr.BECOME, b"", "/usr/bin/env")
    assert told.output == b"OMP_THREAD_LIMIT=1\n"
    target = tmp_path / "written"
    told = child.run(ocr.BECOME, b"x", shutil.which("tee") or "", str(target))
    assert not target.exists() or target.read_bytes() == b""


def test_words_of_one_place_are_told_once() -> None:
    seen = [ocr.Seen("Total", 0, 0, 50, 10, 90)]
    more = [ocr.Seen("Tota1", 1, 0, 50, 10, 90), ocr.Seen("7", 60, 0, 66, 10, 90), ocr.Seen("|", 80, 0, 81, 10, 40)]
    assert [each.text for each in ocr.completed(seen, more)] == ["Total", "7"]


def test_figures_that_latin_is_sure_of_stand_in_an_arabic_page() -> None:
    arabic = [ocr.Seen("وو", 0, 0, 90, 10, 70), ocr.Seen("رقم", 100, 0, 140, 10, 90)]
    latin = [ocr.Seen("310554477800003", 0, 0, 92, 10, 65), ocr.Seen("pb", 100, 0, 138, 10, 70)]
    assert sorted(each.text for each in ocr.joined(arabic, latin)) == ["310554477800003", "رقم"]
