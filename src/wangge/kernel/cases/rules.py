"""The rules of a case, pure: from a state, a command and facts to the next state and its entry.

Nothing here reads a clock or a database. The entry's `data.set` holds exactly the columns that the act
changed, so a case is what its entries add up to (`replay`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.calendar import WorkingCalendar
from wangge.base.clock import from_us, to_us
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.lifecycle import Clock, State, Transition, Who, possible, transition
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.journal.writing import Act, Head

SUBJECT = "case"

STAGE_LIMITS: Mapping[str, Limit] = {
    State.REPORTED: Limit(30, LimitUnit.WORKING_MINUTE),
    State.VERIFYING: Limit(2, LimitUnit.WORKING_HOUR),
    State.REGISTERED: Limit(30, LimitUnit.WORKING_MINUTE),
    State.DISPATCHED: Limit(1, LimitUnit.WORKING_HOUR),
    State.HANDLED: Limit(2, LimitUnit.WORKING_HOUR),
}
"""How long each stage may take where no area says otherwise; `handling` ends at the case's own due time.
The inspection limit of two hours is the usual default of the field; the others are ours."""


class Command(msgspec.Struct, frozen=True, kw_only=True):
    """What somebody wants done to a case. Text is free (`reason`, `note`); all else are codes and ids."""

    act: str
    reason: str = ""
    note: str = ""
    case_class: str | None = None
    condition: int | None = None
    organisation: UUID | None = None
    post: str | None = None
    files: tuple[UUID, ...] = ()


class Target(NamedTuple):
    """Whom a dispatch addresses: an organisation, or a post on the area at `post_path`."""

    organisation: UUID | None = None
    post: str | None = None
    post_path: str | None = None
    rule: UUID | None = None


class Facts(NamedTuple):
    """What the rules need to know beyond the state and the command.

    `class_id`, `condition`, `limit` and `tier` belong to the class condition of a registration; `target` to a dispatch;
    `limits` holds the stage limits that differ from `STAGE_LIMITS`.
    """

    by: Mandate
    calendar: WorkingCalendar
    limits: Mapping[str, Limit] = {}
    class_id: UUID | None = None
    condition: int | None = None
    limit: Limit | None = None
    tier: str | None = None
    target: Target | None = None

    @property
    def moment(self) -> datetime:
        """The time that clocks count from: the server's on live channels, the event's own for imports."""
        return self.by.at if self.by.clock_from_at else self.by.recorded_at


def decide(state: CaseState, command: Command, facts: Facts, head: Head | None) -> Change:
    """What this act makes of the case.

    Raises `Conflict` where the state does not allow the act, `Forbidden` where the mandate does not, and
    `InvalidInput` naming the missing input.
    """
    row = transition(command.act, state.state)
    if row is None:
        raise impossible(state, command.act)
    refusal = refused(row, state, facts.by)
    if refusal:
        raise refusal
    check_needs(row, state, command, facts)
    updates = _EFFECTS.get(command.act, _nothing)(state, command, facts)
    if row.target is not None:
        updates |= _enter(row.target, state, facts, updates)
    updates |= _clock(row.clock, state, facts)
    if updates.get("state") == State.HANDLING:
        updates["stage_due_at"] = updates.get("due_at", state.due_at)
    data: dict[str, Any] = {"set": plain(updates)}
    if command.files:
        data["files"] = [str(file) for file in command.files]
    if command.act == "dispatch" and facts.target and facts.target.rule:
        data["rule"] = str(facts.target.rule)
    content = {name: text for name in ("reason", "note") if (text := getattr(command, name))}
    act = Act(state.id, SUBJECT, command.act, state.area, data, content, state.version)
    after = msgspec.structs.replace(state, version=state.version + 1, **updates)
    return Change(after, (act,), state, head)


def refused(row: Transition, state: CaseState, by: Mandate) -> Forbidden | Conflict | None:
    """Why this mandate may not do this act on this case, or None. Missing inputs are not judged here."""
    try:
        by.require(row.act, state.path)
    except Forbidden as error:
        return error
    if row.who is Who.TARGET or row.who is Who.HANDLER:
        if not addressed(state, by):
            return Forbidden(
                f"Case {state.number} was dispatched to somebody else.",
                field="action",
                value=row.act,
                expected="the post or organisation that the case was dispatched to",
            )
    elif row.who is Who.OTHER and by.actor is not None and by.actor == state.handler:
        return Forbidden(
            "Who handled a case does not inspect it.",
            field="action",
            value=row.act,
            expected="another person",
        )
    if row.act == "inspect" and state.inspected_at is not None:
        return Conflict(
            "The work has been inspected already.",
            field="action",
            value="inspect",
            expected="close or rework",
            extra={"present": present(state)},
        )
    if row.act == "close" and state.inspected_at is None:
        return Conflict(
            "Nobody has inspected the work yet.",
            field="action",
            value="close",
            expected="inspect first",
            extra={"present": present(state)},
        )
    return None


def allowed_actions(state: CaseState, by: Mandate) -> tuple[str, ...]:
    """The acts that this mandate may do on this case now, in the order of the table."""
    return tuple(dict.fromkeys(row.act for row in possible(state.state) if refused(row, state, by) is None))


def addressed(state: CaseState, by: Mandate) -> bool:
    """Whether the case was dispatched to the mandate's organisation or to its post on its ground."""
    if state.organisation is not None and state.organisation == by.organisation:
        return True
    return state.post is not None and state.post == by.post and (state.post_path or "").startswith(by.scope_path)


