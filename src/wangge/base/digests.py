"""Canonical bytes and digests: the one way in which anything here is made tamper-evident.

A *form* names the canonical form and the algorithm together. Entries keep the number of their form, so a new
form never invalidates an old entry: forms are added, never changed. No float reaches a digest.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from enum import Enum
from typing import Any, Literal, NamedTuple
from uuid import UUID

import msgspec

from wangge.base.errors import InvalidInput
from wangge.base.sm3 import sm3

DIGEST_BYTES = 32
SALT_BYTES = 16
_LOW, _HIGH = -(2**63), 2**63 - 1
_encode = msgspec.json.Encoder(order="deterministic").encode


class Form(NamedTuple):
    """How bytes are made and digested: `number` is stored beside each digest, `algorithm` is for people."""

    number: int
    algorithm: str


FORMS: dict[int, Form] = {1: Form(1, "SHA-256"), 2: Form(2, "SM3")}
"""Both use canonical form 1 (`canonical`)."""


class Sibling(NamedTuple):
    """One step of a Merkle path: the digest beside ours, and the side on which it stands."""

    side: Literal["left", "right"]
    digest: bytes


def _sha256(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def _openssl_sm3(data: bytes) -> bytes:
    return hashlib.new("sm3", data).digest()


def _best_sm3() -> Callable[[bytes], bytes]:
    """OpenSSL's SM3 where it is built in and allowed, else our own."""
    try:
        _openssl_sm3(b"")
    except ValueError:
        return sm3
    return _openssl_sm3


_HASHES: dict[int, Callable[[bytes], bytes]] = {1: _sha256, 2: _best_sm3()}


def canonical(value: Any) -> bytes:
    """Canonical form 1: UTF-8 JSON, keys sorted by code point, no white space.

    Takes None, bool, int (64 bits, signed), str, list = tuple, dict with str keys, UUID (as text) and bytes
    (as lower-case hex). Raises `InvalidInput` for anything else: floats, decimals and datetimes (pass
    integers: 1e-7 degree, microseconds), NUL in a string, lone surrogates, integers beyond 64 bits.
    """
    try:
        encoded = _encode(_plain(value))
    except RecursionError:
        raise InvalidInput("The value is nested too deeply, or holds itself.", expected="flat data") from None
    except UnicodeEncodeError:
        raise InvalidInput("A string holds a lone surrogate.", expected="valid Unicode") from None
    if b"\\u0000" in encoded:  # rare: it may also be the harmless text backslash-u0000
        _refuse_nul(value)
    return encoded


def digest(form: int, data: bytes) -> bytes:
    """The 32-byte digest of `data` by the algorithm of `form`. Raises `InvalidInput` for an unknown form."""
    return _hash_of(form)(data)


def salted(form: int, salt: bytes, value: str | bytes) -> bytes:
    """Digest of salt‖value (text as UTF-8). Without the salt nobody can find a short value by trying."""
    if len(salt) < SALT_BYTES:
        raise InvalidInput(
            "The salt is too short.", field="salt", value=f"{len(salt)} bytes",
            expected=f"{SALT_BYTES} bytes or more",
        )
    return digest(form, salt + (value.encode() if isinstance(value, str) else value))


def merkle_root(form: int, leaves: Sequence[bytes]) -> bytes:
    """Root of the tree of RFC 6962 §2.1: leaves get the prefix 0x00, nodes 0x01. Of none: digest of b""."""
    hashed = _hash_of(form)
    if not leaves:
        return hashed(b"")
    level = [hashed(b"\0" + leaf) for leaf in leaves]
    while len(level) > 1:
        level = _level_above(hashed, level)
    return level[0]


def merkle_path(form: int, leaves: Sequence[bytes], index: int) -> tuple[Sibling, ...]:
    """What `fold_path` needs to get from the leaf at `index` to the root, from the leaf upward.

    Raises `InvalidInput` where `index` is not that of a leaf.
    """
    return merkle_paths(form, leaves, [index])[0]


