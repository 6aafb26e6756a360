"""Labelled texts from a table that somebody else made: columns by name, several encodings, quoted newlines.

UTF-8 with or without a byte-order mark, UTF-16 with one, else GB 18030. Columns are separated by commas,
semicolons or tabs. Rows without a text or without a label are left out and counted.
"""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from wangge.base.errors import InvalidInput, MalformedInput, TooLarge

MOST_BYTES = 512 * 1024 * 1024
_MOST_FIELD = 4 * 1024 * 1024
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_END = "\x1fend of the table\x1f"
"""A row behind the last: where it does not come out as itself, a quotation mark is open."""
_SEPARATORS = (",", ";", "\t")


class Labelled(NamedTuple):
    """Texts and labels side by side; `skipped` rows had no text or no label."""

    texts: list[str]
    labels: list[str]
    skipped: int


def read(file: Path, *, text: Sequence[str], label: str) -> Labelled:
    """The rows of a table; several text columns are joined. Raises `WanggeError`s that name file, column or line."""
    if not file.is_file():
        raise InvalidInput("There is no such file.", field="file", value=file, expected="a table with a header")
    if file.stat().st_size > MOST_BYTES:
        raise TooLarge(f"The file has more than {MOST_BYTES >> 20} MB.", field="file", value=file)
    return rows(decoded(file.read_bytes()), text=text, label=label)


def decoded(data: bytes) -> str:
    """The text of a file's bytes. Raises `MalformedInput` where no encoding fits."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    for encoding in [marked] if marked else ["utf-8", "gb18030"]:
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise MalformedInput("The file is no text that is known here.", field="file", expected="UTF-8, UTF-16 or GB 18030")


def rows(content: str, *, text: Sequence[str], label: str) -> Labelled:
    """The same from the content of a table."""
    wanted = [*text, label]
    header, separator = _header(content, wanted)
    places = [header.index(name) for name in wanted]
    table = csv.reader(io.StringIO(f"{content}\n{_END}\n", newline=""), delimiter=separator)
    texts: list[str] = []
    labels: list[str] = []
    skipped = 0
    before = csv.field_size_limit(_MOST_FIELD)
    try:
        next(table)
        closed, starts, ended = False, 0, table.line_num
        for row in table:
            starts, ended = ended + 1, table.line_num
            if closed := row == [_END]:
                break
            cells = [row[place].strip() if place < len(row) else "" for place in places]
            said = "\n".join(cell for cell in cells[:-1] if cell)
            if said and cells[-1]:
                texts.append(said)
                labels.append(cells[-1])
            elif any(cell.strip() for cell in row):
                skipped += 1
    except csv.Error as error:
        raise MalformedInput(
            f"The table cannot be read at line {table.line_num}: {error}.", field="file", value=table.line_num,
            expected="CSV with a header",
        ) from error
    finally:
        csv.field_size_limit(before)
    if not closed:
        raise MalformedInput("A quotation mark is opened and never closed, which swallows the rows behind it.",
                             field="file", value=f"line {starts}", expected="each quotation mark closed")  # fmt: skip
    if not texts:
        raise InvalidInput(
            f"No row has both a text and a label ({skipped} have one of them).", field="file", value=", ".join(wanted),
            expected="rows with both",
        )
    return Labelled(texts, labels, skipped)


def without_rare(found: Labelled, least: int) -> tuple[Labelled, dict[str, int]]:
    """The rows whose label has at least `least` of them, and the labels that were left out with their rows."""
    sizes = Counter(found.labels)
    rare = {name: size for name, size in sorted(sizes.items()) if size < least}
    kept = [(said, name) for said, name in zip(found.texts, found.labels, strict=True) if name not in rare]
    return Labelled([said for said, _ in kept], [name for _, name in kept], found.skipped), rare


def _header(content: str, wanted: Sequence[str]) -> tuple[list[str], str]:
    """The names of the columns and what separates them: the first separator under which all are there."""
    best: list[str] = []
    for separator in _SEPARATORS:
        try:
            first = next(csv.reader(io.StringIO(content, newline=""), delimiter=separator), [])
        except csv.Error:
            continue
        names = [name.strip() for name in first]
        if all(name in names for name in wanted):
            if twice := next((name for name in wanted if names.count(name) > 1), None):
                raise InvalidInput(f"The table has the column “{twice}” twice.", field="column", value=twice,
                                   expected="one column of that name")  # fmt: skip
            return names, separator
        best = max(best, names, key=len)
    missing = next((name for name in wanted if name not in best), wanted[0])
    raise InvalidInput(
        f"The table has no column “{missing}”.", field="column", value=missing,
        expected="one of " + ", ".join(best[:30]) if any(best) else "a header in the first line",
    )
