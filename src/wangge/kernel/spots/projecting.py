"""Spot files and their rules as the journal tells them: the row, its cases, campaigns and remedies."""

from __future__ import annotations

from wangge.kernel.journal.services import Projection, State, Told, microseconds, project, stepping
from wangge.kernel.spots.models import RULE_SUBJECT, SUBJECT

COLUMNS = (
    "number", "state", "case_class", "area", "path", "lon_e7", "lat_e7", "metres", "hold_days", "opened_at",
    "resolved_at", "reopens", "rebounds",
)
"""The columns of a file; an entry's `data.set` holds exactly those that its act changed."""
RULE_COLUMNS = ("area", "needed", "metres", "days", "hold_days", "active")

_WITH = f"""
LEFT JOIN (
  SELECT spot_id, jsonb_agg(case_id ORDER BY case_id::text) AS known FROM spots_member GROUP BY spot_id
) m ON m.spot_id = s.id
LEFT JOIN (
  SELECT spot_id, jsonb_agg(jsonb_build_array(id, seq, {microseconds("at")}, organisation_id) ORDER BY seq) AS known
  FROM spots_campaign GROUP BY spot_id
) k ON k.spot_id = s.id
LEFT JOIN (
  SELECT spot_id, jsonb_agg(jsonb_build_array(id, seq, kind, organisation_id, post_id,
    to_char(planned_on, 'YYYY-MM-DD'), {microseconds("begun_at")}, {microseconds("finished_at")}, outcome,
    {microseconds("judged_at")}) ORDER BY seq) AS known FROM spots_remedy GROUP BY spot_id
) r ON r.spot_id = s.id
"""
_FINISHED, _OUTCOME, _JUDGED = 7, 8, 9


def register() -> None:
    """Called once, when the application is ready."""
    project(Projection(
        subject_type=SUBJECT,
        table="spots_spot",
        columns={name: f"s.{name}" for name in COLUMNS}
        | {"cases": "coalesce(m.known, '[]')", "campaigns": "coalesce(k.known, '[]')",
           "remedies": "coalesce(r.known, '[]')"},
        joins=_WITH,
        told=stepping({
            "open_spot": _opened, "join_spot": _joined, "campaign": _campaign, "set_remedy": _set,
            "finish_remedy": _finished, "drop_remedy": _dropped, "rebound": _rebounded, "hold": _held,
            "recur": _changed, "close_spot": _changed, "reopen_spot": _changed, "move": _changed,
        }),
        times=frozenset({"opened_at", "resolved_at"}),
        label="number",
    ))
    project(Projection(
        subject_type=RULE_SUBJECT,
        table="spots_rule",
        columns={name: f"s.{name}{'_id' if name == 'area' else ''}" for name in RULE_COLUMNS},
        told=stepping({"set": _changed, "move": _changed}),
    ))


def _changed(state: State, entry: Told) -> None:
    state |= entry.data.get("set", {})


def _opened(state: State, entry: Told) -> None:
    _changed(state, entry)
    state |= {"cases": sorted(entry.data["cases"]), "campaigns": [], "remedies": []}


def _joined(state: State, entry: Told) -> None:
    state["cases"] = sorted([*state["cases"], *entry.data["cases"]])


def _campaign(state: State, entry: Told) -> None:
    one = entry.data["campaign"]
    state["campaigns"].append([one["id"], entry.seq, one["at"], one["organisation"]])


def _set(state: State, entry: Told) -> None:
    _changed(state, entry)
    one = entry.data["remedy"]
    state["remedies"].append([
        one["id"], entry.seq, one["kind"], one["organisation"], one["post"], one["planned_on"], one["begun_at"],
        None, None, None,
    ])


def _finished(state: State, entry: Told) -> None:
    _changed(state, entry)
    _remedy(state, entry)[_FINISHED] = entry.data["at"]


def _dropped(state: State, entry: Told) -> None:
    _judged(state, entry, "dropped")


def _rebounded(state: State, entry: Told) -> None:
    _judged(state, entry, "rebounded")


def _held(state: State, entry: Told) -> None:
    _judged(state, entry, "held")


def _judged(state: State, entry: Told, outcome: str) -> None:
    _changed(state, entry)
    one = _remedy(state, entry)
    one[_OUTCOME], one[_JUDGED] = outcome, entry.data["at"]


def _remedy(state: State, entry: Told) -> list[object]:
    found: list[object] = next(one for one in state["remedies"] if one[0] == entry.data["remedy"])
    return found
