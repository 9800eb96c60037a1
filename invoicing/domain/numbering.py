"""The formats of document numbers: reading them, making numbers from them, telling whose a number is."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from string import digits
from typing import Final, Self

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from invoicing.choices import NumberKind

LONGEST_NUMBER: Final = 50
# A sequence may outgrow its padding; a format must leave room for so many digits.
ROOM_FOR_SEQUENCE: Final = 9

DEFAULT_FORMATS: Final[Mapping[NumberKind, str]] = {
    NumberKind.INVOICE: "INV-{YYYY}-{seq:04}",
    NumberKind.CREDIT_NOTE: "CN-{YYYY}-{seq:04}",
    NumberKind.DEBIT_NOTE: "DN-{YYYY}-{seq:04}",
}

_DATE_WIDTHS: Final = {"YYYY": 4, "YY": 2, "MM": 2, "DD": 2}
_PIECE: Final = re.compile(r"\{(?P<name>[^{}]*)\}|(?P<literal>[^{}]+)|(?P<brace>[{}])")
_SEQUENCE: Final = re.compile(r"seq(?::0?(?P<width>[1-9][0-9]?))?")
_LETTERS: Final = frozenset({"Lu", "Ll", "Lt", "Lo"})
_PUNCTUATION: Final = frozenset(" -/_.#")

_DIGIT: Final = frozenset(digits)
_NOT_ZERO: Final = _DIGIT - {"0"}


class InvalidNumberFormat(ValueError):
    """A text that is no format of numbers. Its string is a sentence that says why."""

    def __init__(self, sentence: Promise, **details: object) -> None:
        super().__init__(sentence, details)
        self.sentence = sentence
        self.details = details

    def __str__(self) -> str:
        return str(self.sentence) % self.details


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of a format: literal text, a date token, or the sequence ("seq"), and its least width."""

    name: str
    literal: str = ""
    width: int = 0


