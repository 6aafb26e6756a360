"""Files that are taken in behind the page: kept until they are worked, with what came of them for a week.

Purpose: to tell who sent the file what became of it, and to give the refused rows back to be mended. The file itself is
gone once it is worked. An import that a worker left half done is begun again: what its rows did already counts as
unchanged, since every kind of file may be read twice. After `TRIES` it is given up.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection, transaction
from django.db.models import F

from wangge.base.errors import InvalidInput, NotFound
from wangge.base.mandate import Mandate
from wangge.kernel.desk.models import Import

KEPT = timedelta(days=7)
MOST_BYTES = 20_000_000
MOST_OPEN = 3
"""So many files of one account wait or are worked at once."""
MOST_REFUSED = 500
TRIES = 3
OPEN = ("waiting", "running")
SEES_ALL = "manage_accounts"


def accept(
    *, kind: str, name: str, content: bytes, account: UUID, by: Mandate, language: str,
    options: Mapping[str, str] | None = None,
) -> Import:
    """Keep a file that is to be worked behind the page. Raises `InvalidInput` where too much waits already."""
    if len(content) > MOST_BYTES:
        raise InvalidInput("The file is too large.", field="file", value=len(content), expected="at most 20 MB")
    if Import.objects.filter(account_id=account, state__in=OPEN).count() >= MOST_OPEN:
        raise InvalidInput("Files of yours are still being worked.", field="file", value=MOST_OPEN,
                           expected="wait until one of them is done")
    if by.duty is None:
        raise InvalidInput("A file is taken in under a duty.", field="duty", expected="a duty of yours")
    return Import.objects.create(
        account_id=account, duty=by.duty, kind=kind, name=name[:200], language=language, options=dict(options or {}),
        content=content, size=len(content), sent_at=by.recorded_at,
    )


@contextmanager
def claimed(key: UUID, now: datetime) -> Iterator[Import | None]:
    """The import for a worker who begins it, held by that worker alone until the block ends; None where it is worked,
    given up, or in another worker's hands."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(hashtextextended(%s, 0))", [f"import {key}"])
        [(ours,)] = cursor.fetchall()
    if not ours:
        yield None
        return
    try:
        yield _begun(key, now)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(hashtextextended(%s, 0))", [f"import {key}"])


def _begun(key: UUID, now: datetime) -> Import | None:
    with transaction.atomic():
        one = Import.objects.select_for_update().filter(id=key, state__in=OPEN).first()
        if one is None:
            return None
        if one.begun >= TRIES:
            fail(one, "It was broken off each time; nothing more is tried.", now)
            return None
        one.state, one.begun, one.done = "running", one.begun + 1, 0
        one.save(update_fields=["state", "begun", "done"])
    return one


def worked(one: Import, rows: int, total: int | None = None) -> None:
    """So many more rows are behind it. Written at once, for who watches."""
    Import.objects.filter(id=one.id).update(done=F("done") + rows, **({} if total is None else {"total": total}))


def finish(one: Import, told: Sequence[Mapping[str, Any]], refused: Sequence[Mapping[str, Any]], now: datetime) -> None:
    """It is worked: the file goes, counts and refused rows stay for a week."""
    Import.objects.filter(id=one.id, state="running").update(
        state="done", content=None, told=list(told), refused=list(refused[:MOST_REFUSED]), ended_at=now,
        more_refused=max(0, len(refused) - MOST_REFUSED), done=F("total"),
    )


def fail(one: Import, error: str, now: datetime) -> None:
    """It is not worked any more, and why; the file goes."""
    Import.objects.filter(id=one.id, state__in=OPEN).update(
        state="failed", content=None, error=error[:500], ended_at=now)


def seen(key: UUID, account: UUID, by: Mandate) -> Import:
    """One import, for who sent it and for who manages accounts. Raises `NotFound`."""
    one = Import.objects.defer("content").filter(id=key).first()
    if one is None or (one.account_id != account and SEES_ALL not in by.may):
        raise NotFound("There is no such import.", field="import", value=str(key))
    return one


def recent(account: UUID, limit: int = 5) -> list[Import]:
    """One's own, the newest first. One statement."""
    return list(Import.objects.defer("content", "refused").filter(account_id=account).order_by("-sent_at")[:limit])


def forget(now: datetime) -> int:
    """Delete what ended a week ago, and give up what has waited as long; how many went."""
    for one in Import.objects.defer("content").filter(state__in=OPEN, sent_at__lt=now - KEPT):
        fail(one, "It was never worked.", now)
    return Import.objects.filter(ended_at__lt=now - KEPT).delete()[0]
