"""The mandate: who acts, by which duty, where, and what that duty allows.

Every service takes `by: Mandate`. It is made only in `kernel.duties.mandates`; an architecture test
finds any other call of its constructor. Rooms below `duties` are thereby safe without knowing duties.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from wangge.base.errors import Forbidden


@dataclass(frozen=True, slots=True)
class Mandate:
    """One person (or the public, a job, the console, an import) acting under one duty at one time.

    `actor` and `duty` are ids of a person and an assignment, None where nobody signed in.
    `post` is the code of the post, or `public`, `job`, `console`, `import:<source>`.
    `organisation` is the organisation of the duty, if it has one.
    `scope_path` is the path of the area that the duty stands on; '' is everywhere.
    `may` holds the verbs; `see` allows all below the scope, `see_own` what one's own post or
    organisation holds. `at` is when it happened, `recorded_at` when the server learned of it (UTC).
    `clock_from_at` is true for imported and simulated acts, whose clocks count from `at`.
    """

    actor: UUID | None
    duty: UUID | None
    post: str
    organisation: UUID | None
    scope_path: str
    may: frozenset[str]
    channel: str
    at: datetime
    recorded_at: datetime
    clock_from_at: bool = False

    def when(self, at: datetime) -> Mandate:
        """The same mandate for something that happened at another time."""
        return replace(self, at=at)

    def allows(self, verb: str, path: str) -> bool:
        """Whether the verb is in `may` and the path lies below the scope."""
        return verb in self.may and path.startswith(self.scope_path)

    def require(self, verb: str, path: str) -> None:
        """Raise `Forbidden` unless `allows(verb, path)`."""
        if verb not in self.may:
            raise Forbidden(
                f"The post “{self.post}” may not {verb}.", field="action", value=verb,
                expected="one of " + ", ".join(sorted(self.may)) if self.may else None,
            )
        if not path.startswith(self.scope_path):
            raise Forbidden(
                f"The post “{self.post}” answers for {self.scope_path or 'everywhere'}, not for {path}.",
                field="area", value=path, expected=f"a place below {self.scope_path}",
            )
