"""What verifying finds."""

from __future__ import annotations

from dataclasses import dataclass, field
from uuid import UUID

KEPT = 10_000
"""So many faults are listed; the rest are counted."""


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is not as it was written.

    `kind` is a code (see the room's README); `subject_id` and `seq` name the entry, `ordinal` a sealed place
    whose entry is gone, or the number of a seal when `kind` begins with `seal-`. `detail` is one sentence.
    """

    kind: str
    subject_id: UUID | None
    seq: int | None
    ordinal: int | None
    detail: str

    def __str__(self) -> str:
        named = [
            f"{name} {value}"
            for name, value in (
                ("subject", self.subject_id),
                ("entry", self.seq),
                ("seal" if self.kind.startswith("seal-") else "ordinal", self.ordinal),
            )
            if value is not None
        ]
        return f"{self.kind}: {', '.join(named)}: {self.detail}"


@dataclass(slots=True)
class Report:
    """How many entries, contents and seals were verified, how many contents are erased, and every fault.

    `unsealed` counts entries that no seal covers yet: that is no fault. `faults` is cut off at `KEPT`;
    `fault_count` is the whole number. `states` counts by type the subjects whose state was compared with their
    entries; `untold` by column the values that older entries do not tell, so that nobody can compare them.
    """

    entries: int = 0
    contents: int = 0
    seals: int = 0
    erased: int = 0
    unsealed: int = 0
    fault_count: int = 0
    faults: list[Fault] = field(default_factory=list)
    states: dict[str, int] = field(default_factory=dict)
    untold: dict[str, int] = field(default_factory=dict)

    @property
    def clean(self) -> bool:
        """Whether there is no fault at all."""
        return not self.fault_count

    def fault(
        self,
        kind: str,
        detail: str,
        *,
        subject: str | None = None,
        seq: int | None = None,
        ordinal: int | None = None,
    ) -> None:
        """Note a fault."""
        self.fault_count += 1
        if len(self.faults) < KEPT:
            self.faults.append(Fault(kind, UUID(subject) if subject else None, seq, ordinal, detail))

    def leave_out(self, column: str) -> None:
        """Note a value that the entries do not tell; that is no fault."""
        self.untold[column] = self.untold.get(column, 0) + 1


def printable(text: str) -> str:
    """The text without half characters, which no stream takes."""
    return text.encode("utf-8", "backslashreplace").decode()
