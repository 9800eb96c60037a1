"""Tables as files, CSV and XLSX: written row by row, so that memory stays the same however long they are.

A cell is a text, a number, a truth value, a day, a moment or nothing. A ``Decimal`` is written with the decimals it
has: round an amount to its currency first. Texts that a spreadsheet would take for a formula get an apostrophe in
CSV; in XLSX the cell itself says that it is a text.
"""

from __future__ import annotations

import csv
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, tzinfo
from decimal import Decimal
from enum import StrEnum
from io import StringIO
from itertools import dropwhile
from types import MappingProxyType
from typing import Final, TypeAlias
from xml.sax.saxutils import escape, quoteattr
from zipfile import ZIP_DEFLATED, ZipFile

from django.http import StreamingHttpResponse

Cell: TypeAlias = str | int | Decimal | date | datetime | None
Row: TypeAlias = Sequence[Cell]

# OWASP, CSV injection; the last four are the wide forms that East Asian keyboards type
FORMULA_STARTS: Final = ("=", "+", "-", "@", "＝", "＋", "－", "＠")
# By their Unicode categories: controls and formatting characters, which a spreadsheet drops or nobody sees.
UNSEEN: Final = frozenset({"Cc", "Cf"})
CHUNK: Final = 64 * 1024  # bytes that are handed on at a time
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"  # without it Excel takes UTF-8 for the machine's old code page


class TableFormat(StrEnum):
    """What a table can be written as."""

    CSV = "csv"
    XLSX = "xlsx"


@dataclass(frozen=True, slots=True)
class Table:
    """A table: its title, the heads of its columns and its rows, which are read once, when they are written.

    Moments are shown in ``zone``. ``right_to_left`` lets a spreadsheet begin at the right.
    """

    title: str
    heads: Sequence[str]
    rows: Iterable[Row]
    zone: tzinfo = UTC
    right_to_left: bool = False


def safe_text(text: str) -> str:
    """Return a text that no spreadsheet takes for a formula: one that would be begins with an apostrophe.

    So does one that begins with a control, or whose formula stands behind spaces and what nobody sees.
    """
    if not text or (text[0].isalnum() and text[0].isascii()):
        return text  # nearly all of them
    seen = "".join(dropwhile(lambda char: char.isspace() or unicodedata.category(char) in UNSEEN, text))
    is_risky = seen.startswith(FORMULA_STARTS) or unicodedata.category(text[0]) == "Cc"
    return f"'{text}" if is_risky else text


def table_response(table: Table, form: str, *, name: str) -> StreamingHttpResponse:
    """Return a table as a download named ``name``, without its ending, in ASCII."""
    write, media_type = WRITERS[TableFormat(form)]
    headers = {"Content-Disposition": f'attachment; filename="{name}.{form}"', "X-Accel-Buffering": "no"}
    return StreamingHttpResponse(write(table), content_type=media_type, headers=headers)


# CSV: RFC 4180, in UTF-8


def csv_chunks(table: Table) -> Iterator[bytes]:
    """Yield a table as CSV. Days and moments stand as ISO 8601 has them, truth values as true and false."""
    buffer = StringIO(newline="")
    writer = csv.writer(buffer)
    yield BYTE_ORDER_MARK
    writer.writerow([safe_text(head) for head in table.heads])
    for row in table.rows:
        writer.writerow([csv_cell(value, table.zone) for value in row])
        if buffer.tell() >= CHUNK:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def csv_cell(value: Cell, zone: tzinfo) -> str:
    """Return a cell as CSV has it."""
    match value:
        case None:
            return ""
        case str():
            return safe_text(value)
        case bool():
            return "true" if value else "false"
        case Decimal():
            return format(value, "f")
        case datetime():
            return value.astimezone(zone).replace(microsecond=0).isoformat().replace("+00:00", "Z")
        case date():
            return value.isoformat()
    return str(value)


# XLSX: ECMA-376, the few parts that a plain table needs

