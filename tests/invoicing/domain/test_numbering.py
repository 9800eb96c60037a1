from datetime import date, timedelta
from itertools import combinations

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from invoicing.choices import NumberKind
from invoicing.domain.numbering import DEFAULT_FORMATS, InvalidNumberFormat, NumberFormat, formats_collide

JULY_5 = date(2026, 7, 5)

literals = st.text(st.sampled_from("A0-/_.# فé20"), max_size=6)
date_tokens = st.sampled_from(
    [[], ["{YYYY}"], ["{YY}"], ["{YYYY}", "{MM}"], ["{YY}", "{MM}"], ["{YYYY}", "{MM}", "{DD}"]]
)


@st.composite
def formats(draw: st.DrawFn) -> NumberFormat:
    """Draw a format with its tokens in any order, with or without text between them."""
    sequence = draw(st.sampled_from(["{seq}", "{seq:1}", "{seq:3}", "{seq:04}"]))
    tokens = draw(st.permutations([*draw(date_tokens), sequence]))
    text = draw(literals).lstrip() + "".join(token + draw(literals) for token in tokens)
    return NumberFormat.parse(text.strip())


dates = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))
sequences = st.one_of(st.integers(1, 120), st.integers(1, 10**9), st.sampled_from([9, 10, 999, 1000, 10000]))


@pytest.mark.parametrize(
    ("text", "seq", "number", "period"),
    [
        ("INV-{YYYY}-{seq:04}", 7, "INV-2026-0007", "2026"),
        ("INV-{YYYY}-{seq:4}", 7, "INV-2026-0007", "2026"),
        ("INV-{YYYY}-{seq:04}", 12345, "INV-2026-12345", "2026"),
        ("{seq}", 7, "7", ""),
        ("{seq:010}", 7, "0000000007", ""),
        ("{YY}{MM}{DD}/{seq:02}", 7, "260705/07", "26-07-05"),
        ("{DD}.{MM}.{YYYY} #{seq}", 7, "05.07.2026 #7", "2026-07-05"),
        ("{seq}-{MM}-{YY}", 7, "7-07-26", "26-07"),
        ("فاتورة {YYYY}/{seq}", 7, "فاتورة 2026/7", "2026"),
        ("Reçu_{seq}", 7, "Reçu_7", ""),
    ],
)
def test_a_format_makes_numbers_and_periods(text: str, seq: int, number: str, period: str) -> None:
    number_format = NumberFormat.parse(text)
    assert number_format.text == text
    assert number_format.render(seq, JULY_5) == number
    assert number_format.period(JULY_5) == period
    assert number_format.could_make(number)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "A number format needs {seq} exactly once."),
        ("INV-{YYYY}", "A number format needs {seq} exactly once."),
        ("{seq}-{seq:04}", "A number format needs {seq} exactly once."),
        ("{YYYY}{YYYY}{seq}", "The year, the month and the day can each stand only once."),
        ("{YYYY}{YY}{seq}", "The year, the month and the day can each stand only once."),
        ("{MM}-{seq}", "{MM} needs a year, {YYYY} or {YY}."),
        ("{YYYY}{DD}-{seq}", "{DD} needs {MM}."),
        ("{DD}-{seq}", "{DD} needs {MM}."),
        ("INV-{seq", "A brace { or } stands alone."),
        ("INV}-{seq}", "A brace { or } stands alone."),
        ("{{seq}}", "A brace { or } stands alone."),
        (
            "{year}-{seq}",
            "{year} is unknown; there are {YYYY}, {YY}, {MM}, {DD}, {seq} and {seq:04}.",
        ),
        ("{seq:0}", "{seq:0} is unknown; there are {YYYY}, {YY}, {MM}, {DD}, {seq} and {seq:04}."),
        ("{seq:-1}", "{seq:-1} is unknown; there are {YYYY}, {YY}, {MM}, {DD}, {seq} and {seq:04}."),
        ("{SEQ}", "{SEQ} is unknown; there are {YYYY}, {YY}, {MM}, {DD}, {seq} and {seq:04}."),
        ("{}{seq}", "{} is unknown; there are {YYYY}, {YY}, {MM}, {DD}, {seq} and {seq:04}."),
        ("<b>{seq}", "“<” cannot be used; letters, digits, spaces and - / _ . # can."),
        ("100%{seq}", "“%” cannot be used; letters, digits, spaces and - / _ . # can."),
        ("A\u200f{seq}", "“\u200f” cannot be used; letters, digits, spaces and - / _ . # can."),
        ("A\n{seq}", "“\n” cannot be used; letters, digits, spaces and - / _ . # can."),
        ("٢٠٢٦-{seq}", "“٢” cannot be used; letters, digits, spaces and - / _ . # can."),
        (" {seq}", "A number format must not begin or end with a space."),
        ("{seq} ", "A number format must not begin or end with a space."),
        (
            "A" * 42 + "{seq}",
            "The numbers would be too long: at most 50 characters, 9 of them for {seq}.",
        ),
        ("{seq:51}", "The numbers would be too long: at most 50 characters, 9 of them for {seq}."),
    ],
)
def test_an_invalid_format_says_what_is_wrong(text: str, sentence: str) -> None:
    with pytest.raises(InvalidNumberFormat) as caught:
        NumberFormat.parse(text)
    assert str(caught.value) == sentence


