"""The words of the text layer: placed as the page is shown, what nobody sees apart, garbage left out."""

from __future__ import annotations

import io
from collections.abc import Callable

import pikepdf
import pytest
from reportlab.pdfgen.canvas import Canvas

from extraction.intake.pages import words_of
from extraction.intake.words import PageWords
from tests.extraction import papers


def drawn(draw: Callable[[Canvas], None], size: tuple[float, float] = (600, 800)) -> bytes:
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=size, invariant=1)
    canvas.setFont("Helvetica", 10)
    draw(canvas)
    canvas.save()
    return out.getvalue()


def only(content: bytes) -> PageWords:
    (page,) = words_of(content)
    return page


def texts(page: PageWords) -> list[str]:
    return [word.text for word in page.words]


def test_words_stand_where_they_are_shown() -> None:
    page = only(drawn(lambda canvas: canvas.drawString(300, 400, "Total 12.50")))
    assert (page.source, page.width, page.height) == ("text", 600, 800)
    assert texts(page) == ["Total", "12.50"]
    left, top, _right, bottom = page.words[0].box
    assert left == pytest.approx(0.5, abs=0.002)
    assert top < 0.5 < bottom + 0.005


@pytest.mark.parametrize("turn", [90, 180, 270])
def test_a_page_that_is_turned_is_read_as_it_is_shown(turn: int) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.translate(300, 400)
        canvas.rotate(turn)
        canvas.drawString(0, 0, "Upright")

    with pikepdf.open(io.BytesIO(drawn(draw))) as pdf:
        pdf.pages[0].Rotate = turn
        page = only(papers.saved(pdf))
    assert texts(page) == ["Upright"]
    assert page.words[0].box[0] == pytest.approx(0.5, abs=0.01)


def test_places_are_those_within_the_crop_box() -> None:
    with pikepdf.open(io.BytesIO(drawn(lambda canvas: canvas.drawString(300, 400, "Here")))) as pdf:
        pdf.pages[0].CropBox = pikepdf.Array([300, 300, 500, 500])
        page = only(papers.saved(pdf))
    assert (page.width, page.height) == (200, 200)
    assert page.words[0].box[0] == pytest.approx(0, abs=0.01)


def white(canvas: Canvas) -> None:
    canvas.setFillGray(1)
    canvas.drawString(100, 300, "Secret")


def unseen(canvas: Canvas) -> None:
    text = canvas.beginText(100, 300)
    text.setTextRenderMode(3)
    text.textOut("Secret")
    canvas.drawText(text)


def outside(canvas: Canvas) -> None:
    canvas.drawString(900, 300, "Secret")


def tiny(canvas: Canvas) -> None:
    canvas.setFont("Helvetica", 1)
    canvas.drawString(100, 300, "Secret")


def of_its_ground(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.2, 0.3, 0.6)
    canvas.rect(50, 250, 300, 100, stroke=0, fill=1)
    canvas.drawString(100, 300, "Secret")


def covered(canvas: Canvas) -> None:
    canvas.drawString(100, 300, "Secret")
    canvas.setFillGray(1)
    canvas.rect(50, 250, 300, 100, stroke=0, fill=1)


@pytest.mark.parametrize("hide", [white, unseen, outside, tiny, of_its_ground, covered])
def test_what_nobody_sees_is_kept_apart(hide: Callable[[Canvas], None]) -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "Shown")
        hide(canvas)

    page = only(drawn(draw))
    assert texts(page) == ["Shown"]
    assert [word.text for word in page.hidden] == ["Secret"]


def test_white_words_on_a_dark_ground_are_seen() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.rect(50, 250, 300, 100, stroke=0, fill=1)
        canvas.setFillGray(1)
        canvas.drawString(100, 300, "Amount")

    page = only(drawn(draw))
    assert (texts(page), list(page.hidden)) == (["Amount"], [])


def test_slanted_words_are_left_out_and_words_struck_twice_stand_once() -> None:
    def draw(canvas: Canvas) -> None:
        canvas.drawString(100, 700, "Total")
        canvas.drawString(100.4, 700, "Total")
        canvas.rotate(45)
        canvas.drawString(500, 100, "COPY")

    assert texts(only(drawn(draw))) == ["Total"]


def test_a_file_that_is_no_pdf_has_no_pages() -> None:
    assert words_of(b"nothing") == []


def test_an_empty_page_has_neither_source_nor_words() -> None:
    page = only(papers.plain())
    assert (page.source, list(page.words)) == ("", [])


@papers.needs_corpus
def test_arabic_is_read_from_the_right_in_the_order_of_its_letters() -> None:
    found = texts(only((papers.CORPUS / "text" / "synth_ar_zatca.pdf").read_bytes()))
    assert found[:6] == ["فاتورة", "ضريبية", "شركة", "الأفق", "للتجارة", "المحدودة"]
    assert "(15%):" in found


@papers.needs_corpus
def test_a_bomb_ends_its_own_process() -> None:
    assert words_of((papers.CORPUS / "intake" / "flate_bomb_280MB.pdf").read_bytes()) == []
