"""Details that identify a person, hidden in text that others see or search.

Masks mobile and landline numbers, 18-digit identity numbers (with a right check digit, GB 11643), e-mail
addresses and vehicle plates (GA 36). What the search index holds comes from masked text only; numbers are
found by a keyed digest.
"""

from __future__ import annotations

import hashlib
import hmac
import re

HIDDEN = "＊"
MOST_TERMS = 400

_PATTERNS = (
    re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}"),
    re.compile(r"(?<!\d)(?:\+?86[- ]?)?1[3-9]\d(?:[- ]?\d{4}){2}(?!\d)"),
    re.compile(r"(?<!\d)(?:0\d{2,3}[- ]?)\d{7,8}(?!\d)"),
    re.compile(r"[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Z][·• ]?[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])"),
)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_RUN = re.compile(r"[㐀-䶿一-鿿]+|[0-9a-zà-öø-ÿ]+")


def mask(text: str) -> str:
    """The text with such details replaced by full-width asterisks of the same length."""
    text = _IDENTITY.sub(lambda found: HIDDEN * 18 if is_identity_number(found.group()) else found.group(), text)
    for pattern in _PATTERNS:
        text = pattern.sub(lambda found: HIDDEN * len(found.group()), text)
    return text


def is_identity_number(text: str) -> bool:
    """Whether 18 characters end with the check digit that the other 17 ask for."""
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text, strict=False))
    return _CHECKS[total % 11] == text[17].upper()


def bigrams(text: str) -> list[str]:
    """Search terms: every two neighbouring characters of a run of Chinese or of Latin letters and digits, in the
    order of first appearance, at most 400. A single character between others gives no term."""
    terms: dict[str, None] = {}
    for run in _RUN.findall(text.lower()):
        for start in range(len(run) - 1):
            terms[run[start : start + 2]] = None
            if len(terms) >= MOST_TERMS:
                return list(terms)
    return list(terms)


def phone_key(secret: bytes, number: str) -> bytes:
    """A keyed digest under which a phone number is found again; its last 11 digits count."""
    digits = re.sub(r"\D", "", number)[-11:]
    return hmac.new(secret, digits.encode(), hashlib.sha256).digest()
