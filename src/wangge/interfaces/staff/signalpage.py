"""What the page of signals shows: the worklists with their counts, one of them with its rows and what may be done."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import figuring, signalwords, standing
from wangge.interfaces.staff.views.figures import area_of, places_offered
from wangge.interfaces.web.refusals import english
from wangge.kernel.indicators.periods import Period, around, beside, containing, parse
from wangge.kernel.places.queries import AreaInfo, Atlas
from wangge.kernel.signals.kinds import KINDS, Thresholds
from wangge.kernel.signals.reading import Signal, worklists
from wangge.kernel.signals.rules import KINDS_OF_PERIOD, check_period
from wangge.kernel.signals.settling import DAYS, VERB
from wangge.kernel.signals.tuning import VERB as TUNE
from wangge.kernel.tasks.services import VERBS

PARAMS = ("period", "area", "signal")
YOUNG = timedelta(days=7)
"""In the first week of a month the month before is shown."""
HERE = "staff:signals"


def asked(
    given: dict[str, str], by: Mandate, places: Atlas, moment: datetime
) -> tuple[AreaInfo, Period, dict[str, str]]:
    """The place, the period and the parameters with what was left open. Raises `InvalidInput`."""
    area = area_of(given, by, places)
    zone = places.timezone(area.path)
    period = parse(given["period"], zone) if "period" in given else containing("month", moment - YOUNG, zone)
    check_period(period)
    kind = given.get("signal", next(iter(KINDS)))
    if kind not in KINDS:
        raise InvalidInput("There is no such signal.", field="signal", value=kind,
                           expected="one of " + ", ".join(KINDS))
    return area, period, {"period": period.text, "area": area.code, "signal": kind}


def build(
    given: dict[str, str], by: Mandate, places: Atlas, moment: datetime, tried: tuple[str, str] = ("", "")
) -> dict[str, Any]:
    """The page for one reader; after a refusal with the words that were `tried` on the row of that key."""
    area, period, params = asked(given, by, places, moment)
    found = worklists(area.path, period, places=places, by=by, now=moment)
    kind = params["signal"]
    if "signal" not in given:  # begin where there is something to look at
        kind = params["signal"] = next((code for code in KINDS if found.lists[code].open), kind)
    chosen = found.lists[kind]
    earlier, later = beside(period, -1), beside(period, +1)
    return {
        "room": "signals", "params": params, "period": period, "ended": period.end <= moment,
        "ground": standing.area_name(places, area.path), "area_code": area.code,
        "places": places_offered(places, by, moment),
        "before": figuring.address(params, HERE, period=earlier.text) if earlier else "",
        "after": figuring.address(params, HERE, period=later.text) if later and later.start <= moment else "",
        "spans": [
            {"name": figuring.PERIODS[one], "period": around(one, period.first, period.timezone).text,
             "current": one == period.kind}
            for one in KINDS_OF_PERIOD if one != "day" or period.kind == "day"
        ],
        "lists": [
            {"name": signalwords.name_of(code), "n": one.open, "current": code == kind,
             "address": figuring.address(params, HERE, signal=code)}
            for code, one in found.lists.items()
        ],
        "name": signalwords.name_of(kind), "rule": signalwords.rule_of(kind, found.thresholds),
        "not_meant": signalwords.not_meant(kind), "list": chosen,
        "rows": [
            {**_row(one, found.thresholds, period, by, places), "tried": tried[0] == one.key, "words": tried[1]}
            for one in chosen.rows
        ],
        "done": [_row(one, found.thresholds, period, by, places) for one in chosen.done],
        "passes": "call" if "direct" not in by.may else "direct",
        "may_pass": bool(by.may & set(VERBS.values())), "days": DAYS,
        "tunes": _tunes(kind, found.thresholds) if by.allows(TUNE, area.path) else [],
    }  # fmt: skip


def _row(one: Signal, held: Thresholds, period: Period, by: Mandate, places: Atlas) -> dict[str, Any]:
    done = one.settled
    return {
        "it": one, "said": signalwords.said(one, held), "who": signalwords.who(one),
        "place": standing.ground_name(places, one.path), "evidence": signalwords.evidence(one, period.text, places),
        "latest": one.latest.isoformat(), "acts": by.allows(VERB, one.path) and done is None, "again": one.version > 0,
        "outcome": signalwords.OUTCOMES[done.outcome] if done else "",
        "by": standing.post_name(done.post) if done else "",
    }  # fmt: skip


def _tunes(kind: str, held: Thresholds) -> list[dict[str, Any]]:
    return [
        {"field": f"{kind}.{one.code}", "name": one.name_en if english() else one.name, "it": one,
         "value": held.values[f"{kind}.{one.code}"]}
        for one in KINDS[kind].thresholds
    ]
