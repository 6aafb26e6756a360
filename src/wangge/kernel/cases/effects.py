"""What each act changes of a case, column by column: the effects of the transition table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wangge.kernel.cases import granting
from wangge.kernel.cases.clockwork import clock_changes, watch
from wangge.kernel.cases.facts import ANSWER_LIMIT, ARRIVAL_LIMIT, Command, Facts, Target, stage_due
from wangge.kernel.cases.granting import Effect
from wangge.kernel.cases.guards import REFUSALS_TO_MEETING, TIERS
from wangge.kernel.cases.lifecycle import EARLY, Clock, State, Transition
from wangge.kernel.cases.state import CaseState

NOBODY: Mapping[str, None] = dict.fromkeys(("organisation", "post", "post_path", "handler", "handler_duty"))
"""The addressee of a case that was sent to nobody."""

NO_CALL: Mapping[str, None] = dict.fromkeys(("called", "call_due_at"))


def changes_of(row: Transition, state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """The columns that an act changes, with their new values."""
    updates: dict[str, Any] = {}
    if row.target is not None:
        updates |= _enter(row.target, state, facts)
    updates |= clock_changes(row.clock, state, facts)
    updates |= _EFFECTS.get(command.act, _nothing)(state, command, facts)
    if updates.get("state", state.state) == State.HANDLING:
        updates["stage_due_at"] = updates.get("due_at", state.due_at)
    updates |= watch(updates, state, facts)
    by = facts.by
    answers = command.act != "urge"  # it asks for an answer and gives none
    if answers and state.first_answer_at is None and by.actor is not None and by.actor != state.reporter:
        updates["first_answer_at"] = facts.moment
    return updates


def _enter(target: State, state: CaseState, facts: Facts) -> dict[str, Any]:
    """Columns that change with the state itself."""
    moment = facts.moment
    entered: dict[str, Any] = {
        "state": target.value,
        "stage_since": moment,
        "stage_due_at": stage_due(target, facts.calendar, facts.limits, moment),
    }
    if target in EARLY and state.state not in (State.REPORTED, State.VERIFYING):
        entered |= NOBODY
    if state.request is not None:
        entered |= granting.NO_REQUEST
    if state.called is not None and target in (State.CLOSED, State.VOID):
        entered |= NO_CALL
    if state.supervision_due_at is not None and target in (State.CLOSED, State.VOID):
        entered["supervision_due_at"] = None
    if target is not State.HANDLED and state.inspected_at is not None and target is not State.CLOSED:
        entered |= {"inspector": None, "inspected_at": None}
    return entered




def _nothing(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {}


def _accept(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"accepted_at": facts.moment}


def _confirm(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"verified_at": facts.moment, "verifier": facts.by.actor}


def _sort(state: CaseState, facts: Facts) -> dict[str, Any]:
    return {
        "case_class": facts.class_id,
        "condition": facts.condition,
        "tier": facts.tier or state.tier,
        "part": facts.near.part.id if facts.near else None,
    }


def _register(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """Registering what was not accepted before accepts it."""
    accepted = {"accepted_at": facts.moment} if state.accepted_at is None else {}
    return {**_sort(state, facts), **accepted, "register_due_at": state.stage_due_at}


def _dispose(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """Found and put right in one go: the limit began and ended with it."""
    by = facts.by
    return {
        **_sort(state, facts),
        "handler": by.actor,
        "handler_duty": by.duty,
        "organisation": by.organisation,
        "post": None if by.organisation else by.post,
        "post_path": None if by.organisation else by.scope_path,
        "self_disposed": True,
        "sampled": facts.sampled,
    }


def _merge(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """Its own clocks stand: from now on the other's count."""
    return {"merged_into": facts.other.id if facts.other else None, "stage_due_at": None}


