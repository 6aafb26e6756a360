"""The life of a case as one table: state, act, next state, who may, what it needs, what its clock does.

Code, forms and the API's schema read this table; the database trigger is generated from it. The flow is
that of the digital city-management centres (report, accept, verify, register, dispatch, sign, handle, inspect,
close), with every way back and aside. State names are English here and translated in pages. Conditions on the
case itself (`guards`) stand in `guards.GUARDS`, inputs (`needs`) in `needs.NEEDS`.
"""

from __future__ import annotations

from enum import StrEnum
from typing import NamedTuple


class State(StrEnum):
    """Where a case stands."""

    REPORTED = "reported"  # 待受理
    VERIFYING = "verifying"  # 待核实: accepted, being checked on the spot before it is registered
    REGISTERED = "registered"  # 待派遣
    DISPATCHED = "dispatched"  # 待签收
    HANDLING = "handling"  # 处置中
    HANDLED = "handled"  # 待核查
    CLOSED = "closed"  # 结案
    SUSPENDED = "suspended"  # 挂账
    VOID = "void"  # 作废


class Who(StrEnum):
    """Which of those who hold the verb may act on this case."""

    SCOPE = "scope"  # anybody whose duty stands on an area above the case
    TARGET = "target"  # the post or organisation that the case was dispatched to
    HANDLER = "handler"  # the post or organisation that signed for it
    OTHER = "other"  # anybody in scope but the person who handled it
    REPORTER = "reporter"  # the person who reported it
    CALLED = "called"  # the organisation that was called to the spot


class Clock(StrEnum):
    """What an act does to the handling clock."""

    NONE = "none"
    START = "start"  # the limit of the class condition begins to run
    STOP = "stop"  # handed back: the handling time ends here
    RESUME = "resume"  # what was left of the limit when it was handed back runs on from now
    PAUSE = "pause"  # suspended: nothing runs
    CONTINUE = "continue"  # what was left when it was suspended runs on from now
    EXTEND = "extend"  # one more limit, counted from the old due time
    AT_ONCE = "at_once"  # begun and ended with the act itself


class Transition(NamedTuple):
    """One row. `needs` names inputs that the act cannot do without, `guards` conditions on the case.

    `joined` rows are open to a case that was merged into another; all others are refused for it.
    """

    act: str
    sources: tuple[State, ...]
    target: State | None  # None: the state stays
    who: Who = Who.SCOPE
    needs: tuple[str, ...] = ()
    clock: Clock = Clock.NONE
    guards: tuple[str, ...] = ()
    joined: bool = False


S = State
T = Transition
LIVE = (S.REPORTED, S.VERIFYING, S.REGISTERED, S.DISPATCHED, S.HANDLING, S.HANDLED)
"""States in which somebody must still act."""

OPEN = (*LIVE, S.SUSPENDED)
HELD = (S.REGISTERED, S.DISPATCHED, S.HANDLING)
"""States in which a tier holds the case and the handling clock runs."""

EARLY = (S.REPORTED, S.VERIFYING, S.REGISTERED)
"""States in which nobody works on it yet: here a case may be merged into another."""

ENDED = (S.CLOSED, S.VOID)
ANY = (*OPEN, *ENDED)
SORT = ("case_class", "condition")

