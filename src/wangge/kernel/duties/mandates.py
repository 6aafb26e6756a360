"""Where mandates are made, and nowhere else.

A person's mandate comes from a duty held at the time of the act: a regular holder on leave has none from that duty,
acting and deputy holders have theirs for as long as they are named. One SQL statement loads all duties of a person
(`standing_of`) or of a bearer token (`standing_of_token`); choosing among them is pure.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from django.db import connection

from wangge.base.clock import now
from wangge.base.errors import Forbidden, Unauthenticated
from wangge.base.mandate import Mandate
from wangge.kernel.duties.catalogue import (
    ALL_VERBS,
    ASSESSMENT_INTERNAL_VERBS,
    CASE_VERBS,
    DISPLAY_VERBS,
    FOLLOWER_VERBS,
    INTERNAL_VERBS,
    LEDGER_VERBS,
    PLACE_INTERNAL_VERBS,
    POSTS,
    SPOT_INTERNAL_VERBS,
    TASK_INTERNAL_VERBS,
)
from wangge.kernel.duties.roster import Holding

PUBLIC_VERBS = frozenset({"report"})
JOB_VERBS = (
    CASE_VERBS | INTERNAL_VERBS | SPOT_INTERNAL_VERBS | TASK_INTERNAL_VERBS | LEDGER_VERBS | PLACE_INTERNAL_VERBS
    | ASSESSMENT_INTERNAL_VERBS | {"see", "trace", "seal", "verify", "erase"}
)
IMPORT_VERBS = CASE_VERBS | {"see"}
_NONE: frozenset[str] = frozenset()


class DutyRow(NamedTuple):
    """The columns of an assignment that a mandate needs."""

    duty: UUID
    post: str
    organisation: UUID | None
    path: str

    @property
    def verbs(self) -> frozenset[str]:
        """What the post may do; nothing where the catalogue no longer knows it."""
        info = POSTS.get(self.post)
        return info.verbs if info else _NONE


DUTY_COLUMNS = "d.id, d.post_id, d.organisation_id, d.area_path"
"""The columns of a `DutyRow`, for a statement that joins duties_assignment AS d."""

DUTY_HELD = (
    "d.valid @> {at} AND upper_inf(d.recorded) AND d.kind <> 'leave' AND NOT (d.kind = 'regular' AND EXISTS ("
    "SELECT 1 FROM duties_assignment l WHERE l.person_id = d.person_id AND l.kind = 'leave'"
    " AND l.post_id = d.post_id AND l.area_id = d.area_id AND l.valid @> {at} AND upper_inf(l.recorded)))"
)
"""The condition that the duty d is held and exercised at the moment {at} (an SQL expression of timestamptz)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A signed-in person and the duties held at `at`. `account` and `token` are set as far as they are known."""

    person: UUID | None
    rows: tuple[DutyRow, ...]
    channel: str
    at: datetime
    recorded_at: datetime
    clock_from_at: bool = False
    account: UUID | None = None
    token: UUID | None = None
    username: str = ""
    language: str = ""

    def mandate(self, *, verb: str | None = None, path: str | None = None, duty: UUID | None = None) -> Mandate:
        """The duty that allows `verb` at `path`, the deepest scope first; without a verb the broadest duty.

        Raises `Forbidden`, saying which duties there are.
        """
        return mandate_from_row(_choose(self.rows, verb, path, duty), self)

    def mandates(self) -> list[Mandate]:
        """One mandate for each duty, the broadest scope first."""
        return [mandate_from_row(row, self) for row in sorted(self.rows, key=_breadth)]


def mandate_from_row(row: DutyRow, standing: Standing) -> Mandate:
    """The mandate of a duty that a statement has already brought along (see `DUTY_COLUMNS`, `DUTY_HELD`)."""
    return Mandate(
        actor=standing.person, duty=row.duty, post=row.post, organisation=row.organisation, scope_path=row.path,
        may=row.verbs, channel=standing.channel, at=standing.at, recorded_at=standing.recorded_at,
        clock_from_at=standing.clock_from_at,
    )


def standing_of(
    person_id: UUID | None, *, channel: str, at: datetime | None = None, clock_from_at: bool = False
) -> Standing:
    """The duties that a person holds at a moment (now, if not given). One statement."""
    recorded_at = now()
    moment = at or recorded_at
    if person_id is None:
        return Standing(None, (), channel, moment, recorded_at, clock_from_at)
    with connection.cursor() as cursor:
        cursor.execute(_OF_PERSON, [person_id, moment, moment])
        rows = tuple(DutyRow(*row) for row in cursor.fetchall())
    return Standing(person_id, rows, channel, moment, recorded_at, clock_from_at)


_OF_PERSON = (
    f"SELECT {DUTY_COLUMNS} FROM duties_assignment d WHERE d.person_id = %s AND " + DUTY_HELD.format(at="%s")
)


def standing_of_token(plain: str, *, channel: str = "api", at: datetime | None = None) -> Standing:
    """The account behind a bearer token and its person's duties. One statement.

    Raises `Unauthenticated` for a token that is unknown, revoked or expired, or whose account is closed.
    """
    recorded_at = now()
    moment = at or recorded_at
    digest = hashlib.sha256(plain.encode("utf-8", "replace")).digest()
    with connection.cursor() as cursor:
        cursor.execute(_OF_TOKEN, [moment, moment, digest])
        rows = cursor.fetchall()
    if not rows or rows[0][4] is not None or rows[0][3] <= recorded_at or not rows[0][5]:
        raise Unauthenticated("The token is unknown, expired or revoked.", field="Authorization",
                              expected="a valid bearer token")
    token, account, person, _, _, _, username, language = rows[0][:8]
    duties = tuple(DutyRow(*row[8:]) for row in rows if row[8] is not None)
    return Standing(person, duties, channel, moment, recorded_at, False, account, token, username, language)


_OF_TOKEN = (
    "SELECT t.id, t.account_id, c.person_id, t.expires_at, t.revoked_at, c.is_active, c.username, c.language,"
    f" {DUTY_COLUMNS} FROM people_api_token t JOIN people_account c ON c.id = t.account_id"
    " LEFT JOIN duties_assignment d ON d.person_id = c.person_id AND " + DUTY_HELD.format(at="%s")
    + " WHERE t.digest = %s"
)


def for_person(
    person_id: UUID | None, *, channel: str, at: datetime | None = None, duty: UUID | None = None,
    verb: str | None = None, path: str | None = None,
) -> Mandate:
    """The mandate of a person: the duty that allows `verb` at `path`, the deepest scope first.

    Without a verb the broadest duty; `duty` insists on one. `at` is when it happened (default: now). One statement.
    Raises `Forbidden` when no duty held then allows it.
    """
    return standing_of(person_id, channel=channel, at=at).mandate(verb=verb, path=path, duty=duty)


def mandates_of(person_id: UUID | None, *, channel: str, at: datetime | None = None) -> list[Mandate]:
    """One mandate for each duty that the person holds at that moment, the broadest scope first."""
    return standing_of(person_id, channel=channel, at=at).mandates()


def simulated(
    person_id: UUID, *, at: datetime, verb: str | None = None, path: str | None = None, duty: UUID | None = None
) -> Mandate:
    """A person's mandate in a played-through past: the duty must have been held at `at`; clocks count from `at`."""
    standing = standing_of(person_id, channel="simulated", at=at, clock_from_at=True)
    return standing.mandate(verb=verb, path=path, duty=duty)


