"""Tables as workbooks (xlsx) and back. Text stays text: what looks like a formula is written and read as words.

Reading is for people's hands: a header in the first row, names matched whatever their case, empty rows skipped, numbers
and days as the text that they show.
"""

from __future__ import annotations

import zipfile
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from io import BytesIO
from typing import NamedTuple

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from wangge.base.errors import MalformedInput, TooLarge

MOST_ROWS = 20_000
MOST_BYTES = 20_000_000
_WIDEST = 48
_HEAD = PatternFill("solid", fgColor="E0EDF1")


class Sheet(NamedTuple):
    """A table: its title (at most 31 characters), header and rows of text, whole numbers, days or nothing."""

    title: str
    header: Sequence[str]
    rows: Iterable[Sequence[str | int | date | None]]


class Row(NamedTuple):
    """A row as it was read: its number in the sheet (the header is 1) and its cells by column, '' for empty."""

    number: int
    cells: dict[str, str]


def written(sheets: Sequence[Sheet]) -> bytes:
    """The bytes of a workbook with these sheets; the header stays in sight and can be filtered by."""
    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(sheet.title[:31])
        widths = [_width(name) for name in sheet.header]
        page.append(list(sheet.header))
        for row in sheet.rows:
            page.append([_clean(value) for value in row])
            for cell, value in zip(page[page.max_row], row, strict=False):
                if isinstance(value, str):
                    cell.data_type = "s"
            widths = [max(width, _width(value)) for width, value in zip(widths, row, strict=False)]
        for number, width in enumerate(widths, 1):
            page.column_dimensions[get_column_letter(number)].width = min(_WIDEST, width + 2)
        for cell in page[1]:
            cell.font, cell.fill, cell.alignment = Font(bold=True), _HEAD, Alignment(vertical="top")
        page.freeze_panes = "A2"
        page.auto_filter.ref = page.dimensions
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def read(content: bytes, *, field: str = "file") -> dict[str, list[Row]]:
    """The rows of each sheet by its title in lower case. Raises `MalformedInput` for no workbook, `TooLarge`."""
    if len(content) > MOST_BYTES:
        raise TooLarge("The workbook is too large.", field=field, value=f"{len(content)} bytes",
                       expected=f"at most {MOST_BYTES} bytes")
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            if sum(one.file_size for one in packed.infolist()) > 10 * MOST_BYTES:
                raise TooLarge("The workbook is too large when unpacked.", field=field)
        book = load_workbook(BytesIO(content), read_only=True, data_only=True)
        return {page.title.strip().lower(): _rows(page.iter_rows(values_only=True), page.title) for page in book}
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, EOFError, SyntaxError) as error:
        raise MalformedInput(f"This is no workbook: {error}", field=field, expected="an .xlsx file") from error


def _rows(values: Iterable[Sequence[object]], title: str) -> list[Row]:
    found: list[Row] = []
    names: list[str] | None = None
    for number, row in enumerate(values, 1):
        texts = [_text(value) for value in row]
        if names is None:
            if any(texts):
                names = [text.lower() for text in texts]
            continue
        if any(texts):
            found.append(Row(number, {name: text for name, text in zip(names, texts, strict=False) if name}))
        if len(found) > MOST_ROWS:
            raise TooLarge(f"The sheet {title} has too many rows.", field="file", expected=f"at most {MOST_ROWS}")
    return found


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _clean(value: str | int | date | None) -> str | int | date | None:
    """Control characters, which a workbook cannot hold, are left out."""
    if isinstance(value, str):
        return "".join(one for one in value if one >= " " or one in "\t\n")[:32_000]
    return value


def _width(value: object) -> int:
    """How wide it shows: Chinese characters take two places."""
    text = "" if value is None else str(value)
    return sum(2 if one > "\u2e7f" else 1 for one in text)
