"""The facts that an act needs beyond the case and the command, read in the act's own transaction."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable, Mapping
from uuid import UUID

from django.conf import settings

from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.geometry import Point
from wangge.base.mandate import Mandate
from wangge.base.units import Limit
from wangge.kernel.cases import reference, routing
from wangge.kernel.cases.access import may_see
from wangge.kernel.cases.controls import check_controls
from wangge.kernel.cases.facts import Command, Facts, Target
from wangge.kernel.cases.lifecycle import OPEN
from wangge.kernel.cases.loading import Loaded, named, read_many
from wangge.kernel.cases.models import StoredFile
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.cases.state import CaseState
from wangge.kernel.cases.units import serves
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.queries import holders

ONE_IN = 5
"""One self-disposed case in so many is drawn for review by another person."""

Gather = Callable[[Facts, CaseState, Command, reference.Reference], Facts]


def gather(loaded: Loaded, command: Command, by: Mandate) -> Facts:
    """Calendar and limits always; the rest as the act's row of `_GATHER` says."""
    state = loaded.state
    known = reference.reference(loaded.reference_version)
    facts = Facts(by, calendar_for(state.path, loaded.places_version), known.stage_limits(state.path))
    more = _GATHER.get(command.act)
    return more(facts, state, command, known) if more else facts


def _class_facts(facts: Facts, state: CaseState, command: Command, known: reference.Reference) -> Facts:
    if command.case_class:
        info = known.find_class(command.case_class, state.path)
    elif state.case_class is not None and state.case_class in known.classes:
        info = known.classes[state.case_class]
        if info.retired:
            raise InvalidInput(
                f"Class {info.code} has ended.", field="case_class", value=info.code, expected="a class that holds here"
            )
    else:
        return facts
    check_controls(known, info.code, state.path, facts.moment, field="case_class")
    number = command.condition
    if number is None and len(info.conditions) == 1:
        number = next(iter(info.conditions))
    condition = info.conditions.get(number) if number is not None else None
    if condition is None:
        raise InvalidInput(
            f"Class {info.code} has no condition {number}."
            if number is not None
            else f"Class {info.code} has several conditions.",
            field="condition",
            value=number,
            expected="one of " + ", ".join(map(str, info.conditions)),
        )
    point = Point(state.lon_e7, state.lat_e7) if state.lon_e7 is not None and state.lat_e7 is not None else None
    return facts._replace(
        class_id=info.id,
        limit=condition.limit,
        tier=info.tier,
        condition=condition.number,
        near=known.part_near(point, info.code),
    )


def _disposal_facts(facts: Facts, state: CaseState, command: Command, known: reference.Reference) -> Facts:
    photos = StoredFile.objects.filter(case_id=state.id, erased_at__isnull=True).count()
    return _class_facts(facts, state, command, known)._replace(photos=photos, sampled=drawn(state.id))


def drawn(case_id: UUID) -> bool:
    """Whether a self-disposed case is drawn for review. Nobody can tell beforehand; the entry keeps the draw."""
    seed = hmac.digest(settings.SECRET_KEY.encode(), b"wangge.sample " + case_id.bytes, hashlib.sha256)
    return int.from_bytes(seed[:8], "big") % ONE_IN == 0


def _dispatch_facts(facts: Facts, state: CaseState, command: Command, known: reference.Reference) -> Facts:
    return facts._replace(target=_named(state, command, facts) or _ruled(state, known, facts))


def _meeting_facts(facts: Facts, state: CaseState, command: Command, known: reference.Reference) -> Facts:
    return facts._replace(target=_named(state, command, facts))


def _share_facts(facts: Facts, state: CaseState, command: Command, known: reference.Reference) -> Facts:
    found = []
    for place, part in enumerate(command.parts):
        if not part.task.strip():
            raise InvalidInput("A part needs its task.", field=f"parts.{place}.task", expected="some words")
        target = _named(state, Command(act="share", organisation=part.organisation, post=part.post), facts)
        if target is None:
            raise InvalidInput(
                "A part goes to a post or an organisation.",
                field=f"parts.{place}.organisation",
                expected="an organisation, or a post that is held there",
            )
        found.append(target)
    return facts._replace(targets=tuple(found), limit=_limit_of(state, known))


