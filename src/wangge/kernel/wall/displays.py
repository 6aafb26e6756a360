"""Displays: made for one area, expiring, revocable. The token's text is shown once and kept nowhere.

Who holds `manage_displays` above an area makes and revokes its displays.
"""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from django.db import transaction

from wangge.base.clock import to_us
from wangge.base.errors import InvalidInput, NotFound, Unauthenticated
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.duties import mandates
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.queries import atlas
from wangge.kernel.wall.models import DISPLAY, LANGUAGES, Display

VERB = "manage_displays"
MAX_DAYS = 730
MOST_LABEL = 60


class Issued(NamedTuple):
    """A display as lists show it; `alive` while its token opens the screen."""

    id: UUID
    area_path: str
    label: str
    language: str
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    alive: bool


class Admitted(NamedTuple):
    """A display whose token was shown: under which mandate it looks, in which language, and what snapshots must be."""

    by: Mandate
    language: str
    expires_at: datetime
    places: int
    reference: int


def issue_display(
    *, area_code: str, days: int, by: Mandate, label: str = "", language: str = "zh-hans"
) -> tuple[Display, str]:
    """A display for an area, and its token.

    Raises `Forbidden` without the verb there, `NotFound` for an area that is none, `InvalidInput` for other values.
    """
    area = atlas().by_code(area_code)
    if area is None or not area.holds(by.recorded_at):
        raise NotFound("There is no area with this code.", field="area", value=area_code,
                       expected="the code of an area")  # fmt: skip
    by.require(VERB, area.path)
    if not 1 <= days <= MAX_DAYS:
        raise InvalidInput("A display always expires.", field="days", value=days, expected=f"1 to {MAX_DAYS}")
    if language not in LANGUAGES:
        raise InvalidInput("The screen does not speak this language.", field="language", value=language,
                           expected="one of " + ", ".join(LANGUAGES))  # fmt: skip
    label = label.strip()
    if len(label) > MOST_LABEL or "\0" in label:
        raise InvalidInput("This label is too long.", field="label", value=label,
                           expected=f"at most {MOST_LABEL} characters")  # fmt: skip
    plain = "wd_" + secrets.token_urlsafe(32)
    made = Display(
        id=new_id(), version=1, area_id=area.id, digest=_digest(plain), label=label, language=language,
        created_at=by.recorded_at, expires_at=by.recorded_at + timedelta(days=days),
    )  # fmt: skip
    data = {
        "area": str(area.id), "digest": made.digest.hex(), "language": language,
        "created_at": to_us(made.created_at), "expires_at": to_us(made.expires_at),
    }  # fmt: skip
    with transaction.atomic():
        append([Act(made.id, DISPLAY, "issue_display", area.id, data, {"label": label} if label else {})], by=by)
        made.save(force_insert=True)
    return made, plain


def revoke_display(*, display_id: UUID, by: Mandate) -> Display:
    """Its token opens nothing any more. Revoking twice changes nothing. Raises `NotFound`, `Forbidden`."""
    with transaction.atomic():
        known = Display.objects.select_for_update().filter(id=display_id).first()
        area = atlas().by_id.get(known.area_id) if known else None
        if known is None or area is None or not area.path.startswith(by.scope_path):
            raise NotFound("There is no such display on your ground.", field="display", value=display_id)
        by.require(VERB, area.path)
        if known.revoked_at is None:
            known.revoked_at = by.recorded_at
            data = {"revoked_at": to_us(known.revoked_at)}
            [written] = append([Act(known.id, DISPLAY, "revoke_display", area.id, data, version=known.version)], by=by)
            known.version = written.seq
            known.save(force_update=True)
    return known


def displays(*, by: Mandate, now: datetime) -> list[Issued]:
    """The displays of the ground, the newest first; those that ended long ago are left out. One statement."""
    by.require(VERB, by.scope_path)
    scope = by.scope_path
    with hot_cursor() as cursor:
        rows = cursor.execute(
            "SELECT d.id, a.path, d.label, d.language, d.created_at, d.expires_at, d.revoked_at,"
            " d.revoked_at IS NULL AND d.expires_at > %s FROM wall_display d JOIN places_area a ON a.id = d.area_id"
            " WHERE (%s = '' OR (a.path >= %s AND a.path < %s)) AND coalesce(d.revoked_at, d.expires_at) > %s"
            " ORDER BY d.created_at DESC, d.id",
            [now, scope, scope, after(scope), now - timedelta(days=30)],
        ).fetchall()
    return [Issued(*row) for row in rows]


_ADMIT = """
SELECT a.path, d.language, d.expires_at, d.revoked_at, v.n, r.n FROM wall_display d
JOIN places_area a ON a.id = d.area_id CROSS JOIN places_version v CROSS JOIN cases_reference_version r
WHERE d.digest = %s
"""


def admit(plain: str, *, now: datetime) -> Admitted:
    """The display that bears this token. One statement.

    Raises `Unauthenticated` for a token that is unknown, expired or revoked.
    """
    with hot_cursor() as cursor:
        row = cursor.execute(_ADMIT, [_digest(plain)], prepare=True).fetchone()
    if row is None or row[2] <= now or row[3] is not None:
        raise Unauthenticated("The link of this display is unknown, expired or revoked.", field="token",
                              expected="the link of a display")  # fmt: skip
    return Admitted(mandates.display(row[0], at=now), row[1], row[2], row[4], row[5])


def _digest(plain: str) -> bytes:
    return hashlib.sha256(plain.encode("utf-8", "replace")).digest()
