"""Locating a million points: the base Locator against bare shapely, the same polygons and the same points."""

from __future__ import annotations

import time

import numpy as np
import shapely

from wangge.base.geometry import Locator

POINTS = 1_000_000
SIDE = 32  # 1,024 polygons


def run() -> dict[str, float]:
    """Medians of three alternating rounds."""
    chance = np.random.default_rng(1)
    shapes = [
        shapely.Point(x + 0.5, y + 0.5).buffer(0.7, quad_segs=15).intersection(shapely.box(x, y, x + 1, y + 1))
        for x in range(SIDE)
        for y in range(SIDE)
    ]
    lons, lats = chance.random(POINTS) * SIDE, chance.random(POINTS) * SIDE
    locator = Locator(list(enumerate(shapes)))
    array = np.array(shapes, dtype=object)
    shapely.prepare(array)
    tree = shapely.STRtree(array)
    ours, bare = [], []
    for _ in range(3):
        began = time.perf_counter()
        found = locator.locate_many(lons, lats)
        ours.append(time.perf_counter() - began)
        began = time.perf_counter()
        points = shapely.points(lons, lats)
        pairs = tree.query(points, predicate="intersects")
        bare.append(time.perf_counter() - began)
    inside = int((found >= 0).sum())
    assert inside == len(np.unique(pairs[0])), "both ways find the same points"
    ratio = sorted(ours)[1] / sorted(bare)[1]
    print(f"Locating {POINTS:,} points in {len(shapes):,} polygons ({inside:,} inside)")
    print(f"  Locator        {sorted(ours)[1]:.2f} s")
    print(f"  bare shapely   {sorted(bare)[1]:.2f} s")
    print(f"  ratio          {ratio:.2f}\n")
    return {"ratio": ratio, "seconds": sorted(ours)[1], "bare_seconds": sorted(bare)[1]}
