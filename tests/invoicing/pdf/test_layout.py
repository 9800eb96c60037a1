from __future__ import annotations

import re

import pypdfium2
import pytest

from invoicing.pdf.layout import Block, Sheet, Style
from tests.invoicing.pdf import reading

PLAIN = Style("regular", 10, 14, "#000000")
ARABIC = "الهاتف +966 11 465 2210 كل يوم"
POINTS = 72 / 25.4


def sheet(*, rtl: bool = False) -> Sheet:
    made = Sheet(page=(100.0, 80.0), rtl=rtl, first_top=10.0, next_top=10.0, bottom=70.0)
    made.next_page()
    return made


def file(drawn: Sheet) -> bytes:
    return drawn.to_pdf(title="t", author="a", language="en", day=None)


def edges(data: bytes) -> tuple[float, float]:
    """Return where the text of the first page begins and ends from the left, in millimetres."""
    boxes = [box for _, box in reading.boxes(data)[0]]
    return min(box[0] for box in boxes) / POINTS, max(box[2] for box in boxes) / POINTS


def test_page_has_the_size_it_was_given() -> None:
    with pypdfium2.PdfDocument(file(sheet())) as document:
        assert document[0].get_size() == pytest.approx((100 * POINTS, 80 * POINTS), abs=0.1)


def test_arabic_stands_at_the_right_of_a_page_that_reads_from_the_left() -> None:
    drawn = sheet()
    (line,) = drawn.wrap(ARABIC, PLAIN, 80.0, base=1)
    drawn.put(90.0, 10.0, line, PLAIN, "end")
    data = file(drawn)
    assert edges(data)[1] == pytest.approx(90.0, abs=0.5)
    read = reading.text(data).replace("\u00a0", " ")
    assert "+966 11 465 2210" in read
    assert read.split()[0] == "الهاتف"
    assert read.split()[-2:] == ["كل", "يوم"]


@pytest.mark.parametrize(("shift", "found"), [(0.0, [("o", "e")]), (0.5, [("o", "e")]), (6.0, [])])
def test_letters_on_letters_are_found(shift: float, found: list[tuple[str, str]]) -> None:
    """See that what other tests look for, letters that cover each other, is found where it is."""
    drawn = sheet()
    drawn.text(10.0, 10.0, "o", PLAIN)
    drawn.text(10.0, 10.0 + shift, "e", PLAIN)
    assert reading.overlaps(reading.boxes(file(drawn))[0]) == found


def test_pieces_against_the_page_follow_each_other_to_the_left() -> None:
    drawn = sheet()
    end = drawn.pieces(90.0, 10.0, [("الرقم", PLAIN), ("12345", PLAIN)], gap=2.0, base=1)
    first, last = edges(file(drawn))
    assert last == pytest.approx(90.0, abs=0.5)
    assert first == pytest.approx(end, abs=0.5)


def test_pieces_with_the_page_are_mirrored_on_an_arabic_one() -> None:
    drawn = sheet(rtl=True)
    end = drawn.pieces(10.0, 10.0, [("الرقم", PLAIN), ("12345", PLAIN)], gap=2.0)
    first, last = edges(file(drawn))
    assert last == pytest.approx(90.0, abs=0.5)
    assert first == pytest.approx(100.0 - end, abs=0.5)


def test_lines_of_a_paragraph_end_where_they_are_told_to() -> None:
    drawn = sheet()
    wrapped = drawn.wrap("one two three four", PLAIN, 20.0)
    assert len(wrapped) > 1
    assert drawn.paragraph(90.0, 10.0, wrapped, PLAIN, "end") == pytest.approx(10 + len(wrapped) * PLAIN.pitch)
    assert edges(file(drawn))[1] == pytest.approx(90.0, abs=0.5)


@pytest.mark.parametrize(("text", "closer"), [("Invoice", 6), ("فاتورة", 0), ("فاتورة INV", 0)])
def test_tracking_sets_all_but_arabic_letters_closer(text: str, closer: int) -> None:
    tracked = Style("regular", 10, 14, "#000000", -0.3)
    drawn = sheet()
    difference = drawn.width(text, PLAIN) - drawn.width(text, tracked)
    assert difference == pytest.approx(closer * 0.3 / POINTS)
    drawn.text(90.0, 10.0, text, tracked, "end")
    assert edges(file(drawn))[1] == pytest.approx(90.0, abs=0.5)


def test_surfaces_lie_under_what_was_drawn_before_them() -> None:
    drawn = sheet()
    drawn.text(10.0, 10.0, "under", PLAIN)
    drawn.surface(5.0, 5.0, 50.0, 20.0, 0, "#F2B705")
    picture = reading.picture(file(drawn))
    colours = {pixel for _, pixel in picture.getcolors(100_000)}
    assert (242, 183, 5) in colours
    assert (0, 0, 0) in colours


def test_code_is_white_around_its_modules_on_any_surface() -> None:
    drawn = sheet()
    drawn.surface(0.0, 0.0, 100.0, 80.0, 0, "#F2B705")
    drawn.code(30.0, 30.0, 20.0, 20, "BI /W 1 /H 1 /IM true /BPC 1 /F /AHx ID 00> EI")
    picture = reading.picture(file(drawn))
    at = {x: picture.getpixel((int(x * 150 / 25.4), int(40 * 150 / 25.4))) for x in (24.0, 28.0, 40.0, 52.0, 56.0)}
    yellow, white, black = (242, 183, 5), (255, 255, 255), (0, 0, 0)
    assert list(at.values()) == [yellow, white, black, white, yellow]


def test_upright_rule_is_mirrored_on_an_arabic_page() -> None:
    places = []
    for rtl in (False, True):
        drawn = sheet(rtl=rtl)
        drawn.upright(20.0, 10.0, 60.0, 1.0, "#000000")
        (found,) = re.findall(rb"w ([\d.]+) ([\d.]+) m ([\d.]+) ([\d.]+) l", b"".join(reading.streams(file(drawn))))
        places.append([round(float(value) / POINTS, 1) for value in found])
    assert places == [[20.0, 70.0, 20.0, 20.0], [80.0, 70.0, 80.0, 20.0]]


def test_columns_that_flow_end_where_the_longest_does() -> None:
    drawn = sheet()
    tops: list[tuple[int, float]] = []
    blocks = [Block(20.0, lambda y: tops.append((drawn.page, y))) for _ in range(4)]
    end = drawn.flow_columns([blocks[:1], blocks], 30.0)
    assert tops == [(0, 30.0), (0, 30.0), (0, 50.0), (1, 10.0), (1, 30.0)]
    assert (drawn.page, end) == (1, 50.0)
