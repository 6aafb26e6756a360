"""How often one address may send something without an account: WANGGE_PUBLIC_RATE times in ten minutes.

The address is kept only as a digest under a key that is another one each day, so that the table tells nobody
who sent, and rows go as soon as their ten minutes are over and somebody else sends.
"""

from __future__ import annotations

import hashlib
import hmac
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from wangge.base.clock import now
from wangge.base.errors import TooMany

WINDOW = timedelta(minutes=10)

# The count is made first and awaited by the answer; old rows go after it, those that others hold are left to them.
_SQL = """
WITH hit AS (
  INSERT INTO public_sender_window AS w (sender, started, n) VALUES (%(sender)s, %(now)s, 1)
  ON CONFLICT (sender) DO UPDATE SET
    n = CASE WHEN w.started > %(since)s THEN w.n + 1 ELSE 1 END,
    started = CASE WHEN w.started > %(since)s THEN w.started ELSE excluded.started END
  RETURNING n, started
), gone AS (
  DELETE FROM public_sender_window WHERE sender IN (
    SELECT sender FROM public_sender_window WHERE started <= %(since)s AND sender <> %(sender)s
    FOR UPDATE SKIP LOCKED)
)
SELECT n, started FROM hit
"""


def count(request: HttpRequest) -> None:
    """Count one sending of this address. Raises `TooMany`, with the seconds to wait, beyond the limit."""
    at = now()
    with connection.cursor() as cursor:
        cursor.execute(_SQL, {"sender": digest(address(request), at), "now": at, "since": at - WINDOW})
        n, started = cursor.fetchone()
    if n > settings.PUBLIC_RATE:
        wait = max(1, int((started + WINDOW - at).total_seconds()))
        raise TooMany(
            "Too much was sent from this address; please wait ten minutes.",
            field="sender",
            expected=f"at most {settings.PUBLIC_RATE} in ten minutes",
            extra={"retry_after": wait},
        )


def address(request: HttpRequest) -> str:
    """Who sends: behind the trusted proxy the last of X-Forwarded-For, else the other end of the connection.

    Of an IPv6 address the first 64 bits: a household has all that follow.
    """
    said = str(request.META.get("REMOTE_ADDR") or "")
    if settings.TLS:
        said = request.headers.get("X-Forwarded-For", "").rpartition(",")[2].strip() or said
    try:
        found = ip_address(said)
    except ValueError:
        return said
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or IPv6Address(int(found) >> 64 << 64))
    return str(found)


def digest(said: str, at: datetime) -> bytes:
    """The address under the key of that day (UTC)."""
    key = hmac.digest(settings.SECRET_KEY.encode(), f"wangge.public.sender {at:%Y-%m-%d}".encode(), hashlib.sha256)
    return hmac.digest(key, said.encode("utf-8", "replace"), hashlib.sha256)
