"""The file of a model: plain numbers behind a plain header, closed by a digest. Loading it executes nothing.

    wangge-reader 1\\n         the form
    {…}\\n                    JSON on one line: labels, scale, rows, and how many features
    features                 so many little-endian unsigned 64-bit numbers
    idf, bias, weights       little-endian 32-bit floats
    SHA-256                  32 bytes over all before them

The same model is the same bytes. Whatever does not fit this to the byte is refused.
"""

from __future__ import annotations

import hashlib
from typing import Annotated

import msgspec
import numpy as np
import numpy.typing as npt

from wangge.base.errors import MalformedInput
from wangge.kernel.reading.core.corpus import MOST_FEATURES
from wangge.kernel.reading.core.model import Model

MAGIC = b"wangge-reader 1\n"
_MOST_LABELS = 10_000
_DIGEST = 32


class Header(msgspec.Struct, forbid_unknown_fields=True):
    """What the numbers mean."""

    labels: Annotated[list[str], msgspec.Meta(min_length=2, max_length=_MOST_LABELS)]
    scale: Annotated[float, msgspec.Meta(gt=0, le=1000)]
    rows: Annotated[int, msgspec.Meta(ge=0)]
    features: Annotated[int, msgspec.Meta(ge=1, le=MOST_FEATURES)]


def packed(model: Model) -> bytes:
    """The model as bytes."""
    header = Header(list(model.labels), model.scale, model.rows, len(model.features))
    parts = [MAGIC, msgspec.json.encode(header), b"\n", np.ascontiguousarray(model.features, "<u8").tobytes()]
    parts += [np.ascontiguousarray(one, "<f4").tobytes() for one in (model.idf, model.bias, model.weights)]
    body = b"".join(parts)
    return body + hashlib.sha256(body).digest()


def digest_of(data: bytes) -> str:
    """The digest of a whole file, in hex: the name under which it is kept."""
    return hashlib.sha256(data).hexdigest()


def unpacked(data: bytes) -> Model:
    """The inverse of `packed`. Raises `MalformedInput` for anything else, above all for a file that was changed."""
    if not data.startswith(MAGIC):
        raise _refused("This is no model of the reader.", "a file that begins with wangge-reader 1")
    body, digest = data[:-_DIGEST], data[-_DIGEST:]
    if hashlib.sha256(body).digest() != digest:
        raise _refused("The file of the model was changed or cut off.", "the file as it was written")
    line, newline, rest = body[len(MAGIC) :].partition(b"\n")
    try:
        header = msgspec.json.decode(line, type=Header)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise _refused(f"The header of the model cannot be read: {error}.", "the header of form 1") from error
    count, labels = header.features, len(header.labels)
    if not newline or len(rest) != 8 * count + 4 * (count + labels + count * labels):
        raise _refused("The model has another length than its header says.", "the file as it was written")
    features = np.frombuffer(rest, "<u8", count).astype(np.uint64)
    numbers = np.frombuffer(rest, "<f4", offset=8 * count).astype(np.float32)
    if not np.isfinite(numbers).all() or (np.diff(features) == 0).any() or (features[1:] < features[:-1]).any():
        raise _refused("The numbers of the model are not those of one.", "finite numbers, features ascending")
    idf, bias, weights = _cut(numbers, count, labels)
    return Model(tuple(header.labels), features, idf, weights, bias, header.scale, header.rows)


def _cut(numbers: npt.NDArray[np.float32], count: int, labels: int) -> tuple[npt.NDArray[np.float32], ...]:
    idf, bias = numbers[:count], numbers[count : count + labels]
    return idf, bias, numbers[count + labels :].reshape(labels, count)


def _refused(detail: str, expected: str) -> MalformedInput:
    return MalformedInput(detail, field="model", expected=expected)
