"""The tabs above the list: what the post works from, what was saved, and the others, each with how many it holds."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import lists
from wangge.kernel.cases.queries import Filters
from wangge.kernel.cases.queries.queue import COUNT_UP_TO
from wangge.kernel.desk.queries import Item, Kept

COUNTED = 12
"""So many saved views are counted; what comes after them has its name only."""


class Tab(NamedTuple):
    """A view: `number` is how many it holds (None: not counted), `kept` the id of a saved one, `own` whether it is
    one's own, `stage` whether it is a stage of the work."""

    name: str
    address: str
    current: bool
    number: int | None
    said: str
    late: bool
    stage: bool
    kept: str = ""
    own: bool = False


def wanted_by(
    by: Mandate, params: Mapping[str, str], kept: Kept, names: bar.Names, now: datetime
) -> dict[str, Filters]:
    """The filters that are counted for the tabs. Views count on the chosen place only; other conditions belong to the
    list. Saved ones count as they were saved; one whose place is not on this ground is not counted."""
    place = {"area": params["area"]} if "area" in params else {}
    wanted = {f"view:{key}": bar.filters_of({**view.params, **place}, names, now) for key, view in lists.VIEWS.items()}
    for item in kept.views[:COUNTED]:
        try:
            wanted[f"kept:{item.id}"] = bar.filters_of(bar.query(item.filter), names, now)
        except InvalidInput:
            continue
    return wanted


def tabs_of(
    by: Mandate, params: Mapping[str, str], kept: Kept, counted: Mapping[str, int]
) -> tuple[list[Tab], list[Tab]]:
    """Those that are shown, and those behind “more”: of the others only such as hold something, and the present one."""
    saved = [_saved(item, params, counted.get(f"kept:{item.id}")) for item in kept.views]
    own = lists.views_of(by)
    taken = any(tab.current for tab in saved)
    fixed = {key: _fixed(view, params, counted[f"view:{key}"], taken) for key, view in lists.VIEWS.items()}
    shown = [tab for key, tab in fixed.items() if key in own or tab.current]
    shown.sort(key=lambda tab: _place(tab, fixed, own))
    others = [tab for key, tab in fixed.items() if tab not in shown and tab.number]
    return [*shown, *saved[:COUNTED]], [*others, *saved[COUNTED:]]


def _place(tab: Tab, fixed: Mapping[str, Tab], own: object) -> int:
    order = list(own) if isinstance(own, tuple | list) else []
    key = next(key for key, one in fixed.items() if one is tab)
    return order.index(key) if key in order else len(order)


def _fixed(view: lists.View, params: Mapping[str, str], number: int, taken: bool) -> Tab:
    place = {name: params[name] for name in ("area", "show") if name in params}
    return Tab(
        str(view.name),
        lists.to(bar.address({**view.params, **place})),
        not taken and lists.is_current(params, view.params),
        number,
        _count(number),
        view.key == "overdue" and number > 0,
        view.key in lists.OPEN,
    )


def _saved(item: Item, params: Mapping[str, str], number: int | None) -> Tab:
    query = bar.query(item.filter)
    show = {"show": params["show"]} if "show" in params else {}
    current = {name: value for name, value in params.items() if name != "show"} == query
    return Tab(
        item.text, lists.to(bar.address({**query, **show})), current, number, _count(number), False, False,
        str(item.id), item.own,
    )  # fmt: skip


def _count(number: int | None) -> str:
    if number is None:
        return ""
    return f"{COUNT_UP_TO:,}+" if number > COUNT_UP_TO else str(number)