def _separate(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """On its own again; where it is registered without ever having had a limit, one begins."""
    begun = state.state != State.REGISTERED or state.due_at is not None
    return {
        "merged_into": None,
        "stage_due_at": stage_due(state.state, facts.calendar, facts.limits, facts.moment),
        **({} if begun else clock_changes(Clock.START, state, facts)),
    }


def _class_of_other(state: CaseState, facts: Facts) -> dict[str, Any]:
    """A report that joined before anybody classed it is of the class that the other turned out to be."""
    other = facts.other
    if other is None or state.case_class is not None or other.case_class is None:
        return {}
    return {"case_class": other.case_class, "condition": other.condition, "tier": other.tier}


def _follow_close(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {**_close(state, command, facts), **_class_of_other(state, facts)}


def _follow_reopen(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {**_reopen(state, command, facts), **_class_of_other(state, facts)}


def _dispatch(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    target = facts.target or Target()
    return {
        "organisation": target.organisation,
        "post": target.post,
        "post_path": target.post_path,
        "dispatched_at": facts.moment,
        "dispatch_due_at": state.stage_due_at,
    }


def _rule(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {**_dispatch(state, command, facts), "meeting": "ruled"}


def _share(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    sent = {"dispatched_at": facts.moment, "dispatch_due_at": state.stage_due_at}
    return {"parts": len(command.parts), **sent, "signed_at": facts.moment}


def _sign(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"handler": facts.by.actor, "handler_duty": facts.by.duty, "signed_at": facts.moment}


def _handle(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """Where one of the unit signs and another does the work, the other may not inspect it."""
    if facts.by.actor is None or facts.by.actor == state.handler:
        return {}
    return {"handler": facts.by.actor, "handler_duty": facts.by.duty}


def _inspect(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"inspector": facts.by.actor, "inspected_at": facts.moment, "inspect_due_at": state.stage_due_at}


def _close(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"closed_at": facts.moment}


def _force_close(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"closed_at": facts.moment, "forced": True}


def _rework(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"reworks": state.reworks + 1}


def _return(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """A unit that was sent the case and gives it back has refused it; the second refusal calls a joint meeting."""
    found: dict[str, Any] = {"returns": state.returns + 1}
    if state.organisation is not None and state.state in (State.DISPATCHED, State.HANDLING):
        found["refusals"] = state.refusals + 1
        if found["refusals"] >= REFUSALS_TO_MEETING:
            found["meeting"] = "called"
    return found


def _reopen(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """A new round: what was granted in the last one is over; how often it came back stays."""
    fresh = {
        "extensions": 0, "suspensions": 0, "refusals": 0, "meeting": None, "forced": False, "timeout_exempt": False,
        "satisfaction": None, "parts": 0, "sampled": True if state.self_disposed else None, "register_due_at": None,
    }  # fmt: skip
    if state.state == State.VOID:
        fresh |= {"verified_at": None, "verifier": None, "accepted_at": None}
        fresh |= dict.fromkeys(("registered_at", "due_at", "limit_amount", "limit_unit"))  # it is registered anew
    changed = {name: value for name, value in fresh.items() if getattr(state, name) != value}
    return {"reopens": state.reopens + 1, "closed_at": None, "handled_at": None, **changed}


def _dissent(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """Whoever is not content goes on alone, also where the report had joined another case."""
    return {**_reopen(state, command, facts), **({"merged_into": None} if state.merged_into else {})}


def _rate(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"satisfaction": command.satisfaction}


def _tier(step: int) -> Effect:
    return lambda state, command, facts: {"tier": TIERS[TIERS.index(state.tier) + step]}


def _warn(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """The first warning says soon, the last that it is overdue; where the due time has passed, only the last."""
    overdue = state.due_at is None or state.due_at <= facts.moment
    return {"warned": 2 if overdue else 1, "warn_at": None if overdue else state.due_at}


def _supervise(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {
        "supervisor": facts.by.actor,
        "supervised_at": facts.moment,
        "supervision_due_at": command.until or facts.calendar.due(facts.moment, ANSWER_LIMIT),
        "supervisions": state.supervisions + 1,
    }


def _urge(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"reminders": state.reminders + 1, "reminded_at": facts.moment}


def _answer(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"supervision_due_at": None}


def _whistle(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"called": facts.called, "call_due_at": facts.calendar.due(facts.moment, ARRIVAL_LIMIT)}


def _arrive(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return dict(NO_CALL)


_EFFECTS: Mapping[str, Effect] = {
    "accept": _accept,
    "confirm": _confirm,
    "register": _register,
    "dispose": _dispose,
    "merge": _merge,
    "follow_move": _merge,
    "separate": _separate,
    "dispatch": _dispatch,
    "rule": _rule,
    "share": _share,
    "sign": _sign,
    "handle": _handle,
    "inspect": _inspect,
    "close": _close,
    "follow_close": _follow_close,
    "force_close": _force_close,
    "rework": _rework,
    "return": _return,
    "reopen": _reopen,
    "dissent": _dissent,
    "follow_reopen": _follow_reopen,
    "rate": _rate,
    "ask_extension": granting.ask("extension", "endorse", "extend"),
    "ask_suspension": granting.ask("suspension", "suspend"),
    "appeal": granting.ask("appeal", "review"),
    "endorse": granting.agree("extend"),
    "review": granting.agree("exempt"),
    "extend": granting.granted,
    "exempt": granting.exempt,
    "refuse": granting.granted,
    "withdraw": granting.withdraw,
    "send_up": _tier(+1),
    "send_down": _tier(-1),
    "escalate": _tier(+1),
    "warn": _warn,
    "supervise": _supervise,
    "urge": _urge,
    "answer": _answer,
    "whistle": _whistle,
    "arrive": _arrive,
}