TRANSITIONS: tuple[Transition, ...] = (
    # taking it in
    T("accept", (S.REPORTED,), S.VERIFYING),
    T("reject", (S.REPORTED,), S.VOID, needs=("reason",)),
    T("confirm", (S.VERIFYING,), None, guards=("unconfirmed",)),
    T("register", (S.REPORTED, S.VERIFYING), S.REGISTERED, needs=SORT, clock=Clock.START, guards=("confirmed",)),
    T("dispose", (S.REPORTED,), S.HANDLED, Who.REPORTER, (*SORT, "evidence"), Clock.AT_ONCE, ("seen", "answered")),
    T("merge", EARLY, None, needs=("other",), guards=("undivided",)),
    T("separate", EARLY, None, needs=("reason",), guards=("joined",), joined=True),
    # sending it out
    T("dispatch", (S.REGISTERED,), S.DISPATCHED, needs=("target",), guards=("no_meeting",)),
    T("share", (S.REGISTERED,), S.HANDLING, needs=("parts",), guards=("no_meeting", "undivided")),
    T("rule", (S.REGISTERED,), S.DISPATCHED, needs=("reason", "named_target"), guards=("meeting",)),
    T("recall", (S.DISPATCHED,), S.REGISTERED, needs=("reason",)),
    T("sign", (S.DISPATCHED,), S.HANDLING, Who.TARGET),
    # working on it
    T("handle", (S.HANDLING,), S.HANDLED, Who.HANDLER, needs=("note",), clock=Clock.STOP, guards=("whole",)),
    T("gather", (S.HANDLING,), S.HANDLED, clock=Clock.STOP, guards=("divided",)),
    T("part_back", (S.HANDLED,), S.HANDLING, clock=Clock.RESUME, guards=("divided",)),
    T("return", (S.DISPATCHED,), S.REGISTERED, Who.TARGET, needs=("reason",), guards=("unruled",)),
    T("return", (S.HANDLING,), S.REGISTERED, Who.HANDLER, needs=("reason",), guards=("unruled", "whole")),
    T("return", (S.REGISTERED,), S.VERIFYING, needs=("reason",), guards=("dispatcher", "no_meeting")),
    T("whistle", HELD, None, needs=("organisation",), guards=("no_call",)),
    T("arrive", (*HELD, S.HANDLED), None, Who.CALLED, guards=("call",)),
    # checking and ending it
    T("inspect", (S.HANDLED,), None, Who.OTHER, guards=("uninspected",)),
    T("rework", (S.HANDLED,), S.HANDLING, Who.OTHER, needs=("reason",), clock=Clock.RESUME, guards=("whole",)),
    T("close", (S.HANDLED,), S.CLOSED, guards=("inspected", "answered")),
    T("void", (S.VERIFYING, S.REGISTERED, S.DISPATCHED), S.VOID, needs=("reason",), guards=("own_link",)),
    T("force_close", (*HELD, S.HANDLED, S.SUSPENDED), S.CLOSED, needs=("reason",)),
    T("reopen", (S.CLOSED,), S.REGISTERED, needs=("reason",), clock=Clock.START),
    T("reopen", (S.VOID,), S.REPORTED, needs=("reason",)),
    T("dissent", (S.CLOSED,), S.REGISTERED, needs=("reason",), clock=Clock.START, guards=("recent",), joined=True),
    T("rate", (S.CLOSED,), None, needs=("satisfaction",), guards=("unrated",), joined=True),
    # more time, or none
    T("ask_extension", (S.HANDLING,), None, Who.HANDLER, ("reason",), guards=("unasked", "running", "extendable")),
    T("endorse", (S.HANDLING,), None, Who.OTHER, guards=("extension_asked", "not_asker")),
    T(
        "extend",
        (S.HANDLING,),
        None,
        Who.OTHER,
        clock=Clock.EXTEND,
        guards=("extension_endorsed", "not_asker", "not_endorser"),
    ),
    T("ask_suspension", (S.HANDLING,), None, Who.HANDLER, ("reason", "until"), guards=("unasked", "unsuspended")),
    T("suspend", (S.HANDLING,), S.SUSPENDED, Who.OTHER, (), Clock.PAUSE, ("suspension_asked", "ahead", "not_asker")),
    T("resume", (S.SUSPENDED,), S.HANDLING, clock=Clock.CONTINUE),
    T("appeal", (S.CLOSED,), None, Who.HANDLER, ("reason",), guards=("unasked", "late", "unappealed")),
    T("review", (S.CLOSED,), None, Who.OTHER, guards=("appeal_asked", "not_asker")),
    T("exempt", (S.CLOSED,), None, Who.OTHER, guards=("appeal_reviewed", "not_asker", "not_reviewer")),
    T("refuse", (S.HANDLING, S.CLOSED), None, Who.OTHER, ("reason",), guards=("asked", "not_asker")),
    T("withdraw", (S.HANDLING, S.CLOSED), None, Who.HANDLER, guards=("asked",)),
    # up, down, and watched
    T("send_up", (S.REGISTERED,), None, needs=("reason",), guards=("not_top",)),
    T("send_up", (S.DISPATCHED,), S.REGISTERED, Who.TARGET, ("reason",), guards=("not_top", "unruled")),
    T("send_up", (S.HANDLING,), S.REGISTERED, Who.HANDLER, ("reason",), guards=("not_top", "unruled", "whole")),
    T("send_down", (S.REGISTERED,), None, needs=("reason",), guards=("not_bottom",)),
    T("escalate", HELD, None, guards=("tier_overdue",)),
    T("warn", HELD, None, guards=("warning_due",)),
    T("supervise", OPEN, None, needs=("reason", "answer_by"), guards=("no_order",)),
    T("answer", EARLY, None, needs=("note",), guards=("order", "not_supervisor")),
    T(
        "answer",
        (S.DISPATCHED, S.HANDLING, S.HANDLED, S.SUSPENDED),
        None,
        Who.HANDLER,
        ("note",),
        guards=("order", "not_supervisor"),
    ),
    T("urge", LIVE, None, guards=("unreminded",)),
    # with the case that it was merged into
    T("follow_move", EARLY, None, guards=("joined",), joined=True),
    T("follow_close", EARLY, S.CLOSED, guards=("joined",), joined=True),
    T("follow_void", EARLY, S.VOID, guards=("joined",), joined=True),
    T("follow_reopen", (S.CLOSED,), S.REGISTERED, guards=("joined",), joined=True),
    T("follow_reopen", (S.VOID,), S.REPORTED, guards=("joined",), joined=True),
    # beside the flow
    T("tell", ANY, None, needs=("note",), guards=("by_public",), joined=True),
    T("comment", ANY, None, needs=("note",), joined=True),
    T("attach", ANY, None, needs=("files",), joined=True),
)

INTERNAL = frozenset(
    {"gather", "part_back", "escalate", "warn", "follow_move", "follow_close", "follow_void", "follow_reopen"}
)
"""Acts that follow from others or from the clock; nobody asks for them."""

ALL_ACTS: tuple[str, ...] = tuple(dict.fromkeys(row.act for row in TRANSITIONS))
ACTS: tuple[str, ...] = tuple(act for act in ALL_ACTS if act not in INTERNAL)
"""Acts that somebody may ask for, in the order of the table."""

UNVERSIONED = frozenset({"tell", "comment", "attach", "urge"})
"""Acts that add to a case without changing its state: they need no expected version."""

QUIET = UNVERSIONED | {"warn", "escalate"}
"""Acts that do not make out of date what somebody saw of a case."""

_BY_ACT_AND_STATE = {(row.act, state): row for row in TRANSITIONS for state in row.sources}
assert len(_BY_ACT_AND_STATE) == sum(len(row.sources) for row in TRANSITIONS), "one row for an act in a state"


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
