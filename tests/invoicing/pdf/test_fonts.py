from __future__ import annotations

import pytest
import uharfbuzz
from hypothesis import given
from hypothesis import strategies as st

from invoicing.pdf import fonts
from invoicing.pdf.runs import Run


def texts(value: str, *, rtl: bool) -> list[str]:
    return [glyph.text for glyph in fonts.face("regular").shape(value, rtl=rtl).glyphs]


def test_face_is_read_once() -> None:
    assert fonts.face("bold") is fonts.face("bold")


def test_shape_gives_arabic_from_left_to_right_as_base_letters() -> None:
    assert texts("ريال", rtl=True) == ["ل", "ا", "ي", "ر"]


def test_shape_gives_lam_alef_one_code() -> None:
    assert texts("لا", rtl=True) == ["\ufefb"]
    assert texts("الأ الإ الآ", rtl=True) == ["\ufef5", "ا", " ", "\ufef9", "ا", " ", "\ufef7", "ا"]


def test_shape_reads_a_vowel_back_with_its_letter() -> None:
    run = fonts.face("regular").shape("شكرًا", rtl=True)
    assert [glyph.text for glyph in run.glyphs] == ["ا", "\u064bر", "ك", "ش"]
    assert len(run.marks) == 1


def test_shape_mirrors_brackets_and_reads_them_as_written() -> None:
    face = fonts.face("regular")
    (mirrored,) = face.shape("(", rtl=True).glyphs
    (plain,) = face.shape(")", rtl=False).glyphs
    assert (mirrored.gid, mirrored.text) == (plain.gid, "(")


def test_shape_joins_no_latin_letters() -> None:
    assert texts("office", rtl=False) == list("office")


def test_shape_keeps_digits_as_wide_as_each_other() -> None:
    advances = {fonts.face("regular").shape(digit, rtl=False).width for digit in "0123456789"}
    assert len(advances) == 1


def test_shape_remembers_short_texts_only() -> None:
    face = fonts.face("regular")
    assert face.shape("فاتورة", rtl=True) is face.shape("فاتورة", rtl=True)
    assert face.shape("طويل " * 40, rtl=True) is not face.shape("طويل " * 40, rtl=True)


def test_subset_holds_the_glyphs_and_no_layout_tables() -> None:
    face = fonts.face("regular")
    gids = tuple(sorted({glyph.gid for glyph in face.shape("Invoice 0047", rtl=False).glyphs}))
    data, moved = face.subset(gids)
    small = uharfbuzz.Face(data)
    assert set(moved) == set(gids)
    assert small.glyph_count == len(gids) + 1
    assert sorted(small.table_tags) == ["glyf", "head", "hhea", "hmtx", "loca", "maxp"]
    font = uharfbuzz.Font(small)
    assert [font.get_glyph_h_advance(moved[gid]) for gid in gids] == [face.font.get_glyph_h_advance(g) for g in gids]


def test_faces_have_the_same_characters() -> None:
    assert fonts.face("regular").covered == fonts.face("bold").covered
    assert fonts.face("regular").covered - fonts.covered() == {"\x00", "\r"}


def test_outline_is_a_closed_path() -> None:
    mark = fonts.face("regular").shape("رً", rtl=True).marks[0]
    operators = fonts.face("regular").outline(mark.gid).split()
    assert operators[2] == "m"
    assert operators[-1] == "h"


def test_licence_stands_beside_the_fonts() -> None:
    assert "SIL Open Font License, Version 1.1" in (fonts.FOLDER / "OFL.txt").read_text()


def test_shape_reads_a_latin_accent_back_after_its_letter() -> None:
    run = fonts.face("regular").shape("q\u0303x", rtl=False)
    assert [glyph.text for glyph in run.glyphs] == ["q\u0303", "x"]
    assert len(run.marks) == 1


def test_shape_of_nothing_visible_is_an_empty_run() -> None:
    run = fonts.face("regular").shape("\u200d\u2066\u2069", rtl=True)
    assert (run.glyphs, run.marks, run.width, run.script) == ((), (), 0, "")


