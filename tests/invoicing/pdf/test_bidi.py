from __future__ import annotations

import random
import re
from unicodedata import bidirectional, category, mirrored

import pytest
from bidi import get_display
from hypothesis import given
from hypothesis import strategies as st

from invoicing.pdf import bidi

LETTERS = "abcXYZ éابتمرلأةאבג0123456789٠١٢٣۴+-.,:/%$€#°()[]{}<>«»!?&*'\"|   \u00a0"
MARKS = "\u064b\u0301\u0650\u200e\u200f\u061c\u200d\u00ad\u200b"
ISOLATES = "\u2066\u2067\u2068\u2069\u2069"
EMBEDDINGS = "\u202a\u202b\u202c\u202d\u202e\u202c"
REMOVED = {"RLE", "LRE", "RLO", "LRO", "PDF", "BN"}


def visual(text: str, base: int | None) -> str:
    paragraph, levels = bidi.levels(text, base)
    return visible("".join(text[place] for place in bidi.reorder(text, levels, paragraph)))


def visible(text: str) -> str:
    return "".join(character for character in text if bidi.bidi_class(character) not in REMOVED)


@pytest.mark.parametrize(("pool", "seed"), [(LETTERS + MARKS, 1), (LETTERS + MARKS + ISOLATES * 3, 9)])
def test_reorder_agrees_with_another_implementation(pool: str, seed: int) -> None:
    # 50,000 strings of letters, numbers, brackets and marks, half of them with isolates.
    # Brackets after an isolate the other settles without looking before it (N0 c): one string in 40,000,
    # none of these.
    draw = random.Random(seed)
    different = []
    for _ in range(25_000):
        text = "".join(draw.choices(pool, k=draw.randint(1, 24)))
        base = draw.choice([None, 0, 1])
        expected = visible(str(get_display(text, base_dir={None: None, 0: "L", 1: "R"}[base])))
        if visual(text, base) != expected:
            different.append((ascii(text), base))
    assert different == []


def test_reorder_agrees_inside_embeddings() -> None:
    # The other implementation leaves a line alone in which only trailing space reads from the right,
    # so every line here ends in a letter.
    draw = random.Random(4)
    different = []
    for _ in range(10_000):
        text = "".join(draw.choices(LETTERS + EMBEDDINGS * 3, k=draw.randint(1, 24))) + "\u202cب"
        if visual(text, 1) != visible(str(get_display(text, base_dir="R"))):
            different.append(ascii(text))
    assert different == []


def test_runs_are_the_reordered_line_in_pieces() -> None:
    draw = random.Random(5)
    for _ in range(500):
        text = "".join(draw.choices(LETTERS + MARKS + ISOLATES, k=draw.randint(1, 24)))
        paragraph, levels = bidi.levels(text, draw.choice([None, 0, 1]))
        places: list[int] = []
        for start, end, level in bidi.runs(text, levels, paragraph):
            places += range(end - 1, start - 1, -1) if level % 2 else range(start, end)
        assert places == bidi.reorder(text, levels, paragraph)


@pytest.mark.parametrize(
    ("text", "base", "expected"),
    [
        # UAX #9, the examples of 3.3.5 (N0), with Arabic letters for the capitals.
        ("اب(جد[&هو]ز)", None, (1, [1] * 12)),
        ("smith (fabrikam اب) ج", 1, (1, [2] * 5 + [1, 1] + [2] * 8 + [1] * 6)),
        ("ا book(s)", 1, (1, [1, 1] + [2] * 7)),
        ("123", 1, (1, [2, 2, 2])),
        ("ب 123", None, (1, [1, 1, 2, 2, 2])),
        ("a\u2067ب\u2069c", None, (0, [0, 0, 1, 0, 0])),
        # A number in an isolate takes no direction from the Arabic before it.
        ("ب\u20661-2\u2069", None, (1, [1, 1, 2, 2, 2, 1])),
        ("ب1-2", None, (1, [1, 2, 1, 2])),
        ("", None, (0, [])),
        ("plain", 0, (0, [0] * 5)),
    ],
)
def test_levels_are_those_of_the_rules(text: str, base: int | None, expected: tuple[int, list[int]]) -> None:
    assert bidi.levels(text, base) == expected


