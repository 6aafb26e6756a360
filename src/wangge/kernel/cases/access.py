"""Who may see a case: everybody whose duty stands above it, and those it was dispatched to, who are called to it, or
who reported it. And who reads its words and photos, where its class is not public: a narrower circle (`READS`)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from wangge.base.mandate import Mandate
from wangge.kernel.cases.rules import addressed
from wangge.kernel.cases.state import CaseState


def may_see(state: CaseState, by: Mandate) -> bool:
    """Whether this mandate may read the case."""
    if by.actor is not None and state.reporter == by.actor:
        return True
    if not state.path.startswith(by.scope_path):
        return False
    return "see" in by.may or ("see_own" in by.may and (addressed(state, by) or _called(state, by)))


def _called(state: CaseState, by: Mandate) -> bool:
    """A unit that is called to the spot sees what it is called for."""
    return state.called is not None and state.called == by.organisation


READS: Mapping[str, str] = {"restricted": "read_restricted", "confidential": "read_confidential"}
"""The verb under which the words and photos of a case are read, by the confidentiality of its class. Without it they
are read by who reported it, to whom it was dispatched and who is called to it; to others it has none."""


def may_read(state: CaseState, level: str, by: Mandate) -> bool:
    """Whether this mandate reads the words and photos of a case that it may see. `level` is its class's."""
    verb = READS.get(level)
    if verb is None or by.allows(verb, state.path):
        return True
    if by.actor is not None and state.reporter == by.actor:
        return True
    if by.organisation is not None and by.organisation in (state.organisation, state.called):
        return True
    return state.post is not None and state.post == by.post and (state.post_path or "").startswith(by.scope_path)


def readable_sql(by: Mandate, alias: str = "c", level: str = "k.confidentiality") -> tuple[str, list[Any]]:
    """The same rule as a condition and its values; a test compares the two. `level` is NULL without a class."""
    open_to = ["public", *(name for name, verb in READS.items() if verb in by.may)]
    ground = ""
    values: list[Any] = []
    if by.scope_path and len(open_to) > 1:
        ground = f" AND {alias}.path >= %s AND {alias}.path < %s"
        values = [by.scope_path, after(by.scope_path)]
    named = ", ".join(f"'{name}'" for name in open_to)
    parts = [f"coalesce({level}, 'public') = 'public'", f"({level} IN ({named}){ground})"]
    if by.actor is not None:
        parts.append(f"{alias}.reporter = %s")
        values.append(by.actor)
    if by.organisation is not None:
        parts.append(f"{alias}.organisation = %s OR {alias}.called = %s")
        values += [by.organisation, by.organisation]
    parts.append(f"({alias}.post = %s AND {alias}.post_path >= %s AND {alias}.post_path < %s)")
    values += [by.post, by.scope_path, after(by.scope_path)]
    return f"({' OR '.join(parts)})", values


def visible_sql(by: Mandate, alias: str = "c") -> tuple[str, list[Any]]:
    """The same rule as a condition on `cases_case` and its values. A test compares it with `may_see`.

    Who sees a whole root sees what they reported there anyway; the condition is left out, for the index.
    """
    values: list[Any] = []
    parts = []
    if by.scope_path:
        parts.append(f"{alias}.path >= %s AND {alias}.path < %s")
        values += [by.scope_path, after(by.scope_path)]
    if "see" not in by.may:
        if "see_own" not in by.may:
            parts.append("FALSE")
        else:
            parts.append(
                f"({alias}.organisation = %s OR {alias}.called = %s OR ({alias}.post = %s AND {alias}.post_path >= %s"
                f" AND {alias}.post_path < %s))"
            )
            values += [by.organisation, by.organisation, by.post, by.scope_path, after(by.scope_path)]
    seen = " AND ".join(parts) or "TRUE"
    if by.actor is None or ("see" in by.may and by.scope_path.count("/") <= 1):
        return seen, values
    return f"(({seen}) OR {alias}.reporter = %s)", [*values, by.actor]


def after(prefix: str) -> str:
    """The least text above everything that begins with `prefix` (paths end with "/", compared by code point)."""
    return prefix[:-1] + "0" if prefix.endswith("/") else prefix + "\U0010ffff"
