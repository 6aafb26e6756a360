"""A model: which label a text resembles, how surely, and which of its words say so. Needs numpy alone.

It is linear: a text's features are weighted by how rare they are (tf-idf with dampened counts, length one), each
label has a weight for each feature, and the scores become probabilities by one temperature that was fitted on texts
which the weights had not seen.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from wangge.kernel.reading.core.grams import Numbers, counted, grams, prepared

Floats = npt.NDArray[np.float32]
Places = npt.NDArray[np.int64]
MOST_WORDS = 3
"""So many words of the text are named as the reason."""
_LONGEST_WORD = 6
_SHARE = 0.3
"""A character belongs to a word of the reason if it weighs at least this share of the weightiest one."""


class Suggestion(NamedTuple):
    """A label with its probability, and the words of the text that weighed most for it, weightiest first."""

    label: str
    confidence: float
    words: tuple[str, ...]

    @property
    def reason(self) -> str:
        """The reason in the words of the text alone; empty where no word stands out."""
        return "".join(f"“{word}”" for word in self.words)


@dataclass(frozen=True, slots=True)
class Model:
    """What was learned. `features` ascend; `idf` and the columns of `weights` follow them, its rows the labels."""

    labels: tuple[str, ...]
    features: Numbers
    idf: Floats
    weights: Floats
    bias: Floats
    scale: float
    rows: int

    def probabilities(self, text: str) -> npt.NDArray[np.float64]:
        """The probability of each label, in the order of `labels`; they sum to one."""
        return self._of(prepared(text))[0]

    def suggest(self, text: str, n: int = 3) -> list[Suggestion]:
        """The `n` likeliest labels, likeliest first. Nothing where no feature of the text is known."""
        plain = prepared(text)
        probabilities, known = self._of(plain)
        if not known:
            return []
        best = np.argsort(-probabilities, kind="stable")[: max(0, n)]
        starts, ends, places = self._spots(plain)
        heavy = self.weights[:, places]
        shares = (heavy[best] - heavy.mean(axis=0)) * self.idf[places] / (ends - starts)
        return [
            Suggestion(self.labels[label], float(probabilities[label]), _words(plain, starts, ends, share))
            for label, share in zip(best, shares, strict=True)
        ]

    def _of(self, plain: str) -> tuple[npt.NDArray[np.float64], bool]:
        numbers, counts = counted(plain)
        places, held = self._places(numbers)
        values = tfidf(counts[held], self.idf[places])
        scores = self.weights[:, places] @ values + self.bias
        return softmax(scores[None, :].astype(np.float64), self.scale)[0], bool(len(places))

    def _places(self, numbers: Numbers) -> tuple[Places, npt.NDArray[np.bool_]]:
        """Where the known ones of these numbers stand among the features, and which they are."""
        if not len(self.features):
            return np.empty(0, dtype=np.int64), np.zeros(len(numbers), dtype=np.bool_)
        places = np.minimum(np.searchsorted(self.features, numbers), len(self.features) - 1)
        held = self.features[places] == numbers
        return places[held], held

    def _spots(self, plain: str) -> tuple[Places, Places, Places]:
        """Every known run of the text: where it begins and ends, and where it stands among the features."""
        starts, ends, places = [], [], []
        for length, numbers in enumerate(grams(plain), 1):
            found, held = self._places(numbers)
            starts.append(np.flatnonzero(held))
            ends.append(starts[-1] + length)
            places.append(found)
        return np.concatenate(starts), np.concatenate(ends), np.concatenate(places)


def _words(plain: str, starts: Places, ends: Places, share: npt.NDArray[np.float64]) -> tuple[str, ...]:
    """The words that set a label apart from the mean of all: each run's weight is shared out among its characters
    (`share` is one character's part), and neighbours that weigh much make a word."""
    size = len(plain) + 1
    weight = np.cumsum(np.bincount(starts, share, size) - np.bincount(ends, share, size))[:-1]
    top = float(weight.max(initial=0.0))
    if top <= 0:
        return ()
    worth: dict[str, float] = {}
    for word, value in _runs(plain, weight, top * _SHARE):
        worth[word] = max(value, worth.get(word, 0.0))
    return tuple(sorted(worth, key=lambda word: (-worth[word], word))[:MOST_WORDS])


def _runs(plain: str, weight: npt.NDArray[np.float64], least: float) -> list[tuple[str, float]]:
    """Neighbouring letters of at least this weight, with what they weigh together; two characters or more."""
    found: list[tuple[str, float]] = []
    start = 0
    for end in range(len(plain) + 1):
        inside = end < len(plain) and weight[end] >= least and plain[end].isalpha() and end - start < _LONGEST_WORD
        if inside:
            continue
        if end - start > 1:
            found.append((plain[start:end], float(weight[start:end].sum())))
        again = end < len(plain) and end > start and weight[end] >= least and plain[end].isalpha()
        start = end if again else end + 1
    return found


def tfidf(counts: npt.NDArray[np.int64], idf: Floats) -> Floats:
    """The weights of one text's features: (1 + ln count) × idf, to the length one."""
    values = (1.0 + np.log(counts.astype(np.float32))) * idf
    norm = float(np.sqrt(np.dot(values, values)))
    return (values / norm if norm else values).astype(np.float32)


def softmax(scores: npt.NDArray[np.float64], scale: float) -> npt.NDArray[np.float64]:
    """Probabilities by row; `scale` is the inverse temperature."""
    raised = scores * scale
    raised = np.exp(raised - raised.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