def merkle_paths(form: int, leaves: Sequence[bytes], indices: Sequence[int]) -> list[tuple[Sibling, ...]]:
    """The `merkle_path` of each index, by hashing the tree once."""
    for index in indices:
        if not 0 <= index < len(leaves):
            raise InvalidInput(
                "There is no such leaf.", field="index", value=index,
                expected=f"0 to {len(leaves) - 1}" if leaves else "an index of a leaf; there is none",
            )
    hashed = _hash_of(form)
    level = [hashed(b"\0" + leaf) for leaf in leaves]
    paths: list[list[Sibling]] = [[] for _ in indices]
    height = 0
    while len(level) > 1:
        for path, index in zip(paths, indices, strict=True):
            place = index >> height
            beside = place ^ 1
            if beside < len(level):
                path.append(Sibling("left" if beside < place else "right", level[beside]))
        level = _level_above(hashed, level)
        height += 1
    return [tuple(path) for path in paths]


def fold_path(form: int, leaf: bytes, path: Sequence[Sibling]) -> bytes:
    """The root that `leaf` and its path lead to; the sealed root exactly if the leaf is in the tree."""
    hashed = _hash_of(form)
    found = hashed(b"\0" + leaf)
    for side, beside in path:
        if side == "left":
            found = hashed(b"\1" + beside + found)
        elif side == "right":
            found = hashed(b"\1" + found + beside)
        else:
            raise InvalidInput("A path has two sides.", field="side", value=side, expected="left or right")
    return found


def _hash_of(form: int) -> Callable[[bytes], bytes]:
    try:
        return _HASHES[form]
    except KeyError:
        raise InvalidInput(
            "This digest form is not known.", field="form", value=form, expected=f"one of {sorted(FORMS)}"
        ) from None


def _level_above(hashed: Callable[[bytes], bytes], level: list[bytes]) -> list[bytes]:
    """Pairs joined; a last one without a partner goes up as it is, which equals RFC 6962's uneven split."""
    above = [hashed(b"\1" + left + right) for left, right in zip(level[::2], level[1::2], strict=False)]
    if len(level) % 2:
        above.append(level[-1])
    return above


_TEXT = frozenset({str})
_AS_IS = frozenset({str, bool, UUID, type(None)})  # msgspec writes a UUID as its text


def _plain(value: Any) -> Any:
    """The value as exact built-in types, or `InvalidInput`. Hot: kept to type comparisons."""
    kind = type(value)
    if kind is int:
        if _LOW <= value <= _HIGH:
            return value
        raise InvalidInput("The integer does not fit in 64 bits.", value=value, expected=f"{_LOW} to {_HIGH}")
    if kind in _AS_IS:
        return value
    if kind is list or kind is tuple:
        return [one if type(one) in _AS_IS else _plain(one) for one in value]
    if kind is dict:
        if set(map(type, value)) - _TEXT:
            return {_key(name): _plain(one) for name, one in value.items()}
        return {key: one if type(one) in _AS_IS else _plain(one) for key, one in value.items()}
    if kind is bytes:
        return value.hex()
    return _plain_kin(value)


def _plain_kin(value: Any) -> Any:
    """Subclasses (enumerations, safe strings, named tuples) and buffers, by what they are in truth."""
    if isinstance(value, Enum) and not isinstance(value, str | int):
        return _plain(value.value)
    if isinstance(value, str):
        return str.__str__(value)
    if isinstance(value, int):
        return _plain(int(value))
    if isinstance(value, list | tuple):
        return [_plain(one) for one in value]
    if isinstance(value, dict):
        return {_key(name): _plain(one) for name, one in value.items()}
    if isinstance(value, bytes | bytearray | memoryview):
        return bytes(value).hex()
    if isinstance(value, UUID):
        return str(value)
    raise InvalidInput(
        f"A {type(value).__name__} has no canonical form.", value=value,
        expected="null, boolean, integer, text, list, object with text keys, UUID or bytes",
    )


def _key(name: Any) -> str:
    if isinstance(name, str):
        return str.__str__(name)
    raise InvalidInput("The key of an object is not text.", value=name, expected="text")


def _refuse_nul(value: Any) -> None:
    if isinstance(value, str):
        if "\0" in value:
            raise InvalidInput("The text holds a NUL.", value=value.replace("\0", "␀"), expected="no NUL")
    elif isinstance(value, dict):
        for key, one in value.items():
            _refuse_nul(key)
            _refuse_nul(one)
    elif isinstance(value, list | tuple):
        for one in value:
            _refuse_nul(one)
    elif isinstance(value, Enum):
        _refuse_nul(value.value)
