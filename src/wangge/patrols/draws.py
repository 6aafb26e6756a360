"""Draws on record: one entry holds seed, inputs, their digest and the result, so that anybody draws it again.

A draw has no table: it is its entry, which nobody can change. The same kind, area and label is drawn once; drawing
again is a further entry of the same chain, for all to see.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID, uuid5

from django.db import transaction

from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.duties.conflicts import part_by
from wangge.kernel.duties.interests import interests_at
from wangge.kernel.duties.queries import duties_below
from wangge.kernel.duties.roster import Holding
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.services import Act, append, heads
from wangge.kernel.places.queries import AreaInfo, area_by_code, atlas
from wangge.patrols.drawing import KINDS, digest, result

VERB, SUBJECT = "draw", "draw"
_LABEL = re.compile(r"[A-Za-z0-9._-]{1,32}")


MOST = 100


class Drawn(NamedTuple):
    """A draw as it stands on record: `round` counts from 1, `path` is the ground, `by` who drew it."""

    id: UUID
    round: int
    kind: str
    label: str
    seed: str
    digest: str
    inputs: dict[str, Any]
    result: Any
    at: datetime
    path: str = ""
    by: UUID | None = None


@transaction.atomic
def draw(
    *, kind: str, area: str, label: str, by: Mandate, count: int = 0, of: str = "grid",
    posts: Collection[str] = ("assessor", "inspector"), seed: str = "", again: bool = False,
) -> Drawn:
    """Draw a sample of `count` areas of the kind `of` below an area, or inspectors for each of them.

    Inspectors are who holds one of `posts` there; kept away from where they hold a post that answers, and from where an
    organisation works to which they declared a relation. Raises `InvalidInput`, `NotFound`, `Forbidden`, and
    `Conflict` where it was drawn already.
    """
    place = area_by_code(area)
    by.require(VERB, place.path)
    if kind not in KINDS:
        raise InvalidInput("There is no such draw.", field="kind", value=kind, expected="one of " + ", ".join(KINDS))
    if not _LABEL.fullmatch(label):
        raise InvalidInput("A draw has a label, such as its period.", field="label", value=label,
                           expected="1 to 32 letters, digits, . _ -")
    targets = [one for one in atlas().below(place.path, at=by.at) if one.kind == of]
    if kind == "sample":
        inputs: dict[str, Any] = {"names": sorted(one.code for one in targets), "count": count}
    else:
        inputs = _crossing(place, targets, posts, by.at)
    used = seed or secrets.token_hex(16)
    data = {"kind": kind, "label": label, "seed": used, "inputs": inputs, "digest": digest(inputs),
            "result": result(kind, used, inputs)}
    subject = uuid5(place.id, f"{kind}:{of}:{label}")
    head = heads([subject]).get(subject)
    if head is not None and not again:
        raise Conflict("This was drawn already.", field="label", value=label,
                       expected="another label; a further round stands on record beside the first")
    [written] = append([Act(subject, SUBJECT, VERB, place.id, data, {}, head.seq if head else 0)], by=by)
    return recorded(subject, written.seq)


def _crossing(place: AreaInfo, targets: list[AreaInfo], posts: Collection[str], at: datetime) -> dict[str, Any]:
    duties = [one for one in duties_below(place.path, at) if one.kind != "leave"]
    people = {one.person_id for one in duties if one.post in posts and one.person_id}
    bound: set[tuple[UUID | None, UUID | None]] = {(one.person_id, one.organisation_id) for one in interests_at(at)}
    parts = {(str(person), target.code): _part(duties, person, target.path, bound)
             for person in people for target in targets}
    barred = sorted(pair for pair, part in parts.items() if part)
    return {"inspectors": sorted(map(str, people)), "areas": sorted(one.code for one in targets),
            "barred": [list(pair) for pair in barred], "why": [parts[pair] for pair in barred]}


def _part(duties: list[Holding], person: UUID | None, path: str, bound: set[tuple[UUID | None, UUID | None]]) -> str:
    """`answers` before `bound`: the nearer reason is named."""
    return min(filter(None, (part_by(duty, person, path, bound) for duty in duties)), default="")


def recorded(subject: UUID, seq: int = 1) -> Drawn:
    """A draw as it stands on record. Raises `NotFound`."""
    entry = Entry.objects.filter(subject_id=subject, subject_type=SUBJECT, seq=seq).first()
    if entry is None:
        raise NotFound("There is no such draw.", field="draw", value=subject, expected="the id of a draw")
    return _drawn(entry)


def listing(by: Mandate) -> list[Drawn]:
    """The draws on the reader's ground and above it, newest first. One statement."""
    rows = Entry.objects.filter(subject_type=SUBJECT, area__in=_ground(by)).order_by("-at", "-seq")
    return [_drawn(one) for one in rows[:MOST]]


def seen(subject: UUID, seq: int, by: Mandate) -> Drawn:
    """A draw that the reader sees. Raises `NotFound`."""
    one = recorded(subject, seq)
    if atlas().by_path[one.path].id not in _ground(by):
        raise NotFound("There is no such draw.", field="draw", value=subject, expected="the id of a draw")
    return one


def _ground(by: Mandate) -> set[UUID]:
    places = atlas()
    return {one.id for one in (*places.below(by.scope_path), *places.above(by.scope_path))}


def _drawn(entry: Entry) -> Drawn:
    told, place = entry.data, atlas().by_id.get(entry.area) if entry.area else None
    return Drawn(entry.subject_id, entry.seq, told["kind"], told["label"], told["seed"], told["digest"], told["inputs"],
                 told["result"], entry.at, place.path if place else "", entry.actor)


def replay(one: Drawn) -> bool:
    """Whether the recorded inputs have the recorded digest and give the recorded result again."""
    return digest(one.inputs) == one.digest and result(one.kind, one.seed, one.inputs) == one.result
