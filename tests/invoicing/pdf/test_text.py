from __future__ import annotations

import time
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from invoicing.pdf import text
from invoicing.pdf.fonts import covered

LRI, PDI = text.LRI, text.PDI


def shown(lines: tuple[text.Line, ...]) -> list[str]:
    """Return the letters of each line from left to right."""
    return ["".join(glyph.text for run in line.runs for glyph in run.glyphs) for line in lines]


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("Plain Latin-1 é £", "Plain Latin-1 é £"),
        ("a\x00b\x07c\x1b[31m\x7f", "abc[31m"),
        ("one\r\ntwo\u2028three\rfour", "one\ntwo\nthree\nfour"),
        ("tab\there", "tab here"),
        ("soft\u00adhyphen\ufeff\u200b", "softhyphen"),
        ("spoof\u202e321\u202c", "spoof321\u202c"),
        ("😀", "\ufffd"),
        ("👨\u200d👩\u200d👧", "\ufffd\u200d\u200d"),
        ("👍🏽", "\ufffd"),
        ("株式", "\ufffd\ufffd"),
        ("ＡＢＣ １２", "ABC 12"),
        ("Nguyễn", "Nguye\u0303n"),
        ("\ufefb \ufe8e", "لا ا"),
        ("5 \u20c1", "5 SAR"),
        ("\ud800x", "\ufffdx"),
        ("e\u0301", "é"),
        ("thin\u2003space", "thin\u2003space"),
    ],
)
def test_clean_keeps_what_can_be_drawn(given_text: str, expected: str) -> None:
    assert text.clean(given_text) == expected


@given(st.text(max_size=60))
def test_clean_leaves_only_what_every_face_has(value: str) -> None:
    drawable = covered() | text._KEPT_FORMATS | {"\n"}
    assert set(text.clean(value)) - drawable == set()


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("في 2026-10-02 تم", "في [2026-10-02] تم"),
        ("في 3/4/2026، شكرا", "في [3/4/2026]، شكرا"),
        ("هاتف +212 522 48 61 90 الآن", "هاتف [+212 522 48 61 90] الآن"),
        ("هاتف (0522) 48-11 الآن", "هاتف [(0522) 48-11] الآن"),
        ("هاتف +33 (0)6 12 34 الآن", "هاتف [+33 (0)6 12 34] الآن"),
        ("حساب MA64 0077 8000 0123 4567 8901 2396 هنا", "حساب [MA64 0077 8000 0123 4567 8901 2396] هنا"),
        ("بريد billing@atlas-studio.example لنا", "بريد [billing@atlas-studio.example] لنا"),
        ("موقع https://atlas.example/a?b=1 لنا", "موقع [https://atlas.example/a?b=1] لنا"),
        ("مبلغ -1,234.50 درهم", "مبلغ [-1,234.50] درهم"),
        ("خصم 15% و 10×10", "خصم [15%] و [10×10]"),
        ("رقم:123", "رقم:[123]"),
        ("كوفيد-19", "كوفيد-[19]"),
        ("فاتورة INV-2026-0047 هذه", "فاتورة [INV-2026-0047] هذه"),
        ("بحث (SEO) هنا", "بحث (SEO) هنا"),
        ("Only Latin 2026-10-02", "Only Latin 2026-10-02"),
    ],
)
def test_isolate_values_keeps_values_whole(given_text: str, expected: str) -> None:
    assert text.isolate_values(given_text).replace(LRI, "[").replace(PDI, "]") == expected


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("نظام Office 365 E3 (سنة)", "Office 365 E3"),
        ("شهادة ISO 9001:2015", "ISO 9001:2015"),
        ("كتاب ISBN 978-9954-1-2345-6 هنا", "ISBN 978-9954-1-2345-6"),
        ("شبكة Wi-Fi 6E سريعة", "Wi-Fi 6E"),
        ("سيارة Citroën C3 2024، جديدة", "Citroën C3 2024"),
        ("هاتف iPhone 15 Pro Max 256 GB", "iPhone 15 Pro Max 256 GB"),
        ("أجرة Casablanca 18 أكتوبر 2026", "18 Casablanca"),
        ("بريد a@b.example 2026", "2026 a@b.example"),
        ("فاتورة INV-2026-0047 2026-10-02", "2026-10-02 INV-2026-0047"),
        ("مبلغ 1,234.56 MAD", "MAD 1,234.56"),
    ],
)
def test_numbers_stay_within_the_western_name_that_they_end(given_text: str, expected: str) -> None:
    drawn = shown(text.lines(given_text, "regular", None, 1))[0]
    assert expected in drawn.replace("\u200e", "").replace("\u00a0", " ")


