"""Filters of lists whose values pass our cleaners: what lists of every app are narrowed by, for pages and API."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal
from difflib import get_close_matches
from typing import Any, ClassVar, Final

import django_filters
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field

from accounts.schema import FieldError, clean_date, clean_decimal, clean_text

LONGEST_TERM: Final = 200
PLACES: Final = 4  # the decimals of stored amounts
LARGEST: Final = Decimal(900_000_000_000_000)  # of the amounts that a column holds
CONTAINS: Final = "Stands anywhere in it; case and accents do not matter."
EXACT: Final = "Exactly this."
TRUTHS: Final = {
    "true": True,
    "1": True,
    "yes": True,
    "on": True,
    "false": False,
    "0": False,
    "no": False,
    "off": False,
}


class CleanField(forms.Field):
    """A form's field that asks a cleaner of ours."""

    def __init__(self, *, clean: Callable[[Any], Any], **options: Any) -> None:
        self.cleaner = clean
        super().__init__(**options)

    def to_python(self, value: Any) -> Any:
        """Return the value as the filter takes it."""
        if value in self.empty_values:
            return None
        try:
            return self.cleaner(value)
        except FieldError as error:
            raise ValidationError(str(error)) from None


def clean_term(value: str) -> str:
    """Return what is looked for."""
    return clean_text(value, LONGEST_TERM)


def clean_truth(value: str) -> bool:
    """Return a truth value as query strings write it."""
    truth = TRUTHS.get(str(value).strip().lower())
    if truth is None:
        raise FieldError(_("This is either true or false."))
    return truth


def clean_bound(value: str) -> Any:
    """Return an amount to compare with."""
    return clean_decimal(value, places=PLACES, low=-LARGEST, high=LARGEST)


def words_of(choices: Iterable[str]) -> Callable[[Any], list[str]]:
    """Return a cleaner of one or several words of a closed list, separated by commas."""
    known = [str(choice) for choice in choices]

    def clean(value: str) -> list[str]:
        words = [word for part in clean_text(value, LONGEST_TERM).split(",") if (word := part.strip().lower())]
        for word in words:
            if word not in known:
                raise FieldError(unknown_word(word, known))
        return words

    return clean


def unknown_word(word: str, known: list[str]) -> str:
    """Say that a word is not known, and which one may have been meant."""
    nearest = get_close_matches(word, known, n=1, cutoff=0.5)
    if nearest:
        sentence = _("“%(word)s” is not known. Did you mean “%(nearest)s”? Known are: %(words)s.")
    else:
        sentence = _("“%(word)s” is not known. Known are: %(words)s.")
    return sentence % {"word": word, "nearest": (nearest or [""])[0], "words": ", ".join(known)}


class CleanFilter(django_filters.Filter):  # type: ignore[misc]  # the package brings no types
    """A filter whose value passes a cleaner of ours. ``described`` is for the API's description, in English."""

    field_class = CleanField
    schema: ClassVar[Mapping[str, str]] = {"type": "string"}

    def __init__(self, *, described: str, **options: Any) -> None:
        super().__init__(**options)
        extend_schema_field({**self.schema, "description": described})(self)


class DayFilter(CleanFilter):
    """A filter by a day, included."""

    schema = {"type": "string", "format": "date"}

    def __init__(self, **options: Any) -> None:
        super().__init__(clean=clean_date, described="The day is included.", **options)


class AmountFilter(CleanFilter):
    """A filter by an amount, included."""

    schema = {"type": "number"}

    def __init__(self, **options: Any) -> None:
        super().__init__(clean=clean_bound, described="The amount is included.", **options)


class TruthFilter(CleanFilter):
    """A filter that is on or off."""

    schema = {"type": "boolean"}

    def __init__(self, **options: Any) -> None:
        super().__init__(clean=clean_truth, **options)


class WordsFilter(CleanFilter):
    """A filter by one or several words of a closed list, separated by commas."""

    def __init__(self, *, words: Iterable[str], **options: Any) -> None:
        known = [str(word) for word in words]
        described = "Several, by commas: " + ", ".join(f"`{word}`" for word in known) + "."
        super().__init__(clean=words_of(known), described=described, **options)
