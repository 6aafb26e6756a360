"""Charts as inline SVG made here: no script, they print, and a table stands behind each. Pure.

A chart of a line has no text of its own: it is stretched to the width there is, its labels are the page's.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor
from typing import NamedTuple

WIDE, HIGH = 1300, 200
"""The line's own units; it is stretched."""
STEP = 0.1


class Line(NamedTuple):
    """A line over equal steps: its path with gaps where there is no value, its points, the ends of its scale."""

    path: str
    dots: str
    low: float
    high: float


def line(values: Sequence[float | None], *, share: bool) -> Line | None:
    """The line of these values, None where there are none. The scale of shares ends at whole tenths, others begin at
    nothing."""
    known = [value for value in values if value is not None]
    if not known:
        return None
    low, high = (floor(min(known) / STEP) * STEP, ceil(max(known) / STEP) * STEP) if share else (0.0, max(known))
    if high - low < STEP / 2:
        low, high = (max(0.0, low - STEP), low) if share and low else (low, low + (STEP if share else 60.0))
    points = [
        None if value is None else f"{(number + 0.5) * WIDE / len(values):.0f} {_height(value, low, high):.0f}"
        for number, value in enumerate(values)
    ]
    path = "".join(
        ("L" if number and points[number - 1] else "M") + point for number, point in enumerate(points) if point
    )
    return Line(path, "".join(f"M{point}h0" for point in points if point), low, high)


def _height(value: float, low: float, high: float) -> float:
    room = HIGH - 20
    return 10 + room - (value - low) / (high - low) * room
