"""How loudly a grid is coloured: by open cases a square kilometre, measured against the whole ground. Pure.

A count alone makes a community that is one large grid look worst, since its cases are not spread over several. What
is compared is therefore the density, and few cases never make a grid loud, however small it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

SHARES = (0.5, 1.0, 2.0)
"""Where a level ends, as a multiple of the density of the whole."""
LOUD_FROM = 3
"""With fewer open cases than this a grid stays at level 1."""


class Densities(NamedTuple):
    """The level 0 to 4 of each grid, and the bounds between the levels 1 to 4 in cases a square kilometre."""

    levels: Mapping[str, int]
    bounds: tuple[float, float, float]


def mean_density(cases: int, square_km: Mapping[str, float]) -> float:
    """Open cases a square kilometre of the whole ground, 0 where it has no extent."""
    ground = sum(square_km.values())
    return cases / ground if ground > 0 else 0.0


def densities(cases: Mapping[str, int], square_km: Mapping[str, float], mean: float | None = None) -> Densities:
    """Levels by grid against the mean of these cases, or against another one that several moments share.

    A grid that is missing from `cases` has none open; ground without extent counts as level 0.
    """
    if mean is None:
        mean = mean_density(sum(cases.get(key, 0) for key in square_km), square_km)
    bounds = tuple(round(share * mean, 2) for share in SHARES)
    return Densities(
        {key: _level(cases.get(key, 0), extent, mean) for key, extent in square_km.items()},
        (bounds[0], bounds[1], bounds[2]),
    )


def _level(cases: int, extent: float, mean: float) -> int:
    if not cases or extent <= 0 or mean <= 0:
        return 0
    level = 1 + sum(cases / extent >= share * mean for share in SHARES)
    return level if cases >= LOUD_FROM else min(level, 1)
