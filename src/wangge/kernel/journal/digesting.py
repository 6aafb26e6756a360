"""What each digest of the journal covers. The writer, the verifier and `check-proof` share it.

Imports only `base`. An entry's digest covers every field but itself, its ordinal and its predecessor's
digest included. A leaf of a seal's Merkle tree binds the ordinal to that digest. A seal's digest covers
its own fields and the digest of the seal before it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from wangge.base.digests import canonical, digest

MARK_BYTES = 4
"""How much of each entry's digest a seal keeps beside its root, to name the entry that was rewritten."""


def entry_digest_of(
    form: int,
    ordinal: int,
    subject_id: UUID | str,
    seq: int,
    subject_type: str,
    verb: str,
    actor: UUID | str | None,
    duty: UUID | str | None,
    area: UUID | str | None,
    channel: str,
    at: int,
    recorded_at: int,
    data: Any,
    previous: str | None,
) -> bytes:
    """Digest of one entry. Times are UTC microseconds; `previous` is PostgreSQL hex (`\\x…`) or None."""
    return digest(
        form,
        canonical(
            [
                form,
                ordinal,
                subject_id,
                seq,
                subject_type,
                verb,
                actor,
                duty,
                area,
                channel,
                at,
                recorded_at,
                data,
                previous,
            ]
        ),
    )


def leaf(ordinal: int, entry_digest: bytes) -> bytes:
    """What an entry puts into its seal's Merkle tree: 8 bytes of ordinal, then the digest."""
    return ordinal.to_bytes(8, "big", signed=True) + entry_digest


def marks(entry_digests: Iterable[bytes]) -> bytes:
    """The first bytes of each digest, in ordinal order."""
    return b"".join([one[:MARK_BYTES] for one in entry_digests])


def ranges(ordinals: Sequence[int]) -> list[tuple[int, int]]:
    """Increasing ordinals as half-open ranges `[(low, high), …]`."""
    found: list[tuple[int, int]] = []
    if not ordinals:
        return found
    low = last = ordinals[0]
    for ordinal in ordinals:
        if ordinal > last + 1:
            found.append((low, last + 1))
            low = ordinal
        last = ordinal
    found.append((low, last + 1))
    return found


def covers_text(covered: Sequence[tuple[int, int]]) -> str:
    """Ranges as PostgreSQL writes an int8multirange."""
    return "{" + ",".join(f"[{low},{high})" for low, high in covered) + "}"


def covers_digest(form: int, covered: Sequence[tuple[int, int]]) -> bytes:
    """Digest of the covered ordinals, so that a proof need not carry them."""
    return digest(form, canonical([[low, high] for low, high in covered]))


def seal_digest_of(
    form: int,
    number: int,
    sealed_at: int,
    count: int,
    covers: bytes,
    root: bytes,
    marked: bytes,
    previous: bytes | None,
) -> bytes:
    """Digest of a seal: what one prints or posts. `covers` and `marked` are themselves digests."""
    return digest(
        form,
        canonical(
            [
                "seal",
                form,
                number,
                sealed_at,
                count,
                covers.hex(),
                root.hex(),
                marked.hex(),
                None if previous is None else previous.hex(),
            ]
        ),
    )
