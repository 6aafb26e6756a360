"""Who fills which posts: the one rule by which duties are assigned, handed over and ended."""

from __future__ import annotations

from collections.abc import Mapping

from wangge.base.mandate import Mandate
from wangge.kernel.duties.catalogue import ELEVEN, POSTS

FILLS: Mapping[str, frozenset[str]] = {"manage_duties": frozenset(POSTS), "hand_over": frozenset(ELEVEN)}
"""The posts that a verb fills: who leads a ground fills the standard group there, not posts of power."""


def may_fill(by: Mandate, post: str, path: str) -> bool:
    """Whether the mandate fills this post on the area at this path."""
    return any(by.allows(verb, path) for verb, posts in FILLS.items() if post in posts)


def require_fill(by: Mandate, post: str, path: str) -> None:
    """Raise `Forbidden` unless `may_fill`; posts beyond the standard group take `manage_duties`."""
    if not may_fill(by, post, path):
        by.require("hand_over" if post in FILLS["hand_over"] and "manage_duties" not in by.may else "manage_duties",
                   path)
