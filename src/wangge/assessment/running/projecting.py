"""Runs and appeals as the journal tells them: a statement changed behind its back shows in `verify-journal`."""

from __future__ import annotations

from typing import Any

from wangge.assessment.running.appeals import SUBJECT as APPEAL
from wangge.assessment.running.recording import LINES
from wangge.assessment.running.recording import SUBJECT as RUN
from wangge.kernel.journal.services import Projection, State, Told, project, stepping

_RUN = ("period", "timezone", "starts_at", "ends_at", "policy", "assessed_at")
_LATER = ("published", "notified_at", "appeal_until", "final_at", "posted_at")
_APPEAL = ("run", "finding", "path", "line", "holder", "appellant", "filed_at", "due_at", "photo")
_DECIDED = ("first_reviewer", "first_points", "second_reviewer", "second_points", "outcome", "decided_at")
_TIMES = ("starts_at", "ends_at", "assessed_at", "notified_at", "appeal_until", "final_at", "posted_at")
_KEPT = (
    "(SELECT encode(sha256(convert_to(r.{column}, 'UTF8')), 'hex') FROM assessment_revision r"
    " WHERE r.run_id = s.id AND r.number = s.revision)"
)


def register() -> None:
    """Called once, when the application is ready."""
    project(Projection(
        subject_type=RUN,
        table="assessment_run",
        columns={
            "area": "s.area", "path": "s.area_path", "stage": "s.stage", "revision": "s.revision", "digest": "s.digest",
            **{name: f"s.{name}" for name in (*_RUN, *_LATER)},
            "inputs": _KEPT.format(column="inputs"), "facts": _KEPT.format(column="facts"),
            "lines": f"(SELECT {LINES} FROM assessment_line l WHERE l.run_id = s.id AND l.revision = s.revision)",
        },
        told=stepping({
            "assess": _assessed, "revise": _revised, "correct": _revised, "drop": _staged("dropped"),
            "notify": _staged("notified", "notified_at", "appeal_until"),
            "finish": _staged("final", "final_at", "published"), "post": _staged("posted", "posted_at"),
        }),
        times=frozenset(_TIMES),
        label="period",
    ))
    project(Projection(
        subject_type=APPEAL,
        table="assessment_appeal",
        columns={
            "area": "s.area", "path": "s.area_path", "run": "s.run_id", "finding": "s.finding_id", "line": "s.line_key",
            "holder": "s.holder", "appellant": "s.appellant", "filed_at": "s.filed_at", "due_at": "s.due_at",
            "photo": "s.photo", "state": "s.state", **{name: f"s.{name}" for name in _DECIDED},
        },
        told=stepping({"file": _filed, "review": _reviewed, "decide": _decided, "withdraw": _withdrawn}),
        times=frozenset({"filed_at", "due_at", "decided_at"}),
    ))
    project(Projection(
        subject_type="pledge",
        table="assessment_pledge",
        columns={"area": "s.area", "path": "s.area_path", "run": "s.run_id", "speaker": "s.speaker",
                 "given_at": "s.given_at"},
        told=stepping({"pledge": _pledged}),
        times=frozenset({"given_at"}),
    ))


def _pledged(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in ("path", "run", "speaker", "given_at")} | {"area": entry.area}


def _assessed(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in (*_RUN, "path")} | dict.fromkeys(_LATER)
    state |= {"area": entry.area, "stage": "provisional"}
    _revised(state, entry)


def _revised(state: State, entry: Told) -> None:
    digest = entry.data["digest"]
    state |= {name: entry.data[name] for name in ("revision", "inputs", "lines")} | {"digest": digest, "facts": digest}


def _staged(stage: str, *names: str) -> Any:
    def step(state: State, entry: Told) -> None:
        state |= {"stage": stage} | {name: entry.data[name] for name in names}

    return step


def _filed(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _APPEAL} | dict.fromkeys(_DECIDED)
    state |= {"area": entry.area, "state": "open"}


def _reviewed(state: State, entry: Told) -> None:
    state |= {"first_reviewer": entry.data["reviewer"], "first_points": entry.data["points"]}


def _decided(state: State, entry: Told) -> None:
    state |= {"second_reviewer": entry.data["reviewer"], "second_points": entry.data["points"]}
    state |= {name: entry.data[name] for name in ("outcome", "state", "decided_at")}


def _withdrawn(state: State, entry: Told) -> None:
    state["state"] = "withdrawn"
