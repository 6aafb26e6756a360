"""Paths of areas, as plain text."""

from __future__ import annotations


def ancestors(path: str) -> list[str]:
    """The paths from the root down to this path: "a/b/" → ["a/", "a/b/"]."""
    parts = path.split("/")[:-1]
    return ["/".join(parts[: depth + 1]) + "/" for depth in range(len(parts))]
