"""The state tables against what their entries add up to, beside the walk along the chains.

One ordered read of each table, merged with the entries that the walk passes on: nothing is asked for a row.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import msgspec
import psycopg

from wangge.base.clock import from_us
from wangge.kernel.journal.projecting import SOME, Projection, Text, Told, projections
from wangge.kernel.journal.reading import stream
from wangge.kernel.journal.verifying.report import Report, printable

Row = tuple[Any, ...]
NOTHING: Mapping[str, bytes] = {}
_NOT_THERE: Row = ("~",)  # sorts behind every UUID
_SHOWN = 5


class States:
    """Takes the entries in the order of (subject, seq), and compares each subject when its last one has passed."""

    def __init__(self, conn: psycopg.Connection[Any], report: Report, subject: str | None = None) -> None:
        self.report = report
        self.tables = {one.subject_type: _Table(conn, one, report, subject) for one in projections()}
        self.subject = ""
        self.table: _Table | None = None
        self.entries: list[Told] = []

    def note(self, row: Row, data: Any, salts: Mapping[str, bytes]) -> None:
        """One entry, with its data as decoded (None: unreadable) and the salts of its contents."""
        if row[0] != self.subject:
            self._finish()
            self.subject, self.table = row[0], self.tables.get(row[2])
        if self.table is not None:
            told = data if isinstance(data, dict) else {}
            self.entries.append(Told(row[0], row[1], row[3], row[6], row[9], row[10], told, salts))

    def close(self) -> None:
        """The last entry has passed."""
        self._finish()
        for table in self.tables.values():
            table.pass_by("~")

    def _finish(self) -> None:
        if self.table is not None and self.entries:
            self.table.compare(self.entries)
        self.entries = []


class _Table:
    """The rows of one projection, in the order of their ids."""

    def __init__(
        self, conn: psycopg.Connection[Any], projection: Projection, report: Report, subject: str | None
    ) -> None:
        self.projection = projection
        self.report = report
        self.names = tuple(projection.columns)
        columns = ", ".join(projection.columns.values())
        only = "" if subject is None else "WHERE s.id = %s::uuid"
        self.rows: Iterator[Row] = stream(
            conn,
            f"state_{projection.subject_type}",
            f"SELECT s.id, s.version, {columns} FROM {projection.table} s {projection.joins} {only} ORDER BY s.id",
            [] if subject is None else [subject],
        )
        self.row = next(self.rows, _NOT_THERE)
        report.states[projection.subject_type] = 0

    def pass_by(self, subject: str) -> None:
        """Rows before this subject have no entry."""
        while self.row[0] < subject:
            state = dict(zip(self.names, self.row[2:], strict=True))
            self.report.fault(
                "state-missing",
                f"{self._who(state)} stands in {self.projection.table}, but has no entry",
                subject=self.row[0],
            )
            self.row = next(self.rows, _NOT_THERE)

    def compare(self, entries: list[Told]) -> None:
        """The subject of these entries with its row."""
        last = entries[-1]
        self.pass_by(last.subject)
        if self.row[0] != last.subject:
            self.report.fault(
                "state-missing",
                f"the journal tells of a {self.projection.subject_type} that is not in {self.projection.table}",
                subject=last.subject,
                seq=last.seq,
            )
            return
        state = dict(zip(self.names, self.row[2:], strict=True))
        self.row = next(self.rows, _NOT_THERE)
        self.report.states[self.projection.subject_type] += 1
        for detail in self._differences(entries, state):
            self.report.fault("state-differs", detail, subject=last.subject, seq=last.seq)

    def _differences(self, entries: list[Told], state: dict[str, Any]) -> Iterator[str]:
        try:
            told = self.projection.told(entries)
        except Exception as error:  # noqa: BLE001 -- whatever a rogue wrote, it is a fault of this subject
            yield f"the entries of {self._who(state)} add up to nothing ({type(error).__name__})"
            return
        for name in self.names:
            if name not in told or told[name] is SOME:
                self.report.leave_out(f"{self.projection.subject_type}.{name}")
                if name not in told:
                    continue
            said, held = told[name], state[name]
            if isinstance(held, bytes):
                held = msgspec.json.decode(held)
            if not _same(said, held):
                yield printable(f"{self._who(state)}: {self._difference(name, said, held)}")

    def _difference(self, name: str, said: Any, held: Any) -> str:
        if name in self.projection.texts:
            there = "another text" if held else "none"
            return f"the entries say {name} = {_text(said)}, the table has {there}"
        if isinstance(said, list) and isinstance(held, list):
            said, held = [one for one in said if one not in held], [one for one in held if one not in said]
        if name in self.projection.times:
            said, held = _time(said), _time(held)
        return f"the entries say {name} = {_short(said)}, the table {_short(held)}"

    def _who(self, state: dict[str, Any]) -> str:
        kind, label = self.projection.subject_type, self.projection.label
        return printable(f"{kind} {state[label]}") if label else f"this {kind}"


def _same(said: Any, held: Any) -> bool:
    if said is SOME:
        return held is not None
    if isinstance(said, Text):
        return isinstance(held, str) and said.fits(held)
    return bool(said == held) and isinstance(said, bool) == isinstance(held, bool)


def _text(said: Any) -> str:
    if isinstance(said, Text):
        return f"the text of entry {said.seq}"
    return str(said) or "none"


def _time(value: Any) -> Any:
    try:
        return from_us(value).isoformat() if isinstance(value, int) else value
    except OverflowError:
        return value


def _short(value: Any) -> str:
    if isinstance(value, list):
        more = f" and {len(value) - _SHOWN} more" if len(value) > _SHOWN else ""
        return f"{value[:_SHOWN]}{more}"
    return "some value" if value is SOME else str(value)
