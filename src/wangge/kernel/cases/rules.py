"""The rules of a case, pure: from a state, a command and facts to the next state and its entry.

Nothing here reads a clock or a database. The entry's `data.set` holds exactly the columns that the act
changed, so a case is what its entries add up to (`replay`).
"""

from __future__ import annotations

from typing import Any

import msgspec

from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases.effects import changes_of
from wangge.kernel.cases.facts import STAGE_LIMITS, Command, Facts, Target, stage_due
from wangge.kernel.cases.lifecycle import Transition, Who, possible, transition
from wangge.kernel.cases.replaying import plain, replay
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.journal.writing import Act, Head

__all__ = [
    "STAGE_LIMITS",
    "SUBJECT",
    "Command",
    "Facts",
    "Target",
    "addressed",
    "allowed_actions",
    "check_needs",
    "decide",
    "impossible",
    "plain",
    "present",
    "refused",
    "replay",
    "stage_due",
]

SUBJECT = "case"


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
    updates = changes_of(row, state, command, facts)
    data: dict[str, Any] = {"set": plain(updates)}
    if command.files:
        data["files"] = dict(facts.files)
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
