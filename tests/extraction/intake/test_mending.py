"""Pages that were scanned askew or on their side are laid straight by their words, and rules are no letters."""

from __future__ import annotations

import math

import pytest

from extraction.intake.mending import figures, pieces, quarter, upright
from extraction.intake.words import Box, PageWords, Word

WIDTH, HEIGHT = 600.0, 800.0
LINES = [
    ["Harrow", "Joinery", "Leeds"],
    ["Invoice", "number", "HP-2041", "of", "March"],
    ["Description", "Quantity", "Price", "Amount"],
    ["Worktop", "oiled", "12", "340.00"],
    ["Payment", "within", "thirty", "days"],
]


def straight() -> PageWords:
    words = [
        Word(
            text,
            (
                (60 + at * 110) / WIDTH,
                (100 + line * 90) / HEIGHT,
                (60 + at * 110 + 60) / WIDTH,
                (110 + line * 90) / HEIGHT,
            ),
        )
        for line, texts in enumerate(LINES)
        for at, text in enumerate(texts)
    ]
    return PageWords(1, WIDTH, HEIGHT, "ocr", words)


def turned(page: PageWords, quarters: int) -> PageWords:
    words = list(page.words)
    for _each in range(quarters):
        words = [Word(word.text, quarter(word.box)) for word in words]
    size = (page.height, page.width) if quarters % 2 else (page.width, page.height)
    return PageWords(1, *size, "ocr", words)


def askew(page: PageWords, degrees: float) -> PageWords:
    angle = math.radians(degrees)

    def moved(box: Box) -> Box:
        x, y = ((box[0] + box[2]) / 2 - 0.5) * WIDTH, ((box[1] + box[3]) / 2 - 0.5) * HEIGHT
        x, y = x * math.cos(angle) - y * math.sin(angle), x * math.sin(angle) + y * math.cos(angle)
        wide, high = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
        return x / WIDTH + 0.5 - wide, y / HEIGHT + 0.5 - high, x / WIDTH + 0.5 + wide, y / HEIGHT + 0.5 + high

    return PageWords(1, WIDTH, HEIGHT, "ocr", [Word(word.text, moved(word.box)) for word in page.words])


def assert_straight(page: PageWords) -> None:
    assert (page.width, page.height) == (WIDTH, HEIGHT)
    for word, expected in zip(page.words, straight().words, strict=True):
        assert word.text == expected.text
        assert word.box == pytest.approx(expected.box, abs=0.002)


@pytest.mark.parametrize("quarters", [0, 1, 2, 3])
def test_a_page_on_its_side_is_laid_upright(quarters: int) -> None:
    assert_straight(upright(turned(straight(), quarters)))


@pytest.mark.parametrize("degrees", [-3, -0.8, 0.5, 2.5])
def test_a_page_askew_is_laid_level(degrees: float) -> None:
    assert_straight(upright(askew(straight(), degrees)))


def test_arabic_that_goes_to_the_left_lies_upright() -> None:
    page = straight()
    words = [Word("كلمة", (1 - word.box[2], word.box[1], 1 - word.box[0], word.box[3])) for word in page.words]
    page = PageWords(1, WIDTH, HEIGHT, "ocr", words)
    assert upright(page) == page


def test_a_text_layer_stays_as_it_is() -> None:
    page = PageWords(1, WIDTH, HEIGHT, "text", turned(straight(), 1).words)
    assert upright(page) is page


def test_few_words_and_none_stay() -> None:
    page = PageWords(1, WIDTH, HEIGHT, "ocr", straight().words[:2])
    assert upright(page) == page
    assert upright(PageWords(1, WIDTH, HEIGHT, "ocr")).words == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1|Service", ["1", "Service"]),
        ("|46", ["46"]),
        ("|", []),
        ("==", []),
        ("-", ["-"]),
        ("%", ["%"]),
        ("€4,75", ["€4,75"]),
        ("[12.50]", ["12.50"]),
    ],
)
def test_rules_of_a_table_are_no_letters(text: str, expected: list[str]) -> None:
    assert [part for part, _start, _end in pieces(text)] == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1O,5OO.00", "10,500.00"),
        ("l2.50", "12.50"),
        ("B.I.", "B.I."),
        ("S.O.S", "S.O.S"),
        ("NOR001", "NOR001"),
        ("2026", "2026"),
        ("I.5l", "I.5l"),
    ],
)
def test_letters_taken_for_figures_are_figures_in_amounts_alone(text: str, expected: str) -> None:
    assert figures(text) == expected
