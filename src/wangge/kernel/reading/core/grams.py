"""From a text to its features: runs of one to four characters, each as a 64-bit number.

The words themselves are not kept anywhere: a feature is a number mixed from the characters' code points, so a
model cannot be read out as a list of what people wrote. The numbers are the same on every machine.

Before that a text is prepared: details that identify a person are masked, full-width letters made half-width,
letters lower-case, every digit a 0, and a run of blanks or of masked characters one character.
"""

from __future__ import annotations

import re
import unicodedata

import numpy as np
import numpy.typing as npt

from wangge.base.masking import HIDDEN, mask

LONGEST = 4
"""The longest run of characters that is a feature."""
MOST_CHARACTERS = 4000
"""So much of a text is read; what a citizen writes beyond that does not change what it is about."""

Numbers = npt.NDArray[np.uint64]

_MASKED = re.compile(f"{HIDDEN}+")
_BLANKS = re.compile(r"\s+")
_DIGITS = re.compile(r"\d")
_ONE, _STEP = np.uint64(0x9E3779B97F4A7C15), np.uint64(0x100000001B3)
_MIX_1, _MIX_2 = np.uint64(0xBF58476D1CE4E5B9), np.uint64(0x94D049BB133111EB)


def prepared(text: str) -> str:
    """The text as it is read: masked first, so that no number of a person becomes a feature."""
    masked = _MASKED.sub(HIDDEN, mask(text[:MOST_CHARACTERS]))
    plain = unicodedata.normalize("NFKC", masked.replace(HIDDEN, "\0")).casefold().replace("\0", HIDDEN)
    return _DIGITS.sub("0", _BLANKS.sub(" ", plain)).strip()


def grams(text: str) -> list[Numbers]:
    """For each length from 1 to `LONGEST` the number of every run of that length, by where it begins.

    `text` is prepared. A text shorter than a length has none of it.
    """
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype="<u4").astype(np.uint64) + _ONE
    found: list[Numbers] = []
    state = np.zeros(len(points) + 1, dtype=np.uint64)
    for length in range(1, LONGEST + 1):
        if len(points) < length:
            found.append(np.empty(0, dtype=np.uint64))
            continue
        state = _mixed(state[: len(points) - length + 1] * _STEP + points[length - 1 :])
        found.append(state)
    return found


def counted(text: str) -> tuple[Numbers, npt.NDArray[np.int64]]:
    """The features of a prepared text, ascending, and how often each stands in it."""
    return np.unique(np.concatenate(grams(text)), return_counts=True)


def _mixed(numbers: Numbers) -> Numbers:
    """A bijection of 64-bit numbers that spreads neighbours (Steele, Lea and Flood's SplitMix64 finaliser)."""
    numbers = (numbers ^ (numbers >> np.uint64(30))) * _MIX_1
    numbers = (numbers ^ (numbers >> np.uint64(27))) * _MIX_2
    return numbers ^ (numbers >> np.uint64(31))