MOST_ROWS: Final = 1_048_576  # of a sheet, heads included; what follows stands on a further sheet
MOST_BYTES: Final = 1 << 30  # of a sheet before it is packed, within the 2 GiB that a ZIP without ZIP64 holds
MOST_CHARACTERS: Final = 32_767  # of a cell
MOST_OF_TITLE: Final = 24  # of the 31 characters of a sheet's name; the rest is for its number
FIRST_DAY: Final = date(1900, 3, 1)  # earlier days have no number that all spreadsheets agree on
DAY_ZERO: Final = date(1899, 12, 30).toordinal()
SECONDS: Final = 86_400
COMPRESSION: Final = 3  # zlib's level: a quarter of the time of its default, for a tenth more bytes
HEAD_STYLE, DAY_STYLE, MOMENT_STYLE, NUMBER_STYLE = 1, 2, 3, 4  # NUMBER_STYLE + n: with n decimals
MOST_DECIMALS: Final = 8
NEVER_IN_XML: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
LIKE_ESCAPED: Final = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # a spreadsheet reads _x0041_ as A
NEVER_IN_TITLES: Final = re.compile(r"[\[\]:*?/\\']")

XML: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
SPREADSHEET: Final = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS: Final = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE: Final = "http://schemas.openxmlformats.org/package/2006"
KINDS: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml"


class Sink:
    """Where the archive is written to: it keeps what has not been handed on yet."""

    def __init__(self) -> None:
        self.parts: list[bytes] = []
        self.size = 0

    def write(self, data: bytes) -> int:
        """Keep some bytes."""
        self.parts.append(bytes(data))
        self.size += len(data)
        return len(data)

    def flush(self) -> None:
        """Do nothing: ``take`` empties it."""

    def close(self) -> None:
        """Do nothing: it holds no file."""

    def take(self) -> bytes:
        """Return what was kept, and forget it."""
        data = b"".join(self.parts)
        self.parts.clear()
        self.size = 0
        return data


def xlsx_chunks(table: Table) -> Iterator[bytes]:
    """Yield a table as XLSX: numbers, days and moments as such, the heads fixed in the first row."""
    sink, rows, sheets = Sink(), iter(table.rows), 0
    with ZipFile(sink, "w", ZIP_DEFLATED, compresslevel=COMPRESSION) as archive:
        pending: Row | None = next(rows, None)
        while pending is not None or not sheets:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w") as sheet:
                written = sheet.write(sheet_head(table).encode())
                for _index in range(1, MOST_ROWS):
                    if pending is None or written > MOST_BYTES:
                        break
                    written += sheet.write(xlsx_row(pending, table.zone).encode())
                    pending = next(rows, None)
                    if sink.size >= CHUNK:
                        yield sink.take()
                sheet.write(b"</sheetData></worksheet>")
        for name, content in frame_of(table, sheets).items():
            archive.writestr(name, XML + content)
    yield sink.take()


def sheet_head(table: Table) -> str:
    """Return a sheet as far as its heads."""
    cells = "".join(text_cell(head, HEAD_STYLE) for head in table.heads)
    direction = ' rightToLeft="1"' if table.right_to_left else ""
    return (
        f'{XML}<worksheet xmlns="{SPREADSHEET}"><sheetViews><sheetView workbookViewId="0"{direction}>'
        '<pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews>'
        f'<cols><col min="1" max="{len(table.heads)}" width="18" customWidth="1"/></cols>'
        f"<sheetData><row>{cells}</row>"
    )


def xlsx_row(row: Row, zone: tzinfo) -> str:
    """Return a row as XLSX has it."""
    return f"<row>{''.join([xlsx_cell(value, zone) for value in row])}</row>"


def xlsx_cell(value: Cell, zone: tzinfo) -> str:
    """Return a cell as XLSX has it."""
    match value:
        case None | "":
            return "<c/>"
        case str():
            return text_cell(value)
        case bool():
            return f'<c t="b"><v>{value:d}</v></c>'
        case Decimal():
            decimals = min(max(-int(value.as_tuple().exponent), 0), MOST_DECIMALS)
            return f'<c s="{NUMBER_STYLE + decimals}"><v>{value:f}</v></c>'
        case datetime():
            return moment_cell(value.astimezone(zone))
        case date():
            return day_cell(value)
    return f"<c><v>{value}</v></c>"


def text_cell(text: str, style: int = 0) -> str:
    """Return a cell with a text."""
    clean = NEVER_IN_XML.sub("", text[:MOST_CHARACTERS])
    content = escape(LIKE_ESCAPED.sub("_x005F_", clean)).replace("\r", "_x000D_")
    return f'<c t="inlineStr" s="{style}"><is><t xml:space="preserve">{content}</t></is></c>'


