"""What a page of the desk needs of what is kept: one statement."""

from __future__ import annotations

from typing import Any, NamedTuple
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.kernel.cases.recording import hot_cursor


class Item(NamedTuple):
    """A view or a reply; `own` says whose it is, `post` and `area_path` whom a shared one is meant for."""

    id: UUID
    kind: str
    own: bool
    post: str | None
    area_path: str
    act: str
    text: str
    filter: str


class Kept(NamedTuple):
    """What somebody finds at the desk: own things first, each by name. `columns` is None where none were chosen."""

    items: tuple[Item, ...]
    columns: tuple[str, ...] | None

    @property
    def views(self) -> list[Item]:
        """The views."""
        return [item for item in self.items if item.kind == "view"]

    def replies(self, act: str) -> list[str]:
        """The words of the replies for an act."""
        return [item.text for item in self.items if item.kind == "reply" and item.act == act]


_SQL = """
SELECT l.columns, k.id, k.kind, k.owner_id IS NOT NULL, k.post_id, k.area_path, k.act, k.text, k.filter
FROM (SELECT) one
LEFT JOIN desk_layout l ON l.account_id = %s
LEFT JOIN desk_kept k ON k.active AND (k.owner_id = %s OR (k.owner_id IS NULL
  AND (k.post_id IS NULL OR k.post_id = %s) AND starts_with(%s, k.area_path)))
ORDER BY k.kind, k.owner_id IS NULL, k.text, k.id
"""


def kept_for(account: UUID, by: Mandate) -> Kept:
    """One's own, and what is shared with the post on its ground or above it."""
    with hot_cursor() as cursor:
        rows = cursor.execute(_SQL, [account, account, by.post, by.scope_path], prepare=True).fetchall()
    columns, items = rows[0][0], tuple(Item(*row[1:]) for row in rows if row[1] is not None)
    return Kept(items, None if columns is None else tuple(columns))


_REPLIES = """(
SELECT json_agg(json_build_array(k.act, k.text) ORDER BY k.owner_id IS NULL, k.text, k.id) FROM desk_kept k
WHERE k.active AND k.kind = 'reply' AND (k.owner_id = %s
  OR (k.owner_id IS NULL AND (k.post_id IS NULL OR k.post_id = %s) AND starts_with(%s, k.area_path))))"""


def replies_for(account: UUID, by: Mandate) -> tuple[str, list[Any]]:
    """The replies alone as an SQL expression and its values, for a statement that is sent anyway."""
    return _REPLIES, [account, by.post, by.scope_path]


def replies_by_act(value: Any) -> dict[str, list[str]]:
    """Act → the words of its replies, one's own first, from the value of `replies_for`."""
    found: dict[str, list[str]] = {}
    for act, text in value or ():
        found.setdefault(act, []).append(text)
    return found
