"""The life of a case as one table: state, act, next state, who may, what it needs, what the clock does.

Code, forms and the API's schema read this table; the database trigger is generated from it. The flow is
that of the digital city-management centres (report, accept, register, dispatch, sign, handle, inspect,
close), with every way back. State names are English here and translated in pages.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Where a case stands."""

    REPORTED = "reported"  # 待受理
    VERIFYING = "verifying"  # 待核实: accepted, being checked against the registration condition
    REGISTERED = "registered"  # 待派遣
    DISPATCHED = "dispatched"  # 待签收
    HANDLING = "handling"  # 处置中
    HANDLED = "handled"  # 待核查
    CLOSED = "closed"  # 结案
    SUSPENDED = "suspended"  # 挂账 (no act leads here yet)
    VOID = "void"  # 作废


class Who(StrEnum):
    """Which of those who hold the verb may act on this case."""

    SCOPE = "scope"  # anybody whose duty stands on an area above the case
    TARGET = "target"  # the post or organisation that the case was dispatched to
    HANDLER = "handler"  # the post or organisation that signed for it
    OTHER = "other"  # anybody in scope but the person who handled it


class Clock(StrEnum):
    """What an act does to the handling clock."""

    NONE = "none"
    START = "start"  # the limit of the class condition begins to run
    STOP = "stop"  # handed back: the handling time ends here
    RESUME = "resume"  # what was left of the limit runs on from now


class Transition(NamedTuple):
    """One row. `needs` names inputs that the act cannot do without (see `rules.Command`)."""

    act: str
    sources: tuple[State, ...]
    target: State | None  # None: the state stays
    who: Who = Who.SCOPE
    needs: tuple[str, ...] = ()
    clock: Clock = Clock.NONE


S = State
LIVE = (S.REPORTED, S.VERIFYING, S.REGISTERED, S.DISPATCHED, S.HANDLING, S.HANDLED)
"""States in which somebody must still act."""

ANY = (*LIVE, S.SUSPENDED, S.CLOSED, S.VOID)

TRANSITIONS: tuple[Transition, ...] = (
    Transition("accept", (S.REPORTED,), S.VERIFYING),
    Transition("reject", (S.REPORTED,), S.VOID, needs=("reason",)),
    Transition("register", (S.VERIFYING,), S.REGISTERED, needs=("case_class", "condition"), clock=Clock.START),
    Transition("dispatch", (S.REGISTERED,), S.DISPATCHED, needs=("target",)),
    Transition("recall", (S.DISPATCHED,), S.REGISTERED, needs=("reason",)),
    Transition("sign", (S.DISPATCHED,), S.HANDLING, who=Who.TARGET),
    Transition("handle", (S.HANDLING,), S.HANDLED, who=Who.HANDLER, needs=("note",), clock=Clock.STOP),
    Transition("inspect", (S.HANDLED,), None, who=Who.OTHER),
    Transition("rework", (S.HANDLED,), S.HANDLING, who=Who.OTHER, needs=("reason",), clock=Clock.RESUME),
    Transition("close", (S.HANDLED,), S.CLOSED, needs=("inspected",)),
    Transition("return", (S.DISPATCHED,), S.REGISTERED, who=Who.TARGET, needs=("reason",)),
    Transition("return", (S.HANDLING,), S.REGISTERED, who=Who.HANDLER, needs=("reason",)),
    Transition("return", (S.REGISTERED,), S.VERIFYING, needs=("reason",)),
    Transition("void", (S.VERIFYING, S.REGISTERED, S.DISPATCHED), S.VOID, needs=("reason",)),
    Transition("reopen", (S.CLOSED,), S.REGISTERED, needs=("reason",), clock=Clock.START),
    Transition("reopen", (S.VOID,), S.REPORTED, needs=("reason",)),
    Transition("comment", ANY, None, needs=("note",)),
    Transition("attach", ANY, None, needs=("files",)),
)

ACTS: tuple[str, ...] = tuple(dict.fromkeys(row.act for row in TRANSITIONS))
UNVERSIONED = frozenset({"comment", "attach"})
"""Acts that add to a case without changing its state: they need no expected version."""

_BY_ACT_AND_STATE = {(row.act, state): row for row in TRANSITIONS for state in row.sources}


def transition(act: str, state: str) -> Transition | None:
    """The row for this act in this state, or None where the act is not possible."""
    return _BY_ACT_AND_STATE.get((act, State(state)))


def possible(state: str) -> tuple[Transition, ...]:
    """All rows that start in this state, in the order of the table."""
    return tuple(row for row in TRANSITIONS if state in row.sources)


def state_pairs() -> tuple[tuple[str, str], ...]:
    """Each allowed change of state, for the database trigger."""
    return tuple(
        sorted({(source.value, row.target.value) for row in TRANSITIONS if row.target for source in row.sources})
    )
