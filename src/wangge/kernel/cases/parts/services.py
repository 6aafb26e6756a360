"""Writes of parts: created and changed set-wise by code, each with its entry; moved along when areas end."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

from django.db import transaction

from wangge.base.errors import InvalidInput, Moved, NotFound
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.models import Part
from wangge.kernel.cases.parts.rules import COLUMNS, NewPart, check_part, check_region, stored_values, values_of
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.cases.reference import Reference, reference
from wangge.kernel.cases.reporting import root_of
from wangge.kernel.cases.units import serving
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.events import Move
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

VERB = "manage_areas"
SUBJECT = "part"
_IDS = {"area": "area_id", "owner": "owner_id", "supervisor": "supervisor_id", "keeper": "keeper_id"}
_SAVED = [_IDS.get(name, name) for name in COLUMNS]


class Put(NamedTuple):
    """What became of the parts, in their order: created, changed or unchanged."""

    results: tuple[str, ...]

    def count(self, result: str) -> int:
        """How many had this result."""
        return self.results.count(result)


class Grounds:
    """What every row is checked by: areas, classes and organisations as they are now."""

    def __init__(self, by: Mandate) -> None:
        self.by = by
        self.places: Atlas = atlas()
        self.known: Reference = reference()
        self._serving: dict[str, frozenset[UUID]] = {}

    def locate(self, parts: Sequence[NewPart]) -> list[AreaInfo | None]:
        """The area that holds each part now."""
        return self.places.locate_many(
            [part.point for part in parts], root_path=root_of(self.by.scope_path), at=self.by.at
        )

    def check(self, part: NewPart, area: AreaInfo | None) -> NewPart:
        """The part with its name, if it may stand there. Raises `InvalidInput` or `Forbidden`."""
        check_part(part)
        if area is None:
            raise InvalidInput(
                f"Part {part.code} lies outside every area.",
                field="location",
                value=f"{part.point.lon_e7 / 1e7:g}, {part.point.lat_e7 / 1e7:g}",
                expected="a point within a boundary, in the stated coordinate system",
            )
        self.by.require(VERB, area.path)
        check_region(part.code, self.places.root(area.path).region)
        info = self.known.find_class(f"P{part.code[6:10]}", area.path, field="code")
        root = root_of(area.path)
        if root not in self._serving:
            self._serving[root] = serving(root)
        for field in ("owner", "supervisor", "keeper"):
            unit = getattr(part, field)
            if unit is not None and unit not in self._serving[root]:
                raise InvalidInput(
                    "No such organisation serves this place.",
                    field=field,
                    value=unit,
                    expected="an organisation of the same subdistrict",
                )
        return part if part.name.strip() else part._replace(name=info.name)


def put_parts(*, parts: Sequence[NewPart], by: Mandate, expected: Mapping[str, int] | None = None) -> Put:
    """Create the parts whose code is new, change the others where they differ. All or none.

    `expected` says by code at which version each was seen, 0 for one that is new; `Moved` where somebody was faster.
    Raises `InvalidInput` naming the field of the first that may not stand, `Forbidden` without `manage_areas` there.
    """
    grounds = Grounds(by)
    areas = grounds.locate(parts)
    if expected is not None:
        return _put_seen([(grounds.check(part, area), area) for part, area in zip(parts, areas, strict=True)], by,
                         expected)  # fmt: skip
    return put_checked([(grounds.check(part, area), area) for part, area in zip(parts, areas, strict=True)], by=by)


@transaction.atomic
def _put_seen(rows: Sequence[tuple[NewPart, AreaInfo | None]], by: Mandate, expected: Mapping[str, int]) -> Put:
    codes = [part.code for part, _ in rows]
    held = Part.objects.select_for_update(of=("self",)).filter(code__in=codes).values_list("code", "version", "path")
    present = {code: (version, path) for code, version, path in held}
    for code in codes:
        version, path = present.get(code, (0, ""))
        if version and not path.startswith(by.scope_path):
            raise NotFound("There is no such part on your ground.", field="code", value=code)
        if expected.get(code, 0) != version:
            raise Moved(
                "Somebody else changed this part meanwhile." if expected.get(code) else "This code is taken.",
                field="expected_version", value=expected.get(code, 0), expected=str(version),
            )  # fmt: skip
    return put_checked(rows, by=by)


@transaction.atomic
def put_checked(rows: Sequence[tuple[NewPart, AreaInfo | None]], *, by: Mandate) -> Put:
    """The same for rows that `Grounds.check` has passed."""
    codes = [part.code for part, _ in rows]
    if len(set(codes)) != len(codes):
        twice = next(code for code in codes if codes.count(code) > 1)
        raise InvalidInput("This code stands twice.", field="code", value=twice, expected="each code once")
    known = {part.code: part for part in Part.objects.select_for_update(of=("self",)).filter(code__in=codes)}
    notes = _notes([part.id for part in known.values()])
    results, acts, made, moved = [], [], [], []
    for part, area in rows:
        values = values_of(part, area.id if area else None, area.path if area else "")
        stored = known.get(part.code)
        if stored is None:
            fresh = Part(id=new_id(), version=1, name=part.name, **_columns(values))
            content = {"name": part.name} | ({"note": part.note} if part.note else {})
            acts.append(Act(fresh.id, SUBJECT, "create", fresh.area_id, {"set": values}, content))
            made.append(fresh)
            results.append("created")
            continue
        act = _change(stored, part, values, notes.get(stored.id, ""))
        results.append("changed" if act else "unchanged")
        if act:
            acts.append(act)
            moved.append(stored)
    append(acts, by=by)
    Part.objects.bulk_create(made, batch_size=1000)
    Part.objects.bulk_update(moved, ["version", "name", *_SAVED], batch_size=500)
    return Put(tuple(results))


def _change(stored: Part, part: NewPart, values: Mapping[str, Any], note: str) -> Act | None:
    """Move a part on to what it is now; the act that tells what changed, None where nothing did."""
    before = stored_values(stored)
    changed = {name: value for name, value in values.items() if value != before[name]}
    content = {"name": part.name} if part.name != stored.name else {}
    if part.note != note:
        content["note"] = part.note
    if not changed and not content:
        return None
    act = Act(stored.id, SUBJECT, "change", stored.area_id, {"set": changed}, content, stored.version)
    for name, value in _columns(values).items():
        setattr(stored, name, value)
    stored.name, stored.version = part.name, stored.version + 1
    return act


def _columns(values: Mapping[str, Any]) -> dict[str, Any]:
    return {_IDS.get(name, name): UUID(value) if name in _IDS and value else value for name, value in values.items()}


def _notes(parts: Sequence[UUID]) -> dict[UUID, str]:
    """The present note of each part that has one."""
    with hot_cursor() as cursor:
        rows = cursor.execute(
            "SELECT DISTINCT ON (subject_id) subject_id, coalesce(value, '') FROM journal_content"
            " WHERE subject_id = ANY(%s) AND field = 'note' ORDER BY subject_id, seq DESC",
            [list(parts)],
        ).fetchall()
    return dict(rows)


def move_parts(move: Move, by: Mandate) -> None:
    """Parts of an ended area go to its successor, or to the area above where there is none."""
    places = atlas()
    upper = move.old_path.rstrip("/").rpartition("/")[0]
    above = places.by_path.get(f"{upper}/")
    held = Part.objects.select_for_update(of=("self",)).filter(path__gte=move.old_path, path__lt=after(move.old_path))
    acts, moved = [], []
    for part in held.order_by("id"):
        path, area = part.path, part.area_id
        if move.new_path is not None:
            path = move.new_path + path[len(move.old_path) :]
            area = move.new_id if part.area_id == move.old_id else area
        elif above is not None:
            path, area = above.path, above.id
        values = {"path": path, "area": str(area) if area else None}
        acts.append(Act(part.id, SUBJECT, "move", part.area_id, {"set": values}, {}, part.version))
        part.path, part.area_id, part.version = path, area, part.version + 1
        moved.append(part)
    append(acts, by=by)
    Part.objects.bulk_update(moved, ["version", "path", "area_id"], batch_size=500)
