"""What the subdistrict works by: class sets and routing from the shipped tables, community rules, the calendar."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import datetime
from functools import cache
from importlib import resources
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.classes.crosswalk import load_crosswalk, read_links
from wangge.kernel.cases.setup import ClassRow, ConditionRow, RuleRow, load_class_set, set_routing
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.hours import create_calendar, fill_calendar
from wangge.kernel.places.models import Area

_LETTERS = {"event": "E", "part": "P", "governance": "G"}
_DATA = resources.files("wangge.kernel.cases") / "data"
UNROUTED = ("G0102", "G0108")
"""Classes whose route states no fallback: where nobody holds its post, a case stays with the operator."""
IN_STEAD = {"secretary": "grid_leader", "leader": "officer", "party_supervisor": "resident_assistant",
            "volunteer": "grid_worker", "acceptor": "grid_worker", "operator": "grid_leader"}
"""Who is sent a case where the post that the table names cannot sign for one (it leads, or helps)."""


@cache
def table(name: str) -> tuple[Mapping[str, str], ...]:
    """The rows of a shipped table."""
    return tuple(csv.DictReader((_DATA / name).read_text("utf-8").splitlines()))


def code(row: Mapping[str, str]) -> str:
    """event, 04, 17 → E0417."""
    return f"{_LETTERS[row['kind']]}{row['major_code']}{row['minor_code']}"


def limit_of(class_code: str, condition: int) -> Limit:
    """The time allowed under a condition of a class."""
    return _limits()[class_code, condition]


@cache
def _limits() -> dict[tuple[str, int], Limit]:
    return {
        (code(row), int(row["condition_no"])): Limit(int(row["limit"]), LimitUnit(row["limit_unit"]))
        for name in ("case_classes.csv", "governance_classes.csv") for row in table(name)
    }


def set_up(root: Area, units: Mapping[str, UUID], communities: Mapping[str, Area], *, since: datetime,
           years: range, by: Mandate) -> None:
    """Calendar, classes and routing; `units` gives organisations by the department codes of the tables."""
    calendar = create_calendar(area=root.code, source="CN", by=by)
    fill_calendar(calendar=calendar, years=years, by=by)
    for scheme, names in (("gbt-30428-2", ["case_classes.csv"]), ("governance-nine", ["governance_classes.csv"])):
        load_class_set(area_id=root.id, area_path=root.path, scheme=scheme, classes=list(classes(names)), by=by)
    load_crosswalk(links=read_links(), by=by)
    set_routing(area_id=root.id, area_path=root.path, rules=list(rules(units)), valid_from=since, by=by)
    for community, own in community_rules(units).items():
        area = communities[community]
        set_routing(area_id=area.id, area_path=area.path, rules=own, valid_from=since, by=by)


def classes(names: list[str]) -> Iterator[ClassRow]:
    """Majors, then each class with its conditions.

    An event or part starts in the grid where a post of the working group gets it, with the subdistrict where a
    department does; governance classes state their own tier.
    """
    posts = {code(row) for row in table("routing_defaults.csv") if row["target_kind"] == "post"}
    others = {code(row) for row in table("routing_defaults.csv")} - posts
    majors: dict[str, ClassRow] = {}
    minors: dict[str, ClassRow] = {}
    for row in (row for name in names for row in table(name)):
        major = f"{_LETTERS[row['kind']]}{row['major_code']}"
        majors.setdefault(major, ClassRow(major, row["major_name"], row["major_name_en"]))
        here = code(row)
        in_grid = here in posts or (f"{major}*" in posts and here not in others)
        tier = row.get("starting_tier") or ("grid" if in_grid else "subdistrict")
        one = ConditionRow(int(row["condition_no"]), row["condition_zh"], row["condition_en"], row["closing_zh"],
                           row["closing_en"], Limit(int(row["limit"]), LimitUnit(row["limit_unit"])))
        known = minors.setdefault(here, ClassRow(here, row["minor_name"], row["minor_name_en"], major, tier,
                                                confidentiality=row.get("confidentiality") or "public"))
        minors[here] = known._replace(conditions=(*known.conditions, one))
    yield from majors.values()
    yield from minors.values()


def rules(units: Mapping[str, UUID]) -> Iterator[RuleRow]:
    """The routes of the subdistrict: events and parts by their table, governance by its own columns."""
    for row in table("routing_defaults.csv"):
        prefix = code(row).rstrip("*")
        if row["target_kind"] == "post":
            yield RuleRow(prefix, post=row["target"], fallback_post=row["fallback_post"])
        else:
            yield RuleRow(prefix, organisation=units[row["target"]], fallback_post=row["fallback_post"])
    seen: set[str] = set()
    for row in table("governance_classes.csv"):
        if code(row) in seen:
            continue
        seen.add(code(row))
        fallback = None if code(row) in UNROUTED else "grid_worker"
        post = row["default_post"]
        if post:
            able = post if "sign" in POSTS[post].verbs else IN_STEAD[post]
            yield RuleRow(code(row), post=able, fallback_post=fallback)
        else:
            yield RuleRow(code(row), organisation=units[row["default_department"]], fallback_post="operator")


def community_rules(units: Mapping[str, UUID]) -> dict[str, list[RuleRow]]:
    """Where a community goes its own way: a property firm, the cleaning contractor, a village's own worker."""
    return {
        "NXS-02": [RuleRow("G0102", organisation=units["property"]), RuleRow("G0105", organisation=units["property"])],
        "NXS-09": [RuleRow("E0112", organisation=units["cleaning"]), RuleRow("E0110", organisation=units["cleaning"])],
        "NXS-10": [RuleRow("E04", post="grid_leader", fallback_post="officer")],
    }
