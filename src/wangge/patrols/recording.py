"""Rows of this room and their entries: a first row, a change, by whose entry its columns are told."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, TypeVar
from uuid import UUID

from django.db import IntegrityError, models, transaction

from wangge.base.errors import Conflict, InvalidInput, KeyReused, Moved, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.replaying import plain
from wangge.kernel.journal.models import Versioned
from wangge.kernel.journal.services import Act, append
from wangge.patrols.lifecycle import TABLES, acts_in

R = TypeVar("R", bound=Versioned)


@cache
def columns(model: type[models.Model]) -> dict[str, str]:
    """The columns of a table by name, with the attribute that holds each; without id and version."""
    return {
        str(field.column): field.attname for field in model._meta.concrete_fields
        if field.column not in ("id", "version")
    }


def begin(row: R, subject: str, verb: str, *, area: UUID | None, by: Mandate, content: Mapping[str, str]) -> R:
    """Write the first entry of a subject and its row. In the caller's transaction."""
    told = {name: getattr(row, attribute) for name, attribute in columns(type(row)).items()}
    append([Act(row.id, subject, verb, area, {"set": plain(told)}, content)], by=by)
    row.save(force_insert=True)
    return row


def advance(
    row: R, subject: str, verb: str, updates: Mapping[str, Any], *, area: UUID | None, by: Mandate,
    content: Mapping[str, str] | None = None,
) -> R:
    """Write the entry of an act upon a locked row, and what it changed. In the caller's transaction."""
    data = {"set": plain(updates)}
    [written] = append([Act(row.id, subject, verb, area, data, content or {}, row.version)], by=by)
    known = columns(type(row))
    for name, value in updates.items():
        setattr(row, known[name], value)
    row.version = written.seq
    row.save(force_update=True, update_fields=["version", *(known[name] for name in updates)])
    return row


def locked(model: type[R], subject: str, row_id: UUID, expected_version: int | None, verb: str) -> R:
    """The row, locked. Raises `NotFound`; `Moved` where it is not at the version that was seen; `Conflict` where its
    state does not allow the act; `InvalidInput` without a version."""
    row = model._default_manager.select_for_update(of=("self",)).filter(id=row_id).first()
    if row is None:
        raise missing(subject, row_id)
    if expected_version is None:
        raise InvalidInput("Say which version you saw.", field="expected_version", expected="its version")
    state = str(getattr(row, "state"))  # noqa: B009 — each of the three has one
    shown = {"present": {"id": str(row.id), "state": state, "version": row.version}}
    if row.version != expected_version:
        raise Moved("It has moved on.", field="expected_version", value=expected_version, expected=str(row.version),
                    extra=shown)
    if verb not in acts_in(subject, state):
        possible = ", ".join(acts_in(subject, state))
        raise Conflict(f"It is “{state}”; {verb} is not possible now.", field="action", value=verb,
                       expected=f"one of {possible}" if possible else "nothing: it has ended", extra=shown)
    return row


def sent_before(model: type[R], whose: str, key: UUID | None, by: Mandate) -> R | None:
    """The row that this key made before, None for a fresh one. Raises `KeyReused` where somebody else made it."""
    row = None if key is None else model._default_manager.filter(id=key).first()
    if row is not None and (by.actor is None or getattr(row, f"{whose}_id") != by.actor):
        raise KeyReused("This key belongs to something else.", field="key", value=key, expected="a fresh UUID")
    return row


def once(make: Callable[[], R], known: Callable[[], R | None]) -> R:
    """What is made, in a transaction; where the same request came twice at once, what the other one made."""
    try:
        with transaction.atomic():
            return make()
    except IntegrityError:
        if (found := known()) is None:
            raise
        return found


def missing(subject: str, row_id: object) -> NotFound:
    """What is said of what is not there, or not for this reader."""
    return NotFound(f"There is no such {subject} that you may see.", field=subject, value=row_id)


assert set(TABLES) == {"patrol", "observation", "switch"}