def test_the_longest_format_makes_50_characters() -> None:
    assert len(NumberFormat.parse("A" * 41 + "{seq}").render(10**9 - 1, JULY_5)) == 50
    assert len(NumberFormat.parse("A" * 36 + "{YYYY}{seq:10}").render(1, JULY_5)) == 50


def test_a_format_is_composed_before_it_is_read() -> None:
    decomposed = NumberFormat.parse("Rec\u0327u-{seq}")
    assert decomposed == NumberFormat.parse("Re\u00e7u-{seq}")
    assert decomposed.could_make("Rec\u0327u-1")


def test_a_sequence_begins_at_one() -> None:
    with pytest.raises(ValueError, match="begins at 1"):
        NumberFormat.parse("{seq}").render(0, JULY_5)


@pytest.mark.parametrize(
    ("text", "number", "possible"),
    [
        ("INV-{YYYY}-{seq:04}", "INV-1999-9999", True),
        ("INV-{YYYY}-{seq:04}", "INV-2026-10000", True),
        ("INV-{YYYY}-{seq:04}", "INV-2026-00001", False),
        ("INV-{YYYY}-{seq:04}", "INV-2026-0000", False),
        ("INV-{YYYY}-{seq:04}", "INV-2026-001", False),
        ("INV-{YYYY}-{seq:04}", "INV-0000-0001", False),
        ("INV-{YYYY}-{seq:04}", "inv-2026-0001", False),
        ("INV-{YYYY}-{seq:04}", "INV-2026-0001\n", False),
        ("INV-{YYYY}-{seq:04}", "XINV-2026-0001", False),
        ("INV-{YYYY}-{seq:04}", "INV-٢٠٢٦-0001", False),
        ("{YYYY}{MM}{DD}-{seq}", "20240229-1", True),
        ("{YYYY}{MM}{DD}-{seq}", "20260229-1", False),
        ("{YY}{MM}{DD}-{seq}", "000229-1", True),
        ("{YY}{MM}-{seq}", "2613-1", False),
        ("A.{seq}", "AB1", False),
        ("{seq}", "0", False),
        ("{seq}", "01", False),
        ("{seq}", "1" * 5000, True),
        ("{seq}", "", False),
    ],
)
def test_could_make_knows_the_numbers_of_a_format(text: str, number: str, possible: bool) -> None:
    assert NumberFormat.parse(text).could_make(number) is possible


@given(formats(), sequences, dates)
def test_a_format_could_make_what_it_makes(number_format: NumberFormat, seq: int, on: date) -> None:
    number = number_format.render(seq, on)
    assert number_format.could_make(number)
    assert len(number) <= 50 or seq >= 10**9


@given(formats(), sequences, sequences, dates, dates)
def test_another_period_or_sequence_makes_another_number(
    number_format: NumberFormat, seq: int, other_seq: int, on: date, other_on: date
) -> None:
    same = (number_format.period(on), seq) == (number_format.period(other_on), other_seq)
    assert (number_format.render(seq, on) == number_format.render(other_seq, other_on)) is same


@given(formats(), dates.filter(lambda on: on < date.max))
def test_the_period_changes_with_its_tokens_alone(number_format: NumberFormat, on: date) -> None:
    next_day = on + timedelta(days=1)
    changed = number_format.render(1, on) != number_format.render(1, next_day)
    assert (number_format.period(on) != number_format.period(next_day)) is changed


def test_every_kind_has_a_default_format_and_none_collide() -> None:
    assert set(DEFAULT_FORMATS) == set(NumberKind)
    assert [NumberFormat.parse(text).render(1, JULY_5) for text in DEFAULT_FORMATS.values()] == [
        "INV-2026-0001",
        "CN-2026-0001",
        "DN-2026-0001",
    ]
    parsed = [NumberFormat.parse(text) for text in DEFAULT_FORMATS.values()]
    assert [formats_collide(one, other) for one, other in combinations(parsed, 2)] == [False] * 3


@pytest.mark.parametrize(
    ("one", "other", "collide"),
    [
        ("INV-{seq}", "INV-{seq}", True),
        ("INV-{seq}", "INV-{seq:04}", True),
        ("INV-{YYYY}-{seq}", "INV-{YY}-{seq}", False),
        ("INV-{YYYY}-{seq}", "INV-2026-{seq:03}", True),
        ("INV-{YYYY}{seq}", "INV-{seq}", True),
        ("INV-{YYYY}{seq:06}", "INV-{YY}{MM}{seq}", True),
        ("{seq}-A", "{seq}-B", False),
        ("{seq}A", "A{seq}", False),
        ("1{seq}", "2{seq}", False),
        ("1{seq}", "{seq}1", True),
        ("0{seq}", "{seq}", False),
        ("0{seq}", "{seq:02}", True),
        ("0{seq:03}", "{seq:03}", False),
        ("{seq}/{YYYY}", "{YYYY}/{seq}", True),
        ("INV-{seq}", "inv-{seq}", False),
    ],
)
def test_formats_collide_when_they_share_a_number(one: str, other: str, collide: bool) -> None:
    first, second = NumberFormat.parse(one), NumberFormat.parse(other)
    assert formats_collide(first, second) is collide
    assert formats_collide(second, first) is collide


@given(formats(), formats(), sequences, dates)
def test_formats_that_do_not_collide_could_not_make_each_other_s_numbers(
    one: NumberFormat, other: NumberFormat, seq: int, on: date
) -> None:
    assume(not formats_collide(one, other))
    assert not other.could_make(one.render(seq, on))
