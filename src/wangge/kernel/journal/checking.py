"""Checking a proof file with nothing but the file: no Django, no database.

Imports only `base` and `digesting`.

The file is one line of canonical JSON and one line with its digest. That line finds any accidental change;
what a forger would change together with it is found by the entries' own digests, their chain, the Merkle
paths and the chain of seals. Somebody who forges all of these gives other seals: compare the digest of one
with the line that was printed or posted (the *anchor*).
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any, Literal, NoReturn
from uuid import UUID

import msgspec

from wangge.base.digests import FORMS, Sibling, canonical, digest, fold_path, salted
from wangge.base.errors import InvalidInput
from wangge.kernel.journal import digesting

KIND = "wangge-proof"
VERSION = 1
ERASE = "erase"
_ANCHOR = re.compile(r"\b[0-9a-f]{64}\b")


class Content(msgspec.Struct, forbid_unknown_fields=True):
    """Erasable text with its salt (hex); both None once erased."""

    field: str
    value: str | None
    salt: str | None


class Entry(msgspec.Struct, forbid_unknown_fields=True):
    """One entry; times in UTC microseconds, digests in hex. `seal` and `path` are None while unsealed."""

    seq: int
    verb: str
    actor: str | None
    duty: str | None
    area: str | None
    channel: str
    at: int
    recorded_at: int
    form: int
    data: dict[str, Any]
    previous: str | None
    digest: str
    ordinal: int
    content: list[Content] | None
    seal: int | None
    path: list[tuple[Literal["left", "right"], str]] | None
    """Siblings from the leaf up: on which side each stands, and its digest."""


class SealBody(msgspec.Struct, forbid_unknown_fields=True):
    """A seal; `covers` and `marks` are digests (hex), `sealed_at` UTC microseconds."""

    number: int
    sealed_at: int
    form: int
    count: int
    covers: str
    root: str
    marks: str
    previous: str | None
    digest: str


class Body(msgspec.Struct, forbid_unknown_fields=True):
    """The whole of a proof."""

    kind: str
    version: int
    subject_id: str
    subject_type: str
    made_at: int
    entries: list[Entry]
    seals: list[SealBody]


@dataclass(frozen=True, slots=True)
class ProofReport:
    """What a sound proof shows. `unsealed` are the entries that no seal covers yet; `erased` the (seq, field)
    whose text is gone by an entry of its own; `anchored` whether the anchor was given and is among the seals.
    """

    subject_id: UUID
    subject_type: str
    entries: int
    contents: int
    erased: tuple[tuple[int, str], ...]
    unsealed: tuple[int, ...]
    first_seal: int | None
    last_seal: int | None
    last_digest: str | None
    anchored: bool
    body: Body = field(repr=False)


def encode(body: Body, form: int) -> bytes:
    """The file of a proof: canonical JSON, then the line of its digest."""
    text = canonical(msgspec.to_builtins(body))
    return text + f"\n{FORMS[form].algorithm} {digest(form, text).hex()}\n".encode()


def check(data: bytes, *, anchor: str | None = None) -> ProofReport:
    """Check a proof file. Raises `InvalidInput` with the reason if anything in it was changed.

    `anchor` is the digest of a seal, or a whole seal line, that was kept elsewhere.
    """
    body = _decode(_opened(data))
    seals = _check_seals(body)
    erased = _check_entries(body, seals)
    anchored = anchor is not None and _check_anchor(anchor, body)
    contents = [content for entry in body.entries for content in entry.content or ()]
    last = body.seals[-1] if body.seals else None
    return ProofReport(
        subject_id=UUID(body.subject_id),
        subject_type=body.subject_type,
        entries=len(body.entries),
        contents=len(contents) - len(erased),
        erased=tuple(erased),
        unsealed=tuple(entry.seq for entry in body.entries if entry.seal is None),
        first_seal=body.seals[0].number if body.seals else None,
        last_seal=last.number if last else None,
        last_digest=last.digest if last else None,
        anchored=anchored,
        body=body,
    )


def _refuse(reason: str) -> NoReturn:
    raise InvalidInput(f"The proof does not hold: {reason}.", field="proof")


def _opened(data: bytes) -> bytes:
    """The body, once the digest line fits it."""
    lines = data.split(b"\n")
    if len(lines) != 3 or lines[2]:
        _refuse("the file is not one line of content and one line with its digest")
    for form in FORMS:
        algorithm = FORMS[form].algorithm
        if lines[1].startswith(algorithm.encode() + b" "):
            if lines[1] != f"{algorithm} {digest(form, lines[0]).hex()}".encode():
                _refuse("its content does not give the digest on its last line; some byte was changed")
            return lines[0]
    _refuse("its last line names no known digest")


def _decode(text: bytes) -> Body:
    try:
        raw = msgspec.json.decode(text)
        body = msgspec.convert(raw, Body)
        UUID(body.subject_id)
        same = canonical(raw) == text
    except Exception as error:  # noqa: BLE001 — whatever was put into the file, the proof is refused
        _refuse(f"its content cannot be read ({type(error).__name__}: {error})"[:200])
    if not same:
        _refuse("its content is not in canonical form")
    if (body.kind, body.version) != (KIND, VERSION):
        _refuse(f"it is a “{body.kind}” of version {body.version}, not a {KIND} of version {VERSION}")
    if not body.entries:
        _refuse("it holds no entry")
    return body


def _check_seals(body: Body) -> dict[int, SealBody]:
    last: SealBody | None = None
    for seal in body.seals:
        try:
            computed = digesting.seal_digest_of(
                seal.form,
                seal.number,
                seal.sealed_at,
                seal.count,
                bytes.fromhex(seal.covers),
                bytes.fromhex(seal.root),
                bytes.fromhex(seal.marks),
                None if seal.previous is None else bytes.fromhex(seal.previous),
            )
        except Exception as error:  # noqa: BLE001 — as above
            _refuse(f"seal {seal.number} cannot be read ({error})")
        if computed.hex() != seal.digest:
            _refuse(f"the fields of seal {seal.number} do not give its digest")
        if last is not None and (seal.number != last.number + 1 or seal.previous != last.digest):
            _refuse(f"seal {seal.number} does not chain to seal {last.number}")
        last = seal
    return {seal.number: seal for seal in body.seals}


def _check_entries(body: Body, seals: dict[int, SealBody]) -> list[tuple[int, str]]:
    """Each entry, its chain, contents and seal; returns what is erased."""
    last: Entry | None = None
    empty: list[tuple[int, str]] = []
    said: set[tuple[int, str]] = set()
    for entry in body.entries:
        if entry.seq != (last.seq + 1 if last else 1):
            _refuse(f"the entry before entry {entry.seq} is missing")
        try:
            computed = _digest_of(body, entry)
            empty += _check_contents(entry)
            if entry.verb == ERASE:
                said.update((seq, name) for seq, name in entry.data.get("erased", ()))
            sealed = _is_sealed(entry, computed, seals)
        except InvalidInput:
            raise
        except Exception as error:  # noqa: BLE001 — as above
            _refuse(f"entry {entry.seq} cannot be read ({type(error).__name__}: {error})"[:200])
        if computed.hex() != entry.digest:
            _refuse(f"the fields of entry {entry.seq} do not give its digest")
        if entry.previous != (last.digest if last else None):
            _refuse(f"entry {entry.seq} does not chain to the entry before it")
        if last and entry.recorded_at < last.recorded_at:
            _refuse(f"entry {entry.seq} was recorded before its predecessor")
        if not sealed:
            _refuse(f"entry {entry.seq} is not among those that seal {entry.seal} covers")
        last = entry
    for seq, name in empty:
        if (seq, name) not in said:
            _refuse(f"the content “{name}” of entry {seq} is gone, but no entry says that it was erased")
    return empty


def _digest_of(body: Body, entry: Entry) -> bytes:
    return digesting.entry_digest_of(
        entry.form,
        entry.ordinal,
        body.subject_id,
        entry.seq,
        body.subject_type,
        entry.verb,
        entry.actor,
        entry.duty,
        entry.area,
        entry.channel,
        entry.at,
        entry.recorded_at,
        entry.data,
        None if entry.previous is None else f"\\x{entry.previous}",
    )


def _check_contents(entry: Entry) -> list[tuple[int, str]]:
    """Contents against the digests that the entry names; the erased ones are returned."""
    if entry.content is None:
        return []
    named = dict(entry.data.get("content", {}))
    empty = []
    for content in entry.content:
        expected = named.pop(content.field, None)
        if expected is None:
            _refuse(f"entry {entry.seq} names no content “{content.field}”")
        if (content.value is None) != (content.salt is None):
            _refuse(f"the content “{content.field}” of entry {entry.seq} is neither whole nor erased")
        if content.value is None or content.salt is None:
            empty.append((entry.seq, content.field))
        elif salted(entry.form, bytes.fromhex(content.salt), content.value).hex() != expected:
            _refuse(f"the content “{content.field}” of entry {entry.seq} does not give its digest")
    for name in named:
        _refuse(f"the content “{name}” of entry {entry.seq} is missing")
    return empty


def _is_sealed(entry: Entry, computed: bytes, seals: dict[int, SealBody]) -> bool:
    """Whether the entry's path leads to the root of the seal it names; an unsealed one names none."""
    if entry.seal is None or entry.path is None:
        return entry.seal is None and entry.path is None
    if entry.seal not in seals:
        _refuse(f"seal {entry.seal} of entry {entry.seq} is missing")
    seal = seals[entry.seal]
    path = [Sibling(side, bytes.fromhex(sibling)) for side, sibling in entry.path]
    return fold_path(seal.form, digesting.leaf(entry.ordinal, computed), path).hex() == seal.root


def anchor_digest(anchor: str) -> str:
    """The digest (64 hexadecimal digits) within a seal line, or alone. Raises `InvalidInput`."""
    words = _ANCHOR.findall(anchor.lower())
    if not words:
        raise InvalidInput(
            "The anchor is not the digest of a seal.",
            field="anchor",
            value=anchor,
            expected="64 hexadecimal digits, or the line that `wangge seal` printed",
        )
    return str(words[-1])


def _check_anchor(anchor: str, body: Body) -> bool:
    wanted = anchor_digest(anchor)
    if wanted not in {seal.digest for seal in body.seals}:
        _refuse(f"none of its seals has the digest {wanted} that was kept elsewhere")
    return True
