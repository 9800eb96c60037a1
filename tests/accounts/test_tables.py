from __future__ import annotations

import csv
import io
import resource
import zipfile
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from accounts import tables
from accounts.tables import NEVER_IN_XML, Table, csv_chunks, safe_text, table_response, xlsx_chunks

HEADS = ["name", "total"]
MOMENT = datetime(2026, 11, 20, 23, 30, 15, 999_999, tzinfo=UTC)
DANGEROUS = [
    "\ufeff=1",
    "\u200e=1",
    " =1",
    "\u00a0=1",
    "\x07 1",
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "＝1",
    "＋1",
    "－1",
    "＠1",
]
texts = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=40)


def table(rows: Iterable[tables.Row], **options: Any) -> Table:
    return Table(**({"title": "Invoices", "heads": HEADS, "rows": rows} | options))


def read_csv(made: Table) -> list[list[str]]:
    content = b"".join(csv_chunks(made))
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def book_of(made: Table) -> Any:
    return openpyxl.load_workbook(io.BytesIO(b"".join(xlsx_chunks(made))))


def read_xlsx(made: Table) -> list[tuple[Any, ...]]:
    return [tuple(cell.value for cell in row) for row in book_of(made).active.iter_rows()]


# What a spreadsheet takes for a formula


@pytest.mark.parametrize("text", DANGEROUS)
def test_safe_text_begins_a_formula_with_an_apostrophe(text: str) -> None:
    assert safe_text(text) == f"'{text}"


@pytest.mark.parametrize("text", ["", "Atlas", "a=1", "'=1", " 1", "\ufeffa", "12", "شركة"])
def test_safe_text_leaves_other_texts_alone(text: str) -> None:
    assert safe_text(text) == text


@pytest.mark.parametrize("text", DANGEROUS)
def test_no_cell_and_no_head_becomes_a_formula(text: str) -> None:
    rows = read_csv(table([[text, 1]], heads=[text, "total"]))
    assert rows == [[f"'{text}", "total"], [f"'{text}", "1"]]
    sheet = book_of(table([[text, 1]], heads=[text, "total"])).active
    assert [sheet[place].data_type for place in ("A1", "A2", "B2")] == ["s", "s", "n"]
    kept = NEVER_IN_XML.sub("", text).replace("\r", "_x000D_")  # a cell of text needs no apostrophe
    assert [sheet[place].value for place in ("A1", "A2")] == [kept, kept]


# Cells


def test_csv_writes_numbers_days_and_moments_as_programs_read_them() -> None:
    row: tables.Row = [
        "Café, “Atlas”\nFès",
        Decimal("1000000.50"),
        Decimal(-5),
        7,
        True,
        False,
        None,
        date(2026, 2, 28),
        MOMENT,
    ]
    assert read_csv(table([row], heads=list("abcdefghi")))[1] == [
        "Café, “Atlas”\nFès", "1000000.50", "-5", "7", "true", "false", "", "2026-02-28", "2026-11-20T23:30:15Z",
    ]  # fmt: skip


def test_csv_ends_its_lines_as_rfc_4180_says() -> None:
    assert b"".join(csv_chunks(table([["a", Decimal("1.10")]]))) == b"\xef\xbb\xbfname,total\r\na,1.10\r\n"


def test_a_zone_moves_moments_and_not_days() -> None:
    made = table([[date(2026, 11, 20), MOMENT]], zone=ZoneInfo("Asia/Riyadh"))
    assert read_csv(made)[1] == ["2026-11-20", "2026-11-21T02:30:15+03:00"]
    assert read_xlsx(made)[1] == (datetime(2026, 11, 20), datetime(2026, 11, 21, 2, 30, 15))  # noqa: DTZ001 -- a spreadsheet has none


def test_xlsx_keeps_numbers_days_and_moments_as_such() -> None:
    row: tables.Row = [
        "Atlas",
        Decimal("1000000.50"),
        Decimal(-5),
        Decimal("1.125"),
        7,
        True,
        None,
        date(2026, 2, 28),
        MOMENT,
    ]
    sheet = book_of(table([row], heads=list("abcdefghi"))).active
    cells = list(sheet.iter_rows())[1]
    assert [(cell.data_type, cell.number_format) for cell in cells] == [
        ("s", "General"), ("n", "#,##0.00"), ("n", "#,##0"), ("n", "#,##0.000"), ("n", "General"), ("b", "General"),
        ("n", "General"), ("d", "yyyy-mm-dd"), ("d", "yyyy-mm-dd hh:mm:ss"),
    ]  # fmt: skip
    assert [cell.value for cell in cells] == [
        "Atlas", 1000000.5, -5, 1.125, 7, True, None, datetime(2026, 2, 28), datetime(2026, 11, 20, 23, 30, 15),  # noqa: DTZ001 -- a spreadsheet has none
    ]  # fmt: skip


@pytest.mark.parametrize("day", [date(1900, 2, 28), date(1, 1, 1)])
def test_xlsx_writes_days_before_march_1900_as_texts(day: date) -> None:
    moment = datetime(day.year, day.month, day.day, 5, tzinfo=UTC)
    assert read_xlsx(table([[day, moment]]))[1] == (day.isoformat(), moment.isoformat())


