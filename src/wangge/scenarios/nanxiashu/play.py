"""Plays the plan by calling the services, each act under the mandate of whoever held the duty at that moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple
from uuid import UUID

from wangge.base.ids import id_from
from wangge.base.mandate import Mandate
from wangge.kernel.cases.files import store_file
from wangge.kernel.cases.guards import SEEN_SOURCES
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.services import Command, act
from wangge.kernel.cases.state import CaseState
from wangge.kernel.duties import mandates
from wangge.kernel.duties.queries import Holding, Roster
from wangge.scenarios.nanxiashu.pictures import scene
from wangge.scenarios.nanxiashu.plan import Plan, words

_REPORTERS = {"grid_worker": "grid_worker", "patrol": "officer", "hotline": "acceptor", "video": "operator",
              "city_inspection": "assessor"}
_DESK = {
    "accept": "acceptor", "confirm": "acceptor", "register": "acceptor", "reject": "acceptor", "void": "acceptor",
    "dispatch": "operator",
    "recall": "operator", "return_desk": "operator", "reopen": "operator", "comment": "operator",
    "suspend": "operator", "extend": "operator", "supervise": "leader",
    "inspect": "inspector", "rework": "inspector", "close": "inspector", "dispatch_by_hand": "operator",
    "reopen_void": "operator",
}
_VERBS = {"endorse_extension": "endorse",
          "return_unit": "return", "return_desk": "return", "reopen_void": "reopen", "dispatch_by_hand": "dispatch"}
_REASONS = frozenset({"reject", "void", "recall", "rework", "reopen", "reopen_void", "return_unit", "return_desk",
                      "ask_suspension", "ask_extension", "supervise"})
_NOTES = frozenset({"handle", "comment"})


class Stage(NamedTuple):
    """What every case is played on: paths by (community, grid number), duties, organisations by short code."""

    root_path: str
    grids: Mapping[tuple[str, int], str]
    roster: Roster
    units: Mapping[str, UUID]
    seed: int


def play(plan: Plan, number: int, stage: Stage) -> CaseState:
    """One case from its report to the end of its story; the state in which it stays."""
    rng = Random(f"{stage.seed} play {number}")  # noqa: S311 - a demo, not a secret
    by = _reporter(plan, stage, rng)
    files = (_photo(f"{stage.seed} before {number}", plan, plan.times[0], by),) if plan.photos else ()
    receipt = report_case(
        report=NewReport(
            description=plan.text.text, address=plan.place.address, point=plan.place.point, files=files,
            case_class=plan.text.code if plan.story.with_class else None, source=plan.source,
        ),
        by=by,
    )
    state = CaseState(
        id=receipt.case_id, version=1, number=receipt.number, state=receipt.state, path=receipt.area_path,
        reported_at=receipt.reported_at, stage_since=receipt.reported_at,
    )
    for step, moment in zip(plan.story.acts, plan.times[1:], strict=True):
        if step == "register" and state.verified_at is None and plan.source not in SEEN_SOURCES:
            state = _step("confirm", moment, state, plan, stage, rng, number)
        if step == "endorse_extension" and state.request_step == "extend":
            continue  # a department that asks for itself skips the first step
        state = _step(step, moment, state, plan, stage, rng, number)
    return state


def _step(step: str, moment: datetime, state: CaseState, plan: Plan, stage: Stage, rng: Random,
          number: int) -> CaseState:
    verb = _VERBS.get(step, step)
    held = _actor(step, state, moment, stage, rng)
    assert held.person_id is not None
    by = mandates.simulated(held.person_id, at=moment, verb=verb, path=state.path, duty=held.assignment_id)
    reason = rng.choice(words(step)) if step in _REASONS else ""
    note = rng.choice(words(step)) if step in _NOTES else ""
    files: tuple[UUID, ...] = ()
    if step == "handle" and plan.photos:
        files = (_photo(f"{stage.seed} after {number} {state.reworks}", plan, moment, by, clean=True),)
    command = Command(act=verb, files=files, reason=reason, note=note)
    if step == "register":
        command = Command(act=verb, case_class=plan.text.code, condition=plan.text.condition)
    elif step == "ask_suspension":
        command = Command(act=verb, reason=reason, until=moment + timedelta(days=rng.randint(20, 60)))
    elif step == "dispatch_by_hand":
        command = (Command(act=verb, organisation=stage.units["urban_enforcement"])
                   if plan.story.target == "unit" else Command(act=verb, post=plan.story.target))
    return act(case_id=state.id, command=command, expected_version=state.version, by=by)


def _actor(step: str, state: CaseState, moment: datetime, stage: Stage, rng: Random) -> Holding:
    """Who does this act: the desk's posts at the root, or whoever holds what the case was dispatched to."""
    if step == "endorse_extension":  # a secretary who stands in for another may have handled it
        concerned = {state.handler, state.request_by}
        near = stage.roster.holders(state.path, "secretary", moment)
        found = [held for held in near if held.person_id not in concerned] or stage.roster.on(
            stage.root_path, "leader", moment)
    elif step in _DESK:
        found = stage.roster.on(stage.root_path, _DESK[step], moment)
    elif state.organisation is not None:
        clerks = [*stage.roster.on(stage.root_path, "unit_clerk", moment),
                  *stage.roster.on(stage.root_path, "contractor", moment)]
        found = [held for held in clerks if held.organisation_id == state.organisation]
    else:
        found = stage.roster.on(state.post_path or "", state.post or "", moment)
    assert found, f"nobody to {step} {state.number} ({state.post} on {state.post_path})"
    return rng.choice(_in_order(found))


def _reporter(plan: Plan, stage: Stage, rng: Random) -> Mandate:
    moment = plan.times[0]
    post = _REPORTERS.get(plan.source)
    if post is None or plan.place.grid is None:
        return mandates.public(stage.root_path, at=moment, simulated=True)
    path = stage.grids[plan.place.grid]
    held = rng.choice(_in_order(stage.roster.holders(path, post, moment)))
    assert held.person_id is not None
    return mandates.simulated(held.person_id, at=moment, verb="report", path=path, duty=held.assignment_id)


def _in_order(found: list[Holding]) -> list[Holding]:
    """In an order that does not hang on ids."""
    return sorted(found, key=lambda held: (held.valid_from, held.name))


def _photo(seed: str, plan: Plan, moment: datetime, by: Mandate, *, clean: bool = False) -> UUID:
    """A drawn photo, kept for the act that follows. Before and after show the same street."""
    street = f"{plan.times[0].isoformat()} {plan.place.address}"
    return store_file(file_id=id_from(f"nanxiashu {seed}", moment), content=scene(street, clean=clean), by=by).id


