"""Whom a rectification may go to: posts that handle and are held over the place now, organisations that serve it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from wangge.base.errors import InvalidInput
from wangge.inspections.rectifying import DO
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.choices import Choice
from wangge.interfaces.staff.formfields import id_of
from wangge.interfaces.staff.rows import english
from wangge.kernel.cases.units import units_at
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.queries import roster_at


def choices(path: str, now: datetime) -> list[Choice]:
    """Posts with who holds them, the nearest first, then organisations by name. Two statements."""
    posts: dict[str, list[str]] = {}
    for one in roster_at(path, now).chain(path, now):
        if DO in POSTS[one.post].verbs and one.organisation_id is None:
            posts.setdefault(one.post, []).append(one.name)
    found = [Choice(f"post:{post}", standing.post_name(post), ", ".join(filter(None, names)))
             for post, names in posts.items()]
    return found + [Choice(f"unit:{one.id}", (one.name_en if english() else one.name) or one.name)
                    for one in units_at(path)]


def target_of(value: str) -> tuple[str | None, UUID | None]:
    """The post or the organisation that was chosen. Raises `InvalidInput`."""
    kind, _sep, rest = value.partition(":")
    if kind == "post" and rest:
        return rest, None
    if kind == "unit":
        return None, id_of("organisation", rest)
    raise InvalidInput("Say who puts it right: a post or an organisation.", field="target", value=value[:40],
                       expected="one of the list")
