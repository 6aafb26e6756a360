"""Whose account one may manage: people lie where their duties lie, which only a room above knows."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from wangge.base.mandate import Mandate

Resolver = Callable[[UUID], str | None]
_resolvers: list[Resolver] = []


def placed_by(resolver: Resolver) -> None:
    """Let `resolver` tell the deepest path above all that a person ever held; None for one who held nothing."""
    if resolver not in _resolvers:
        _resolvers.append(resolver)


def require_over(by: Mandate, verb: str, person_id: UUID | None) -> None:
    """Raise `Forbidden` unless the mandate has the verb, and the person's duties all lie below its scope.

    Else an administrator of one community could take over the account of a leader above.
    """
    path = by.scope_path
    if person_id is not None:
        for resolver in _resolvers:
            found = resolver(person_id)
            path = path if found is None else found
    by.require(verb, path)
