"""What a body may name: what the call reads, and what its answer shows, so that an answer can be sent back changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache
from typing import Any, Final

from django.utils.translation import gettext as _
from rest_framework.serializers import BaseSerializer, ListSerializer, Serializer

from accounts.errors import Invalid

MOST_NAMED: Final = 20  # in one refusal
LONGEST_NAMED: Final = 100  # characters of a name that is said again
NEAR: Final = 0.6

Kind = type[Serializer[Any]]


def refuse_unknown_names(data: Mapping[str, Any], reads: Kind | None, shows: Kind | None = None) -> None:
    """Refuse a body with a name that the call does not read. Raises ``Invalid`` that names each by its path.

    What the answer ``shows`` beside that passes, and is ignored. Without ``reads`` a body has no names.
    """
    wrong: dict[str, list[str]] = {}
    for path, sentence in unknown_names(data, reads, shows, ""):
        wrong[path] = [sentence]
        if len(wrong) == MOST_NAMED:
            break
    if wrong:
        raise Invalid(next(iter(wrong.values()))[0], errors=wrong, code="unknown_field")


def unknown_names(
    data: Mapping[str, Any], reads: Kind | None, shows: Kind | None, prefix: str
) -> Iterator[tuple[str, str]]:
    """Yield the path and a sentence for each name that is not known, also within objects and lists of objects."""
    known, passing = names_of(reads, written=True), names_of(shows, written=False)
    for name, value in data.items():
        if name in known or name in passing:
            inner = known.get(name), passing.get(name)
            if inner[0] if name in known else inner[1]:
                for path, entry in objects(value, prefix + name):
                    yield from unknown_names(entry, *inner, path + ".")
        else:
            yield prefix + name[:LONGEST_NAMED], unknown_sentence(name[:LONGEST_NAMED], known)


def objects(value: Any, path: str) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield an object, or those of a list, each with its path."""
    entries = enumerate(value) if isinstance(value, list) else ()
    found = [(f"{path}[{index}]", entry) for index, entry in entries] or [(path, value)]
    yield from ((place, entry) for place, entry in found if isinstance(entry, Mapping))


@lru_cache(maxsize=128)
def names_of(kind: Kind | None, *, written: bool) -> Mapping[str, Kind | None]:
    """Return the names of a serializer, of what is ``written`` or of all, each with that of its objects, if any."""
    fields = kind().fields.items() if kind else ()
    return {name: serializer_of(field) for name, field in fields if not (written and field.read_only)}


def serializer_of(field: Any) -> Kind | None:
    """Return the class of a field's objects, or None."""
    inner = field.child if isinstance(field, ListSerializer) else field
    return type(inner) if isinstance(inner, BaseSerializer) else None  # type: ignore[return-value]  # all of ours are


def unknown_sentence(name: str, known: Iterable[str]) -> str:
    """Say that a name is not known, with the nearest that is: alike letter by letter, or with it as one of its words."""
    names = sorted(known)
    alike = get_close_matches(name, names, n=1, cutoff=NEAR)
    near = alike or [each for each in names if each.startswith(f"{name}_") or each.endswith(f"_{name}")]
    if near:
        return _("“%(name)s” is not known here. Did you mean “%(near)s”?") % {"name": name, "near": near[0]}
    if not names:
        return _("“%(name)s” is not known here: this takes no fields.") % {"name": name}
    return _("“%(name)s” is not known here. Known: %(known)s.") % {"name": name, "known": ", ".join(names)}