@given(st.dates(min_value=date(1900, 3, 1), max_value=date(9998, 12, 31)), st.integers(0, 86_399))
def test_xlsx_days_and_moments_come_back(day: date, second: int) -> None:
    moment = datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=second)
    shown = read_xlsx(table([[day, moment]]))[1]
    assert shown == (datetime(day.year, day.month, day.day), moment.replace(tzinfo=None))  # noqa: DTZ001 -- a spreadsheet has none


@given(st.lists(st.tuples(texts, st.decimals(-(10**11), 10**11, places=3)), max_size=5))
def test_csv_rows_come_back(rows: list[tuple[str, Decimal]]) -> None:
    assert read_csv(table(rows)) == [HEADS, *([safe_text(text), format(number, "f")] for text, number in rows)]


@given(texts)
def test_xlsx_takes_any_text(text: str) -> None:
    # The package reads neither what is escaped nor a bare CR: it is looked at in the XML itself.
    content = b"".join(xlsx_chunks(table([[text, 1]])))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert openpyxl.load_workbook(io.BytesIO(content)).active["B2"].value == 1
    assert not tables.NEVER_IN_XML.search(sheet)
    assert "\r" not in sheet


def test_xlsx_escapes_what_looks_escaped_already() -> None:
    content = b"".join(xlsx_chunks(table([["_x0041_ a\rb <&>", 1]])))
    sheet = zipfile.ZipFile(io.BytesIO(content)).read("xl/worksheets/sheet1.xml").decode()
    assert '<t xml:space="preserve">_x005F_x0041_ a_x000D_b &lt;&amp;&gt;</t>' in sheet


def test_xlsx_cuts_texts_at_what_a_cell_holds() -> None:
    assert len(read_xlsx(table([["x" * 40_000, 1]]))[1][0]) == 32_767


# Sheets


def test_xlsx_names_its_sheet_and_fixes_the_heads() -> None:
    sheet = book_of(table([], title="A/B: [c]*?'\\ and a title that is far too long")).active
    assert (sheet.title, sheet.freeze_panes, sheet["A1"].font.b) == ("A B   c      and a title", "A2", True)
    assert sheet.sheet_view.rightToLeft is None
    assert [tuple(cell.value for cell in row) for row in sheet.iter_rows()] == [("name", "total")]


def test_xlsx_begins_at_the_right_where_that_is_asked_for() -> None:
    assert book_of(table([], title="الفواتير", right_to_left=True)).active.sheet_view.rightToLeft is True


def test_xlsx_goes_on_upon_further_sheets(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_ROWS", 3)
    book = book_of(table([[f"row {n}", n] for n in range(5)]))
    found = {sheet.title: [row[0].value for row in sheet.iter_rows()] for sheet in book}
    assert found == {
        "Invoices": ["name", "row 0", "row 1"],
        "Invoices 2": ["name", "row 2", "row 3"],
        "Invoices 3": ["name", "row 4"],
    }


def test_xlsx_ends_a_sheet_before_it_is_too_large_for_its_archive(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables, "MOST_BYTES", 700)
    book = book_of(table([[f"row {n}", n] for n in range(5)]))
    rows = [row[0].value for sheet in book for row in sheet.iter_rows(min_row=2)]
    assert (rows, len(book.sheetnames) > 1) == ([f"row {n}" for n in range(5)], True)


# Streams


@pytest.mark.parametrize("write", [csv_chunks, xlsx_chunks])
def test_rows_are_handed_on_while_they_are_read(write: Any) -> None:
    read = 0

    def rows() -> Iterator[tables.Row]:
        nonlocal read
        for n in range(20_000):
            read += 1
            yield [f"{n * 7919 % 100_003:x} some words that stand in a row", n]

    chunks = write(table(rows()))
    while len(next(chunks)) < 1000:
        pass
    assert 0 < read < 15_000
    assert sum(len(chunk) for chunk in chunks) > 0
    assert read == 20_000


@pytest.mark.slow
@pytest.mark.parametrize("write", [csv_chunks, xlsx_chunks])
def test_memory_does_not_grow_with_the_rows(write: Any) -> None:
    def drain(count: int) -> int:
        rows = ([f"{n * 7919 % 100_003:x} some words", *["a text of a cell"] * 8] for n in range(count))
        for chunk in write(table(rows)):
            assert len(chunk) < 1_000_000
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    before = drain(5_000)
    assert drain(100_000) - before < 10_000  # KiB


@pytest.mark.parametrize(
    ("form", "media_type"),
    [
        ("csv", "text/csv; charset=utf-8"),
        ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ],
)
def test_a_response_is_a_download(form: str, media_type: str) -> None:
    response = table_response(table([["a", 1]]), form, name="invoices-2026-11-20")
    assert response.headers == {
        "Content-Type": media_type,
        "Content-Disposition": f'attachment; filename="invoices-2026-11-20.{form}"',
        "X-Accel-Buffering": "no",
    }
    assert b"".join(response).startswith(b"\xef\xbb\xbfname" if form == "csv" else b"PK")


def test_a_response_in_another_form_is_refused() -> None:
    with pytest.raises(ValueError, match="pdf"):
        table_response(table([]), "pdf", name="invoices")