@dataclass(frozen=True, slots=True)
class NumberFormat:
    """A format of numbers, such as INV-{YYYY}-{seq:04}.

    All its parts but one, the sequence, have a fixed width, so that every number can be read back in one
    way only, and no two of (period, sequence) make the same number.
    """

    text: str
    parts: tuple[_Part, ...]

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read a format of letters, digits, spaces, - / _ . # and {YYYY} {YY} {MM} {DD} {seq} {seq:04}.

        Raises InvalidNumberFormat: exactly one {seq}; each date token at most once, {MM} only with a
        year and {DD} only with {MM}; at most 50 characters as a number.
        """
        text = unicodedata.normalize("NFC", text)
        if text != text.strip():
            raise InvalidNumberFormat(_("A number format must not begin or end with a space."))
        parts = tuple(_part(match) for match in _PIECE.finditer(text))
        _check_names([part.name for part in parts if part.name])
        if sum(_longest(part) for part in parts) > LONGEST_NUMBER:
            raise InvalidNumberFormat(
                _("The numbers would be too long: at most %(most)d characters, %(room)d of them for {seq}."),
                most=LONGEST_NUMBER,
                room=ROOM_FOR_SEQUENCE,
            )
        return cls(text, parts)

    def render(self, seq: int, on: date) -> str:
        """Make the number of the sequence's `seq`-th document, issued on `on`.

        Raises ValueError for a sequence below 1.
        """
        if seq < 1:
            raise ValueError("a sequence begins at 1")
        values = _date_values(on)
        return "".join(
            f"{seq:0{part.width}}" if part.name == "seq" else values.get(part.name, part.literal)
            for part in self.parts
        )

    def period(self, on: date) -> str:
        """Return the key of the sequence that `on` falls into, as "2026-07"; "" when there is only one."""
        values, used = _date_values(on), {part.name for part in self.parts}
        return "-".join(values[name] for name in _DATE_WIDTHS if name in used)

    def could_make(self, number: str) -> bool:
        """Tell whether some date and sequence give this number, be it with more digits than padded."""
        pattern = "".join(_pattern(part) for part in self.parts)
        match = re.fullmatch(pattern, unicodedata.normalize("NFC", number))
        return match is not None and match["seq"].strip("0") != "" and _is_date(match.groupdict())


def formats_collide(one: NumberFormat, other: NumberFormat) -> bool:
    """Tell whether two formats might make the same number.

    Compares what each place of a number can hold; it knows nothing of months and days, so that it may
    find a collision that no calendar has, but it misses none.
    """
    # Beyond this length a number has only more of the sequence's digits, which any other's digits equal.
    enough = 2 * LONGEST_NUMBER
    return any(
        all(mine & theirs for mine, theirs in zip(_places(one, length), _places(other, length), strict=True))
        for length in range(max(_shortest(one), _shortest(other)), enough + 1)
    )


def _part(match: re.Match[str]) -> _Part:
    if match["brace"]:
        raise InvalidNumberFormat(_("A brace { or } stands alone."))
    if match["literal"]:
        return _Part("", _literal(match["literal"]), len(match["literal"]))
    name = match["name"]
    if name in _DATE_WIDTHS:
        return _Part(name, width=_DATE_WIDTHS[name])
    sequence = _SEQUENCE.fullmatch(name)
    if not sequence:
        raise InvalidNumberFormat(
            _("{%(name)s} is unknown; there are {YYYY}, {YY}, {MM}, {DD}, {seq} and {seq:04}."),
            name=name,
        )
    return _Part("seq", width=int(sequence["width"] or 1))


def _literal(text: str) -> str:
    for character in text:
        allowed = character in _DIGIT | _PUNCTUATION or unicodedata.category(character) in _LETTERS
        if not allowed:
            raise InvalidNumberFormat(
                _("“%(character)s” cannot be used; letters, digits, spaces and - / _ . # can."),
                character=character,
            )
    return text


def _check_names(names: list[str]) -> None:
    if names.count("seq") != 1:
        raise InvalidNumberFormat(_("A number format needs {seq} exactly once."))
    if len(set(names)) < len(names) or {"YYYY", "YY"} <= set(names):
        raise InvalidNumberFormat(_("The year, the month and the day can each stand only once."))
    if "MM" in names and not {"YYYY", "YY"} & set(names):
        raise InvalidNumberFormat(_("{MM} needs a year, {YYYY} or {YY}."))
    if "DD" in names and "MM" not in names:
        raise InvalidNumberFormat(_("{DD} needs {MM}."))


def _longest(part: _Part) -> int:
    return max(part.width, ROOM_FOR_SEQUENCE) if part.name == "seq" else part.width


def _shortest(number_format: NumberFormat) -> int:
    return sum(part.width for part in number_format.parts)


def _date_values(on: date) -> dict[str, str]:
    year = f"{on.year:04}"
    return {"YYYY": year, "YY": year[-2:], "MM": f"{on.month:02}", "DD": f"{on.day:02}"}


def _pattern(part: _Part) -> str:
    if part.name == "seq":
        return rf"(?P<seq>[0-9]{{{part.width}}}|[1-9][0-9]{{{part.width},}})"
    if part.name:
        return rf"(?P<{part.name}>[0-9]{{{part.width}}})"
    return re.escape(part.literal)


def _is_date(read: dict[str, str]) -> bool:
    # Of a year in two digits the century is unknown; 2000 to 2099 has each of its leap years.
    year = int(read.get("YYYY") or "20" + read.get("YY", "00"))
    try:
        date(year, int(read.get("MM", "1")), int(read.get("DD", "1")))
    except ValueError:
        return False
    return True


def _places(number_format: NumberFormat, length: int) -> list[frozenset[str]]:
    """List what each place of a number of this length can hold."""
    extra = length - _shortest(number_format)
    places: list[frozenset[str]] = []
    for part in number_format.parts:
        if part.name == "seq":
            outgrown = extra > 0 or part.width == 1
            places.append(_NOT_ZERO if outgrown else _DIGIT)
            places.extend([_DIGIT] * (part.width + extra - 1))
        elif part.name:
            places.extend([_DIGIT] * part.width)
        else:
            places.extend(frozenset(character) for character in part.literal)
    return places
