"""An answer of tracing back as a program reads it: what the API sends and the package holds. Times in UTC."""

from __future__ import annotations

from typing import Any

from wangge.kernel.tracing.shapes import Answer, Holder


def told(found: Answer) -> dict[str, Any]:
    """The whole answer: codes, ids, names of holders, times; no words of reports."""
    return {
        "reading": found.reading,
        "area": found.area.code,
        "path": found.area.path,
        "start": found.start,
        "end": found.end,
        "case_class": found.class_prefix or None,
        "case": found.number or None,
        "cases": [
            {"id": one.case.id, "number": one.case.number, "state": one.case.state,
             "reported_at": one.case.reported_at, "late": one.case.number in found.late}
            for one in found.traces
        ],
        "more": found.more,
        "holders": [_holder(one) for one in found.holders],
        "vacant": [{"post": one.post, "start": one.from_, "end": one.to} for one in found.vacant],
    }  # fmt: skip


def _holder(one: Holder) -> dict[str, Any]:
    held = one.held
    return {
        "duty": held.assignment,
        "post": held.post,
        "kind": held.kind,
        "area_path": held.area_path,
        "person": held.person_name,
        "person_id": held.person,
        "organisation": held.organisation_name,
        "held": [{"start": start, "end": end} for start, end in one.stretches],
        "changed": one.changed,
        "first_knew": one.first_knew,
        "in_hand": [
            {"case": it.number, "state": it.state, "start": it.from_, "end": it.to, "due_at": it.due_at,
             "late_seconds": None if it.late is None else int(it.late.total_seconds())}
            for it in one.in_hand
        ],
        "reached": [
            {"case": it.number, "seq": it.seq, "verb": it.verb, "at": it.at, "how": it.how} for it in one.reached
        ],
        "did": [{"case": it.number, "seq": it.seq, "verb": it.verb, "at": it.at} for it in one.deeds],
    }  # fmt: skip
