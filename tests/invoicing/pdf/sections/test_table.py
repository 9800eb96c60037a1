from __future__ import annotations

from decimal import Decimal
from itertools import accumulate
from typing import Any

import pytest

from invoicing.pdf import Document
from invoicing.pdf.content import LookName
from invoicing.pdf.paper import Paper
from invoicing.pdf.sections.lines import lines_table
from invoicing.pdf.sections.table import Column, Table
from tests.invoicing.pdf import documents


def paper(look: LookName = "classic", **changes: Any) -> Paper[Document]:
    document = documents.full("en", look=look, **changes)
    made = Paper(document, document.type)
    made.sheet.next_page()
    return made


def texts(made: Paper[Document], *lines: str) -> list[Any]:
    return [((line, made.styles.row),) for line in lines]


@pytest.mark.parametrize("look", ["modern", "classic", "compact"])
def test_columns_stand_side_by_side_from_margin_to_margin(look: LookName) -> None:
    made = paper(look)
    columns = lines_table(made).columns
    assert columns[0].start == made.look.left
    assert columns[-1].end == made.look.right
    assert [column.end for column in columns[:-1]] == [column.start for column in columns[1:]]


def test_columns_have_the_widths_of_the_look() -> None:
    made = paper(items=(documents.item("A", "1", "10", sku="A-1", unit="box", discount_rate=Decimal(5)),))
    assert [round(column.taken, 2) for column in lines_table(made).columns] == [8, 17, 40, 15, 12, 22, 14, 14, 28]


def test_numbers_take_steps_of_two_millimetres_from_the_description() -> None:
    made = paper("modern")
    numbers = Column(head="N", width=16.0, numbers=["1234567890.00"])
    table = Table(made, [Column(head="D", texts=texts(made, "a")), numbers], 1, [])
    taken = table.columns[1].taken
    assert taken > 16.0
    assert (taken - 16.0) % 2 == pytest.approx(0)
    assert numbers.block + made.look.table.gap <= taken < numbers.block + made.look.table.gap + 2.0


def test_table_is_set_smaller_when_the_description_has_no_more_to_give() -> None:
    made = paper("modern")
    numbers = [Column(head="N", width=16.0, numbers=["1234567890123456.00"]) for _ in range(5)]
    table = Table(made, [Column(head="D", texts=texts(made, "a")), *numbers], 1, [])
    assert table.scale < 1.0
    assert table.columns[0].taken >= 36.0


def test_head_breaks_in_two_where_it_is_wider_than_its_column() -> None:
    made = paper()
    column = Column(head="Total incl. VAT", unit="(SAR)", width=25.0, numbers=["1.00"])
    table = Table(made, [Column(head="D", texts=texts(made, "a")), column], 1, [])
    assert list(column.heads) == ["Total incl.", "VAT"]
    assert column.taken == pytest.approx(25.0)
    assert table.head == pytest.approx(4.0 + 2 * made.styles.head.pitch)


def test_column_of_short_words_grows_to_keep_them_whole() -> None:
    made = paper()
    grown = Column(head="U", width=15.0, texts=texts(made, "kilogramme"), words_stay_whole=True)
    table = Table(made, [grown, Column(head="D", texts=texts(made, "a"))], 1, [])
    assert grown.taken == pytest.approx(21.0)
    assert len(table.rows[0].texts[0]) == 1


def test_column_of_short_words_is_set_smaller_where_it_cannot_grow() -> None:
    made = paper()
    room = made.look.width - 36.0 - 13.0
    columns = [
        Column(head="U", width=13.0, texts=texts(made, "session"), words_stay_whole=True),
        Column(head="D", texts=texts(made, "a")),
        Column(head="N", width=room, numbers=["1"]),
    ]
    (row,) = Table(made, columns, 1, []).rows
    ((_, style),) = row.texts[0]
    assert columns[0].taken == pytest.approx(13.0)
    assert 7.0 <= style.size < made.styles.row.size


def test_endless_word_is_broken() -> None:
    made = paper()
    column = Column(head="U", width=15.0, texts=texts(made, "9" * 60), words_stay_whole=True)
    (row,) = Table(made, [column, Column(head="D", texts=texts(made, "a"))], 1, []).rows
    assert column.taken == pytest.approx(15.0)
    assert len(row.texts[0]) > 3


@pytest.mark.parametrize(("count", "parts"), [(1, 1), (27, 1), (40, 2), (100, 5)])
def test_row_is_cut_only_if_it_is_taller_than_a_hundred_and_twenty_millimetres(count: int, parts: int) -> None:
    made = paper()
    table = Table(made, [Column(head="D", texts=texts(made, "\n".join("line" for _ in range(count))))], 1, [])
    assert len(table.rows) == parts
    assert sum(len(row.texts[0]) for row in table.rows) == count
    assert all(row.height <= 120.0 for row in table.rows)
    assert [row.is_first for row in table.rows] == [True, *[False] * (parts - 1)]


def test_every_column_of_texts_is_cut_with_its_row() -> None:
    made = paper()
    code, name = "\n".join(map(str, range(50))), "\n".join("name" for _ in range(90))
    columns = [Column(head="C", width=30.0, texts=texts(made, code)), Column(head="D", texts=texts(made, name))]
    rows = Table(made, columns, 1, []).rows
    assert [sum(len(row.texts[at]) for row in rows) for at in (0, 1)] == [50, 90]


def test_table_without_sums_carries_nothing() -> None:
    made = paper()
    column = Column(head="D", texts=texts(made, *("a" for _ in range(60))))
    table = Table(made, [column], 60, [])
    assert table.carry == 0.0
    table.draw(102.0, 0.0)
    assert made.sheet.page >= 1


def test_sums_that_are_carried_share_the_block_of_the_amounts() -> None:
    made = paper(count=80)
    table = lines_table(made)
    amounts = list(accumulate(line.net_amount for line in made.document.items))
    widest = max(made.sheet.width(made.amount(value), made.styles.carry) for value in amounts)
    assert table.columns[-1].block == pytest.approx(widest)


@pytest.mark.parametrize("look", ["modern", "classic", "compact"])
def test_number_under_another_makes_its_row_taller(look: LookName) -> None:
    made = paper(look)
    plain, under = (
        Table(
            made,
            [Column(head="D", texts=texts(made, "a")), Column(head="N", width=20.0, numbers=["1"], under=small)],
            1,
            [],
        )
        for small in ([], ["15%"])
    )
    assert under.rows[0].height - plain.rows[0].height == pytest.approx(made.styles.row_under.pitch)
