"""The life of a task as one table: act, states it starts from, next state, who may, what it needs.

A task is a directive (交办) that somebody who leads gives to a post or an organisation, or a call (直达) by which
the front line reaches who leads. Both live by the same table: it is received (签收), answered, and the answer is
accepted or sent back. Who issued it and who is addressed are posts: whoever holds the post next goes on with it.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class Kind(StrEnum):
    """Which way a task goes."""

    DIRECTIVE = "directive"  # 交办: from who leads to a post or an organisation
    CALL = "call"  # 直达: from the front line to who leads, with a time to answer


class State(StrEnum):
    """Where a task stands."""

    ISSUED = "issued"  # 待签收
    TAKEN = "taken"  # 办理中: received, the addressee works on it
    REPLIED = "replied"  # 待验收: answered, the issuer has to say whether that will do
    DECLINED = "declined"  # 已退回: the addressee gave it back, the issuer sends it elsewhere or ends it
    DONE = "done"  # 已办结
    WITHDRAWN = "withdrawn"  # 已撤回


class Who(StrEnum):
    """Which of those who hold the verb may do it to this task."""

    ADDRESSEE = "addressee"
    ISSUER = "issuer"
    CLOCK = "clock"


class Transition(NamedTuple):
    """One row. `needs` names inputs that the act cannot do without, `guards` conditions on the task."""

    act: str
    sources: tuple[State, ...]
    target: State | None  # None: the state stays
    who: Who
    needs: tuple[str, ...] = ()
    guards: tuple[str, ...] = ()


S = State
T = Transition
HELD = (S.ISSUED, S.TAKEN)
"""The addressee has it in hand: here the deadline counts."""
OPEN = (*HELD, S.REPLIED, S.DECLINED)
ENDED = (S.DONE, S.WITHDRAWN)

TRANSITIONS: tuple[Transition, ...] = (
    # whom it is addressed to
    T("read_task", OPEN, None, Who.ADDRESSEE, guards=("unread",)),
    T("take_task", (S.ISSUED,), S.TAKEN, Who.ADDRESSEE),
    T("progress", HELD, None, Who.ADDRESSEE, ("note",)),
    T("reply_task", HELD, S.REPLIED, Who.ADDRESSEE, ("note",)),
    T("decline_task", HELD, S.DECLINED, Who.ADDRESSEE, ("reason",)),
    # who issued it
    T("accept_reply", (S.REPLIED,), S.DONE, Who.ISSUER, guards=("not_replier",)),
    T("send_back", (S.REPLIED,), S.TAKEN, Who.ISSUER, ("reason", "time_ahead")),
    T("redirect", (*HELD, S.DECLINED), S.ISSUED, Who.ISSUER, ("target", "time_ahead")),
    T("remind_task", HELD, None, Who.ISSUER),
    T("postpone", HELD, None, Who.ISSUER, ("due_at",)),
    T("withdraw_task", OPEN, S.WITHDRAWN, Who.ISSUER, ("reason",)),
    # the clock
    T("fall_due", HELD, None, Who.CLOCK, guards=("due",)),
)

INTERNAL = frozenset({"fall_due"})
"""Acts that the clock does; nobody asks for them."""
ACTS: tuple[str, ...] = tuple(dict.fromkeys(row.act for row in TRANSITIONS if row.act not in INTERNAL))
"""Acts that somebody may ask for, in the order of the table."""
UNVERSIONED = frozenset({"read_task", "progress", "remind_task"})
"""Acts that change no state: they need no expected version."""
QUIET = UNVERSIONED | INTERNAL
"""Acts that do not make out of date what somebody saw of a task."""

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
