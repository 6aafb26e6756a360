"""The life of a spot file as one table: act, states it starts from, next state, what it needs.

A spot file (点位档案) is kept about a place where cases of one class come back (整治—反弹—再整治). People record
campaigns and set remedies; that a remedy held or rebounded (反弹) nobody types: it follows from the cases, by the job.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Where a spot file stands."""

    OPEN = "open"  # 待整治: cases come back, nothing lasting is being done
    REMEDY = "under_remedy"  # 治理中: a remedy has an owner and a planned day
    WATCHING = "watching"  # 观察中: the remedy is finished; does it hold?
    RESOLVED = "resolved"  # 已销号: it held, or somebody closed the file with a reason
    REOPENED = "reopened"  # 已反弹: cases came back after that


class Transition(NamedTuple):
    """One row. `needs` names inputs that the act cannot do without."""

    act: str
    sources: tuple[State, ...]
    target: State | None  # None: the state stays
    needs: tuple[str, ...] = ()


S = State
T = Transition
ANY = tuple(State)
ACTIVE = (S.OPEN, S.REMEDY, S.WATCHING, S.REOPENED)
"""The file is open: somebody must still see to the place."""

TRANSITIONS: tuple[Transition, ...] = (
    T("campaign", ACTIVE, None, ("note",)),
    T("set_remedy", (S.OPEN, S.REOPENED), S.REMEDY, ("kind", "owner", "planned_on")),
    T("finish_remedy", (S.REMEDY,), S.WATCHING),
    T("drop_remedy", (S.REMEDY,), S.OPEN, ("reason",)),
    T("close_spot", (S.OPEN, S.WATCHING, S.REOPENED), S.RESOLVED, ("reason",)),
    T("reopen_spot", (S.RESOLVED,), S.REOPENED, ("reason",)),
    # what follows from the cases
    T("join_spot", ANY, None),
    T("rebound", (S.WATCHING, S.RESOLVED), S.REOPENED),
    T("rebound", (S.OPEN, S.REMEDY, S.REOPENED), None),
    T("hold", (S.WATCHING,), S.RESOLVED),
    T("hold", (S.OPEN, S.REMEDY, S.RESOLVED, S.REOPENED), None),
    T("recur", (S.RESOLVED,), S.REOPENED),
)

INTERNAL = frozenset({"join_spot", "rebound", "hold", "recur"})
"""Acts that follow from the cases; nobody asks for them."""

ACTS: tuple[str, ...] = tuple(dict.fromkeys(row.act for row in TRANSITIONS if row.act not in INTERNAL))
"""Acts that somebody may ask for, in the order of the table."""

QUIET = frozenset({"join_spot"})
"""Acts that do not make out of date what somebody saw of a file."""

KINDS = ("relief_point", "parking", "works", "other")
"""What a remedy is: a relief point (疏导点), parking spaces (停车位), works (工程), something else."""

OUTCOMES = ("held", "rebounded", "dropped")
"""What became of a remedy: nothing came back, it rebounded, or it was given up before it was finished."""

_BY_ACT_AND_STATE = {(row.act, state): row for row in TRANSITIONS for state in row.sources}
assert len(_BY_ACT_AND_STATE) == sum(len(row.sources) for row in TRANSITIONS), "one row for an act in a state"


def transition(act: str, state: str) -> Transition | None:
    """The row for this act in this state, or None where the act is not possible."""
    return _BY_ACT_AND_STATE.get((act, State(state)))


def possible(state: str) -> tuple[Transition, ...]:
    """The acts that somebody may ask for in this state, in the order of the table."""
    return tuple(row for row in TRANSITIONS if state in row.sources and row.act not in INTERNAL)


def state_pairs() -> tuple[tuple[str, str], ...]:
    """Each allowed change of state, for the database trigger."""
    return tuple(sorted({(source.value, row.target.value) for row in TRANSITIONS if row.target
                         for source in row.sources if source != row.target}))
