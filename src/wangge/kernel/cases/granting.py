"""What requests change: more time, a suspension, an appeal; asked for, agreed to by one, granted by another, or not."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from wangge.kernel.cases.facts import Command, Facts
from wangge.kernel.cases.state import CaseState

Effect = Callable[[CaseState, Command, Facts], dict[str, Any]]
"""The columns that an act changes of a case, beyond those of its state and its clock."""

NO_REQUEST: Mapping[str, None] = dict.fromkeys(
    ("request", "request_step", "request_by", "request_first", "request_until")
)


def ask(kind: str, step: str, straight: str | None = None) -> Effect:
    """A request of `kind` that waits for `step`; a department that asks for itself goes straight on (`straight`)."""

    def effect(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
        by = facts.by
        itself = straight is not None and by.organisation is not None and by.organisation == state.organisation
        asked: dict[str, Any] = {"request": kind, "request_step": straight if itself else step, "request_by": by.actor}
        if command.until is not None and kind == "suspension":
            asked["request_until"] = command.until
        if kind == "appeal":
            asked["appealed"] = True
        return asked

    return effect


def agree(step: str) -> Effect:
    """Agreed to by a first person; it waits for `step` by another."""
    return lambda state, command, facts: {"request_step": step, "request_first": facts.by.actor}


def withdraw(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """An appeal that nobody has reviewed yet can be made again."""
    unread = state.request == "appeal" and state.request_step == "review"
    return {**NO_REQUEST, **({"appealed": False} if unread else {})}


def granted(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """Nothing is asked for any more."""
    return dict(NO_REQUEST)


def exempt(state: CaseState, command: Command, facts: Facts) -> dict[str, Any]:
    """Late, and not counted as such."""
    return {**NO_REQUEST, "timeout_exempt": True}