def cpu_seconds(work: Callable[[str], object], given_text: str) -> float:
    """Return the least time of three runs, in which a busy machine counts least."""
    times = []
    for _ in range(3):
        begun = time.process_time()
        work(given_text)
        times.append(time.process_time() - begun)
    return min(times)


def assert_linear(work: Callable[[str], object], unit: str, count: int) -> None:
    """Eight times the text takes about eight times as long; were each letter to look at all others, sixty-four."""
    assert cpu_seconds(work, unit * count) < 24 * cpu_seconds(work, unit * (count // 8)) + 0.01


@pytest.mark.parametrize("unit", ["a", "1(", "1-", "a.", "a@", "(", "AB", "+1"])
def test_isolate_values_takes_no_longer_for_hostile_text(unit: str) -> None:
    assert_linear(lambda given_text: text.isolate_values("AB12" + given_text + "ا"), unit, 9000)


@pytest.mark.parametrize("unit", ["1 a", "1 a ", "12 a", "1 a a ", "www."])
def test_values_are_found_in_no_longer_for_hostile_text(unit: str) -> None:
    assert_linear(text._values, unit, 6000)


def test_ltr_cannot_be_closed_from_inside() -> None:
    assert text.ltr("12\u206934\u202e") == f"{LRI}1234{PDI}"
    assert text.isolate("a\u2069\u200f") == f"{text.FSI}a{PDI}"


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("تم بتاريخ 2026-10-02 شكرا", "اركش 2026-10-02 خيراتب مت"),
        ("هاتف +212 522 48 شكرا", "اركش +212\u00a0522\u00a048 فتاه"),
        ("رقم:123", "123:مقر"),
        ("خصم 15%", "15% مصخ"),
        ("27، شارع", "عراش ،27"),
        ("0077 8000 0123", "0077\u00a08000\u00a00123"),
        ("Acme Inc.", "Acme Inc."),
    ],
)
def test_lines_on_an_arabic_page_keep_values_in_order(given_text: str, expected: str) -> None:
    assert shown(text.lines(given_text, "regular", None, 1)) == [expected]


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("رقم:123", ["123", ":مقر"]),
        (
            "الفاتورة INV-2026-0047 بتاريخ 2026-10-02 فقط",
            ["طقف ", "2026-10-02", " خيراتب ", "INV-2026-0047", " ةروتافلا"],
        ),
        ("بحث (SEO) ثم (ABC DEF)", [")", "ABC DEF", "( مث )", "SEO", "( ثحب"]),
        ("Riad الرياض 12", ["12", " ضايرلا ", "Riad"]),
    ],
)
def test_lines_have_one_run_a_direction(given_text: str, expected: list[str]) -> None:
    (line,) = text.lines(given_text, "regular", None, 1)
    runs = ["".join(glyph.text for glyph in run.glyphs) for run in line.runs]
    assert [run for run in runs if run] == expected


def test_lines_on_a_latin_page_follow_the_first_strong_letter() -> None:
    assert shown(text.lines("شركة 12", "regular", None, 0)) == ["12 ةكرش"]
    assert shown(text.lines("SA شركة 12", "regular", None, 0)) == ["SA ةكرش 12"]


def test_lines_break_at_spaces_and_drop_them() -> None:
    lines = text.lines("one two  three", "regular", text.measure("one two", "regular") + 1, 0)
    assert shown(lines) == ["one two", "three"]


def test_lines_break_after_hyphens_between_letters_only() -> None:
    width = text.measure("front-", "regular") + 200
    assert shown(text.lines("front-end", "regular", width, 0)) == ["front-", "end"]
    assert text.lines("2026-10", "regular", text.measure("2026-1", "regular"), 0)[0].width > 0