def check_needs(row: Transition, state: CaseState, command: Command, facts: Facts) -> None:
    """Raise `InvalidInput` for the first input that the row needs and the command lacks."""
    for need in row.needs:
        if need in ("reason", "note") and not getattr(command, need).strip():
            raise InvalidInput(f"“{row.act}” needs a {need}.", field=need, expected="some words")
        if need == "case_class" and facts.class_id is None:
            raise InvalidInput(
                "A case is registered under a class.",
                field="case_class",
                value=command.case_class,
                expected="the code of a class",
            )
        if need == "condition" and facts.limit is None:
            raise InvalidInput(
                "A case is registered under a condition of its class.",
                field="condition",
                value=command.condition,
                expected="the number of a condition of this class",
            )
        if need == "target" and facts.target is None:
            raise InvalidInput(
                "No rule says who handles this; name a post or an organisation.",
                field="post",
                expected="a post that is held there, or an organisation",
            )
        if need == "files" and not command.files:
            raise InvalidInput("Nothing was attached.", field="files", expected="at least one file")


def impossible(state: CaseState, act: str) -> Conflict:
    """The error for an act that the present state does not allow."""
    acts = ", ".join(dict.fromkeys(row.act for row in possible(state.state)))
    return Conflict(
        f"Case {state.number} is “{state.state}”; it cannot {act} now.",
        field="action",
        value=act,
        expected=f"one of {acts}",
        extra={"present": present(state)},
    )


def present(state: CaseState) -> dict[str, Any]:
    """What a caller who lost a race is shown."""
    return {
        "id": str(state.id),
        "number": state.number,
        "state": state.state,
        "version": state.version,
        "stage_since": state.stage_since.isoformat(),
    }


def stage_due(target: str, calendar: WorkingCalendar, limits: Mapping[str, Limit], moment: datetime) -> datetime | None:
    """When a stage that begins at `moment` must end, or None where it has no limit of its own."""
    limit = limits.get(target) or STAGE_LIMITS.get(target)
    return calendar.due(moment, limit) if limit else None


def remaining(state: CaseState, calendar: WorkingCalendar) -> timedelta:
    """What was left of the limit when the work was handed back; zero where it was late."""
    if state.due_at is None or state.handled_at is None or state.handled_at >= state.due_at:
        return timedelta()
    if (state.limit_unit or "").startswith("calendar"):
        return state.due_at - state.handled_at
    return calendar.worked(state.handled_at, state.due_at)


