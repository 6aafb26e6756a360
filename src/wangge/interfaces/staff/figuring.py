"""Figures in words: cells with the addresses of the cases behind them, rows, periods, formulas."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wangge.interfaces.staff.rows import english
from wangge.interfaces.web import words
from wangge.kernel.indicators.asking import GROUPINGS
from wangge.kernel.indicators.naming import Names
from wangge.kernel.indicators.periods import KINDS, Period, around, beside
from wangge.kernel.indicators.queries import Figure, Figures, Table
from wangge.kernel.indicators.table import INDICATORS, SETS, Indicator

Params = Mapping[str, str]
PERIODS: dict[str, Promise] = {
    "day": pgettext_lazy("period", "Day"),
    "week": pgettext_lazy("period", "Week"),
    "month": pgettext_lazy("period", "Month"),
    "quarter": pgettext_lazy("period", "Quarter"),
    "year": pgettext_lazy("period", "Year"),
}
_NOWHERE: dict[str, Promise] = {
    "area": gettext_lazy("Outside these places"),
    "organisation": gettext_lazy("With no organisation"),
    "post": gettext_lazy("With no post"),
    "class": gettext_lazy("Without a class"),
    "major": gettext_lazy("Without a class"),
}
"""What the row of cases without a key is called."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One figure: its value in words, its counts with the addresses of their cases, and what was published."""

    label: str
    value: str
    denominator: int
    numerator: int | None
    over: str
    counted: str
    was: str


@dataclass(frozen=True, slots=True)
class Row:
    """One row; `address` leads to the table of that place."""

    name: str
    address: str
    cells: list[Cell]


def address(params: Params, name: str = "staff:figures", *, code: str = "", **changes: str | None) -> str:
    """The page with these parameters, some changed; None takes one out."""
    merged = {**params, **changes}
    pairs = [(key, value) for key, value in merged.items() if value is not None and (value or key == "row")]
    return reverse(name, args=[code] if code else None) + ("?" + urlencode(pairs) if pairs else "")


def percent(figure: Figure) -> str:
    """“98.18 %”, a median as a length of time, “—” where nothing was counted."""
    if figure.seconds is not None:
        return words.span(timedelta(seconds=figure.seconds))
    return "—" if figure.value is None else f"{figure.value * 100:.2f} %"


def name_of(one: Indicator) -> str:
    """An indicator's name in the page's language."""
    return one.name_en if english() else one.name


def formula_of(one: Indicator) -> str:
    """Its formula in the page's language."""
    return one.formula_en if english() else one.formula


def in_set(name: str) -> list[Indicator]:
    """The indicators that are shown together."""
    return [one for one in INDICATORS.values() if one.set == name]


def sets(params: Params) -> list[dict[str, object]]:
    """The sets of indicators as tabs."""
    return [
        {"name": pair[english()], "address": address(params, set=name), "current": params["set"] == name}
        for name, pair in SETS.items()
    ]


def groupings() -> list[tuple[str, str]]:
    """What rows may stand for."""
    return [(code, one.name_en if english() else one.name) for code, one in GROUPINGS.items()]


def rows_of(
    table: Table, wanted: Sequence[Indicator], params: Params, names: Names, places: Mapping[str, str],
    published: Table | None,
) -> list[Row]:
    """The rows of a table by name, those without a key last. `places` leads from an area's key to its code."""
    by = params["by"]
    found = []
    for key, figures in table.rows.items():
        cells = _cells(figures, wanted, params, key, published.rows.get(key) if published else None)
        if any(cell.denominator for cell in cells):
            into = address(params, area=places[key]) if key in places else ""
            found.append((not key, _name(by, key, names), Row(_name(by, key, names), into, cells)))
    return [row for _last, _called, row in sorted(found, key=lambda one: one[:2])]


def total_of(table: Table, wanted: Sequence[Indicator], params: Params, published: Table | None) -> Row:
    """The row of the whole."""
    return Row(_("Altogether"), "", _cells(table.total, wanted, params, None, published.total if published else None))


def _cells(
    figures: Figures, wanted: Sequence[Indicator], params: Params, key: str | None, published: Figures | None
) -> list[Cell]:
    found = []
    for one in wanted:
        figure = figures[one.code]
        was = published[one.code] if published and one.code in published else None
        over, counted = (address(params, "staff:behind", code=one.code, part=part, row=key, set=None, live=None)
                         for part in ("denominator", "numerator"))  # fmt: skip
        changed = was is not None and was != figure
        found.append(
            Cell(
                name_of(one), percent(figure), figure.denominator, figure.numerator, over, counted,
                percent(was) if changed and was else "",
            )
        )  # fmt: skip
    return found


def _name(by: str, key: str, names: Names) -> str:
    if not key:
        return str(_NOWHERE.get(by, "—"))
    if by == "person":
        return _("Myself")
    if by == "source":
        return str(words.SOURCES.get(key, key))
    if by == "tier":
        return str(words.TIERS.get(key, key))
    name, name_en = names.get(key, ("", ""))
    return (name_en if english() else name) or name or key


def row_name(by: str, key: str, names: Names) -> str:
    """What a row is called."""
    return _name(by, key, names)


def kinds(period: Period, params: Params) -> list[dict[str, object]]:
    """The kinds of period as tabs: that of the first day shown."""
    return [
        {
            "name": PERIODS[kind],
            "address": address(params, period=around(kind, period.first, period.timezone).text),
            "current": kind == period.kind,
        }
        for kind in KINDS
    ]


def neighbours(period: Period, params: Params) -> dict[str, str]:
    """The addresses of the periods before and after, '' at the end of the calendar."""
    found = {"before": beside(period, -1), "after": beside(period, +1)}
    return {name: address(params, period=one.text) if one else "" for name, one in found.items()}