def simulated_holding(held: Holding, *, at: datetime, recorded_at: datetime) -> Mandate:
    """The mandate of a duty that was read before, in a played-through past. The caller has seen that it was held."""
    standing = Standing(held.person_id, (), "simulated", at, recorded_at, True)
    row = DutyRow(held.assignment_id, held.post, held.organisation_id, held.area_path)
    return mandate_from_row(row, standing)


def public(
    root_path: str, *, at: datetime | None = None, channel: str = "public", simulated: bool = False
) -> Mandate:
    """Anybody, without signing in: may report below `root_path` and nothing else."""
    return _made("public", root_path, PUBLIC_VERBS, "simulated" if simulated else channel, at, simulated)


def follower(
    case_path: str, *, at: datetime | None = None, channel: str = "public", simulated: bool = False
) -> Mandate:
    """Whoever holds the tracking code of a case at this path: may read it, and add words and photos to it."""
    return _made("public", case_path, FOLLOWER_VERBS, "simulated" if simulated else channel, at, simulated)


def display(area_path: str, *, at: datetime | None = None) -> Mandate:
    """A screen on a wall, by the token of its link: looks at the figures of its area and does nothing else."""
    return _made("display", area_path, DISPLAY_VERBS, "display", at, False)


def job(
    name: str, *, at: datetime | None = None, recorded_at: datetime | None = None, clock_from_at: bool = False
) -> Mandate:
    """A background job, or what follows by itself from an act at that act's times; the channel names it."""
    return _made("job", "", JOB_VERBS, f"job:{name}", at, clock_from_at, recorded_at)


def console(*, at: datetime | None = None) -> Mandate:
    """The administrator at the machine's own command line: everything, for setting up."""
    return _made("console", "", ALL_VERBS, "console", at, False)


def imported(source: str, root_path: str, *, at: datetime | None = None) -> Mandate:
    """An import of history: the acts of cases below `root_path`; clocks count from `at` (`Mandate.when`)."""
    return _made(f"import:{source}", root_path, IMPORT_VERBS, "import", at, True)


def _made(
    post: str, scope: str, may: frozenset[str], channel: str, at: datetime | None, clock_from_at: bool,
    recorded_at: datetime | None = None,
) -> Mandate:
    recorded_at = recorded_at or now()
    return Mandate(
        actor=None, duty=None, post=post, organisation=None, scope_path=scope, may=may, channel=channel,
        at=at or recorded_at, recorded_at=recorded_at, clock_from_at=clock_from_at,
    )


def _breadth(row: DutyRow) -> tuple[int, int, str, str]:
    """The broadest scope first; on equal ground the post that may do most, then its code."""
    return row.path.count("/"), -len(row.verbs), row.post, row.path


def _choose(rows: Sequence[DutyRow], verb: str | None, path: str | None, duty: UUID | None) -> DutyRow:
    if duty is not None:
        rows = [row for row in rows if row.duty == duty]
        if not rows:
            raise Forbidden("You do not hold this duty now.", field="duty", value=duty, expected="a duty of yours")
    if not rows:
        raise Forbidden("You hold no duty at this time; authority to act comes from a duty.")
    able = [row for row in rows if verb is None or verb in row.verbs]
    if not able:
        posts = ", ".join(sorted({row.post for row in rows}))
        raise Forbidden(f"None of your posts ({posts}) may {verb}.", field="action", value=verb,
                        expected="one of " + ", ".join(sorted(frozenset[str]().union(*(r.verbs for r in rows)))))
    here = [row for row in able if path is None or path.startswith(row.path)]
    if not here:
        grounds = ", ".join(sorted({row.path for row in able}))
        raise Forbidden(f"Your duties answer for {grounds}, not for {path}.", field="area", value=path,
                        expected="a place below " + grounds)
    broad = sorted(here, key=_breadth)
    if verb is None or path is None:
        return broad[0]
    deepest = broad[-1].path
    return next(row for row in broad if row.path == deepest)
