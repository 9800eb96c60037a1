"""Names, numbers of registers and descriptions on a sheet, also over several words, lines and hyphens."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from functools import cached_property
from itertools import accumulate
from typing import Final

from extraction.domain.locating.sheet import PAGE_END, RUN, Hit, Sheet, plain

MOST_HITS: Final = 50  # of one text
MOST_TRIES: Final = 2000
MOST_ANCHORS: Final = 40
REACH: Final = 120  # runs between the first and the last of a text whose lines stand in a column
ENOUGH, SOME = 0.9, 0.6  # of a text's letters
# What recognition of letters takes for each other
ALIKE: Final = str.maketrans("oilsbz", "011582")
LEAST_ALIKE: Final = 5  # characters of a text that recognition may have read a little wrongly
LEAST_GLUED: Final = 8  # characters of a number that may follow a word without a gap


class Texts:
    """Finds texts on a sheet."""

    def __init__(self, sheet: Sheet) -> None:
        self.sheet = sheet

    @cached_property
    def spaced(self) -> str:
        """The runs of letters and digits with a space around each."""
        return f" {' '.join(self.sheet.runs)} "

    @cached_property
    def spaced_starts(self) -> list[int]:
        """Where each run begins in ``spaced``."""
        return list(accumulate((len(run) + 1 for run in self.sheet.runs), initial=1))

    @cached_property
    def compact(self) -> str:
        """The runs without anything between."""
        return "".join(self.sheet.runs)

    @cached_property
    def compact_folded(self) -> str:
        """The same with one letter for those that are taken for each other."""
        return self.compact.translate(ALIKE)

    @cached_property
    def compact_starts(self) -> list[int]:
        """Where each run begins in ``compact``."""
        return list(accumulate(map(len, self.sheet.runs), initial=0))

    def word_of(self, run: int) -> int:
        """Return the word of a run."""
        return self.sheet.word_at(self.sheet.run_starts[run])

    def hit(self, first: int, last: int) -> Hit:
        """Return the words of runs, from one to another."""
        return Hit(self.word_of(first), self.word_of(last))

    def hits(self, value: str, *, is_code: bool = False, is_tax_number: bool = False) -> list[Hit]:
        """Return where a text stands as a whole, in the order of reading.

        A code may be glued to a word before it, a tax number may be printed without the letters of its country.
        """
        runs = RUN.findall(plain(value).replace(PAGE_END, ""))
        if not runs:
            return list(self.signs(plain(value)))
        whole = "".join(runs)
        found = list(self.by_runs(runs)) or list(self.by_letters(whole, is_code=is_code or is_tax_number))
        if not found and is_tax_number and whole[:2].isalpha() and len(whole) > LEAST_GLUED and whole[2:].isdigit():
            found = list(self.by_letters(whole[2:], is_code=False))
        if not found and self.sheet.has_ocr and len(whole) >= LEAST_ALIKE:
            found = list(self.by_letters(whole.translate(ALIKE), is_code=is_code, is_folded=True))
        return found

    def signs(self, value: str) -> Iterator[Hit]:
        """Yield the words that are a text of mere signs."""
        if value:
            yield from (Hit(index, index) for index, part in enumerate(self.sheet.parts) if part == value)

    def by_runs(self, runs: list[str]) -> Iterator[Hit]:
        """Yield where runs follow each other."""
        wanted, position = f" {' '.join(runs)} ", -1
        for _each in range(MOST_HITS):
            position = self.spaced.find(wanted, position + 1)
            if position < 0:
                return
            first = bisect_left(self.spaced_starts, position + 1)
            yield self.hit(first, first + len(runs) - 1)

    def by_letters(self, wanted: str, *, is_code: bool, is_folded: bool = False) -> Iterator[Hit]:
        """Yield where the same letters and digits stand, however they are grouped."""
        position, text = -1, self.compact_folded if is_folded else self.compact
        for _each in range(MOST_TRIES):
            position = text.find(wanted, position + 1)
            if position < 0:
                return
            end = position + len(wanted)
            if self.is_end(position, is_glued=is_code and len(wanted) >= LEAST_GLUED) and self.is_end(end):
                starts = self.compact_starts
                yield self.hit(bisect_right(starts, position) - 1, bisect_left(starts, end) - 1)

    def is_end(self, position: int, *, is_glued: bool = False) -> bool:
        """Return whether something ends or begins at a place in ``compact``."""
        index = bisect_left(self.compact_starts, position)
        if self.compact_starts[index] == position:
            return True
        before, after = self.compact[position - 1], self.compact[position]
        return is_glued and not (before.isdigit() and after.isdigit())

    def scattered(self, values: Iterable[str]) -> dict[str, Hit]:
        """Return where texts stand whose lines have something else between them, as the lines of a column have."""
        wanted = {value: runs for value in values if (runs := RUN.findall(plain(value).replace(PAGE_END, "")))}
        places: dict[str, list[int]] = {run: [] for runs in wanted.values() for run in runs}
        for index, run in enumerate(self.sheet.runs):
            if run in places:
                places[run].append(index)
        found = {value: self.nearest(runs, places) for value, runs in wanted.items()}
        return {value: hit for value, hit in found.items() if hit}

    def nearest(self, runs: list[str], places: dict[str, list[int]]) -> Hit | None:
        """Return the place at which the most of a text's runs stand close to each other, one behind the other."""
        letters, best, place = sum(map(len, runs)), 0, [0]
        anchors = [(index, run) for index, run in enumerate(runs) if places[run]]
        if not anchors:
            return None
        index, rarest = min(anchors, key=lambda anchor: (len(places[anchor[1]]), -len(anchor[1])))
        for start in places[rarest][:MOST_ANCHORS]:
            taken = self.chain(runs, index, start, places)
            if (size := sum(len(self.sheet.runs[each]) for each in taken)) > best:
                best, place = size, taken
        if best < SOME * letters:
            return None
        words = tuple(dict.fromkeys(map(self.word_of, place)))
        return Hit(words[0], words[-1], is_whole=best >= ENOUGH * letters, only=words)

    def chain(self, runs: list[str], index: int, start: int, places: dict[str, list[int]]) -> list[int]:
        """Return the runs of a text that stand around one of them, in their order and on its page."""
        taken, page = [start], self.page_of(start)
        for run in reversed(runs[:index]):
            at = bisect_left(places[run], taken[0]) - 1
            if at >= 0 and start - places[run][at] <= REACH and self.page_of(places[run][at]) == page:
                taken.insert(0, places[run][at])
        for run in runs[index + 1 :]:
            at = bisect_right(places[run], taken[-1])
            if at < len(places[run]) and places[run][at] - start <= REACH and self.page_of(places[run][at]) == page:
                taken.append(places[run][at])
        return taken

    def page_of(self, run: int) -> int:
        """Return the page of a run."""
        return self.sheet.pages[self.word_of(run)]
