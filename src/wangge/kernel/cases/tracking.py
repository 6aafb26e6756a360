"""Tracking codes and idempotency digests: random, or keyed, and never guessable."""

from __future__ import annotations

import hashlib
import hmac
import secrets

from django.conf import settings

from wangge.base.errors import InvalidInput

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U
LENGTH = 16  # 80 bits
_PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
_READ_AS = str.maketrans({"O": "0", "I": "1", "L": "1", "-": None, " ": None})


def new_code() -> str:
    """A tracking code of 80 random bits, such as 7KQ4M2TX9RHDCW3P."""
    number = secrets.randbits(80)
    return "".join([_PAIRS[(number >> shift) & 1023] for shift in range(70, -1, -10)])


def spaced(code: str) -> str:
    """The code in groups of four, as it is shown."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def read_code(text: str) -> str:
    """What a person typed as the code is stored: spaces, case and look-alike letters forgiven."""
    code = text.upper().translate(_READ_AS)
    if len(code) != LENGTH or any(letter not in ALPHABET for letter in code):
        raise InvalidInput("This is not a tracking code.", field="code", value=text, expected="16 letters and digits")
    return code


def request_digest(sender: str, body: bytes) -> bytes:
    """A keyed digest of who sent what: equal for a replay, useless to whoever reads the table."""
    key = hashlib.sha256(b"request-digest:" + settings.SECRET_KEY.encode()).digest()
    return hmac.digest(key, sender.encode() + b"\0" + body, "sha256")
