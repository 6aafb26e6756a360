"""One thing done to many cases: each in a transaction of its own under the ordinary service, each with its result.

What is refused for one leaves the others as they are. Nothing here decides: `services.act` does, case by case.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from django.db import transaction

from wangge.base.errors import InvalidInput, WanggeError
from wangge.base.mandate import Mandate
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.services import Command, act
from wangge.kernel.cases.state import CaseState

MOST = 200
"""The most cases of one call: some seconds' work."""

Steps = Callable[[CaseState], Sequence[Command]]
"""What is to be done to a case, as it stands: one act or several, which then all happen or none."""


class Pick(NamedTuple):
    """A case as it was seen when it was chosen."""

    number: str
    version: int


class Outcome(NamedTuple):
    """What became of one case: how it stands now, or the error that refused it. `now` is the version to try again with,
    None where the case cannot be seen."""

    pick: Pick
    after: CaseState | None
    error: WanggeError | None
    now: int | None


def act_on_each(picks: Sequence[Pick], steps: Steps, *, by: Mandate) -> list[Outcome]:
    """Do it to each case, in the given order; one result each. Raises `InvalidInput` for none and for too many."""
    if not 0 < len(picks) <= MOST:
        raise InvalidInput(
            "Choose some cases, and not too many.", field="case", value=len(picks), expected=f"1 to {MOST} cases"
        )
    return [_one(pick, steps, by) for pick in dict.fromkeys(picks)]


def _one(pick: Pick, steps: Steps, by: Mandate) -> Outcome:
    seen: CaseState | None = None
    try:
        with transaction.atomic():
            seen = load(pick.number, by)
            version, after = pick.version, seen
            for command in steps(seen):
                after = act(case_id=seen.id, command=command, expected_version=version, by=by)
                version = after.version
    except WanggeError as error:
        return Outcome(pick, None, error, seen.version if seen else None)
    return Outcome(pick, after, None, after.version)
