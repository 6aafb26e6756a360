"""Seals: a Merkle root over every committed entry that no earlier seal covers, chained to the last seal.

A transaction that takes its ordinals early and commits late falls in the next seal, never between two;
ordinals of aborted transactions are covered by none. Once a seal has been printed or posted, nobody can
rewrite what it covers unnoticed.
"""

from __future__ import annotations

from typing import Any

from django.db import connection, transaction

from wangge.base import clock
from wangge.base.digests import FORMS, digest, merkle_root
from wangge.base.mandate import Mandate
from wangge.kernel.journal import digesting
from wangge.kernel.journal.models import Seal
from wangge.kernel.journal.reading import LEAVES, fetch
from wangge.kernel.journal.writing import CURRENT_FORM

_LOCK = 0x5741_4E47_4745_0001
"""Key of the advisory lock that lets one sealing follow another."""

_UNSEALED = LEAVES.format(
    ranges="'{(,)}'::int8multirange"
    " - coalesce((SELECT range_agg(covers) FROM journal_seal), '{}'::int8multirange)"
)


def seal(*, by: Mandate, form: int = CURRENT_FORM) -> Seal | None:
    """Seal all committed entries that no seal covers; None when there are none.

    The mandate must allow `seal` everywhere: a seal knows no area.
    """
    by.require("seal", "")
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        assert connection.connection is not None
        leaves = fetch(connection.connection, _UNSEALED)
        if not leaves:
            return None
        made = _compose(leaves, _last(), by, form)
        _insert(made)
        return made


def unsealed() -> int:
    """How many committed entries no seal covers yet."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({_UNSEALED}) free")
        return int(cursor.fetchone()[0])


def seal_line(made: Seal) -> str:
    """One line to print or to post in a chat group; `check-proof --anchor` takes it back."""
    at = made.sealed_at.strftime("%Y-%m-%dT%H:%M:%SZ")
    algorithm = FORMS[made.form].algorithm
    return f"wangge-seal {made.number} {at} {made.count} {algorithm} {bytes(made.digest).hex()}"


def _last() -> tuple[int, int, bytes] | None:
    """Number, time (microseconds) and digest of the newest seal."""
    row = Seal.objects.order_by("-number").values_list("number", "sealed_at", "digest").first()
    return row and (row[0], clock.to_us(row[1]), bytes(row[2]))


def _compose(
    leaves: list[tuple[Any, ...]], last: tuple[int, int, bytes] | None, by: Mandate, form: int
) -> Seal:
    number, previous_at, previous = last or (0, 0, None)
    covered = digesting.ranges([ordinal for ordinal, _ in leaves])
    root = merkle_root(form, [digesting.leaf(ordinal, one) for ordinal, one in leaves])
    marks = digesting.marks(one for _, one in leaves)
    sealed_at = max(clock.to_us(by.recorded_at), previous_at)
    sealed = digesting.seal_digest_of(
        form,
        number + 1,
        sealed_at,
        len(leaves),
        digesting.covers_digest(form, covered),
        root,
        digest(form, marks),
        previous,
    )
    return Seal(
        number=number + 1,
        sealed_at=clock.from_us(sealed_at),
        form=form,
        covers=digesting.covers_text(covered),
        count=len(leaves),
        root=root,
        marks=marks,
        previous_digest=previous,
        digest=sealed,
    )


def _insert(made: Seal) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO journal_seal"
            " (number, sealed_at, form, covers, count, root, marks, previous_digest, digest)"
            " VALUES (%s, %s, %s, %s::text::int8multirange, %s, %s, %s, %s, %s)",
            [
                made.number,
                made.sealed_at,
                made.form,
                made.covers,
                made.count,
                bytes(made.root),
                bytes(made.marks),
                None if made.previous_digest is None else bytes(made.previous_digest),
                bytes(made.digest),
            ],
        )