SHAPED = st.text("abfijTAV.,-12 éالأبتلله\u064b\u0651\u200c\u0301()", min_size=1, max_size=20)


@given(SHAPED, st.booleans(), st.sampled_from(["regular", "bold"]))
def test_shape_of_plain_text_is_that_of_text_with_marks(value: str, rtl: bool, weight: str) -> None:
    face = fonts.face(weight)
    quick = face.shape_fully(value, rtl=rtl)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(face, "_plain_texts", lambda *_: None)
        assert columns(face.shape_fully(value, rtl=rtl)) == columns(quick)


@given(st.text(fonts.WESTERN, min_size=1, max_size=30), st.sampled_from(["regular", "bold"]))
def test_shape_of_western_letters_is_what_harfbuzz_says(value: str, weight: str) -> None:
    face = fonts.face(weight)
    assert face.western(value)
    assert columns(face.shape(value, rtl=False)) == columns(face.shape_fully(value, rtl=False))


@given(st.lists(st.text("TVAo1-", min_size=1, max_size=4), min_size=1, max_size=6), st.sampled_from([" ", "  "]))
def test_shape_of_western_words_is_what_harfbuzz_says(words: list[str], space: str) -> None:
    value = space.join(words)
    face = fonts.face("regular")
    assert columns(face.shape(value, rtl=False)) == columns(face.shape_fully(value, rtl=False))


@pytest.mark.parametrize("weight", ["regular", "bold"])
def test_shape_of_western_letters_depends_on_the_next_one_alone(weight: str) -> None:
    face = fonts.face(weight)
    for first in fonts.WESTERN:
        # Each letter stands before each other one.
        value = "".join(first + second for second in fonts.WESTERN)
        assert columns(face.shape(value, rtl=False)) == columns(face.shape_fully(value, rtl=False))


def columns(run: Run) -> tuple[object, ...]:
    measures = ([round(value, 6) for value in column] for column in (run.advances, run.shifts, [run.width]))
    return (list(run.gids), list(run.texts), list(run.clusters), run.marks, run.script, *measures)


def test_run_says_how_far_its_glyphs_are_moved() -> None:
    face = fonts.face("regular")
    run = face.shape("AVA", rtl=False)
    widths = [face.width_of(gid) for gid in run.gids]
    assert run.shifts == pytest.approx([0, *(wide - step for wide, step in zip(widths, run.advances, strict=True))])
    assert max(run.shifts) > 10
    assert face.shape("III", rtl=False).shifts == ()


@given(st.text("ابتثلأإكريةVATo.1،( \u064b\u200c\u2069", min_size=1, max_size=40))
def test_words_stand_as_they_would_in_the_whole_text(value: str) -> None:
    face = fonts.face("regular")
    assert columns(face.shape(value, rtl=True)) == columns(face.shape_fully(value, rtl=True))


def test_words_are_shaped_once() -> None:
    face = fonts.face("bold")
    one, other = (face.words(value) for value in ("شركة الاختبار", "الاختبار شركة"))
    assert one
    assert other
    assert one.words == list(reversed(other.words))
    assert [word.text for word in one.words] == ["شركة", "الاختبار"]


def test_numbers_need_no_kerning() -> None:
    pairs = [first + second for first in fonts._NUMERIC for second in fonts._NUMERIC]
    for weight in fonts.FILES:
        assert {fonts.face(weight).shape_fully(pair, rtl=False).shifts for pair in pairs} == {()}


def test_one_letter_alone_stands_closer_to_spaces() -> None:
    for weight in fonts.FILES:
        face = fonts.face(weight)
        close = {
            letter
            for letter in fonts.WESTERN
            for pair in (f"{letter} ", f" {letter}")
            if face.shape_fully(pair, rtl=False).shifts
        }  # fmt: skip - one condition
        assert close == {"T"}
