"""Who may see a spot file: everybody whose duty sees its place, and who owns or owned a remedy there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, NamedTuple
from uuid import UUID

from wangge.base.errors import NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after


class Owner(NamedTuple):
    """Who is to see a remedy through: an organisation, or a post on the ground of the file."""

    organisation: UUID | None
    post: str | None


def may_see(path: str, owners: Iterable[Owner], by: Mandate) -> bool:
    """Whether this mandate may read the file at this path with these owners of remedies."""
    if not path.startswith(by.scope_path):
        return False
    return "see" in by.may or ("see_own" in by.may and any(_owns(one, by) for one in owners))


def _owns(owner: Owner, by: Mandate) -> bool:
    return (owner.organisation is not None and owner.organisation == by.organisation) or owner.post == by.post


def visible_sql(by: Mandate, alias: str = "s") -> tuple[str, list[Any]]:
    """The same rule as a condition on `spots_spot` and its values. A test compares it with `may_see`."""
    values: list[Any] = []
    parts = []
    if by.scope_path:
        parts.append(f"{alias}.path >= %s AND {alias}.path < %s")
        values += [by.scope_path, after(by.scope_path)]
    if "see" not in by.may:
        if "see_own" not in by.may:
            return "FALSE", []
        parts.append(
            f"EXISTS (SELECT 1 FROM spots_remedy o WHERE o.spot_id = {alias}.id"
            " AND (o.organisation_id = %s OR o.post_id = %s))"
        )
        values += [by.organisation, by.post]
    return " AND ".join(parts) or "TRUE", values


def missing(spot: UUID | str) -> NotFound:
    """The error for a file that is not there, or not for this reader."""
    return NotFound("There is no such spot file that you may see.", field="spot", value=spot)
