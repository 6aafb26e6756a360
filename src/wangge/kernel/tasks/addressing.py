"""Whom a task goes to: the place that it is about, and the post or organisation that is addressed."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wangge.base.errors import Forbidden, InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import READS, may_read
from wangge.kernel.cases.lifecycle import State as CaseStage
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.reference import reference
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.cases.state import CaseState
from wangge.kernel.cases.units import serves
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.queries import holders, roster_at
from wangge.kernel.places.queries import area_by_code, atlas
from wangge.kernel.tasks.lifecycle import Kind
from wangge.kernel.tasks.state import NewTask, Target

ANSWERABLE = ("grid_leader", "secretary", "leader")
"""Who answers for a place, from the grid up (网格长, 社区书记, 街道领导)."""
STAGES: Mapping[str, str] = {
    CaseStage.REPORTED: "acceptor", CaseStage.VERIFYING: "acceptor", CaseStage.REGISTERED: "operator",
    CaseStage.HANDLED: "inspector",
}
"""Whose next step a case is while it is with no unit (受理员, 派遣员, 核查员)."""
LEADERS = ("leader", "secretary")
"""Whom the front line calls: the leader who answers for the place, and its secretary where there is none."""


class Ground(NamedTuple):
    """The place that a task is about, and the case if it is about one."""

    area: UUID | None
    path: str
    case: CaseState | None = None


def ground_of(new: NewTask, by: Mandate) -> Ground:
    """The case or the area that the new task names; a call may leave out both and is about the caller's own ground.

    Raises `NotFound` for a case that the mandate does not see, `InvalidInput` where both or none are named.
    """
    if new.case and new.area:
        raise InvalidInput("A task is about a case or about an area, not both.", field="area", value=new.area,
                           expected="only one of case and area")
    if new.case:
        case = load(case_key(new.case), by)
        return Ground(case.area, case.path, case)
    if new.area:
        area = area_by_code(new.area)
        return Ground(area.id, area.path)
    if new.kind == Kind.DIRECTIVE:
        raise InvalidInput("Say what the task is about.", field="area", expected="a case, or an area")
    own = atlas().by_path.get(by.scope_path)
    return Ground(own.id if own else None, by.scope_path)


def case_key(text: str) -> UUID | str:
    """The id or the number of a case, as `cases.loading` takes it."""
    try:
        return UUID(text.strip())
    except ValueError:
        return text.strip()


def level_of(case: CaseState | None) -> str:
    """Who reads the words of a task about this case, by its class."""
    if case is None or case.case_class is None:
        return "public"
    info = reference().classes.get(case.case_class)
    return info.confidentiality if info else "public"


def target_for(
    kind: str, ground: Ground, by: Mandate, moment: datetime, *, post: str | None, organisation: UUID | None
) -> Target:
    """The addressee: as named, else as the place and the case say. Raises `InvalidInput` and `Forbidden`.

    A directive stays on the issuer's own ground; an organisation is addressed by who leads the whole subdistrict. A
    call goes to who leads. What is about a case of a class that is not public goes to who reads its words.
    """
    if post and organisation is not None:
        raise InvalidInput("A task is addressed to a post or an organisation, not both.", field="post", value=post,
                           expected="only one of post and organisation")
    if kind == Kind.CALL:
        target = _called(ground, by, moment, post, organisation)
    elif organisation is not None:
        target = _unit(ground, by, organisation)
    else:
        target = _post(ground.path, post, moment) if post else _answerable(ground, by, moment)
    _check(kind, target, ground, by)
    return target


def _unit(ground: Ground, by: Mandate, organisation: UUID) -> Target:
    if by.scope_path.count("/") > root_of(ground.path).count("/"):
        raise Forbidden("Only who leads the whole subdistrict directs an organisation.", field="organisation",
                        value=organisation, expected="a post on your own ground")
    if not serves(organisation, ground.path):
        raise InvalidInput("No such organisation serves this place.", field="organisation", value=organisation,
                           expected="the id of an organisation of the same subdistrict")
    return Target(organisation=organisation)


def _post(path: str, post: str, moment: datetime) -> Target:
    held = holders(path, post, moment)
    if not held:
        raise InvalidInput("Nobody holds this post there now.", field="post", value=post,
                           expected="a post that is held at the place")
    return Target(post=post, post_path=held[0].area_path)


def _answerable(ground: Ground, by: Mandate, moment: datetime) -> Target:
    """Who has the case in hand, else the nearest who answers for the place below the issuer."""
    case = ground.case
    if case is not None:
        desk = STAGES.get(case.state)
        if desk and (held := holders(ground.path, desk, moment)) and held[0].area_path.startswith(by.scope_path):
            return Target(post=desk, post_path=held[0].area_path)
        if not desk and case.organisation is not None:
            return _unit(ground, by, case.organisation)
        if not desk and case.post:
            return Target(post=case.post, post_path=case.post_path)
    for one in roster_at(ground.path, moment).chain(ground.path, moment):
        if one.post in ANSWERABLE and (one.post, one.area_path) != (by.post, by.scope_path):
            return Target(post=one.post, post_path=one.area_path)
    raise InvalidInput("Nobody answers for this place now; name a post or an organisation.", field="post",
                       expected="a post that is held at the place")


def _called(
    ground: Ground, by: Mandate, moment: datetime, post: str | None, organisation: UUID | None
) -> Target:
    if organisation is not None or (post and post not in LEADERS):
        raise InvalidInput("A call goes to who leads.", field="post", value=post or organisation,
                           expected="one of " + ", ".join(LEADERS))
    for wanted in (post,) if post else LEADERS:
        for one in holders(ground.path, str(wanted), moment):
            if (one.post, one.area_path) != (by.post, by.scope_path):
                return Target(post=one.post, post_path=one.area_path)
    raise InvalidInput("Nobody who leads can be reached there now.", field="post", value=post,
                       expected="one of " + ", ".join(LEADERS) + ", held at the place")


def _check(kind: str, target: Target, ground: Ground, by: Mandate) -> None:
    if target.post is not None:
        if (target.post, target.post_path) == (by.post, by.scope_path):
            raise InvalidInput("A task goes to somebody else.", field="post", value=target.post,
                               expected="another post")
        if kind == Kind.DIRECTIVE and not (target.post_path or "").startswith(by.scope_path):
            raise Forbidden("A directive goes to somebody on your own ground; call the leader instead.", field="post",
                            value=target.post, expected=f"a post held below {by.scope_path}")
        info = POSTS.get(target.post)
        if info is None or "take_task" not in info.verbs:
            raise InvalidInput("This post takes no tasks.", field="post", value=target.post,
                               expected="a post that works or leads")
    level = level_of(ground.case)
    if level in READS and ground.case is not None:
        if not may_read(ground.case, level, by):
            raise Forbidden("You do not read the words of this case, so that you give no task about it.",
                            field="case", value=ground.case.number)
        if not _reads(target, ground.case, level):
            raise InvalidInput("Who is addressed does not read the words of cases of this class.", field="post",
                               value=target.post or target.organisation,
                               expected="who has the case, or a post that may")


def _reads(target: Target, case: CaseState, level: str) -> bool:
    if target.organisation is not None:
        return target.organisation in (case.organisation, case.called)
    own = (target.post, target.post_path) == (case.post, case.post_path)
    return own or READS[level] in POSTS[str(target.post)].verbs
