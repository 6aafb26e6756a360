"""Every entry against its own digest, its predecessor and its contents, in one pass over two streams."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import msgspec

from wangge.base.digests import salted
from wangge.kernel.journal.digesting import entry_digest_of
from wangge.kernel.journal.erasing import ERASE
from wangge.kernel.journal.reading import BATCH
from wangge.kernel.journal.verifying.report import Report, printable
from wangge.kernel.journal.verifying.states import NOTHING, States

Row = tuple[Any, ...]
_decode = msgspec.json.decode
digest_of: Callable[..., bytes] = entry_digest_of
_END: Row = ("~", 0)  # sorts behind every UUID


class Chains:
    """Walks the entries, ordered by (subject, seq), and beside them the contents in the same order."""

    def __init__(
        self, report: Report, contents: Iterator[Row], states: States, tick: Callable[[int], None]
    ) -> None:
        self.report = report
        self.states = states
        self.salts: dict[str, bytes] = {}
        self.contents = contents
        self.content: Row = next(contents, _END)
        self.tick = tick
        self.subject = ""
        self.seq = 0
        self.digest: bytes | None = None
        self.recorded_at = 0
        self.empty: set[tuple[int, str]] = set()
        self.present: set[tuple[int, str]] = set()
        self.erased: set[tuple[int, str]] = set()

    def walk(self, entries: Iterator[Row]) -> None:
        """Verify all entries and contents of the two streams."""
        report, done = self.report, 0
        for row in entries:
            subject, seq, digest = row[0], row[1], row[13]
            if subject != self.subject:
                self._finish()
                self.subject, self.seq, self.digest, self.recorded_at = subject, 0, None, row[9]
            try:
                data = _decode(row[11])
                computed = digest_of(row[10], row[14], subject, seq, *row[2:10], data, _hex(row[12]))
            except Exception as error:  # noqa: BLE001 — whatever a rogue wrote, it is a fault of this row
                report.fault("entry-unreadable", f"cannot be read: {_why(error)}", subject=subject, seq=seq)
                data = computed = None
            else:
                if computed != digest:
                    report.fault(
                        "entry-digest", "its fields do not give its digest", subject=subject, seq=seq
                    )
            self._link(row)
            self._contents_of(row[10], data)
            self.states.note(row, data, self.salts or NOTHING)
            if self.salts:
                self.salts = {}
            if row[3] == ERASE and isinstance(data, dict):
                self._note_erasure(data.get("erased"))
            done += 1
            if done % BATCH == 0:
                self.tick(done)
        self._finish()
        self.states.close()
        self._orphans(*_END)
        report.entries += done
        self.tick(done)

    def _link(self, row: Row) -> None:
        """The entry follows the one before it: number, digest and time."""
        subject, seq, recorded_at = row[0], row[1], row[9]
        if seq != self.seq + 1:
            gone = f"{self.seq + 1}" if seq == self.seq + 2 else f"{self.seq + 1} to {seq - 1}"
            self.report.fault("chain-gap", f"entry {gone} before this one is gone", subject=subject, seq=seq)
        elif row[12] != self.digest:
            self.report.fault(
                "chain-link", f"does not chain to the digest of entry {self.seq}", subject=subject, seq=seq
            )
        if recorded_at < self.recorded_at:
            self.report.fault("chain-time", "was recorded before its predecessor", subject=subject, seq=seq)
        self.seq, self.digest, self.recorded_at = seq, row[13], recorded_at

    def _contents_of(self, form: int, data: Any) -> None:
        """The contents of the present entry against the digests that it names; `data` None is unreadable."""
        key = (self.subject, self.seq)
        if self.content[:2] < key:
            self._orphans(*key)
        named = data.get("content") if isinstance(data, dict) else None
        if self.content[:2] != key and not named:
            return
        named = dict(named) if isinstance(named, dict) else {}
        while self.content[:2] == key:
            self._content(form, named, unreadable=data is None)
            self.content = next(self.contents, _END)
        for field in named:
            self._fault("content-missing", f"the content “{field}” that the entry names is gone")

    def _content(self, form: int, named: dict[str, Any], *, unreadable: bool) -> None:
        _, seq, field, value, salt = self.content
        self.report.contents += 1
        if unreadable:
            return None
        if field not in named:
            return self._fault("content-unnamed", f"the entry names no content “{printable(field)}”")
        expected = named.pop(field)
        if value is None and salt is None:
            self.empty.add((seq, field))
            return None
        self.present.add((seq, field))
        self.salts[field] = salt
        try:
            fits = salted(form, salt, value).hex() == expected
        except Exception as error:  # noqa: BLE001 — as above
            return self._fault("content-unreadable", f"the content “{field}” cannot be read: {_why(error)}")
        return (
            None if fits else self._fault("content-digest", f"the content “{field}” does not give its digest")
        )

    def _orphans(self, subject: str, seq: int) -> None:
        while self.content[:2] < (subject, seq):
            self.report.contents += 1
            self.report.fault(
                "content-unnamed",
                f"content “{printable(self.content[2])}” of an entry that is not there",
                subject=self.content[0],
                seq=self.content[1],
            )
            self.content = next(self.contents, _END)

    def _note_erasure(self, listed: Any) -> None:
        try:
            self.erased.update((seq, field) for seq, field in listed)
        except (TypeError, ValueError) as error:
            self._fault("entry-unreadable", f"its list of erased contents cannot be read: {_why(error)}")

    def _finish(self) -> None:
        """The subject's last entry has been seen: erased is what an erasure names, and nothing else."""
        if self.empty:
            self.report.erased += len(self.empty & self.erased)
            for seq, field in sorted(self.empty - self.erased):
                self.seq = seq
                self._fault("content-erased", f"the content “{field}” was erased, but no entry says so")
        for seq, field in sorted(self.erased & self.present):
            self.seq = seq
            self._fault("content-returned", f"the content “{field}” was erased and is there again")
        if self.empty or self.present or self.erased:
            self.empty, self.present, self.erased = set(), set(), set()

    def _fault(self, kind: str, detail: str) -> None:
        self.report.fault(kind, detail, subject=self.subject, seq=self.seq)


def _hex(digest: bytes | None) -> str | None:
    return None if digest is None else "\\x" + digest.hex()


def _why(error: Exception) -> str:
    return printable(f"{type(error).__name__}: {error}")[:200]