def plain(updates: Mapping[str, Any]) -> dict[str, Any]:
    """Columns as the journal keeps them: ids as text, times as UTC microseconds."""
    return {name: _plain(value) for name, value in updates.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return to_us(value)
    if isinstance(value, UUID):
        return str(value)
    return value


def replay(entries: Iterable[tuple[UUID, int, Mapping[str, Any]]]) -> CaseState:
    """The case that these entries `(subject_id, seq, data)`, in the order of `seq`, add up to."""
    fields: dict[str, Any] = {}
    for subject_id, seq, data in entries:
        fields |= {"id": subject_id, "version": seq}
        for name, value in data.get("set", {}).items():
            reader = _READERS.get(name)
            fields[name] = reader(value) if reader and value is not None else value
    return CaseState(**fields)


def _reader(kind: Any) -> Callable[[Any], Any] | None:
    text = str(kind)
    if "datetime" in text:
        return from_us
    return UUID if "UUID" in text else None


_READERS = {name: _reader(kind) for name, kind in CaseState.__annotations__.items()}


def _enter(target: State, state: CaseState, facts: Facts, updates: Mapping[str, Any]) -> dict[str, Any]:
    """Columns that change with the state itself."""
    moment = facts.moment
    entered: dict[str, Any] = {
        "state": target.value,
        "stage_since": moment,
        "stage_due_at": stage_due(target, facts.calendar, facts.limits, moment),
    }
    if target in (State.REGISTERED, State.VERIFYING) and state.state not in (State.REPORTED, State.VERIFYING):
        entered |= {
            "organisation": None,
            "post": None,
            "post_path": None,
            "handler": None,
            "handler_duty": None,
        }
    if target is not State.HANDLED and state.inspected_at is not None and target is not State.CLOSED:
        entered |= {"inspector": None, "inspected_at": None}
    return entered


def _clock(clock: Clock, state: CaseState, facts: Facts) -> dict[str, Any]:
    moment = facts.moment
    if clock is Clock.STOP:
        return {"handled_at": moment}
    if clock is Clock.RESUME:
        left = remaining(state, facts.calendar)
        if not left:
            return {"handled_at": None}
        calendar_time = (state.limit_unit or "").startswith("calendar")
        unit = LimitUnit.CALENDAR_MINUTE if calendar_time else LimitUnit.WORKING_MINUTE
        minutes = max(1, -(-left // timedelta(minutes=1)))
        return {"handled_at": None, "due_at": facts.calendar.due(moment, Limit(minutes, unit))}
    if clock is Clock.START:
        limit = facts.limit
        if limit is None and state.limit_amount and state.limit_unit:
            limit = Limit(state.limit_amount, LimitUnit(state.limit_unit))
        if limit is None:
            return {"registered_at": moment}
        return {
            "registered_at": moment,
            "due_at": facts.calendar.due(moment, limit),
            "limit_amount": limit.amount,
            "limit_unit": str(limit.unit),
        }
    return {}


Effect = Callable[[CaseState, Command, Facts], dict[str, Any]]


def _nothing(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {}


def _register(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"case_class": facts.class_id, "condition": facts.condition, "tier": facts.tier or state.tier}


def _dispatch(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    target = facts.target or Target()
    return {
        "organisation": target.organisation,
        "post": target.post,
        "post_path": target.post_path,
        "dispatched_at": facts.moment,
    }


def _sign(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"handler": facts.by.actor, "handler_duty": facts.by.duty, "signed_at": facts.moment}


def _inspect(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"inspector": facts.by.actor, "inspected_at": facts.moment}


def _close(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"closed_at": facts.moment}


def _rework(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"reworks": state.reworks + 1}


def _return(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"returns": state.returns + 1}


def _reopen(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    return {"reopens": state.reopens + 1, "closed_at": None, "handled_at": None}


_EFFECTS: Mapping[str, Effect] = {
    "register": _register,
    "dispatch": _dispatch,
    "sign": _sign,
    "inspect": _inspect,
    "close": _close,
    "rework": _rework,
    "return": _return,
    "reopen": _reopen,
}
