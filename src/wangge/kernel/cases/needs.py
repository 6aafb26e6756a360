"""What an act cannot do without: one table from the name of an input to the test and the words of its refusal."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any, NamedTuple

from wangge.base.errors import InvalidInput
from wangge.kernel.cases.facts import Command, Facts
from wangge.kernel.cases.lifecycle import Transition
from wangge.kernel.cases.state import CaseState

LONGEST_AHEAD = timedelta(days=365)
"""How far off a suspension ends, or an order is answered, at most."""

FEWEST_PARTS, MOST_PARTS = 2, 8
EVIDENCE = 2
"""A self-disposed case shows the thing before and after."""

_Test = Callable[[CaseState, Command, Facts], bool]


class Need(NamedTuple):
    """Where `test` is false, `text` is the refusal; `field` names the input, `value` what was given."""

    test: _Test
    text: str
    field: str
    expected: str
    value: Callable[[Command], Any] = lambda command: None


def _until(state: CaseState, command: Command, facts: Facts) -> bool:
    return command.until is not None and facts.moment < command.until <= facts.moment + LONGEST_AHEAD


def _answer_by(state: CaseState, command: Command, facts: Facts) -> bool:
    return command.until is None or _until(state, command, facts)


def _words(name: str) -> _Test:
    return lambda state, command, facts: bool(getattr(command, name).strip())


NEEDS: Mapping[str, Need] = {
    "reason": Need(_words("reason"), "“{act}” needs a reason.", "reason", "some words"),
    "note": Need(_words("note"), "“{act}” needs a note.", "note", "some words"),
    "case_class": Need(
        lambda state, command, facts: facts.class_id is not None,
        "A case is registered under a class.",
        "case_class",
        "the code of a class",
        lambda command: command.case_class,
    ),
    "condition": Need(
        lambda state, command, facts: facts.limit is not None,
        "A case is registered under a condition of its class.",
        "condition",
        "the number of a condition of this class",
        lambda command: command.condition,
    ),
    "target": Need(
        lambda state, command, facts: facts.target is not None,
        "No rule says who handles this; name a post or an organisation.",
        "post",
        "a post that is held there, or an organisation",
    ),
    "named_target": Need(
        lambda state, command, facts: facts.target is not None and bool(command.post or command.organisation),
        "The meeting names who handles it.",
        "organisation",
        "an organisation, or a post that is held there",
    ),
    "parts": Need(
        lambda state, command, facts: FEWEST_PARTS <= len(command.parts) <= MOST_PARTS,
        "Sharing a case takes several units, each with its own task.",
        "parts",
        f"{FEWEST_PARTS} to {MOST_PARTS} parts",
        lambda command: len(command.parts),
    ),
    "organisation": Need(
        lambda state, command, facts: facts.called is not None,
        "Say which organisation is called.",
        "organisation",
        "the id of an organisation",
    ),
    "other": Need(
        lambda state, command, facts: facts.other is not None,
        "Say which case it joins.",
        "other",
        "the id or number of an open case",
        lambda command: command.other,
    ),
    "until": Need(
        _until,
        "A suspension needs an end, at most one year from now.",
        "until",
        "a time with its zone, in the future and at most 365 days off",
        lambda command: command.until,
    ),
    "answer_by": Need(
        _answer_by,
        "An order is answered by a time to come, at most one year from now.",
        "until",
        "a time with its zone, in the future and at most 365 days off, or none",
        lambda command: command.until,
    ),
    "satisfaction": Need(
        lambda state, command, facts: command.satisfaction in (1, 2, 3),
        "Say how content you are.",
        "satisfaction",
        "3 very content, 2 content, 1 not content",
        lambda command: command.satisfaction,
    ),
    "files": Need(
        lambda state, command, facts: bool(command.files), "Nothing was attached.", "files", "at least one file"
    ),
    "evidence": Need(
        lambda state, command, facts: bool(command.files) and len(command.files) + facts.photos >= EVIDENCE,
        "A self-disposed case needs a photo from before and one from after.",
        "files",
        "the photo taken afterwards, and one from before where the report has none",
    ),
}


def check_needs(row: Transition, state: CaseState, command: Command, facts: Facts) -> None:
    """Raise `InvalidInput` for the first input that the row needs and the command lacks."""
    for name in row.needs:
        need = NEEDS[name]
        if not need.test(state, command, facts):
            raise InvalidInput(
                need.text.format(act=row.act), field=need.field, value=need.value(command), expected=need.expected
            )