def test_lines_do_not_break_inside_an_isolate() -> None:
    phone = "+212 522 48 61 90"
    width = text.measure(phone, "regular") + 100
    assert shown(text.lines(f"Call us {text.ltr(phone)}", "regular", width, 0)) == ["Call us", phone]


VALUES = [
    "2026-10-02",
    "3/4/2026",
    "1,234,567.50",
    "22 680,50",
    "15 %",
    "10×10",
    "12214-2963",
    "INV-2026-0047",
    "+212 522 48 61 90",
    "(0522) 48-11-20",
    "MA64 0077 8000 0123 4567 8901 2396",
    "billing@atlas-studio.example",
    "https://atlas-studio.example/pay/a-b",
]


@pytest.mark.parametrize(
    ("sentence", "base", "value"),
    [
        *(("Please pay quickly {} to our account", 0, value) for value in [*VALUES, "2 October 2026", "2 oct. 2026"]),
        *(("نرجو الدفع بسرعة {} إلى حسابنا الآن", 1, value) for value in [*VALUES, "2 أكتوبر 2026"]),
        ("نرجو الدفع بسرعة {} إلى حسابنا الآن", 1, "31 كانون الثاني 2026"),
        ("نرجو الدفع بسرعة {} إلى حسابنا الآن", 1, "٢ أكتوبر ٢٠٢٦"),
    ],
)
def test_lines_do_not_break_inside_a_value(sentence: str, base: int, value: str) -> None:
    (whole,) = text.lines(value, "regular", None, base)
    (expected,) = shown((whole,))
    widths = range(int(whole.width) + 300, int(whole.width) + 9000, 100)
    for width in widths:
        lines = shown(text.lines(sentence.format(value), "regular", width, base))
        assert [expected in line for line in lines].count(True) == 1, (width, lines)


def test_lines_break_a_value_wider_than_the_line_between_its_groups() -> None:
    groups = "0000 1111 2222 3333"
    width = text.measure("0000 1111", "regular") + 100
    assert shown(text.lines(text.ltr(groups), "regular", width, 0)) == ["0000 1111", "2222 3333"]


@pytest.mark.parametrize(
    "value", ["1" * 40, "W" * 200, "شركةالاختبارالطويلةجدابدونمسافات" * 6, "لا" * 80, "ل\u0651\u064e" * 90]
)
def test_lines_break_unspaced_text_by_letter(value: str) -> None:
    width = 6000.0
    lines = text.lines(value, "bold", width, 0)
    assert max(line.width for line in lines) <= width
    assert len(lines) > 1


def test_lines_keep_every_letter_when_they_break() -> None:
    value = "one two-three " * 20 + "x" * 90
    joined = "".join(shown(text.lines(value, "regular", 5000, 0)))
    assert joined.replace(" ", "") == value.replace(" ", "")


def test_lines_never_end_in_nothing() -> None:
    assert shown(text.lines("", "regular", 100, 0)) == [""]
    assert len(text.lines("abc", "regular", 1.0, 0)) == 3


@given(st.text(max_size=80), st.floats(300, 20000), st.sampled_from([0, 1]))
def test_lines_are_as_wide_as_their_glyphs_and_hold_no_notdef(value: str, width: float, base: int) -> None:
    for line in text.lines(value, "regular", width, base):
        assert line.width == pytest.approx(sum(glyph.advance for run in line.runs for glyph in run.glyphs))
        assert all(glyph.gid and glyph.text for run in line.runs for glyph in run.glyphs)
        assert all(mark.gid for run in line.runs for mark in run.marks)


def test_caches_are_bounded() -> None:
    assert text._lines_cached.cache_info().maxsize == 1024
    assert text._clean_cached.cache_info().maxsize == 1024
    before = text._lines_cached.cache_info().currsize
    text.lines("a long text of more than two hundred characters " * 8, "regular", 9000, 0)
    assert text._lines_cached.cache_info().currsize == before


def test_no_more_marks_stand_upon_a_letter_than_a_language_writes() -> None:
    assert text.clean("Z" + "\u0301" * 60) == "\u0179" + "\u0301" * 3
    assert text.clean("Z\u0301\U0001f600" + "\u0301" * 40) == "\u0179\ufffd" + "\u0301" * 3
    written = "\u0645\u064e\u0651\u0670"  # with a vowel, doubled, and an Alef above
    assert text.clean(written) == written
