"""Reference data in memory: classes, conditions, routing rules and stage limits of every area.

A snapshot is rebuilt when the number in `cases_reference_version` has moved. What belongs to an area holds
below it; the nearest ancestor's wins.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.conf import settings
from django.db import connection
from django.db.backends.utils import CursorWrapper

from wangge.base.errors import InvalidInput
from wangge.base.geometry import Point
from wangge.base.units import Limit, LimitUnit
from wangge.base.versions import Version
from wangge.kernel.cases.parts.index import Kept, Near, PartIndex
from wangge.kernel.places.queries import ancestors


class Condition(NamedTuple):
    """A registration condition of a class."""

    number: int
    text: str
    text_en: str
    closing: str
    closing_en: str
    limit: Limit


class ClassInfo(NamedTuple):
    """A class as reference data; `conditions` by number, `parent` the id of its major. A retired one stands for old
    cases only."""

    id: UUID
    area_path: str
    scheme: str
    code: str
    name: str
    name_en: str
    parent: UUID | None
    tier: str
    confidentiality: str
    retired: bool
    conditions: Mapping[int, Condition]

    @property
    def reportable(self) -> bool:
        """Majors only group; a case takes a class that has conditions."""
        return bool(self.conditions)


class Rule(NamedTuple):
    """A routing rule as reference data."""

    id: UUID
    area_path: str
    class_prefix: str
    post: str | None
    organisation: UUID | None
    fallback_post: str | None
    fallback_organisation: UUID | None
    valid_from: datetime
    valid_to: datetime | None
    precedent: UUID | None = None
    passed_over: frozenset[UUID] = frozenset()


class ControlInfo(NamedTuple):
    """Where and when classes are not to be reported, and what a reporter is told."""

    id: UUID
    area_path: str
    class_prefix: str
    valid_from: datetime
    valid_to: datetime
    text: str
    text_en: str


class Reference(NamedTuple):
    """A snapshot of all reference data."""

    version: int
    classes: Mapping[UUID, ClassInfo]
    by_code: Mapping[str, tuple[ClassInfo, ...]]  # deepest area first
    rules: Mapping[str, tuple[Rule, ...]]  # by area path, longest prefix first
    limits: Mapping[str, Mapping[str, Limit]]  # by area path
    controls: tuple[ControlInfo, ...] = ()
    parts: PartIndex | None = None  # None where there are none
    parts_version: int = 0
    crosswalk: Mapping[tuple[str, str], frozenset[tuple[str, str]]] = {}  # (scheme, code) → the same elsewhere

    def find_class(self, code: str, path: str, *, field: str = "case_class") -> ClassInfo:
        """The class with this code that holds at `path`. Raises `InvalidInput` naming the field."""
        for candidate in self.by_code.get(code, ()):
            if path.startswith(candidate.area_path):
                if not candidate.reportable:
                    raise InvalidInput(
                        f"“{code}” is a group of classes.",
                        field=field,
                        value=code,
                        expected="a class below it",
                    )
                return candidate
        raise InvalidInput(
            f"There is no class “{code}” here.",
            field=field,
            value=code,
            expected="a code from the list of classes",
        )

    def level_of(self, case_class: UUID | None) -> str:
        """The confidentiality of a case by its class; public while it has none."""
        info = self.classes.get(case_class) if case_class is not None else None
        return info.confidentiality if info else "public"

    def part_near(self, point: Point | None, code: str) -> Near | None:
        """The part of this class that a report at this point is about; None where none lies near enough."""
        if self.parts is None or point is None:
            return None
        return self.parts.nearest(point, code, settings.PART_METRES)

    def keeper_of(self, part: UUID | None) -> UUID | None:
        """The organisation that keeps a part, as far as it is there and has one."""
        held = self.parts.by_id.get(part) if self.parts is not None and part is not None else None
        return held.keeper if held else None

    def stage_limits(self, path: str) -> Mapping[str, Limit]:
        """The stage limits that areas on the way to `path` set, nearest wins."""
        found: dict[str, Limit] = {}
        for prefix in ancestors(path):
            found |= self.limits.get(prefix, {})
        return found

    def rules_for(self, path: str, code: str, at: datetime) -> Iterable[Rule]:
        """Rules that hold for this class at this place, nearest area first, there the longest prefix first."""
        for prefix in reversed(ancestors(path)):
            for rule in self.rules.get(prefix, ()):
                if (
                    code.startswith(rule.class_prefix)
                    and rule.valid_from <= at
                    and (rule.valid_to is None or at < rule.valid_to)
                ):
                    yield rule

    def classes_at(self, path: str) -> list[ClassInfo]:
        """Every class that holds at `path`, by code."""
        found: dict[str, ClassInfo] = {}
        for code, candidates in self.by_code.items():
            for candidate in candidates:
                if path.startswith(candidate.area_path):
                    found[code] = candidate
                    break
        return [found[code] for code in sorted(found)]


def _version() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM cases_reference_version")
        return int(cursor.fetchone()[0])


PRESENT = Version("reference", _version)
"""The version that `reference` takes where none is given."""

_snapshots: dict[str, Reference] = {}


def reference(version: int | None = None) -> Reference:
    """The present snapshot. Pass `version` where it was read with another statement anyway."""
    name = str(connection.settings_dict["NAME"])
    if version is None:
        version = PRESENT.now()
    known = _snapshots.get(name)
    if known is None or known.version != version:
        known = _snapshots[name] = _load(version, known)
    return known


def _load(version: int, before: Reference | None) -> Reference:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT case_class_id, number, text, text_en, closing, closing_en, limit_amount, limit_unit"
            " FROM cases_class_condition ORDER BY number"
        )
        conditions: dict[UUID, dict[int, Condition]] = {}
        for owner, number, text, text_en, closing, closing_en, amount, unit in cursor.fetchall():
            conditions.setdefault(owner, {})[number] = Condition(
                number, text, text_en, closing, closing_en, Limit(amount, LimitUnit(unit))
            )
        cursor.execute(
            "SELECT c.id, a.path, c.scheme, c.code, c.name, c.name_en, c.parent_id, c.tier,"
            " c.confidentiality, c.retired FROM cases_class c JOIN places_area a ON a.id = c.area_id"
        )
        classes = {row[0]: ClassInfo._make((*row, conditions.get(row[0], {}))) for row in cursor.fetchall()}
        rules = _load_rules(cursor)
        controls = _load_controls(cursor)
        cursor.execute(
            "SELECT a.path, s.state, s.limit_amount, s.limit_unit FROM cases_stage_limit s"
            " JOIN places_area a ON a.id = s.area_id WHERE s.active"
        )
        limits: dict[str, dict[str, Limit]] = {}
        for path, state, amount, unit in cursor.fetchall():
            limits.setdefault(path, {})[state] = Limit(amount, LimitUnit(unit))
        parts, parts_version = _load_parts(cursor, before)
        crosswalk = _load_crosswalk(cursor)
    by_code: dict[str, list[ClassInfo]] = {}
    for info in sorted(classes.values(), key=lambda info: -len(info.area_path)):
        if not info.retired:
            by_code.setdefault(info.code, []).append(info)
    return Reference(
        version,
        classes,
        {code: tuple(found) for code, found in by_code.items()},
        {path: tuple(found) for path, found in rules.items()},
        limits,
        controls,
        parts,
        parts_version,
        crosswalk,
    )


def _load_crosswalk(cursor: CursorWrapper) -> dict[tuple[str, str], frozenset[tuple[str, str]]]:
    """Both ways."""
    cursor.execute("SELECT from_scheme, from_code, to_scheme, to_code FROM cases_crosswalk")
    found: dict[tuple[str, str], set[tuple[str, str]]] = {}
    for from_scheme, from_code, to_scheme, to_code in cursor.fetchall():
        found.setdefault((from_scheme, from_code), set()).add((to_scheme, to_code))
        found.setdefault((to_scheme, to_code), set()).add((from_scheme, from_code))
    return {key: frozenset(others) for key, others in found.items()}


def _load_parts(cursor: CursorWrapper, before: Reference | None) -> tuple[PartIndex | None, int]:
    """The parts that are there, and the version at which they changed last; kept where that has not moved."""
    cursor.execute("SELECT parts FROM cases_reference_version")
    (version,) = cursor.fetchone()
    if before is not None and before.parts_version == version:
        return before.parts, version
    cursor.execute(
        "SELECT id, code, class_code, lon_e7, lat_e7, keeper_id FROM cases_part WHERE state <> 'removed' ORDER BY code"
    )
    index = PartIndex(Kept._make(row) for row in cursor.fetchall())
    return (index if index.by_id else None), version


def _load_rules(cursor: CursorWrapper) -> dict[str, list[Rule]]:
    cursor.execute(
        "SELECT r.id, a.path, r.class_prefix, r.post_id, r.organisation_id, r.fallback_post_id,"
        " r.fallback_organisation_id, r.valid_from, r.valid_to, r.precedent, r.passed_over"
        " FROM cases_routing_rule r JOIN places_area a ON a.id = r.area_id"
        " ORDER BY length(r.class_prefix) DESC, r.id"
    )
    rules: dict[str, list[Rule]] = {}
    for row in cursor.fetchall():
        rules.setdefault(row[1], []).append(Rule._make((*row[:-1], frozenset(row[-1]))))
    return rules


def _load_controls(cursor: CursorWrapper) -> tuple[ControlInfo, ...]:
    cursor.execute(
        "SELECT c.id, a.path, c.class_prefix, c.valid_from, c.valid_to, c.text, c.text_en"
        " FROM cases_control c JOIN places_area a ON a.id = c.area_id ORDER BY c.valid_from, c.id"
    )
    return tuple(ControlInfo(*row) for row in cursor.fetchall())