def _limit_of(state: CaseState, known: reference.Reference) -> Limit | None:
    info = known.classes.get(state.case_class) if state.case_class else None
    condition = info.conditions.get(state.condition) if info and state.condition else None
    return condition.limit if condition else None


def _call_facts(facts: Facts, state: CaseState, command: Command, known: reference.Reference) -> Facts:
    if command.organisation is None:
        return facts
    _require_serves(command.organisation, state)
    return facts._replace(called=command.organisation)


def _merge_facts(facts: Facts, state: CaseState, command: Command, known: reference.Reference) -> Facts:
    if not command.other:
        return facts
    return facts._replace(other=_joinable(command.other, state, facts.by))


def _alone_facts(facts: Facts, state: CaseState, command: Command, known: reference.Reference) -> Facts:
    """What goes on alone after it was joined may never have had a limit of its own: its condition says which."""
    return facts if state.limit_amount else facts._replace(limit=_limit_of(state, known))


def _joinable(name: str, state: CaseState, by: Mandate) -> CaseState:
    """The open case that this one may join. `NotFound` where the mandate sees none, else what is wrong with it."""
    found = next(iter(read_many(*named(name))), None)
    if found is None or not may_see(found, by):
        raise NotFound("There is no such case that you may see.", field="other", value=name)
    wrong = None
    if found.id == state.id:
        wrong = "A case does not join itself."
    elif found.merged_into is not None:
        wrong = "That case has itself joined another; join that one."
    elif found.parent is not None:
        wrong = "That case is a unit's share of another; join the whole."
    elif found.state not in OPEN:
        wrong = f"Case {found.number} is “{found.state}”: only an open case can be joined."
    elif root_of(found.path) != root_of(state.path):
        wrong = "That case belongs to another subdistrict."
    if wrong:
        raise Conflict(wrong, field="other", value=name, expected="an open case of the same subdistrict")
    return found


def _named(state: CaseState, command: Command, facts: Facts) -> Target | None:
    """The post or organisation that the command names, if it names one."""
    if command.organisation is not None and command.post:
        raise InvalidInput(
            "A dispatch addresses a post or an organisation, not both.",
            field="post",
            value=command.post,
            expected="only one of post and organisation",
        )
    if command.organisation is not None:
        _require_serves(command.organisation, state)
        return Target(organisation=command.organisation)
    if not command.post:
        return None
    held = holders(state.path, command.post, facts.moment)
    if not held:
        raise InvalidInput(
            "Nobody holds this post there now.",
            field="post",
            value=command.post,
            expected="a post that is held at the case's place",
        )
    return Target(post=command.post, post_path=held[0].area_path)


def _require_serves(organisation: UUID, state: CaseState) -> None:
    if not serves(organisation, state.path):
        raise InvalidInput(
            "No such organisation serves this place.",
            field="organisation",
            value=organisation,
            expected="the id of an organisation of the same subdistrict",
        )


def _ruled(state: CaseState, known: reference.Reference, facts: Facts) -> Target | None:
    info = known.classes.get(state.case_class) if state.case_class else None
    return routing.suggest(
        known,
        lambda path, post: holders(path, post, facts.moment),
        path=state.path,
        code=info.code if info else None,
        at=facts.moment,
        risen=routing.risen(state.tier, info.tier if info else None),
        keeper=known.keeper_of(state.part),
    ).target


_GATHER: Mapping[str, Gather] = {
    "register": _class_facts,
    "dispose": _disposal_facts,
    "dispatch": _dispatch_facts,
    "rule": _meeting_facts,
    "share": _share_facts,
    "whistle": _call_facts,
    "merge": _merge_facts,
    "separate": _alone_facts,
    "dissent": _alone_facts,
}
