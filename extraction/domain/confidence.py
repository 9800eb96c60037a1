"""How far each value is to be believed: what speaks for it and against it, in one score and one reason."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Final

from extraction.choices import Reason
from extraction.domain.locating.places import CELLS, LOCATED, frame
from extraction.domain.locating.sheet import Place
from extraction.domain.parties import compact, name_key
from extraction.schema import AMOUNTS, LISTS

# At most, where something speaks against a value
CAPS: Final[Mapping[Reason, float]] = {
    Reason.NOT_ON_PAGE: 0.4,
    Reason.PARTLY_ON_PAGE: 0.6,
    Reason.CHECKSUM_FAILS: 0.6,
    Reason.IBAN_CHANGED: 0.6,
    Reason.ARITHMETIC_FAILS: 0.6,
    Reason.DATES_OUT_OF_ORDER: 0.6,
    Reason.SIGN_DIFFERS: 0.7,
    Reason.ENGINES_DISAGREE: 0.7,
}
# What remains of the doubt, where something speaks for it
SUPPORTS: Final[Mapping[Reason, float]] = {
    Reason.KNOWN_VENDOR: 0.2,
    Reason.CHECKSUM_HOLDS: 0.3,
    Reason.ENGINES_AGREE: 0.4,
    Reason.ARITHMETIC_HOLDS: 0.4,
    Reason.ON_PAGE: 0.6,
}
MOST: Final = 0.99  # only a person is sure
EXACT_FROM: Final = 0.95  # of data that is carried, not read: where it comes from says more than what speaks for it
# Read from the page itself, so that standing there proves nothing
FROM_PAGE: Final = frozenset({Reason.TEXT_LAYER.value, Reason.OCR.value})
# By check: the fields it concerns, and what is said of them when it fails and when it holds
CONCERNS: Final[Mapping[str, tuple[tuple[str, ...], Reason, Reason | None]]] = {
    "totals_add_up": (("subtotal", "discount", "tax", "total"), Reason.ARITHMETIC_FAILS, Reason.ARITHMETIC_HOLDS),
    "taxes_add_up": (("tax", "tax_breakdown"), Reason.ARITHMETIC_FAILS, Reason.ARITHMETIC_HOLDS),
    "lines_add_up": (("items", "subtotal"), Reason.ARITHMETIC_FAILS, Reason.ARITHMETIC_HOLDS),
    "line_amounts": (("items",), Reason.ARITHMETIC_FAILS, Reason.ARITHMETIC_HOLDS),
    "dates_in_order": (("due_date",), Reason.DATES_OUT_OF_ORDER, None),
    "tax_number": (("vendor_tax_id",), Reason.CHECKSUM_FAILS, Reason.CHECKSUM_HOLDS),
    "iban": (("vendor_iban",), Reason.CHECKSUM_FAILS, Reason.CHECKSUM_HOLDS),
    "iban_changed": (("vendor_iban",), Reason.IBAN_CHANGED, Reason.KNOWN_VENDOR),
}


@dataclass(frozen=True, slots=True)
class Evidence:
    """What was known of a result when it was read, kept so that it can be judged again.

    ``reason`` is what it was read from, ``score`` how far the engine is believed, ``scores`` the same for single
    fields; ``agree`` and ``differ`` name the fields of which other engines said the same or something else;
    ``known_by`` is by what the vendor was known.
    """

    reason: str = Reason.READ_BEFORE.value
    score: float = 0.5
    scores: Mapping[str, float] = field(default_factory=dict)
    agree: tuple[str, ...] = ()
    differ: tuple[str, ...] = ()
    known_by: str = ""

    def stored(self) -> dict[str, Any]:
        """Return it as it is kept."""
        return {
            "reason": self.reason, "score": self.score, "scores": dict(self.scores), "agree": list(self.agree),
            "differ": list(self.differ), "known_by": self.known_by,
        }  # fmt: skip

    @classmethod
    def loaded(cls, kept: Mapping[str, Any]) -> Evidence:
        """Return it from what is kept; of runs of old nothing is."""
        known = {name: value for name, value in kept.items() if name in cls.__dataclass_fields__}
        return cls(**known | {name: tuple(known.get(name, ())) for name in ("agree", "differ")})


def confidence_of(
    values: Mapping[str, Any],
    checks: Mapping[str, bool],
    evidence: Evidence,
    places: Mapping[str, Place] | None = None,
    *,
    by_person: Iterable[str] = (),
) -> dict[str, dict[str, Any]]:
    """Return the confidence of each value of loaded data, of lists also by cell, such as ``items[0].amount``.

    ``checks`` says by name which hold; ``places`` is None where no page can be judged; ``by_person`` are the fields that
    a person wrote.
    """
    persons = frozenset(by_person)
    found: dict[str, dict[str, Any]] = {}
    for name, value in values.items():
        if value in (None, []):
            continue
        if name in LISTS:
            found |= list_confidence(name, value, checks, evidence, places, is_persons=name in persons)
        elif name in persons:
            found[name] = entry(1, Reason.PERSON, (places or {}).get(name))
        else:
            found[name] = judged(name, name, checks, evidence, places)
    return found


def list_confidence(
    name: str,
    rows: list[dict[str, Any]],
    checks: Mapping[str, bool],
    evidence: Evidence,
    places: Mapping[str, Place] | None,
    *,
    is_persons: bool,
) -> dict[str, dict[str, Any]]:
    """Return the confidence of a list and of its cells: the list is believed as far as its worst cell."""
    cells = [
        f"{name}[{index}].{cell}" for index, row in enumerate(rows) for cell in CELLS[name] if row.get(cell) is not None
    ]
    place = frame([places[cell] for cell in cells if cell in places]) if places else None
    if is_persons:
        return {cell: entry(1, Reason.PERSON, (places or {}).get(cell)) for cell in (name, *cells)} | {
            name: entry(1, Reason.PERSON, place)
        }
    found = {cell: judged(cell, name, checks, evidence, places) for cell in cells}
    worst = min(found.values(), key=lambda each: each["score"], default=judged(name, name, checks, evidence, None))
    return {name: entry(worst["score"], worst["reason"], place)} | found


def judged(
    name: str, concern: str, checks: Mapping[str, bool], evidence: Evidence, places: Mapping[str, Place] | None
) -> dict[str, Any]:
    """Return the confidence of one value; ``concern`` is the field by which checks name it."""
    place = places.get(name) if places is not None else None
    is_known = concern == "vendor_name" and bool(evidence.known_by)
    reasons = set(from_checks(concern, checks))
    if places is not None and is_located(name) and not is_known:
        reasons |= set(from_place(place, is_discount=name == "discount"))
    if evidence.reason in FROM_PAGE:
        reasons.discard(Reason.ON_PAGE)
    if is_known:
        reasons.add(Reason.KNOWN_VENDOR)
    elif concern in evidence.differ and Reason.ARITHMETIC_HOLDS not in reasons:
        reasons.add(Reason.ENGINES_DISAGREE)
    elif concern in evidence.agree and concern not in evidence.differ:
        reasons.add(Reason.ENGINES_AGREE)
    return entry(*weighed(reasons, evidence, concern), place)


def weighed(reasons: set[Reason], evidence: Evidence, concern: str) -> tuple[float, str]:
    """Return a score with the reason that says most: what speaks against a value before what speaks for it."""
    score = evidence.scores.get(concern, evidence.score)
    supports = sorted((SUPPORTS[each], each) for each in reasons if each in SUPPORTS)
    for remains, _reason in supports:
        score = 1 - (1 - score) * remains
    caps = sorted((CAPS[each], each) for each in reasons if each in CAPS)
    if caps:
        return min(score, caps[0][0]), caps[0][1]
    is_exact = evidence.score >= EXACT_FROM and Reason.KNOWN_VENDOR not in reasons
    return min(score, MOST), evidence.reason if is_exact or not supports else supports[0][1]


def from_checks(concern: str, checks: Mapping[str, bool]) -> Iterator[Reason]:
    """Yield what checks say of a field."""
    for name, (fields, fails, holds) in CONCERNS.items():
        if concern in fields and name in checks and (reason := holds if checks[name] else fails):
            yield reason


def from_place(place: Place | None, *, is_discount: bool) -> Iterator[Reason]:
    """Yield what the page says of a value. A discount is often written as less than nothing."""
    if place is None:
        yield Reason.NOT_ON_PAGE
    elif not place.is_whole:
        yield Reason.PARTLY_ON_PAGE
    elif place.is_opposite and not is_discount:
        yield Reason.SIGN_DIFFERS
    else:
        yield Reason.ON_PAGE


def is_located(name: str) -> bool:
    """Return whether a value is looked for on the page at all."""
    return name in LOCATED or "[" in name


def entry(score: float, reason: str, place: Place | None) -> dict[str, Any]:
    """Return a confidence as it is kept and shown."""
    return {
        "score": round(score, 2),
        "page": place.page if place else None,
        "box": list(place.box) if place else None,
        "reason": str(reason),
    }


# What several engines say


def compared(values: Mapping[str, Any], others: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the fields of which another result says the same, and those of which one says something else."""
    agree: set[str] = set()
    differ: set[str] = set()
    for other in others:
        for name in LOCATED:
            mine, its = values.get(name), other.get(name)
            if mine is not None and its is not None:
                (agree if is_same(name, mine, its) else differ).add(name)
    return tuple(sorted(agree)), tuple(sorted(differ))


def is_same(name: str, one: Any, other: Any) -> bool:
    """Return whether two values mean one."""
    if isinstance(one, Decimal | date) or isinstance(other, Decimal | date) or name in AMOUNTS:
        return bool(one == other)
    return name_key(one) == name_key(other) if name in {"vendor_name", "buyer_name"} else compact(one) == compact(other)
