"""Conditions on a case that an act needs beyond its state: one table, read by decisions and by the list of offers.

Each guard is a test over the case and the mandate; where it fails, the act is refused as a conflict with the
present state, in the words that stand beside it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from wangge.base.mandate import Mandate
from wangge.kernel.cases.lifecycle import State
from wangge.kernel.cases.state import CaseState

SEEN_SOURCES = frozenset(
    {"grid_worker", "patrol", "city_inspection", "district_inspection", "volunteer", "leader", "police", "import"}
)
"""Sources whose reporter stood before the thing: such a report needs no verification (核实)."""

TOLD_SOURCES = frozenset({"resident", "hotline", "enterprise", "media"})
"""Sources whose reporter is somebody outside, who follows the report by its code and is answered there."""

TIERS = ("grid", "community", "subdistrict")
"""Small matters end in the grid, big ones in the community, hard ones in the subdistrict."""

MOST_EXTENSIONS = 2
MOST_SUSPENSIONS = 1
REOPEN_WITHIN = timedelta(days=7)
REFUSALS_TO_MEETING = 2
REMIND_EVERY = timedelta(hours=1)
"""Whoever has a case in hand is reminded of it (催办) once in this time, by how many people ever."""

Test = Callable[[CaseState, Mandate], bool]


class Guard(NamedTuple):
    """When `test` is false the act is refused with `text`; `expected` says what would be right."""

    test: Test
    text: str
    expected: str


def moment_of(by: Mandate) -> datetime:
    """The time that clocks count from: the server's on live channels, the event's own for imports."""
    return by.at if by.clock_from_at else by.recorded_at


def done_at(state: CaseState) -> datetime | None:
    """When the work was done: handed back, or, where the source knows only that, closed. Closing by force does no work.

    `indicators.bases.DONE_AT` says the same in SQL; a test compares them.
    """
    return state.handled_at or (None if state.forced else state.closed_at)


def _asked(kind: str, step: str) -> Test:
    return lambda state, by: state.request == kind and state.request_step == step


def _late(state: CaseState, by: Mandate) -> bool:
    ended = done_at(state)
    return state.due_at is not None and ended is not None and ended > state.due_at


def _own_link(state: CaseState, by: Mandate) -> bool:
    """What a unit returned to the dispatcher goes out again or back to intake; the dispatcher does not end it,
    neither at once nor after sending it to anybody."""
    sent = state.state in (State.REGISTERED, State.DISPATCHED)
    return not (sent and state.returns > 0 and state.dispatched_at is not None)


def _recent(state: CaseState, by: Mandate) -> bool:
    return state.closed_at is not None and moment_of(by) - state.closed_at <= REOPEN_WITHIN


def _inspected(state: CaseState, by: Mandate) -> bool:
    return state.inspected_at is not None or (state.self_disposed and state.sampled is False)


GUARDS: Mapping[str, Guard] = {
    "unconfirmed": Guard(
        lambda state, by: state.verified_at is None and state.source not in SEEN_SOURCES,
        "It needs no verification, or has been verified already.",
        "register",
    ),
    "confirmed": Guard(
        lambda state, by: state.verified_at is not None or state.source in SEEN_SOURCES,
        "A report from the public is accepted and verified before it is registered.",
        "accept, then confirm",
    ),
    "seen": Guard(
        lambda state, by: state.source in SEEN_SOURCES,
        "Only who stood before the thing may file it as disposed of.",
        "a report from a patrol, a grid worker or an inspector",
    ),
    "joined": Guard(lambda state, by: state.merged_into is not None, "It is not joined to another case.", "merge"),
    "undivided": Guard(
        lambda state, by: state.parts == 0 and state.parent is None,
        "It is shared between units, or is such a share.",
        "a case that is whole",
    ),
    "whole": Guard(lambda state, by: state.parts == 0, "It ends when all its parts have ended.", "act on its parts"),
    "divided": Guard(lambda state, by: state.parts > 0, "It has no parts.", "a case that is shared"),
    "no_meeting": Guard(
        lambda state, by: state.meeting != "called",
        "It was refused twice: a joint meeting decides who handles it.",
        "rule",
    ),
    "meeting": Guard(lambda state, by: state.meeting == "called", "No joint meeting was called.", "dispatch"),
    "unruled": Guard(
        lambda state, by: state.meeting != "ruled",
        "A joint meeting has ruled that this unit handles it.",
        "handle it, or ask for an extension",
    ),
    "dispatcher": Guard(
        lambda state, by: by.allows("dispatch", state.path),
        "Only who dispatches gives it back to intake.",
        "whoever dispatches here",
    ),
    "own_link": Guard(
        _own_link,
        "A unit returned it: who dispatches it sends it out again or back to intake, and does not end it.",
        "dispatch or return",
    ),
    "no_call": Guard(lambda state, by: state.called is None, "A unit is called already.", "wait until it arrives"),
    "call": Guard(lambda state, by: state.called is not None, "Nobody was called.", "whistle"),
    "uninspected": Guard(
        lambda state, by: state.inspected_at is None, "The work has been inspected already.", "close or rework"
    ),
    "inspected": Guard(_inspected, "Nobody has inspected the work yet.", "inspect first"),
    "answered": Guard(
        lambda state, by: state.supervision_due_at is None, "A supervision order waits for its answer.", "answer first"
    ),
    "recent": Guard(_recent, "It was closed more than 7 days ago.", "a new report"),
    "unrated": Guard(lambda state, by: state.satisfaction is None, "It has been rated already.", "dissent"),
    "unasked": Guard(
        lambda state, by: state.request is None, "A request is waiting for its answer.", "wait, or withdraw it"
    ),
    "asked": Guard(lambda state, by: state.request is not None, "Nothing was asked for.", "no answer"),
    "running": Guard(
        lambda state, by: state.due_at is not None and moment_of(by) < state.due_at,
        "The limit is over: an extension is asked for before it ends.",
        "hand it back, and appeal",
    ),
    "extendable": Guard(
        lambda state, by: state.extensions < MOST_EXTENSIONS and bool(state.limit_amount),
        f"It was extended {MOST_EXTENSIONS} times, or has no limit of its own.",
        "hand it back, or ask for a suspension",
    ),
    "unsuspended": Guard(
        lambda state, by: state.suspensions < MOST_SUSPENSIONS, "It was suspended once already.", "handle it"
    ),
    "extension_asked": Guard(_asked("extension", "endorse"), "No extension waits for endorsement.", "ask_extension"),
    "extension_endorsed": Guard(_asked("extension", "extend"), "No endorsed extension waits.", "endorse first"),
    "suspension_asked": Guard(_asked("suspension", "suspend"), "No suspension was asked for.", "ask_suspension"),
    "ahead": Guard(
        lambda state, by: state.request_until is not None and moment_of(by) < state.request_until,
        "The end that was asked for has passed.",
        "refuse, and a new request",
    ),
    "appeal_asked": Guard(_asked("appeal", "review"), "No appeal waits for its first review.", "appeal"),
    "appeal_reviewed": Guard(_asked("appeal", "exempt"), "No reviewed appeal waits.", "review first"),
    "not_asker": Guard(
        lambda state, by: by.actor is None or by.actor != state.request_by,
        "Who asked does not decide.",
        "another person",
    ),
    "not_reviewer": Guard(
        lambda state, by: by.actor is None or by.actor != state.request_first,
        "The second review is another person's.",
        "another person",
    ),
    "not_endorser": Guard(
        lambda state, by: by.actor is None or by.actor != state.request_first,
        "Who endorsed it does not grant it.",
        "another person",
    ),
    "late": Guard(_late, "It was not late.", "a case that was handed back after its due time"),
    "unappealed": Guard(lambda state, by: not state.appealed, "There is one appeal for a case.", "no second appeal"),
    "not_top": Guard(lambda state, by: state.tier != TIERS[-1], "It is at the highest tier.", "handle it there"),
    "not_bottom": Guard(lambda state, by: state.tier != TIERS[0], "It is at the lowest tier.", "dispatch it there"),
    "tier_overdue": Guard(
        lambda state, by: state.tier_due_at is not None and state.tier_due_at <= moment_of(by),
        "The tier may still hold it.",
        "wait",
    ),
    "warning_due": Guard(
        lambda state, by: state.warn_at is not None and state.warn_at <= moment_of(by), "No warning is due.", "wait"
    ),
    "by_public": Guard(
        lambda state, by: state.source in TOLD_SOURCES, "Nobody outside waits for an answer to it.", "comment"
    ),
    "unreminded": Guard(
        lambda state, by: state.reminded_at is None or moment_of(by) - state.reminded_at >= REMIND_EVERY,
        "A reminder was sent less than an hour ago.",
        "wait",
    ),
    "no_order": Guard(
        lambda state, by: state.supervision_due_at is None, "A supervision order waits for its answer.", "wait"
    ),
    "order": Guard(lambda state, by: state.supervision_due_at is not None, "No order waits for an answer.", "comment"),
    "not_supervisor": Guard(
        lambda state, by: by.actor is None or by.actor != state.supervisor,
        "Who gave the order does not answer it.",
        "another person",
    ),
}
