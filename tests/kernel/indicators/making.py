"""Cases as they may stand, each with its journal entry, in one go: for figures it matters how they stand, not how they
came there (that is tested with real acts in `test_stage_facts`)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from tests.town import POINTS, Town
from wangge.base.ids import new_id
from wangge.kernel.cases.bulk import copy_rows, draw
from wangge.kernel.cases.models import CaseClass
from wangge.kernel.cases.recording import rows_of
from wangge.kernel.cases.rules import SUBJECT, plain
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.duties import mandates
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.periods import Period, parse
from wangge.kernel.indicators.queries import Figure, Table, figures
from wangge.kernel.journal.writing import Act

ZONE = "Asia/Shanghai"
JUNE = parse("2026-06", ZONE)
NOW = datetime(2026, 7, 15, 4, tzinfo=UTC)


def at(day: int, hour: float = 9, month: int = 6) -> datetime:
    """An hour of a day of 2026 on the clock of Shanghai."""
    return datetime(2026, month, day, tzinfo=UTC) + timedelta(hours=hour - 8)


def case(town: Town, **columns: Any) -> UUID:
    """One case with these columns, in grid G11 unless `where` names another; reported on the 2nd of June."""
    return cases(town, [columns])[0]


def cases(town: Town, rows: list[dict[str, Any]], by_class: str | None = "E0417") -> list[UUID]:
    """Many cases, by COPY."""
    known = dict(CaseClass.objects.values_list("code", "id"))
    changes = []
    for number, columns in enumerate(rows, draw("cases_case_number_seq", 1)[0] * 1_000_000):
        given = dict(columns)
        where = given.pop("where", "G11")
        point = POINTS.get(where, POINTS["G11"])
        code = given.pop("case_class", by_class)
        fields: dict[str, Any] = {
            "number": f"3204992026{number:012d}", "state": "reported", "origin": "simulated",
                "area": town.areas.get(where),
            "born_path": town.paths.get(where, town.root), "path": town.paths.get(where, town.root),
            "lon_e7": point.lon_e7, "lat_e7": point.lat_e7, "crs": "wgs84", "case_class": known.get(code or ""),
            "reported_at": at(2), **given,
        }  # fmt: skip
        fields.setdefault("stage_since", fields["reported_at"])
        case_id = new_id()
        act = Act(case_id, SUBJECT, "report", None, {"set": plain(fields)}, {})
        changes.append(Change(CaseState(id=case_id, version=1, **fields), (act,)))
    ordinals = draw("journal_entry_ordinal", len(changes))
    copy_rows(rows_of(changes, ordinals, by=mandates.imported("test", town.root)))
    return [change.after.id for change in changes]


def due(**more: Any) -> dict[str, Any]:
    """A case that was registered, and due on the 10th of June at 9."""
    return {"state": "handling", "registered_at": at(3), "dispatched_at": at(3), "due_at": at(10), **more}


def closed(**more: Any) -> dict[str, Any]:
    """One of these that was handed back on the 9th and closed on the 11th."""
    return due(state="closed", handled_at=at(9), inspected_at=at(10), closed_at=at(11)) | more


def table(town: Town, by: str = "", period: Period = JUNE, who: str = "leader", **more: Any) -> Table:
    """The figures of June in the middle of July, over the whole town."""
    question = Question(area_path=more.pop("path", town.root), by=by, **more)
    return figures(question, period, by=town.by(who), now=NOW)


def figure(town: Town, code: str, **more: Any) -> tuple[int | None, int]:
    """Numerator and denominator of one figure of the whole."""
    found: Figure = table(town, **more).total[code]
    return found.numerator, found.denominator
