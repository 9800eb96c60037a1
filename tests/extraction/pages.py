"""Pages with words for tests: each line of a text is a line of the page, from the left to the right."""

from __future__ import annotations

from extraction.intake.words import PageWords, Word


def page(text: str, number: int = 1, hidden: str = "", source: str = "text") -> PageWords:
    words = [
        Word(word, (0.05 + 0.06 * column, 0.02 * row, 0.1 + 0.06 * column, 0.02 * row + 0.012))
        for row, line in enumerate(text.splitlines(), start=1)
        for column, word in enumerate(line.split())
    ]
    unseen = [Word(word, (0, 0, 0.01, 0.01)) for word in hidden.split()]
    return PageWords(number, 595, 842, source if words else "", words, unseen)
