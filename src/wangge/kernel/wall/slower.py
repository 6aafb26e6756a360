"""What a minute does not change: how many posts are held, how soon people are answered, how the communities stand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.duties.catalogue import ELEVEN
from wangge.kernel.duties.queries import vacancies
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.freezing import published
from wangge.kernel.indicators.periods import Period, beside, containing
from wangge.kernel.indicators.queries import Figures, figures, indicator
from wangge.kernel.places.queries import AreaInfo, Atlas
from wangge.kernel.wall.ground import COMMUNITIES
from wangge.kernel.wall.shapes import Slow, Staff, Standing, Standings

MEASURE = "closing_on_time"
"""By what the communities are compared: cases closed on time."""
ANSWER = "first_answer_time"


def slow_of(area: AreaInfo, *, places: Atlas, by: Mandate, now: datetime) -> Slow:
    """By five statements at most."""
    return Slow(_staff(area, places, now), _answered(area, places, by, now), _standing(area, places, by, now))


def _staff(area: AreaInfo, places: Atlas, now: datetime) -> Staff:
    """Posts, not people: one person may hold several, and several one."""
    near = places.nearest(area.path, "community") or places.nearest(area.path, "village")
    ground = near.path if near else area.path
    communities = sum(1 for one in places.below(ground, at=now) if one.kind in COMMUNITIES)
    seats = communities * len(ELEVEN)
    return Staff(seats - len(vacancies(ground, now, kinds=COMMUNITIES)), seats)


def _answered(area: AreaInfo, places: Atlas, by: Mandate, now: datetime) -> int | None:
    today = containing("day", now, places.timezone(area.path))
    question = Question(area_path=area.path, without_confidential=True)
    found = figures(question, today, by=by, now=now, indicators=[indicator(ANSWER)])
    return found.total[ANSWER].seconds


def _standing(area: AreaInfo, places: Atlas, by: Mandate, now: datetime) -> Standings | None:
    """Last month (one that has just begun says nothing): as it was published where no case of a confidential class is
    in those figures, else as its cases stand, without such cases."""
    last = beside(containing("month", now, places.timezone(area.path)), -1)
    assert last is not None
    known = published(Question(area_path=area.path, by="area"), last)
    if known and not _confidential(area, last):
        return _ranked(known.table.rows, area, places, last.text, stays=True)
    question = Question(area_path=area.path, by="area", without_confidential=True)
    table = figures(question, last, by=by, now=now, indicators=[indicator(MEASURE)])
    return _ranked(table.rows, area, places, last.text, stays=False)


def _confidential(area: AreaInfo, period: Period) -> bool:
    """Whether a case of a confidential class was due on this ground in the period: then it is in what was published."""
    with hot_cursor() as cursor:
        row = cursor.execute(
            "SELECT EXISTS (SELECT 1 FROM cases_case c JOIN cases_class k ON k.id = c.case_class"
            " WHERE k.confidentiality = 'confidential' AND c.path >= %s AND c.path < %s AND c.due_at >= %s"
            " AND c.due_at < %s)", [area.path, after(area.path), period.start, period.end],
        ).fetchone()
    return bool(row and row[0])


def _ranked(
    rows: Mapping[str, Figures], area: AreaInfo, places: Atlas, period: str, *, stays: bool
) -> Standings | None:
    found = []
    for key, row in rows.items():
        place, share = places.by_path.get(f"{area.path}{key}/"), row[MEASURE].value
        if key and place and share is not None:
            found.append((share, place))
    found.sort(key=lambda one: (-one[0], one[1].path))
    shares = [share for share, _ in found]
    ranked = [
        Standing(shares.index(share) + 1, place.name, place.name_en or place.name, str(share)) for share, place in found
    ]
    return Standings(period, stays, ranked) if ranked else None
