"""Acts upon cases. Each is one transaction: lock, gather facts, decide, record."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wangge.base import events
from wangge.base.errors import Conflict, InvalidInput
from wangge.base.mandate import Mandate
from wangge.kernel.cases import files, reference, routing
from wangge.kernel.cases.events import CaseMoved
from wangge.kernel.cases.lifecycle import ACTS, UNVERSIONED
from wangge.kernel.cases.loading import Loaded, lock
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.cases.rules import Command, Facts, Target, decide, present
from wangge.kernel.cases.state import CaseState
from wangge.kernel.cases.units import serves
from wangge.kernel.duties.calendars import calendar_for
from wangge.kernel.duties.queries import holders
from wangge.kernel.journal.models import Entry

__all__ = ["Command", "act"]


def act(*, case_id: UUID | str, command: Command, expected_version: int | None, by: Mandate) -> CaseState:
    """Do one act on a case (id or number) and return the case as it then stands.

    `expected_version` is the version that the actor saw; comments and attachments need none, and do not make what
    was seen out of date. Raises
    `NotFound`, `Conflict` (with the present state), `Forbidden` or `InvalidInput`.
    """
    command = _checked(command)
    if expected_version is None and command.act not in UNVERSIONED:
        raise InvalidInput(
            "Say which version of the case you saw.", field="expected_version", expected="the case's version"
        )
    with transaction.atomic():
        loaded = lock(case_id, by)
        state = loaded.state
        if command.act not in UNVERSIONED and not _still_as_seen(state, expected_version):
            raise Conflict(
                f"Case {state.number} has moved on: it is at version {state.version} now.",
                field="expected_version",
                value=expected_version,
                expected=str(state.version),
                extra={"present": present(state)},
            )
        facts = gather(loaded, command, by)._replace(files=files.digests_of(command.files))
        change = decide(state, command, facts, loaded.head)
        record([change], [loaded.ordinal], by=by)
        if command.files:
            role = "after" if command.act == "handle" else "other"
            files.attach_files(
                command.files,
                case_id=state.id,
                seq=change.after.version,
                roles=dict.fromkeys(command.files, role),
                by=by,
            )
        events.publish(
            CaseMoved(
                state.id,
                command.act,
                state.state,
                change.after.state,
                state.path,
                change.after.version,
                facts.moment,
            )
        )
    return change.after


def _still_as_seen(state: CaseState, version: int | None) -> bool:
    """Whether the case is as the actor saw it: nothing but comments and attachments came since."""
    if version is None or version == state.version:
        return version is not None
    if not 0 < version < state.version:
        return False
    since = Entry.objects.filter(subject_id=state.id, seq__gt=version)
    return not since.exclude(verb__in=UNVERSIONED).exists()


def gather(loaded: Loaded, command: Command, by: Mandate) -> Facts:
    """The facts that this command needs: the calendar always, a class for registering, a target for dispatching."""
    state = loaded.state
    known = reference.reference(loaded.reference_version)
    facts = Facts(by, calendar_for(state.path, loaded.places_version), known.stage_limits(state.path))
    if command.act == "register":
        return _class_facts(facts, state, command, known)
    if command.act == "dispatch":
        return facts._replace(target=_target(state, command, known, facts))
    return facts


def _class_facts(facts: Facts, state: CaseState, command: Command, known: reference.Reference) -> Facts:
    if command.case_class:
        info = known.find_class(command.case_class, state.path)
    elif state.case_class is not None and state.case_class in known.classes:
        info = known.classes[state.case_class]
    else:
        return facts
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
    return facts._replace(class_id=info.id, limit=condition.limit, tier=info.tier, condition=condition.number)


def _target(state: CaseState, command: Command, known: reference.Reference, facts: Facts) -> Target | None:
    if command.organisation is not None and command.post:
        raise InvalidInput(
            "A dispatch addresses a post or an organisation, not both.",
            field="post",
            value=command.post,
            expected="only one of post and organisation",
        )
    if command.organisation is not None:
        if not serves(command.organisation, state.path):
            raise InvalidInput(
                "No such organisation serves this place.",
                field="organisation",
                value=command.organisation,
                expected="the id of an organisation of the same subdistrict",
            )
        return Target(organisation=command.organisation)
    if command.post:
        held = holders(state.path, command.post, facts.moment)
        if not held:
            raise InvalidInput(
                "Nobody holds this post there now.",
                field="post",
                value=command.post,
                expected="a post that is held at the case's place",
            )
        return Target(post=command.post, post_path=held[0].area_path)
    info = known.classes.get(state.case_class) if state.case_class else None
    return routing.suggest(
        known,
        lambda path, post: holders(path, post, facts.moment),
        path=state.path,
        code=info.code if info else None,
        at=facts.moment,
    ).target


def _checked(command: Command) -> Command:
    if command.act not in ACTS:
        raise InvalidInput(
            "There is no such action.",
            field="action",
            value=command.act,
            expected="one of " + ", ".join(ACTS),
        )
    for name in ("reason", "note"):
        check_text(name, getattr(command, name))
    return command
