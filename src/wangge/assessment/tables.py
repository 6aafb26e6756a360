"""Small tables that people bring along: CSV in UTF-8 with a header."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from zoneinfo import ZoneInfo

from wangge.base.errors import InvalidInput, MalformedInput


def read_table(file: Path, must: Sequence[str], may: Sequence[str] = ()) -> list[tuple[int, dict[str, str]]]:
    """The rows with their lines, the named columns stripped. Raises `InvalidInput`, `MalformedInput`."""
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InvalidInput("The file cannot be read.", field="file", value=file, expected="a CSV file") from error
    return parse_table(content, str(file), must, may)


def parse_table(
    content: bytes, file: str, must: Sequence[str], may: Sequence[str] = ()
) -> list[tuple[int, dict[str, str]]]:
    """The same of bytes; `file` names them. Raises `MalformedInput`."""
    expected = ",".join(must)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedInput("The file is not UTF-8.", field="file", value=file, expected="CSV in UTF-8") from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    try:
        missing = [name for name in must if name not in (reader.fieldnames or ())]
        if missing:
            raise MalformedInput(f"The file has no column {', '.join(missing)}.", field="file", value=file,
                                 expected=expected)
        return [(reader.line_num, {name: (row.get(name) or "").strip() for name in (*must, *may)}) for row in reader]
    except csv.Error as error:
        raise MalformedInput(f"The file is no table: {error}.", field="file", value=file, expected=expected) from error


def moment(text: str, zone: ZoneInfo, field: str) -> datetime | None:
    """A time in ISO 8601; without a zone it is the place's own, a date is its midnight. None for nothing."""
    if not text:
        return None
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise InvalidInput(f"“{text}” is no time.", field=field, value=text,
                           expected="such as 2019-03-01T10:00") from None
    return found if found.tzinfo else found.replace(tzinfo=zone)


def number(text: str, field: str) -> Decimal:
    """A decimal number; nothing is 0."""
    try:
        found = Decimal(text or "0")
    except InvalidOperation:
        found = Decimal("NaN")
    if not found.is_finite():
        raise InvalidInput(f"“{text}” is no number.", field=field, value=text, expected="such as 0.15")
    return found


def whole(text: str, field: str) -> int:
    """A whole number from 0 on."""
    found = number(text, field)
    if found != int(found) or not 0 <= found < 10**9:
        raise InvalidInput(f"“{text}” is no count.", field=field, value=text, expected="a whole number, 0 or more")
    return int(found)


def write_faults(file: Path, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """An error report. Cells that a spreadsheet would take for a formula get an apostrophe."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(header)
        writer.writerows([_harmless(str(cell)) for cell in row] for row in rows)


def _harmless(cell: str) -> str:
    return "'" + cell if cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not cell[1:2].isdigit() else cell
