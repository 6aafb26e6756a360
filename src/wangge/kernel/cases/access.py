"""Who may see a case: everybody whose duty stands above it, and those it was dispatched to or who reported it."""

from __future__ import annotations

from typing import Any

from wangge.base.mandate import Mandate
from wangge.kernel.cases.rules import addressed
from wangge.kernel.cases.state import CaseState


def may_see(state: CaseState, by: Mandate) -> bool:
    """Whether this mandate may read the case."""
    if "see" in by.may:
        return state.path.startswith(by.scope_path)
    if "see_own" not in by.may or not state.path.startswith(by.scope_path):
        return False
    return addressed(state, by) or (by.actor is not None and state.reporter == by.actor)


def visible_sql(by: Mandate, alias: str = "c") -> tuple[str, list[Any]]:
    """The same rule as a condition on `cases_case` and its values. A test compares it with `may_see`."""
    values: list[Any] = []
    parts = []
    if by.scope_path:
        parts.append(f"{alias}.path >= %s AND {alias}.path < %s")
        values += [by.scope_path, after(by.scope_path)]
    if "see" not in by.may:
        if "see_own" not in by.may:
            return "FALSE", []
        own = [
            f"{alias}.organisation = %s",
            f"({alias}.post = %s AND {alias}.post_path >= %s AND {alias}.post_path < %s)",
            f"{alias}.reporter = %s",
        ]
        parts.append("(" + " OR ".join(own) + ")")
        values += [by.organisation, by.post, by.scope_path, after(by.scope_path), by.actor]
    return " AND ".join(parts) or "TRUE", values


def after(prefix: str) -> str:
    """The least text above everything that begins with `prefix` (paths end with "/", compared by code point)."""
    return prefix[:-1] + "0" if prefix.endswith("/") else prefix + "\U0010ffff"