def test_levels_stop_at_the_deepest_one() -> None:
    # 125 is the deepest embedding; a Latin letter in it stands one higher (I2).
    _, levels = bidi.levels("\u202b\u202a" * 100 + "a", None)
    assert levels[-1] == 126


def test_levels_give_deep_isolates_no_level_of_their_own() -> None:
    opened = "\u2067\u2066" * 100
    _, levels = bidi.levels(opened + "a" + "\u2069" * 200 + "b", 0)
    assert (max(levels), levels[-1]) == (126, 0)


def test_bracket_pairs_stop_counting_at_63() -> None:
    # BD16: deeper than that, no pair of the paragraph is settled by N0.
    text = "(" * 64 + "a" + ")" * 64 + "ب"
    _, levels = bidi.levels(text, 1)
    assert levels[64] == 2
    assert levels[0] == 1


def test_reorder_puts_trailing_space_at_the_paragraphs_end() -> None:
    assert bidi.reorder("ab  ", [2, 2, 2, 2], 1) == [3, 2, 0, 1]


def test_bidi_class_of_unassigned_code_points_is_their_blocks() -> None:
    assert [bidi.bidi_class(c) for c in "\u05ff\u07bf\u20c1\U0001efff\U000e0fff"] == ["R", "AL", "ET", "R", "L"]


def test_brackets_are_mirrored_pairs() -> None:
    pairs = list(zip(bidi._OPENING, bidi._CLOSING, strict=True))
    assert len(pairs) == 64
    for opening, closing in pairs:
        assert (category(opening), category(closing)) == ("Ps", "Pe")
        assert (bidirectional(opening), bidirectional(closing)) == ("ON", "ON")
        assert mirrored(opening) == mirrored(closing) == 1


def test_levels_close_what_they_could_not_open() -> None:
    # Past the deepest level, embeddings and isolates are counted so that their ends close nothing else.
    text = "\u202b\u202a" * 70 + "\u2067\u202bx\u202c\u2069" + "\u202c" * 140 + "y"
    _, levels = bidi.levels(text, 0)
    assert (levels[text.index("x")], levels[-1]) == (126, 0)


def test_what_is_read_from_the_right_together_needs_no_reckoning() -> None:
    together = [chr(code) for code in range(0x3000) if bidi._ALL_FROM_RIGHT.match(chr(code))]
    assert {bidi.bidi_class(character) for character in together} == {"AL", "NSM", "WS", "ON", "ES", "ET", "CS"}
    assert {bidi.bidi_class(character) for character in bidi._ARABIC_LETTERS} == {"AL"}


def test_separators_are_all_known() -> None:
    found = {character for character in map(chr, range(0x3000)) if bidi.bidi_class(character) in ("B", "S")}
    assert found == {character for character in map(chr, range(0x3000)) if bidi._SEPARATORS.match(character)}


def test_what_is_read_from_the_left_needs_no_reckoning() -> None:
    together = [chr(code) for code in range(0x3000) if bidi._ALL_FROM_LEFT.match(chr(code))]
    assert {bidi.bidi_class(c) for c in together} == {"L", "EN", "ES", "ET", "CS", "ON", "WS", "LRI", "FSI", "PDI"}


@given(st.text("ab 1.%(\u2066\u2068\u2069", max_size=30), st.sampled_from([0, None]))
def test_levels_of_isolates_from_the_left_are_those_of_the_rules(value: str, base: int | None) -> None:
    quick = bidi.levels(value, base)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bidi, "_ALL_FROM_LEFT", re.compile("(?!)"))
        assert bidi.levels(value, base) == quick


@given(st.text("ابتلأ \u064b،(.", max_size=30), st.sampled_from([1, None]))
def test_levels_of_what_is_read_from_the_right_are_those_of_the_rules(value: str, base: int | None) -> None:
    quick = bidi.levels(value, base)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bidi, "_ALL_FROM_RIGHT", re.compile("(?!)"))
        assert bidi.levels(value, base) == quick


@given(
    st.text("ab1(א)ب \u2066\u2067\u2068\u2069\u2029\n\u202a\u202e\u202c", max_size=12), st.sampled_from([0, 1, None])
)
def test_separators_within_isolates_end_them(value: str, base: int | None) -> None:
    paragraph, levels = bidi.levels(f"\u2067{value}\u2029\u2069", base)
    assert (len(levels), levels[-2:]) == (len(value) + 3, [paragraph, paragraph])