def day_cell(day: date) -> str:
    """Return a cell with a day, as its number since 1900."""
    if day < FIRST_DAY:
        return text_cell(day.isoformat())
    return f'<c s="{DAY_STYLE}"><v>{day.toordinal() - DAY_ZERO}</v></c>'


def moment_cell(moment: datetime) -> str:
    """Return a cell with a moment in its own time zone, of which a spreadsheet knows nothing, to the second."""
    if moment.date() < FIRST_DAY:
        return text_cell(moment.replace(microsecond=0).isoformat())
    seconds = (moment.hour * 60 + moment.minute) * 60 + moment.second
    number = moment.toordinal() - DAY_ZERO + seconds / SECONDS
    return f'<c s="{MOMENT_STYLE}"><v>{number:.10f}</v></c>'


def frame_of(table: Table, sheets: int) -> dict[str, str]:
    """Return the parts that tell what the sheets are and how their cells look, by name."""
    title = NEVER_IN_TITLES.sub(" ", NEVER_IN_XML.sub("", table.title))[:MOST_OF_TITLE].strip() or "1"
    numbers = range(1, sheets + 1)
    named = [(number, quoteattr(title if number == 1 else f"{title} {number}")) for number in numbers]
    entries = "".join(f'<sheet name={name} sheetId="{number}" r:id="rId{number}"/>' for number, name in named)
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{RELATIONS}/worksheet" Target="worksheets/sheet{n}.xml"/>' for n in numbers
    )
    parts = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{KINDS}.worksheet+xml"/>' for n in numbers
    )
    return {
        "xl/workbook.xml": (
            f'<workbook xmlns="{SPREADSHEET}" xmlns:r="{RELATIONS}"><sheets>{entries}</sheets></workbook>'
        ),
        "xl/styles.xml": styles(),
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">{links}'
            f'<Relationship Id="rId{sheets + 1}" Type="{RELATIONS}/styles" Target="styles.xml"/></Relationships>'
        ),
        "_rels/.rels": (
            f'<Relationships xmlns="{PACKAGE}/relationships">'
            f'<Relationship Id="rId1" Type="{RELATIONS}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "[Content_Types].xml": (
            f'<Types xmlns="{PACKAGE}/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            '<Default Extension="xml" ContentType="application/xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{KINDS}.sheet.main+xml"/>'
            f'<Override PartName="/xl/styles.xml" ContentType="{KINDS}.styles+xml"/>{parts}</Types>'
        ),
    }


def styles() -> str:
    """Return how heads, days, moments and numbers with 0 to ``MOST_DECIMALS`` decimals look."""
    looks = ["yyyy-mm-dd", "yyyy-mm-dd hh:mm:ss", "#,##0", *(f"#,##0.{'0' * n}" for n in range(1, MOST_DECIMALS + 1))]
    first = 164  # lower numbers are the format's own
    formats = "".join(f'<numFmt numFmtId="{first + n}" formatCode="{look}"/>' for n, look in enumerate(looks))
    cells = "".join(
        f'<xf numFmtId="{first + n}" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/>'
        for n in range(len(looks))
    )
    font = '<sz val="11"/><name val="Calibri"/><family val="2"/>'
    plain = 'numFmtId="0" fillId="0" borderId="0"'
    return (
        f'<styleSheet xmlns="{SPREADSHEET}"><numFmts count="{len(looks)}">{formats}</numFmts>'
        f'<fonts count="2"><font>{font}</font><font><b/>{font}</font></fonts>'
        '<fills count="2"><fill><patternFill patternType="none"/></fill>'
        '<fill><patternFill patternType="gray125"/></fill></fills>'
        '<borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders>'
        f'<cellStyleXfs count="1"><xf {plain} fontId="0"/></cellStyleXfs>'
        f'<cellXfs count="{len(looks) + 2}"><xf {plain} fontId="0" xfId="0"/>'
        f'<xf {plain} fontId="1" xfId="0" applyFont="1"/>{cells}</cellXfs>'
        '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>'
    )


WRITERS: Final[Mapping[TableFormat, tuple[Callable[[Table], Iterator[bytes]], str]]] = MappingProxyType(
    {
        TableFormat.CSV: (csv_chunks, "text/csv; charset=utf-8"),
        TableFormat.XLSX: (xlsx_chunks, f"{KINDS}.sheet"),
    }
)
