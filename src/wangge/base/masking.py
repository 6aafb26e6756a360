"""Details that identify a person, hidden in text that others see or search.

Masks mobile and landline numbers, 18-digit identity numbers (with a right check digit, GB 11643), bank cards (16 to
19 digits with a right check digit, ISO/IEC 7812), e-mail addresses and vehicle plates (GA 36), in full-width
characters and in groups too. It errs on hiding too much. What the search index holds comes from masked text only;
numbers are found by a keyed digest.
"""

from __future__ import annotations

import hashlib
import hmac
import re
from operator import add

from wangge.base.errors import InvalidInput

HIDDEN = "＊"
MOST_TERMS = 400

_HALF_WIDTH = {wide: wide - 0xFEE0 for wide in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_COUNTRY = r"(?:(?:\+|00)?86[-. ]?)?"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ADDRESS = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){1,8}")
_PHONES = (
    re.compile(rf"(?<![0-9]){_COUNTRY}1[3-9][0-9](?:[-. ]?[0-9]{{4}}){{2}}(?![0-9])"),
    re.compile(rf"(?<![0-9]){_COUNTRY}\(?0[1-9][0-9]{{1,2}}\)?[-. ]?[0-9]{{3,4}}[-. ]?[0-9]{{4}}(?![0-9])"),
)
_PLATE = re.compile(
    rf"[{_PROVINCES}][A-HJ-NP-Z][-·•. ]?"
    r"(?:[A-HJ-NP-Z0-9]{5,6}(?![A-Z0-9])|[A-HJ-NP-Z0-9]{4}[警学挂港澳])",
    re.IGNORECASE,
)
_TEN_DIGITS = re.compile(r"(?:[0-9][-. ()]*){10}")
"""Phone, identity and card numbers have ten digits at least, with nothing but these between; most texts have not."""
_IDENTITY = re.compile(r"(?<![0-9])[0-9]{6}[-. ]?[0-9]{4}[-. ]?[0-9]{4}[-. ]?[0-9]{3}[0-9Xx](?![0-9])")
_CARD = re.compile(r"(?<![0-9])(?:62|4[0-9]|5[1-5])[0-9]{2}(?:[-. ]?[0-9]{4}){3}[-. ]?[0-9]{0,3}(?![0-9])")
_SEPARATORS = re.compile(r"[-. ]")
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS = "10X98765432"
_RUN = re.compile(r"[^\W_]+")
_DIGIT = re.compile(r"[0-9]")


def mask(text: str) -> str:
    """The text with such details replaced by full-width asterisks, of the same length."""
    # One character for one, so that positions are those of `text`.
    seen = text if text.isascii() else text.translate(_HALF_WIDTH)
    spans = [found.span() for found in _PLATE.finditer(seen)]
    if _TEN_DIGITS.search(seen):
        spans += [
            found.span()
            for form, is_right in _CHECKED
            for found in form.finditer(seen)
            if is_right(_SEPARATORS.sub("", found.group()))
        ]
        spans += [found.span() for pattern in _PHONES for found in pattern.finditer(seen)]
    if "@" in seen:
        spans += [found.span() for found in _ADDRESS.finditer(seen)]
    if not spans:
        return text
    shown = list(text)
    for start, end in spans:
        shown[start:end] = HIDDEN * (end - start)
    return "".join(shown)


def is_identity_number(text: str) -> bool:
    """Whether these are 17 digits and the check character that they ask for (GB 11643, ISO 7064 MOD 11-2)."""
    if not re.fullmatch(r"[0-9]{17}[0-9Xx]", text):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, text[:17], strict=True))
    return _CHECKS[total % 11] == text[17].upper()


def is_card_number(text: str) -> bool:
    """Whether these are 16 to 19 digits that their last one closes (ISO/IEC 7812, Luhn's sum)."""
    if not re.fullmatch(r"[0-9]{16,19}", text):
        return False
    total = sum(sum(divmod(int(digit) * (1 + at % 2), 10)) for at, digit in enumerate(reversed(text)))
    return total % 10 == 0


_CHECKED = ((_IDENTITY, is_identity_number), (_CARD, is_card_number))


def bigrams(text: str) -> list[str]:
    """Search terms: each two neighbouring letters or digits (Chinese or other), lower-case, in order, once.

    The terms of any part of a text are among the terms of the text, so a search for a part finds it. That
    holds up to the first 400 terms; what comes later in a long text is not found. A single
    character has no term.
    """
    pairs: list[str] = []
    for run in _RUN.findall(text.casefold()):
        pairs += map(add, run, run[1:])
    return list(dict.fromkeys(pairs))[:MOST_TERMS]


def terms_of(text: str) -> list[str]:
    """What the search index keeps of a text, and what a search looks for there: its bigrams, and each three
    neighbouring letters or digits with a digit among them. Numbers share their bigrams with too many others."""
    folded = text.casefold()
    threes = [run[at : at + 3] for run in _RUN.findall(folded) for at in range(len(run) - 2)]
    return list(dict.fromkeys((*bigrams(text), *(three for three in threes if _DIGIT.search(three)))))[:MOST_TERMS]


def phone_key(secret: bytes, number: str) -> bytes:
    """HMAC-SHA-256 under which a phone number is found again, however it was written.

    Blanks, hyphens, the country code 86 and the leading zero of an area code do not count. Raises
    `InvalidInput` where fewer than five digits are left.
    """
    digits = re.sub(r"[^0-9]", "", number.translate(_HALF_WIDTH)).removeprefix("00")
    if len(digits) > 11:
        digits = digits.removeprefix("86")
    digits = digits.lstrip("0")
    if len(digits) < 5:
        raise InvalidInput("This is no phone number.", field="phone", expected="five digits or more")
    return hmac.new(secret, b"phone:" + digits.encode(), hashlib.sha256).digest()
