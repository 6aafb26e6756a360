"""Mandates for tests of pure rules, made as `duties.mandates` makes them."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.mandates import DutyRow, Standing

MONDAY = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)


def mandate(
    post: str,
    scope: str,
    *,
    actor: UUID | None = None,
    organisation: UUID | None = None,
    at: datetime = MONDAY,
    may: frozenset[str] | None = None,
) -> Mandate:
    """The mandate of somebody who holds this post on this ground."""
    assert post in POSTS
    standing = Standing(actor or new_id(), (DutyRow(new_id(), post, organisation, scope),), "desk", at, at)
    made = standing.mandate()
    if may is None:
        return made
    from dataclasses import replace

    return replace(made, may=may)
