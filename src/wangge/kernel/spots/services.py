"""Acts of people upon a spot file. Each is one transaction: lock, check, write the entry and the rows it tells of."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta
from typing import Any, NamedTuple
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from wangge.base.clock import to_us
from wangge.base.errors import Conflict, InvalidInput, Moved
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.reporting import check_text
from wangge.kernel.cases.units import serves
from wangge.kernel.duties.queries import holders
from wangge.kernel.journal.models import Entry
from wangge.kernel.places.queries import atlas
from wangge.kernel.spots.lifecycle import ACTS, KINDS, QUIET, Transition, possible, transition
from wangge.kernel.spots.loading import advance, entering, lock, moment_of
from wangge.kernel.spots.models import Campaign, Remedy, Spot

LONGEST_PLAN = timedelta(days=5 * 366)


class Command(NamedTuple):
    """What somebody asks for. `at` is when a campaign took place (now, if not given), `organisation` who led it.

    A remedy has a `kind`, a day `planned_on`, and an owner: an organisation, or a post that is held there.
    """

    act: str
    note: str = ""
    reason: str = ""
    at: datetime | None = None
    kind: str | None = None
    organisation: UUID | None = None
    post: str | None = None
    planned_on: date | None = None


def act(*, spot_id: UUID | str, command: Command, expected_version: int | None, by: Mandate) -> Spot:
    """Do one act on a file (id or number) and return it as it then stands.

    `expected_version` is the version that the actor saw; cases that joined meanwhile do not make it out of date. Raises
    `NotFound`, `Conflict` (with the present state), `Forbidden` or `InvalidInput`.
    """
    if command.act not in ACTS:
        raise InvalidInput("There is no such action.", field="action", value=command.act,
                           expected="one of " + ", ".join(ACTS))
    for name in ("note", "reason"):
        check_text(name, getattr(command, name))
    if expected_version is None:
        raise InvalidInput("Say which version of the file you saw.", field="expected_version",
                           expected="the file's version")
    with transaction.atomic():
        spot = lock(spot_id, by)
        if not _still_as_seen(spot, expected_version):
            raise Moved(f"File {spot.number} has moved on: it is at version {spot.version} now.",
                        field="expected_version", value=expected_version, expected=str(spot.version),
                        extra={"present": present(spot)})
        row = _check_allowed(spot, command.act, by)
        _check_needs(row, command)
        _ACTS[command.act](spot, row, command, by)
    return spot


def allowed_actions(state: str, path: str, by: Mandate) -> tuple[str, ...]:
    """The acts that this mandate may do on a file in this state at this path, in the order of the table."""
    return tuple(dict.fromkeys(row.act for row in possible(state) if by.allows(row.act, path)))


def present(spot: Spot) -> dict[str, Any]:
    """What a caller who lost a race is shown."""
    return {"id": str(spot.id), "number": spot.number, "state": spot.state, "version": spot.version}


def _still_as_seen(spot: Spot, version: int) -> bool:
    if version == spot.version:
        return True
    if not 0 < version < spot.version:
        return False
    return not Entry.objects.filter(subject_id=spot.id, seq__gt=version).exclude(verb__in=QUIET).exists()


def _check_allowed(spot: Spot, act: str, by: Mandate) -> Transition:
    row = transition(act, spot.state)
    by.require(act, spot.path)
    if row is None:
        acts = ", ".join(dict.fromkeys(one.act for one in possible(spot.state)))
        raise Conflict(f"File {spot.number} is “{spot.state}”; it cannot {act} now.", field="action", value=act,
                       expected=f"one of {acts}", extra={"present": present(spot)})
    return row


_MISSING: Mapping[str, tuple[Callable[[Command], bool], str, str, str]] = {
    "note": (lambda one: not one.note.strip(), "note", "Say what was done.", "some words"),
    "reason": (lambda one: not one.reason.strip(), "reason", "Say why.", "some words"),
    "kind": (lambda one: one.kind not in KINDS, "kind", "Say what kind of remedy it is.", "one of " + ", ".join(KINDS)),
    "owner": (lambda one: (one.organisation is None) == (not one.post), "organisation", "A remedy has one owner.",
              "an organisation, or a post that is held there"),
    "planned_on": (lambda one: one.planned_on is None, "planned_on", "Say by when it is planned.", "a date"),
}


def _check_needs(row: Transition, command: Command) -> None:
    for need in row.needs:
        lacks, field, text, expected = _MISSING[need]
        if lacks(command):
            raise InvalidInput(text, field=field, value=getattr(command, field) or None, expected=expected)


def _campaign(spot: Spot, row: Transition, command: Command, by: Mandate) -> None:
    now = moment_of(by)
    at = command.at or now
    if not spot.opened_at - timedelta(days=365) <= at <= now:
        raise InvalidInput("A campaign is recorded after it took place.", field="at", value=at.isoformat(),
                           expected=f"not after {now.isoformat()}")
    if command.organisation is not None:
        _require_serves(command.organisation, spot)
    one = Campaign(id=new_id(), spot=spot, at=at, organisation_id=command.organisation)
    told = {"id": str(one.id), "at": to_us(at), "organisation": _text(command.organisation)}
    one.seq = advance(spot, "campaign", entering(spot, row, now), by=by, data={"campaign": told},
                      content={"note": command.note.strip()})
    one.save(force_insert=True)


def _set_remedy(spot: Spot, row: Transition, command: Command, by: Mandate) -> None:
    now = moment_of(by)
    assert command.planned_on is not None
    today = now.astimezone(ZoneInfo(atlas().timezone(spot.path))).date()
    if not today <= command.planned_on <= today + LONGEST_PLAN:
        raise InvalidInput("A remedy is planned for a day to come.", field="planned_on",
                           value=command.planned_on.isoformat(), expected=f"from {today.isoformat()} on")
    if command.organisation is not None:
        _require_serves(command.organisation, spot)
    elif not holders(spot.path, str(command.post), by.at):
        raise InvalidInput("Nobody holds this post there now.", field="post", value=command.post,
                           expected="a post that is held at the file's place")
    one = Remedy(id=new_id(), spot=spot, kind=str(command.kind), organisation_id=command.organisation,
                 post_id=command.post or None, planned_on=command.planned_on, begun_at=now)
    told = {"id": str(one.id), "kind": one.kind, "organisation": _text(command.organisation), "post": one.post_id,
            "planned_on": command.planned_on.isoformat(), "begun_at": to_us(now)}
    one.seq = advance(spot, "set_remedy", entering(spot, row, now), by=by, data={"remedy": told},
                      content=_words(command))
    one.save(force_insert=True)


def _finish_remedy(spot: Spot, row: Transition, command: Command, by: Mandate) -> None:
    now, one = moment_of(by), _under_way(spot)
    advance(spot, "finish_remedy", entering(spot, row, now), by=by, data={"remedy": str(one.id), "at": to_us(now)},
            content=_words(command))
    one.finished_at = now
    one.save(update_fields=["finished_at"])


def _drop_remedy(spot: Spot, row: Transition, command: Command, by: Mandate) -> None:
    now, one = moment_of(by), _under_way(spot)
    advance(spot, "drop_remedy", entering(spot, row, now), by=by, data={"remedy": str(one.id), "at": to_us(now)},
            content=_words(command))
    one.outcome, one.judged_at = "dropped", now
    one.save(update_fields=["outcome", "judged_at"])


def _move(spot: Spot, row: Transition, command: Command, by: Mandate) -> None:
    advance(spot, row.act, entering(spot, row, moment_of(by)), by=by, content=_words(command))


_ACTS: Mapping[str, Callable[[Spot, Transition, Command, Mandate], None]] = {
    "campaign": _campaign, "set_remedy": _set_remedy, "finish_remedy": _finish_remedy, "drop_remedy": _drop_remedy,
    "close_spot": _move, "reopen_spot": _move,
}


def _under_way(spot: Spot) -> Remedy:
    return Remedy.objects.get(spot=spot, finished_at=None, outcome=None)


def _require_serves(organisation: UUID, spot: Spot) -> None:
    if not serves(organisation, spot.path):
        raise InvalidInput("No such organisation serves this place.", field="organisation", value=organisation,
                           expected="the id of an organisation of the same subdistrict")


def _words(command: Command) -> dict[str, str]:
    return {name: text for name in ("note", "reason") if (text := getattr(command, name).strip())}


def _text(value: UUID | None) -> str | None:
    return None if value is None else str(value)
