"""Class sets as the journal tells them: which classes each has, by the digest of everything about them."""

from __future__ import annotations

from wangge.kernel.cases.classes.stating import DIGEST, SUBJECT
from wangge.kernel.journal.services import Projection, State, Told, project, stepping

_CLASSES = f"""
LEFT JOIN (
  SELECT k.area_id, k.scheme, jsonb_agg(jsonb_build_array(k.code, {DIGEST}) ORDER BY k.code COLLATE "C") AS known
  FROM cases_class k GROUP BY k.area_id, k.scheme
) b ON b.area_id = s.area_id AND b.scheme = s.scheme
"""


def register() -> None:
    """Called once, when the application is ready."""
    project(
        Projection(
            subject_type=SUBJECT,
            table="cases_class_set",
            columns={"area": "s.area_id", "scheme": "s.scheme", "classes": "coalesce(b.known, '[]')"},
            joins=_CLASSES,
            told=stepping({
                "state": _stated, "load": _told, "add": _told, "edit": _told, "retire": _told, "move": _moved,
            }),
            label="scheme",
        )
    )


def _stated(state: State, entry: Told) -> None:
    state |= {"area": entry.area, "scheme": entry.data["scheme"], "classes": entry.data["classes"]}


def _told(state: State, entry: Told) -> None:
    known = dict(state["classes"]) | dict(entry.data["classes"])
    state["classes"] = [[code, known[code]] for code in sorted(known)]


def _moved(state: State, entry: Told) -> None:
    state["area"] = entry.data["area"]
