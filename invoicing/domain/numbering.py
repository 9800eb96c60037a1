"""The formats of document numbers: reading them, making numbers from them, telling whose a number is."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations
from string import digits
from typing import Any, Final, Self

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from accounts import prepared
from accounts.models import Business
from accounts.schema import FieldError
from invoicing.choices import NumberKind
from invoicing.models import Invoice, Series

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
            f"{seq:0{part.width}}" if part.name == "seq" else values.get(part.name, part.literal) for part in self.parts
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


def format_of(business: Business, kind: str) -> NumberFormat:
    """Return the format in which a business numbers documents of a kind."""
    return NumberFormat.parse(business.number_formats.get(kind) or DEFAULT_FORMATS[NumberKind(kind)])


def take_number(*, business: Business, kind: NumberKind, on: date) -> tuple[str, date | None]:
    """Take the next number of a series, and return it with the last issue date before.

    Call it last in the transaction that issues: the counter's row stays locked until that ends, and a rollback
    gives the number back.
    """
    number_format = format_of(business, kind)
    series = _locked_series(business, kind, number_format.period(on))
    before, number = series.last_issue_date, number_format.render(series.next_seq, on)
    # A number may be there already, by a format that was in use before: it is part of the series, so step over it.
    while is_taken(business, number):
        series.next_seq += 1
        number = number_format.render(series.next_seq, on)
    series.next_seq += 1
    series.last_issue_date = max(before or on, on)
    prepared.save(series, ("next_seq", "last_issue_date"))
    return number, before


def is_taken(business: Business, number: str) -> bool:
    """Return whether a document of the business has this number."""
    return bool(_numbered(business.pk, number))


@prepared.rows
def _numbered(business_id: str, number: str) -> QuerySet[Invoice]:
    return Invoice.objects.filter(business_id=business_id, number=number).only("pk")


def _locked_series(business: Business, kind: NumberKind, period: str) -> Series:
    for found in _for_update(business.pk, kind, period):
        return found
    begun = Series.objects.filter(business=business, kind=kind).exists()
    start = 1 if begun else int(business.next_numbers.get(kind) or 1)
    # Two may be first at once: one inserts, both lock the same row.
    Series.objects.bulk_create(
        [Series(business=business, kind=kind, period=period, next_seq=start)], ignore_conflicts=True
    )
    [found] = _for_update(business.pk, kind, period)
    return found


@prepared.rows
def _for_update(business_id: str, kind: str, period: str) -> QuerySet[Series]:
    return Series.objects.select_for_update().filter(business_id=business_id, kind=kind, period=period)


def next_numbers(business: Business, *, on: date) -> dict[str, int]:
    """Return by kind the sequence number that a document issued on a day would get."""
    rows = {(row.kind, row.period): row.next_seq for row in Series.objects.filter(business=business)}
    begun = {kind for kind, _period in rows}
    return {
        kind.value: rows.get((kind.value, format_of(business, kind).period(on)))
        or (1 if kind in begun else int(business.next_numbers.get(kind) or 1))
        for kind in NumberKind
    }


def clean_formats(business: Business, value: Any) -> dict[str, str]:
    """Return the formats of a business's numbers, by kind. Raises ``FieldError`` for the kinds that are wrong."""
    if not isinstance(value, Mapping):
        raise FieldError(str(_("Give a format for each kind: invoice, credit_note, debit_note.")))
    wanted = {kind.value: text for kind, text in DEFAULT_FORMATS.items()} | business.number_formats
    wanted |= {kind: text for kind, text in value.items() if text}
    errors = {f".{kind}": [str(_("There is no such kind."))] for kind in value if kind not in NumberKind.values}
    parsed: dict[str, NumberFormat] = {}
    for kind in NumberKind.values:
        try:
            parsed[kind] = NumberFormat.parse(str(wanted[kind]))
        except InvalidNumberFormat as error:
            errors[f".{kind}"] = [str(error)]
    for kind, other in combinations(parsed, 2):
        if formats_collide(parsed[kind], parsed[other]):
            errors[f".{other}"] = [str(_("Two kinds of documents could get the same number by these formats."))]
    if errors:
        raise FieldError(errors=errors)
    return {kind: parsed[kind].text for kind in NumberKind.values}


def clean_next_numbers(business: Business, value: Any) -> dict[str, int]:
    """Return the first numbers of a business's series, which can be set until a document of the kind is issued.

    Raises ``FieldError``.
    """
    if not isinstance(value, Mapping):
        raise FieldError(str(_("Give a number for each kind: invoice, credit_note, debit_note.")))
    counters: dict[str, set[int]] = {}
    for kind, seq in Series.objects.filter(business=business).values_list("kind", "next_seq"):
        counters.setdefault(kind, {1}).add(seq)
    errors: dict[str, list[str]] = {}
    result = dict(business.next_numbers)
    for kind, number in value.items():
        if kind not in NumberKind.values:
            errors[f".{kind}"] = [str(_("There is no such kind."))]
        elif isinstance(number, bool) or not isinstance(number, int) or not 1 <= number < 10**ROOM_FOR_SEQUENCE:
            errors[f".{kind}"] = [str(_("A whole number from 1 is needed."))]
        elif kind not in counters:
            result[kind] = number
        elif number not in counters[kind]:  # what is so already may be sent back
            errors[f".{kind}"] = [str(_("A document was issued already, so that the series goes on by itself."))]
    if errors:
        raise FieldError(errors=errors)
    return result
