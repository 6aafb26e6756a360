"""The rules of patrols and observations, pure: nothing here reads a clock or a table."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.kernel.duties.roster import Holding
from wangge.patrols.lifecycle import CONTEST_WITHIN, LONGEST_PATROL, LONGEST_SWITCH, OUTCOMES, OVERRUN, SCENES


def check_span(begins: datetime, ends: datetime, moment: datetime) -> None:
    """Whether a patrol may be planned so. Raises `InvalidInput`."""
    if not begins < ends <= begins + LONGEST_PATROL:
        raise InvalidInput("A patrol ends after it begins, within 12 hours.", field="planned_to",
                           value=ends.isoformat(), expected=f"after {begins.isoformat()}, within 12 hours")
    if ends <= moment:
        raise InvalidInput("This time is over.", field="planned_to", value=ends.isoformat(),
                           expected=f"after {moment.isoformat()}")


def under_way(state: str, planned_to: datetime, moment: datetime) -> bool:
    """Whether a patrol takes observations and track points at a moment: started, and not forgotten."""
    return state == "started" and moment <= planned_to + OVERRUN


def duty_observed(duties: Sequence[Holding], post: str, path: str, at: datetime) -> tuple[Holding, bool]:
    """The duty by which a worker answers for a place at a moment, and whether they were on leave from it.

    `duties` are all of the worker's. Raises `InvalidInput` where they hold no such duty.
    """
    held = [one for one in duties if one.valid_from <= at and (one.valid_to is None or at < one.valid_to)]
    here = [one for one in held if path.startswith(one.area_path) and one.kind != "leave"
            and (not post or one.post == post)]
    if not here:
        raise InvalidInput("This person held no such duty there then.", field="worker",
                           expected="somebody who answers for the place at that time")
    duty = max(here, key=lambda one: (len(one.area_path), str(one.assignment_id)))
    leave = any(one.kind == "leave" and one.post == duty.post and one.area_path == duty.area_path for one in held)
    return duty, leave


def check_outcome(outcome: str, *, leave: bool) -> str:
    """The outcome, if it may be recorded: who is on leave is excused. Raises `InvalidInput`."""
    if outcome not in OUTCOMES:
        raise InvalidInput("There is no such outcome.", field="outcome", value=outcome,
                           expected="one of " + ", ".join(OUTCOMES))
    if leave and outcome == "not_seen":
        raise InvalidInput("Who is on leave is excused.", field="outcome", value=outcome, expected="excused")
    return outcome


def grade_of(*, placed: bool, witness: bool) -> str:
    """How well an observation is evidenced. No grade says verified: a spot check is one look."""
    if witness:
        return "witnessed"
    return "placed" if placed else "word"


def stands(state: str, contest_until: datetime, moment: datetime) -> bool:
    """Whether an observation counts: upheld, or not contested in its time."""
    return state == "upheld" or (state == "open" and moment > contest_until)


def contestable(worker: Any, state: str, contest_until: datetime, who: Any, moment: datetime) -> None:
    """Raise unless `who` may contest the observation now: the worker, once, within three days."""
    if who is None or who != worker:
        raise Forbidden("Only who was observed contests it.", field="action", value="contest_observation")
    if moment > contest_until:
        raise Conflict("The three days for contesting it are over.", field="action", value="contest_observation",
                       expected=f"until {contest_until.isoformat()}")


def contest_until(told_at: datetime) -> datetime:
    """Until when what was told at a moment may be contested."""
    return told_at + CONTEST_WITHIN


def check_switch(scene: str, document: str, begins: datetime, expires: datetime, moment: datetime) -> None:
    """Whether a switch may be asked for so. Raises `InvalidInput`."""
    if scene not in SCENES:
        raise InvalidInput("A switch is for one of the scenes that are named.", field="scene", value=scene,
                           expected="one of " + ", ".join(SCENES))
    if not 4 <= len(document) <= 64 or document != document.strip() or not document.isprintable():
        raise InvalidInput("A switch needs the number of the document that orders it.", field="document",
                           value=document, expected="4 to 64 characters, as on the document")
    if not begins < expires <= begins + LONGEST_SWITCH or expires <= moment:
        raise InvalidInput("A switch ends by itself, 30 days after it begins at the latest.", field="expires",
                           value=expires.isoformat(), expected=f"after {begins.isoformat()}, within 30 days")
