"""Many changes at once: the rows of `recording`, sent by COPY.

`rows_of` makes the same rows as for one report; only the way into the tables differs. New cases go in by
COPY, moved ones by the one UPDATE that `recording` uses. Blocks are made column by column, since a column holds
one kind of value and mostly the same few; making them apart from sending lets a batch be sent while the next
one is decided (see `overlapping`).
"""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from operator import attrgetter
from typing import Any, NamedTuple, TypeVar
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


class Block(NamedTuple):
    """What one COPY sends: its statement, and the rows in PostgreSQL's text format."""

    sql: str
    data: bytes


def copy_rows(rows: Rows) -> None:
    """Write the rows in the caller's transaction."""
    send(blocks_of(rows))
    if rows.moved:
        insert(Rows([], [], [], rows.moved, [], []))


def blocks_of(rows: Rows) -> list[Block]:
    """The new rows as blocks, in the order of the tables' dependence. Moved cases are not among them."""
    return [
        Block(f"COPY {table} ({', '.join(kind.__struct_fields__)}) FROM STDIN", block(part, kind.__struct_fields__))
        for name, table, kind in TABLES
        if (part := getattr(rows, name))
    ]


def send(blocks: Iterable[Block]) -> None:
    """COPY the blocks in the caller's transaction."""
    with hot_cursor() as cursor:
        for one in blocks:
            with cursor.copy(one.sql) as copy:
                copy.write(one.data)


def draw(sequence: str, count: int) -> list[int]:
    """`count` fresh numbers of a sequence, increasing."""
    with hot_cursor() as cursor:
        rows = cursor.execute(f"SELECT nextval('{sequence}') FROM generate_series(1, %s)", [count]).fetchall()
    return [number for (number,) in rows]


def block(rows: Sequence[msgspec.Struct], fields: Sequence[str]) -> bytes:
    """Rows in PostgreSQL's COPY text format."""
    if not rows:
        return b""
    columns = [_column(list(map(attrgetter(name), rows))) for name in fields]
    lines = list(map("\t".join, zip(*columns, strict=True)))
    lines.append("")
    return "\n".join(lines).encode()


def _column(values: list[Any]) -> Iterable[str]:
    kinds = set(map(type, values))
    if len(kinds) > 1:
        return [_WRITE[type(value)](value) for value in values]
    kind = kinds.pop()
    if kind is type(None):
        return ["\\N"] * len(values)
    if kind is str:
        together = "".join(values)
        return values if _harmless(together) else map(_escape, values)
    if kind is dict:
        texts = [_JSON.encode(value).decode() for value in values]
        return texts if _harmless("".join(texts)) else map(_escape, texts)
    return map(_WRITE[kind], values)


def _harmless(text: str) -> bool:
    return not ("\\" in text or "\n" in text or "\t" in text or "\r" in text)


def _escape(text: str) -> str:
    if _harmless(text):
        return text
    return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _array(values: list[str]) -> str:
    text = '","'.join(values)
    if text.count('"') > 2 * len(values) - 2 or "\\" in text:
        text = '","'.join([value.replace("\\", "\\\\").replace('"', '\\"') for value in values])
    return _escape(f'{{"{text}"}}') if values else "{}"


_JSON = msgspec.json.Encoder()
_WRITE: dict[type, Callable[[Any], str]] = {
    str: _escape,
    int: str,
    bool: lambda value: "t" if value else "f",
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
