"""Acts upon cases. Each is one transaction: lock, gather facts, decide, record."""

from __future__ import annotations

from uuid import UUID

from django.db import transaction

from wangge.base import events
from wangge.base.errors import InvalidInput, Moved
from wangge.base.mandate import Mandate
from wangge.kernel.cases import files
from wangge.kernel.cases.aftermath import follow_up, moved
from wangge.kernel.cases.gathering import gather
from wangge.kernel.cases.lifecycle import ACTS, QUIET, UNVERSIONED
from wangge.kernel.cases.loading import lock, lock_many, named
from wangge.kernel.cases.recording import record
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.cases.rules import Command, Facts, check_allowed, decide, present
from wangge.kernel.cases.state import CaseState
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
        if command.act == "merge":
            _lock_in_order(case_id, command)
        loaded = lock(case_id, by)
        state = loaded.state
        if command.act not in UNVERSIONED and not _still_as_seen(state, expected_version):
            raise Moved(
                f"Case {state.number} has moved on: it is at version {state.version} now.",
                field="expected_version",
                value=expected_version,
                expected=str(state.version),
                extra={"present": present(state)},
            )
        check_allowed(state, command.act, by)
        facts = gather(loaded, command, by)._replace(files=files.digests_of(command.files))
        change = decide(state, command, facts, loaded.head)
        record([change], [loaded.ordinal], by=by)
        if command.files:
            files.attach_files(
                command.files,
                case_id=state.id,
                seq=change.after.version,
                roles=_roles(command, facts),
                by=by,
            )
        events.publish(moved(state, change.after, command.act, facts.moment))
        return follow_up(change, command, facts, loaded)


_ROLES = {"handle": "after", "dispose": "after"}


def _roles(command: Command, facts: Facts) -> dict[UUID, str]:
    """What each photo shows. A disposal whose report had none brings the photo from before first."""
    roles = dict.fromkeys(command.files, _ROLES.get(command.act, "other"))
    if command.act == "dispose" and not facts.photos:
        roles[command.files[0]] = "before"
    return roles


def _lock_in_order(case_id: UUID | str, command: Command) -> None:
    """Both cases of a merge, in the order of their ids: two merges that cross wait for one another."""
    lock_many(*named(case_id, command.other or ""))


def _still_as_seen(state: CaseState, version: int | None) -> bool:
    """Whether the case is as the actor saw it: nothing but comments and attachments came since."""
    if version is None or version == state.version:
        return version is not None
    if not 0 < version < state.version:
        return False
    since = Entry.objects.filter(subject_id=state.id, seq__gt=version)
    return not since.exclude(verb__in=QUIET).exists()


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
    for part in command.parts:
        check_text("note", part.task)
    return command
