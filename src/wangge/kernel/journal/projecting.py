"""What the entries about a subject add up to: how a room tells its state table from the journal alone.

A room registers one `Projection` for each type of subject; `verify` compares every row with it. A projection
reads values as the journal keeps them: ids as text, times as UTC microseconds, text of people as a digest.
What an older entry does not say is left out, never guessed: it is counted, not compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any, Final, NamedTuple

from wangge.base.digests import salted


class _Some(Enum):
    SOME = "some value"


SOME: Final = _Some.SOME
"""Told by an older entry: there is a value, but not which."""


class Text(NamedTuple):
    """A text of people that entry `seq` names by its salted digest; `salt` is None once it is erased."""

    seq: int
    form: int
    digest: str
    salt: bytes | None

    def fits(self, value: str) -> bool:
        """Whether this is the text; of an erased one nobody can tell any more, so that everything fits."""
        if self.salt is None:
            return True
        try:
            return salted(self.form, self.salt, value).hex() == self.digest
        except UnicodeEncodeError:
            return False


class Told(NamedTuple):
    """One entry as a projection reads it; `salts` are those of its contents that are not erased."""

    subject: str
    seq: int
    verb: str
    area: str | None
    recorded_at: int
    form: int
    data: Mapping[str, Any]
    salts: Mapping[str, bytes]

    def text(self, field: str) -> Text | str:
        """The content under this name, '' where the entry names none."""
        digest = self.data.get("content", {}).get(field)
        return "" if digest is None else Text(self.seq, self.form, digest, self.salts.get(field))


State = dict[str, Any]
Step = Callable[[State, Told], None]


@dataclass(frozen=True, slots=True)
class Projection:
    """How the rows of one state table are told from their entries.

    `columns` gives by name an SQL expression over the row `s` (and `joins`); jsonb is compared as what it holds.
    `told` adds up a subject's entries to values by the same names; a name that it leaves out is not compared.
    `times` are shown as times; of `texts`, which people wrote, no value of the table is ever shown. `label`
    is the column by which people know the subject.
    """

    subject_type: str
    table: str
    columns: Mapping[str, str]
    told: Callable[[Sequence[Told]], State]
    joins: str = ""
    times: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()
    label: str | None = None


_known: dict[str, Projection] = {}


def project(projection: Projection) -> None:
    """Let `verify` compare this state table. Registering twice changes nothing."""
    _known[projection.subject_type] = projection


def projections() -> list[Projection]:
    """All that are registered."""
    return list(_known.values())


def stepping(steps: Mapping[str, Step]) -> Callable[[Sequence[Told]], State]:
    """A `told` by a table: what each verb does to the state. A verb that is not in it changes none of the columns."""

    def told(entries: Sequence[Told]) -> State:
        state: State = {}
        for entry in entries:
            if step := steps.get(entry.verb):
                step(state, entry)
        return state

    return told


def microseconds(expression: str) -> str:
    """SQL for a timestamp within jsonb as the journal keeps times; takes infinity too."""
    return f"trunc(extract(epoch FROM {expression}) * 1000000)"
