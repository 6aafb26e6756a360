"""Who asks: one SQL statement reads the token, its account, the duties held now, and counts the request."""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, ClassVar, TypeVar

import msgspec
import psycopg
from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from wangge.base.clock import now
from wangge.base.errors import Forbidden, InvalidInput, NotFound, TooMany, Unauthenticated
from wangge.base.mandate import Mandate
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.duties.mandates import DUTY_COLUMNS, DUTY_HELD, DutyRow, Standing, standing_of

T = TypeVar("T")
WINDOW = timedelta(minutes=1)
AHEAD = timedelta(minutes=5)
BACK = timedelta(days=7)
"""How long ago may have happened what is told now: a device without a network for some days."""

_SQL = f"""
WITH t AS MATERIALIZED (
  SELECT t.id, t.account_id, c.person_id, c.username, c.language,
    c.is_active AND t.revoked_at IS NULL AND t.expires_at > %(now)s AS live
  FROM people_api_token t JOIN people_account c ON c.id = t.account_id WHERE t.digest = %(digest)s
), hit AS (
  INSERT INTO api_token_window AS w (token, started, n) SELECT id, %(window)s, %(requests)s FROM t WHERE live
  ON CONFLICT (token) DO UPDATE SET started = excluded.started,
    n = CASE WHEN w.started = excluded.started THEN w.n + excluded.n ELSE excluded.n END
  RETURNING n
)
SELECT t.live, (SELECT n FROM hit), t.id, t.account_id, t.person_id, t.username, t.language, {DUTY_COLUMNS}
FROM t LEFT JOIN duties_assignment d ON d.person_id = t.person_id AND t.live AND {DUTY_HELD.format(at="%(now)s")}
"""


class Rate(msgspec.Struct, frozen=True):
    """Where a token stands in the present minute."""

    limit: int
    used: int
    resets_in: int

    def headers(self) -> dict[str, str]:
        """The RateLimit fields of an answer; seconds until the window ends."""
        left = max(0, self.limit - self.used)
        return {
            "RateLimit-Limit": str(self.limit),
            "RateLimit-Remaining": str(left),
            "RateLimit-Reset": str(self.resets_in),
        }


class Bearer:
    """The API's only way in: `Authorization: Bearer wg_…`. No cookie is read, so no request can be forged."""

    openapi_security_schema: ClassVar[dict[str, Any]] = {
        "type": "http",
        "scheme": "bearer",
        "description": "A token from `wangge token USERNAME`. It may do what its person's duties allow.",
    }

    def __call__(self, request: HttpRequest) -> Standing:
        """The standing of the asker. Raises `Unauthenticated` and `TooMany`."""
        standing, rate = identify(request.META.get("HTTP_AUTHORIZATION", ""), at=now())
        request.rate = rate  # type: ignore[attr-defined]
        within(rate)
        return standing


def within(rate: Rate) -> None:
    """Raise `TooMany` where the token has had what a minute allows."""
    if rate.used > rate.limit:
        raise TooMany(
            f"This token made more than {rate.limit} requests in a minute.",
            expected=f"at most {rate.limit} a minute",
            extra={"retry_after": rate.resets_in},
        )


def identify(header: str, *, at: datetime, requests: int = 1) -> tuple[Standing, Rate]:
    """The account behind an Authorization header with the duties its person holds at `at`, and the count with these."""
    scheme, _, plain = header.partition(" ")
    plain = plain.strip()
    if scheme.lower() != "bearer" or not plain:
        raise Unauthenticated("This needs a bearer token.", field="Authorization", expected="Bearer wg_…")
    window = at.replace(second=0, microsecond=0)
    digest = hashlib.sha256(plain.encode("utf-8", "replace")).digest()
    rows = _asked({"now": at, "digest": digest, "window": window, "requests": requests})
    if not rows or not rows[0][0]:
        raise Unauthenticated(
            "The token is unknown, expired or revoked.", field="Authorization", expected="a valid bearer token"
        )
    _, used, token, account, person, username, language = rows[0][:7]
    duties = tuple(DutyRow(*row[7:]) for row in rows if row[7] is not None)
    standing = Standing(
        person=person,
        rows=duties,
        channel="api",
        at=at,
        recorded_at=at,
        account=account,
        token=token,
        username=username,
        language=language,
    )
    return standing, Rate(settings.API_RATE, used, max(1, int((window + WINDOW - at).total_seconds())))


def first_that_may(standing: Standing, verbs: frozenset[str], do: Callable[[Mandate], T]) -> T:
    """The answer of the first of the asker's duties, the broadest first, that is not refused.

    A duty that may do none of `verbs` is not tried. Where all are refused the first refusal stands.
    """
    refusal: Forbidden | NotFound | None = None
    for by in standing.mandates():
        if by.may & verbs:
            try:
                return do(by)
            except (Forbidden, NotFound) as error:
                refusal = refusal or error
    if refusal is None:
        standing.mandate(verb=min(verbs))  # raises, saying which duties there are
        raise Forbidden("None of your duties allows this.", field="action")
    raise refusal


def _asked(values: dict[str, Any]) -> list[tuple[Any, ...]]:
    """The rows of the one statement; asked again where the database was restarted since the last request."""
    for last in (False, True):
        try:
            with hot_cursor() as cursor:
                return cursor.execute(_SQL, values, prepare=True).fetchall()
        except psycopg.OperationalError:
            if last or connection.in_atomic_block:
                raise
    raise AssertionError


def standing_at(standing: Standing, at: datetime, *, field: str) -> Standing:
    """The duties that the asker held at `at`, when the act happened; it is recorded now.

    Raises `InvalidInput` for a time to come (a device's clock may be five minutes ahead) or more than a week ago,
    and `Forbidden` where the asker holds no duty any more: who has left tells nothing of the past.
    """
    standing.mandate()
    if at > standing.recorded_at + AHEAD:
        raise InvalidInput(
            "This has not happened yet.",
            field=field,
            value=at.isoformat(),
            expected=f"not after {standing.recorded_at.isoformat()}",
        )
    if at < standing.recorded_at - BACK:
        raise InvalidInput(
            "This happened too long ago.",
            field=field,
            value=at.isoformat(),
            expected=f"not before {(standing.recorded_at - BACK).isoformat()}",
        )
    moment = min(at, standing.recorded_at)
    return dataclasses.replace(
        standing_of(standing.person, channel=standing.channel, at=moment),
        recorded_at=standing.recorded_at,
        account=standing.account,
        token=standing.token,
    )


SEEING = frozenset({"see", "see_own"})


def reader(standing: Standing) -> Mandate:
    """The duty under which lists are read: the broadest that sees everything below it, else one that sees its own."""
    mandates = standing.mandates()
    for verb in ("see", "see_own"):
        for by in mandates:
            if verb in by.may:
                return by
    return standing.mandate(verb="see")
