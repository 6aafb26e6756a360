"""Many texts as one sparse table of counts: a row a text, a column a feature that enough of the texts have.

A feature in fewer than `least` texts is left out, so that a model cannot hold what one person alone wrote. Memory
is bounded: a sketch of counts says beforehand what cannot reach `least`, and the rarest features go where there
are more than `most`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from wangge.kernel.reading.core.grams import Numbers, counted, prepared
from wangge.kernel.reading.core.model import Floats

LEAST = 5
"""A feature must stand in so many texts."""
MOST_FEATURES = 300_000
MOST_WEIGHTS = 6_000_000
"""Features times labels: what bounds the size of a model."""
_BUCKETS = 1 << 24
_ROOM = 25_000_000
"""So many features of texts are remembered between the two passes (250 MB); those of more texts are counted twice."""
_BUCKET = np.uint64(_BUCKETS - 1)
Progress = Callable[[int], None]


def silent(steps: int) -> None:
    """Tell nobody."""


class Corpus(NamedTuple):
    """`counts` has the row of each text, its columns are the ascending `features`."""

    counts: Any  # scipy.sparse.csr_array of float32
    features: Numbers


def build(texts: Sequence[str], *, labels: int, least: int = LEAST, progress: Progress = silent) -> Corpus:
    """Count the features of all texts. `progress` is called with 1 for each text, twice."""
    from scipy.sparse import csr_array

    sketch = np.zeros(_BUCKETS, dtype=np.int32)
    held_back: list[tuple[Numbers, npt.NDArray[np.uint16]] | str] = []
    room = _ROOM
    for text in texts:
        plain = prepared(text)
        found, often = counted(plain)
        sketch[found & _BUCKET] += 1
        held_back.append((found, often.astype(np.uint16)) if room > 0 else plain)
        room -= len(found)
        progress(1)
    parts: list[Numbers] = []
    values: list[Floats] = []
    for at, one in enumerate(held_back):
        found, counts = counted(one) if isinstance(one, str) else one
        held_back[at] = ""
        kept = sketch[found & _BUCKET] >= least
        parts.append(found[kept])
        values.append(counts[kept].astype(np.float32))
        progress(1)
    ends = np.cumsum([0, *(len(part) for part in parts)])
    numbers = np.concatenate(parts) if parts else np.empty(0, dtype=np.uint64)
    features, columns, held = np.unique(numbers, return_inverse=True, return_counts=True)
    table = csr_array(
        (np.concatenate(values), columns.astype(np.int32), ends.astype(np.int32)), shape=(len(parts), len(features))
    )
    chosen = choose(held, least=least, most=min(MOST_FEATURES, MOST_WEIGHTS // max(1, labels)))
    return Corpus(table[:, chosen], features[chosen])


def choose(held: npt.NDArray[np.int64], *, least: int, most: int) -> npt.NDArray[np.int64]:
    """The columns that at least `least` texts have, the `most` commonest of them, ascending."""
    enough = np.flatnonzero(held >= least)
    if len(enough) > most:
        commonest = np.argsort(-held[enough], kind="stable")[:most]
        enough = np.sort(enough[commonest])
    return enough


def weighted(counts: Any, idf: Floats) -> Any:
    """The rows of a table of counts as tf-idf of length one, in the same way as `model.tfidf`."""
    table = counts.copy()
    table.data = (1.0 + np.log(table.data)) * idf[table.indices]
    lengths = np.sqrt(np.asarray(table.multiply(table).sum(axis=1), dtype=np.float64)).ravel()
    lengths[lengths == 0] = 1.0
    table.data = (table.data / np.repeat(lengths, np.diff(table.indptr))).astype(np.float32)
    return table


def rarity(counts: Any) -> Floats:
    """The idf of each column: 1 + ln((1 + rows) / (1 + rows that have it))."""
    held = np.bincount(counts.indices, minlength=counts.shape[1])
    return np.asarray(1.0 + np.log((1.0 + counts.shape[0]) / (1.0 + held)), dtype=np.float32)
