"""What the page of the list shows: rows, views with live counts, chips, the tree of places, the bar's choices."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wangge.base.clock import now
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import columns, deeds, lists, rows, standing
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff.choices import HANDLERS
from wangge.interfaces.staff.listlines import lines_of
from wangge.interfaces.staff.suggesting import suggested
from wangge.interfaces.staff.tabs import Tab, tabs_of, wanted_by
from wangge.interfaces.web import words
from wangge.kernel.cases import queries
from wangge.kernel.cases.each import MOST
from wangge.kernel.cases.queries.queue import COUNT_UP_TO
from wangge.kernel.cases.queries.words import searched
from wangge.kernel.cases.reference import Reference, reference
from wangge.kernel.desk import keeping
from wangge.kernel.desk.queries import Kept, kept_for
from wangge.kernel.places.queries import AreaInfo, Atlas, atlas

PAGE = 50
TICK = 10
"""What is late or due soon is counted as it was at the last full ten seconds."""
BRANCHES = ("community", "village")
MOST_BRANCHES = 40


def page_of(account: UUID, by: Mandate, params: dict[str, str], cursor: str | None) -> dict[str, Any]:
    """The context of one page. Raises `InvalidInput` for a condition that cannot be used."""
    moment, places, known = now(), atlas(), reference()
    names = bar.names_of(places, known, by)
    chosen = bar.filters_of(params, names, moment)
    kept = kept_for(account, by)
    found = queries.queue(by, chosen, now=moment, places=places, cursor=cursor, limit=PAGE)
    branches = _branches(places, by, moment)
    chips = bar.chips_of(params, names)
    tick = moment.replace(second=moment.second // TICK * TICK, microsecond=0)
    asked = {**wanted_by(by, params, kept, names, tick), **_tree_filters(branches)}
    if not searched(chosen.q):
        asked["here"] = bar.filters_of(params, names, tick)
    if not found.rows:
        asked |= {f"without:{chip.without}": bar.filters_of(bar.query(chip.without), names, moment) for chip in chips}
    counted = queries.counts(by, asked, now=tick, shown=found.shown)
    tabs, more = tabs_of(by, params, kept, counted)
    further = bool(cursor or found.next_cursor)
    number = counted.get("here", PAGE + 1 if further else len(found.rows))
    return {
        "room": "queue",
        "params": params,
        "here": bar.address(params),
        "cursor": cursor or "",
        "heading": _heading(params, tabs),
        "order": chosen.order,
        "views": tabs,
        "more_views": more,
        "chips": chips,
        "reset": bar.address(lists.made_by(params)),
        "show": params.get("show", "split"),
        "as_list": bar.address(params, show="list"),
        "as_split": bar.address(params, show=None),
        "saved": next((tab for tab in (*tabs, *more) if tab.kept and tab.current), None),
        "reset_saved": bar.address({}),
        "ground": standing.area_name(places, by.scope_path),
        "total": _total(number, chosen.order, COUNT_UP_TO if "here" in counted else PAGE),
        "number": number,
        "many": number > COUNT_UP_TO,
        "tree": _tree(branches, params, counted, places, by),
        "next": bar.address(params, cursor=found.next_cursor) if found.next_cursor else None,
        "first": bar.address(params) if cursor else None,
        "widest": _widest(chips, counted),
        "elsewhere": _elsewhere(tabs),
        **_listed(found, kept, by, moment, places, previewed=params.get("show") != "list"),
        **_bar(by, known, places, moment, params),
    }


def _listed(
    found: queries.Page, kept: Kept, by: Mandate, moment: datetime, places: Atlas, *, previewed: bool
) -> dict[str, Any]:
    """The rows with their cells, and what may be done to them."""
    say, held = standing.speaker(places), deeds.held(by)
    named = suggested([row.case for row in found.rows], moment) if by.allows("dispatch", by.scope_path) else {}
    shown = columns.chosen(kept.columns)
    lines = []
    for one in found.rows:
        offered = deeds.offered(one.case, by) if held else ()
        line = rows.row(one, now=moment, say=say, deeds=offered, suggested=named.get(one.case.id))
        lines.append((line, [column.cell(one, line, say) for column in shown]))
    return {
        "rows": [line for line, _cells in lines],
        "body": lines_of(lines, chosen=bool(held), previewed=previewed),
        "columns": shown,
        "every_column": [(column, column in shown) for column in columns.COLUMNS.values()],
        "most_columns": columns.MOST,
        "deeds": held,
        "most": MOST,
        "handlers": [(f"post:{code}", standing.post_name(code)) for code in HANDLERS] if held else [],
        "replies": [(deed.key, kept.replies(deed.key)) for deed in held if deed.needs],
        "may_share": by.allows(keeping.VERB, by.scope_path),
    }


def _bar(by: Mandate, known: Reference, places: Atlas, moment: datetime, params: Mapping[str, str]) -> dict[str, Any]:
    """The choices of the filter."""
    return {
        "classes": _classes(known, by),
        "states": [(state, words.STATES[state]) for state in (*lists.OPEN, "suspended", "closed", "void")],
        "ticked": params.get("state", "").split(","),
        "waits": list(lists.WAITS.items()),
        "tiers": list(words.TIERS.items()),
        "sources": list(words.SOURCES.items()),
        "places": [
            (area.code, standing.area_name(places, area.path)) for area in _branches(places, by, moment, most=500)
        ],
        "more_count": sum(name in params for name in ("tier", "waiting", "reported_after", "reported_before", "order")),
        "may_report": by.allows("report", by.scope_path),
    }


def _branches(places: Atlas, by: Mandate, moment: datetime, most: int = MOST_BRANCHES) -> list[AreaInfo]:
    found = [
        area
        for area in places.below(by.scope_path, at=moment)
        if area.kind in BRANCHES and area.layer == "administrative"
    ]
    return found if len(found) <= most else []


def _tree_filters(branches: list[AreaInfo]) -> dict[str, queries.Filters]:
    asked = {"open:": queries.Filters(states=lists.OPEN), "late:": queries.Filters(states=lists.OPEN, overdue=True)}
    for area in branches:
        asked[f"open:{area.code}"] = queries.Filters(states=lists.OPEN, area_path=area.path)
        asked[f"late:{area.code}"] = queries.Filters(states=lists.OPEN, area_path=area.path, overdue=True)
    return asked


def _tree(
    branches: list[AreaInfo], params: Mapping[str, str], counted: Mapping[str, int], places: Atlas, by: Mandate
) -> dict[str, Any]:
    """The places of the ground, each with what is open and late there; `worst` first for a list that is too long."""
    found = [
        {
            "code": area.code,
            "name": standing.area_name(places, area.path).removesuffix(" Community"),
            "address": bar.address(params, area=area.code),
            "open": many(counted[f"open:{area.code}"]),
            "late": counted[f"late:{area.code}"],
        }
        for area in branches
    ]
    return {
        "name": standing.area_name(places, by.scope_path) or _("Everywhere"),
        "all": bar.address(params, area=None),
        "open": many(counted["open:"]),
        "late": counted["late:"],
        "branches": found,
        "worst": sorted(found, key=lambda one: -counted[f"late:{one['code']}"])[:8],
    }


def _classes(known: Reference, by: Mandate) -> list[tuple[str, str]]:
    """The majors that hold somewhere on the ground."""
    found = {
        info.code: (info.name_en if rows.english() else info.name) or info.name
        for info in known.classes.values()
        if info.parent is None and not info.retired
        and (info.area_path.startswith(by.scope_path) or by.scope_path.startswith(info.area_path))
    }
    return sorted(found.items())


def many(number: int) -> str:
    """A number as it is known: beyond what is counted, “1,000+”."""
    return _("{n}+").format(n=f"{COUNT_UP_TO:,}") if number > COUNT_UP_TO else str(number)


def _total(number: int, order: str, exact: int) -> str:
    """How many there are, in words: up to `exact`, then that there are more. What words hold is not counted further
    than the page, for that would mean to read it all."""
    how = {
        "due": _("soonest deadline first"), "newest": _("newest first"), "longest": _("longest at their stage first"),
    }[order]  # fmt: skip
    if number > exact:
        return _("more than {n} cases, {order}").format(n=f"{exact:,}", order=how)
    return _("{n}, {order}").format(n=ngettext("{n} case", "{n} cases", number).format(n=number), order=how)


def _heading(params: Mapping[str, str], tabs: list[Tab]) -> str:
    shown = lists.current(params)
    return next((tab.name for tab in tabs if tab.current), str(shown.name) if shown else _("Cases"))


def _widest(chips: list[bar.Chip], counted: Mapping[str, int]) -> dict[str, Any] | None:
    """The condition without which most would be found."""
    found = [(counted.get(f"without:{chip.without}", 0), chip) for chip in chips]
    number, chip = max(found, key=lambda pair: pair[0], default=(0, None))
    return {"words": chip.words, "without": chip.without, "count": many(number)} if chip and number else None


def _elsewhere(shown: list[Tab]) -> Tab | None:
    """The fullest other view of open work, for an empty list."""
    best = max((tab for tab in shown if tab.stage and not tab.current), key=lambda tab: tab.number or 0, default=None)
    return best if best and best.number else None


