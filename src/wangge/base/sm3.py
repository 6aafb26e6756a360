"""SM3 (GB/T 32905-2016, also GM/T 0004-2012) in plain Python, for machines whose OpenSSL lacks it.

About 1 MB takes some seconds: enough for entries and seals, not for files.
"""

from __future__ import annotations

from struct import pack, unpack

_MASK = 0xFFFFFFFF
_START: tuple[int, ...] = (
    0x7380166F, 0x4914B2B9, 0x172442D7, 0xDA8A0600, 0xA96F30BC, 0x163138AA, 0xE38DEE4D, 0xB0FB0E4E,
)


def _turn(word: int, by: int) -> int:
    """Rotate 32 bits to the left."""
    by %= 32
    return ((word << by) | (word >> (32 - by))) & _MASK


_CONSTANTS = tuple(_turn(0x79CC4519 if step < 16 else 0x7A879D8A, step) for step in range(64))


def sm3(data: bytes) -> bytes:
    """The 32-byte SM3 digest of `data`."""
    padded = data + b"\x80" + b"\0" * ((55 - len(data)) % 64) + pack(">Q", len(data) * 8)
    state = _START
    for offset in range(0, len(padded), 64):
        state = _compress(state, _expand(padded[offset : offset + 64]))
    return pack(">8I", *state)


def _expand(block: bytes) -> list[int]:
    """The 68 words of one 64-byte block (§5.3.2)."""
    words = list(unpack(">16I", block))
    for at in range(16, 68):
        mixed = words[at - 16] ^ words[at - 9] ^ _turn(words[at - 3], 15)
        mixed ^= _turn(mixed, 15) ^ _turn(mixed, 23)
        words.append(mixed ^ _turn(words[at - 13], 7) ^ words[at - 6])
    return words


def _compress(state: tuple[int, ...], words: list[int]) -> tuple[int, ...]:
    """The 64 rounds over one block (§5.3.3)."""
    a, b, c, d, e, f, g, h = state
    for step in range(64):
        twelve = _turn(a, 12)
        one = _turn((twelve + e + _CONSTANTS[step]) & _MASK, 7)
        two = one ^ twelve
        if step < 16:
            choose, pick = a ^ b ^ c, e ^ f ^ g
        else:
            choose, pick = (a & b) | (a & c) | (b & c), (e & f) | (~e & g)
        left = (choose + d + two + (words[step] ^ words[step + 4])) & _MASK
        right = (pick + h + one + words[step]) & _MASK
        a, b, c, d = left, a, _turn(b, 9), c
        e, f, g, h = right ^ _turn(right, 9) ^ _turn(right, 17), e, _turn(f, 19), g
    return tuple(old ^ new for old, new in zip(state, (a, b, c, d, e, f, g, h), strict=True))
