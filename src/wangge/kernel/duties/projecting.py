"""Assignments and working calendars as the journal tells them."""

from __future__ import annotations

from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.journal.services import SOME, Projection, State, Told, project, stepping

_DAYS = """
LEFT JOIN (
  SELECT calendar_id, jsonb_agg(jsonb_build_array(to_char(day, 'YYYY-MM-DD'), kind) ORDER BY day) AS known
  FROM duties_calendar_day GROUP BY calendar_id
) d ON d.calendar_id = s.id
"""


def register() -> None:
    """Called once, when the application is ready."""
    project(Projection(
        subject_type="duty",
        table="duties_assignment",
        columns={
            "post": "s.post_id", "person": "s.person_id", "organisation": "s.organisation_id", "area": "s.area_id",
            "path": "s.area_path", "kind": "s.kind", "single_seat": "s.single_seat", "valid_from": "lower(s.valid)",
            "valid_to": "upper(s.valid)", "recorded_from": "lower(s.recorded)", "recorded_to": "upper(s.recorded)",
        },
        told=stepping({"assign": _assigned, "end_duty": _ended, "correct": _superseded, "void": _superseded}),
        times=frozenset({"valid_from", "valid_to", "recorded_from", "recorded_to"}),
    ))
    project(Projection(
        subject_type="interest",
        table="duties_interest",
        columns={"person": "s.person_id", "organisation": "s.organisation_id", "kind": "s.kind", "since": "s.since",
                 "until": "s.until"},
        told=stepping({"declare": _declared, "end_interest": _interest_ended}),
        times=frozenset({"since", "until"}),
    ))
    project(Projection(
        subject_type="calendar",
        table="duties_calendar",
        columns={
            "area": "s.area_id", "timezone": "s.timezone", "windows": "s.windows", "source": "s.source",
            "days": "coalesce(d.known, '[]')",
        },
        joins=_DAYS,
        told=stepping({"create": _opened, "set_hours": _hours_set, "fill": _filled, "set_day": _day_set}),
    ))


def _assigned(state: State, entry: Told) -> None:
    data = entry.data
    known = ("post", "person", "organisation", "path", "kind", "valid_from", "valid_to")
    state |= {name: data[name] for name in known} | {"area": entry.area, "recorded_to": None}
    if post := POSTS.get(data["post"]):
        state["single_seat"] = post.single_seat
    if "recorded_from" in data:
        state["recorded_from"] = data["recorded_from"]
    elif "corrects" not in data:  # a row that corrects another begins where that one ends; older entries don't say it
        state["recorded_from"] = entry.recorded_at


def _ended(state: State, entry: Told) -> None:
    state["valid_to"] = entry.data["valid_to"]


def _declared(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in ("person", "organisation", "kind", "since")} | {"until": None}


def _interest_ended(state: State, entry: Told) -> None:
    state["until"] = entry.data["until"]


def _superseded(state: State, entry: Told) -> None:
    state["recorded_to"] = entry.data.get("recorded_to", SOME)


def _opened(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in ("timezone", "windows", "source")} | {"area": entry.area, "days": []}


def _hours_set(state: State, entry: Told) -> None:
    state["windows"] = entry.data["windows"]


def _filled(state: State, entry: Told) -> None:
    """Older entries say how many days were filled in, not which."""
    if "added" in entry.data:
        _put(state, dict(entry.data["added"]))
    elif entry.data["days"]:
        state.pop("days", None)


def _day_set(state: State, entry: Told) -> None:
    _put(state, {entry.data["day"]: entry.data["kind"]})


def _put(state: State, days: dict[str, str | None]) -> None:
    if "days" in state:
        known = dict(state["days"]) | days
        state["days"] = [[day, kind] for day, kind in sorted(known.items()) if kind]
