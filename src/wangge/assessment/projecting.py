"""Findings and policies as the journal tells them, and where findings lie for erasing their notes."""

from __future__ import annotations

from uuid import UUID

from wangge.assessment.models import FindingRow
from wangge.assessment.policies.services import SUBJECT as POLICY
from wangge.assessment.services import SUBJECT
from wangge.kernel.journal.services import Projection, State, Told, place_of, project, stepping


def register() -> None:
    """Called once, when the application is ready."""
    place_of(SUBJECT, place_of_finding)
    project(Projection(
        subject_type=SUBJECT,
        table="assessment_finding",
        columns={
            "source": "s.source", "ref": "s.ref", "area": "s.area", "path": "s.area_path",
            "class_code": "s.class_code", "lon_e7": "s.lon_e7", "lat_e7": "s.lat_e7", "occurred_at": "s.occurred_at",
            "discovered_at": "s.discovered_at", "found_points": "s.found_points", "points": "s.points",
            "merged_into": "s.merged_into", "void": "s.void",
        },
        told=stepping({"record": _recorded, "amend": _amended, "merge": _merged}),
        times=frozenset({"occurred_at", "discovered_at"}),
        label="ref",
    ))


    project(Projection(
        subject_type=POLICY,
        table="assessment_policy",
        columns={
            "area": "s.area", **{name: f"s.{name}" for name in (*_POLICY, "state", "shipped", "approver")},
            "path": "s.area_path", "approved_at": "s.approved_at",
            "begins": "to_char(s.begins, 'YYYY-MM-DD')", "ends": "to_char(s.ends, 'YYYY-MM-DD')",
            "body": "encode(sha256(convert_to(s.body, 'UTF8')), 'hex')",
        },
        told=stepping({"draft": _drafted, "ship": _shipped, "approve": _approved, "drop": _dropped, "end": _ended}),
        times=frozenset({"drafted_at", "approved_at"}),
        label="name",
    ))


_POLICY = ("name", "number", "digest", "period", "mode", "author", "drafted_at")


def place_of_finding(finding: UUID) -> str:
    """The path of its area."""
    return FindingRow.objects.values_list("area_path", flat=True).get(id=finding)


def _recorded(state: State, entry: Told) -> None:
    names = ("source", "ref", "path", "class_code", "lon_e7", "lat_e7", "occurred_at", "discovered_at", "points")
    state |= {name: entry.data[name] for name in names}
    state |= {"area": entry.area, "found_points": entry.data["points"], "merged_into": None, "void": False}


def _amended(state: State, entry: Told) -> None:
    state |= {"points": entry.data["points"], "void": entry.data.get("void", False)}


def _merged(state: State, entry: Told) -> None:
    state["merged_into"] = entry.data["into"]


def _drafted(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in (*_POLICY, "begins", "ends", "path")}
    state |= {"area": entry.area, "body": entry.data["digest"], "state": "draft", "shipped": False, "approver": None,
              "approved_at": None}


def _shipped(state: State, entry: Told) -> None:
    _drafted(state, entry)
    state |= {"state": "approved", "shipped": True, "approved_at": entry.data["drafted_at"]}


def _approved(state: State, entry: Told) -> None:
    state |= {"state": "approved", "approver": entry.data["approver"], "approved_at": entry.data["approved_at"]}


def _dropped(state: State, entry: Told) -> None:
    state["state"] = "dropped"


def _ended(state: State, entry: Told) -> None:
    state["ends"] = entry.data["ends"]
