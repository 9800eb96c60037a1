"""The table of tax by category and rate, with the sentences the law asks for."""

from __future__ import annotations

from collections.abc import Sequence

from invoicing.pdf import formats
from invoicing.pdf.content import Document, TaxGroup
from invoicing.pdf.law import tax_sentence_after
from invoicing.pdf.layout import Block, Style
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.blocks import lines, space
from invoicing.pdf.sections.facts import category_name, has_tax_table


def tax_table(paper: Paper[Document], width: float) -> list[Block]:
    """Return the table of tax groups, empty for one standard rate."""
    if not has_tax_table(paper.document):
        return []
    sheet, styles, document = paper.sheet, paper.styles, paper.document
    rows = [
        (
            formats.NONE if group.category in ("E", "O") else paper.rate(group.rate),
            paper.amount(group.taxable_amount),
            paper.amount(group.tax_amount),
        )
        for group in document.tax_groups
    ]
    style = styles.tax_row
    heads = [paper.word(key) for key in ("rate", "tax_taxable", "tax_amount")]
    while True:
        blocks = [max(sheet.width(row[at], style) for row in rows) for at in range(3)]
        widths = [
            max(usual, block + 3.0, sheet.width(head, styles.tax_head) + 3.0)
            for usual, block, head in zip((13.0, 25.0, 22.0), blocks, heads, strict=True)
        ]
        if sum(widths) <= width - 24.0 or style.size <= 5.0:
            break
        style = style.sized(style.size - 0.5)
    ends = [paper.look.left + width - sum(widths[at + 1 :]) for at in range(3)]
    found = [_tax_head(paper, heads, ends, width)]
    for group, row in zip(document.tax_groups, rows, strict=True):
        numbers = list(zip(row, ends, blocks, strict=True))
        found += _tax_row(paper, group, numbers, style, width)
    return found


def _tax_head(paper: Paper[Document], heads: Sequence[str], ends: Sequence[float], width: float) -> Block:
    sheet, style = paper.sheet, paper.styles.tax_head

    def draw(y: float) -> None:
        sheet.text(paper.look.left, y, paper.word("tax_category"), style)
        for head, end in zip(heads, ends, strict=True):
            sheet.text(end, y, head, style, "end")
        sheet.rule(paper.look.left, paper.look.left + width, y + style.pitch + 1.4, 0.6, paper.colours.soft)

    return Block(style.pitch + 2.4, draw)


def _tax_row(
    paper: Paper[Document],
    group: TaxGroup,
    numbers: Sequence[tuple[str, float, float]],
    style: Style,
    width: float,
) -> list[Block]:
    sheet, styles = paper.sheet, paper.styles
    first = min(end - block for _, end, block in numbers) - paper.look.left
    category = category_name(paper.document, group, paper.language)
    name = sheet.wrap(category, style, first - 2.0)

    def draw(y: float) -> None:
        sheet.paragraph(paper.look.left, y, name, style)
        for text, end, block in numbers:
            sheet.number(end, y, text, style, block)

    blocks = [Block(style.pitch * len(name), draw)]
    if sentence := tax_sentence_after(category, group, paper.language, paper.country):
        blocks += lines(paper, paper.look.left, sentence, styles.legal, width)
    return [*blocks, space(1.0)]
