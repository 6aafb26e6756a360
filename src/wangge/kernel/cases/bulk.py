"""Many changes at once: the rows of `recording`, sent by COPY.

`rows_of` makes the same rows as for one report; only the way into the tables differs. New cases go in by
COPY, moved ones by the one UPDATE that `recording` uses.
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from wangge.kernel.cases.recording import ReportRow, Rows, TermsRow, hot_cursor, insert
from wangge.kernel.cases.state import CaseState
from wangge.kernel.journal.writing import ContentRow, EntryRow

T = TypeVar("T")

TABLES: tuple[tuple[str, str, type[msgspec.Struct]], ...] = (
    ("entries", "journal_entry", EntryRow),
    ("contents", "journal_content", ContentRow),
    ("new", "cases_case", CaseState),
    ("reports", "cases_report", ReportRow),
    ("terms", "cases_search", TermsRow),
)


def copy_rows(rows: Rows) -> None:
    """Write the rows in the caller's transaction."""
    with hot_cursor() as cursor:
        for name, table, kind in TABLES:
            part = getattr(rows, name)
            if part:
                columns = ", ".join(kind.__struct_fields__)
                with cursor.copy(f"COPY {table} ({columns}) FROM STDIN") as copy:
                    copy.write(block(part, kind.__struct_fields__))
    if rows.moved:
        insert(Rows([], [], [], rows.moved, [], []))


def draw(sequence: str, count: int) -> list[int]:
    """`count` fresh numbers of a sequence, increasing."""
    with hot_cursor() as cursor:
        rows = cursor.execute(f"SELECT nextval('{sequence}') FROM generate_series(1, %s)", [count]).fetchall()
    return [number for (number,) in rows]


def block(rows: Iterable[msgspec.Struct], fields: Sequence[str]) -> bytes:
    """Rows in PostgreSQL's COPY text format."""
    lines = ["\t".join([_WRITE[type(value)](value) for value in map(row.__getattribute__, fields)]) for row in rows]
    lines.append("")
    return "\n".join(lines).encode()


def _escape(text: str) -> str:
    if "\\" in text or "\n" in text or "\t" in text or "\r" in text:
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")
    return text


def _array(values: list[str]) -> str:
    quoted = [value.replace("\\", "\\\\").replace('"', '\\"') for value in values]
    return _escape('{"' + '","'.join(quoted) + '"}') if quoted else "{}"


_JSON = msgspec.json.Encoder()
_WRITE: dict[type, Callable[[Any], str]] = {
    str: _escape,
    int: str,
    UUID: lambda value: f"{value.int:032x}",  # a fifth of the time of the form with hyphens
    type(None): lambda _: "\\N",
    datetime: lru_cache(maxsize=4096)(datetime.isoformat),  # a report names the same few moments many times
    dict: lambda value: _escape(_JSON.encode(value).decode()),
    list: _array,
}


def batches(items: Iterable[T], size: int) -> Iterator[list[T]]:
    """The items in lists of at most `size`."""
    batch: list[T] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


@contextmanager
def without_collector() -> Iterator[None]:
    """Garbage collection off while a batch is made: nothing in it is cyclic, and the passes cost a third."""
    was = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was:
            gc.enable()
