"""What came of the simulated past: counts, a digest of every act, and the cases on their way into the tables."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from typing import Any, NamedTuple

from wangge.base.clock import to_us
from wangge.base.mandate import Mandate
from wangge.kernel.cases.bulk import copy_rows, draw
from wangge.kernel.cases.recording import rows_of
from wangge.scenarios.nanxiashu.past.docket import Case

BATCH = 600
"""Cases in a batch: some five thousand entries."""


class Counted(NamedTuple):
    """A case as far as it is counted: number of its event, class, state, tier, whether late, acts with their times."""

    number: int
    major: str
    state: str
    tier: str
    late: bool
    acts: Sequence[tuple[str, int]]


class Tally:
    """Counts each case once, when nothing more happens to it."""

    def __init__(self) -> None:
        self.classes: Counter[str] = Counter()
        self.states: Counter[str] = Counter()
        self.tiers: Counter[str] = Counter()
        self.verbs: Counter[str] = Counter()
        self.late = 0
        self._lines: dict[int, bytes] = {}

    def add(self, case: Case) -> None:
        """Count a case that was simulated."""
        state = case.state
        late = bool(state.due_at and state.handled_at and state.handled_at > state.due_at)
        acts = [(act.verb, to_us(by.at)) for act, by in zip(case.acts, case.mandates, strict=True)]
        self.count(Counted(case.event.number, case.event.code[:3], state.state, state.tier, late, acts))

    def count(self, one: Counted) -> None:
        """Count it, and keep a digest of its acts with their times."""
        self.classes[one.major] += 1
        self.states[one.state] += 1
        if one.state == "closed":
            self.tiers[one.tier] += 1
            self.late += one.late
        self.verbs.update(verb for verb, _ in one.acts)
        line = "|".join([f"{one.state} {one.tier}", *(f"{verb} {at}" for verb, at in one.acts)])
        self._lines[one.number] = sha256(line.encode()).digest()

    @property
    def digest(self) -> str:
        """Of all cases in the order of their reports."""
        return sha256(b"".join(self._lines[number] for number in sorted(self._lines))).hexdigest()

    def facts(self) -> dict[str, Any]:
        """The outcome. What was void is no case to close: the share is of the others."""
        closed, events = self.states["closed"], self.states.total()
        real = events - self.states["void"]
        tiers = {tier: self.tiers[tier] for tier in ("grid", "community", "subdistrict")}
        return {
            "events": events,
            "classes": len(self.classes),
            "by_class": dict(sorted(self.classes.items())),
            "closed": closed,
            "void": self.states["void"],
            "open": real - closed,
            "closed_percent": percent(closed, real),
            "by_tier": tiers,
            "by_tier_percent": {tier: percent(number, closed) for tier, number in tiers.items()},
            "on_time_percent": percent(closed - self.late, closed),
            "by_state": dict(sorted(self.states.items())),
            "acts": self.verbs.total(),
            "by_act": dict(sorted(self.verbs.items())),
            "digest": self.digest,
        }


def percent(part: int, whole: int) -> str | None:
    """Two decimals, rounded half up; None where there is nothing to divide by."""
    if not whole:
        return None
    hundredths = (part * 20_000 + whole) // (2 * whole)
    return f"{hundredths // 100}.{hundredths % 100:02d}"


class Books(Tally):
    """A tally that also stores: in batches by COPY, in the caller's transaction."""

    def __init__(self, by: Mandate, progress: Callable[[int], None]) -> None:
        super().__init__()
        self._by = by
        self._progress = progress
        self._batch: list[Case] = []

    def add(self, case: Case) -> None:
        """Count it, and store it with its batch."""
        super().add(case)
        self._batch.append(case)
        if len(self._batch) == BATCH:
            self.flush()

    def flush(self) -> None:
        """Store what waits."""
        batch, self._batch = self._batch, []
        if not batch:
            return
        changes = [case.change() for case in batch]
        ordinals = draw("journal_entry_ordinal", sum(len(change.acts) for change in changes))
        copy_rows(rows_of(changes, ordinals, by=self._by, reports=[case.report for case in batch],
                          terms=[case.terms for case in batch]))
        self._progress(len(batch))
