"""The top of a paper by its look: who sends it, its title, the facts that matter, who gets it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from invoicing.pdf.content import Printed
from invoicing.pdf.layout import Block
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections import frames, head, headline, hero, letterhead, parties
from invoicing.pdf.text import ltr

Fact = tuple[str, str]


def draw_top(
    paper: Paper[Printed],
    facts: Sequence[Fact],
    amount: Fact,
    captions: tuple[str, str],
    *,
    terms: Sequence[Fact] = (),
    amount_is_total: bool = False,
    numbered: bool = True,
) -> float:
    """Draw what stands above the table; return where it ends.

    Facts and the amount that matters are labels with what they say; `captions` are the keys of the headings
    of the one who gets the paper and of the one who sends it. `terms` are facts for looks that have
    a place for them here. An amount that is the total of the table is not said twice by *classic*, which names
    the number among the facts. The number is left out of a paper that has none but what a fact says.
    """
    if paper.look.name == "classic":
        number = (paper.word("number"), ltr(paper.number) if paper.document.number else paper.number)
        shown = [
            *([number] if numbered else []),
            *facts,
            *(() if amount_is_total else [_with_currency(paper, amount)]),
            *terms,
        ]
        short = [fact for fact in shown if frames.is_short(paper, fact[1])]
        y = letterhead.draw_letterhead(paper)
        y = frames.draw_frames(paper, max(60.0, y + 3.3), captions[0], short)
        return draw_long_facts(paper, y, [fact for fact in shown if fact not in short])
    if paper.look.name == "compact":
        shown = [*facts, *terms]
        short = [fact for fact in shown if headline.is_short(paper, fact[1])]
        y = headline.draw_columns(
            paper, headline.draw_headline(paper, numbered=numbered) + 3.0, captions, short, amount
        )
        return draw_long_facts(paper, y, [fact for fact in shown if fact not in short])
    short = [fact for fact in facts if hero.is_short(paper, fact[1])]
    y = hero.draw_hero(paper, max(head.draw_head(paper, numbered=numbered) + 3.0, hero.HERO), short, amount)
    y = parties.draw_parties(paper, y + 7.0, captions)
    return draw_long_facts(paper, y, [fact for fact in facts if fact not in short])


def table_top(paper: Paper[Printed], y: float) -> float:
    """Return where the table begins under what ends at `y`."""
    look = paper.look
    return max(y + look.table_gap, look.table_top) if paper.sheet.page == 0 else y + look.table_gap


def draw_long_facts(paper: Paper[Printed], y: float, facts: Sequence[Fact]) -> float:
    """Draw labels and texts over the whole width, between rules; return where they end."""
    for label, text in facts:
        y = paper.sheet.flow(_long_fact(paper, label, text), y + min(6.0, paper.look.table_gap))
    return y


def _long_fact(paper: Paper[Printed], label: str, text: str) -> list[Block]:
    sheet, styles, look = paper.sheet, paper.styles, paper.look
    at = sheet.width(label, styles.caption) + 4.0
    wrapped = sheet.wrap(text, styles.body, look.width - at)

    def rule(y: float) -> None:
        sheet.rule(look.left, look.right, y, 0.4, paper.colours.rule)

    def first(y: float) -> None:
        rule(y)
        sheet.text(look.left, y + 2.6 + 0.2, label, styles.caption)
        sheet.put(look.left + at, y + 2.6, wrapped[0], styles.body)

    rest = [
        Block(styles.body.pitch, partial(sheet.put, look.left + at, line=line, style=styles.body))
        for line in wrapped[1:]
    ]
    return [Block(2.6 + styles.body.pitch, first), *rest, Block(2.6, lambda y: rule(y + 2.6))]


def _with_currency(paper: Paper[Printed], amount: Fact) -> Fact:
    label, number = amount
    words = [ltr(number), paper.currency()]
    return label, " ".join(reversed(words) if paper.language == "en" else words)
