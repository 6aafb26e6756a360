"""A model's file comes back as it was, and nothing else is taken for one."""

from __future__ import annotations

import hashlib
import pickle

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.kernel.reading.messages import messages
from wangge.base.errors import MalformedInput
from wangge.kernel.reading.core import Model, train
from wangge.kernel.reading.core.keeping import MAGIC, packed, unpacked


@pytest.fixture(scope="module")
def model() -> Model:
    return train(*messages(100))


def sealed(body: bytes) -> bytes:
    return body + hashlib.sha256(body).digest()


def test_what_was_written_comes_back_and_suggests_the_same(model: Model) -> None:
    again = unpacked(packed(model))
    assert packed(again) == packed(model)
    for text in messages(20, seed=9)[0]:
        assert again.suggest(text) == model.suggest(text)


@given(st.data())
def test_any_changed_byte_is_refused(model: Model, data: st.DataObject) -> None:
    whole = bytearray(packed(model))
    at = data.draw(st.integers(0, len(whole) - 1))
    whole[at] ^= data.draw(st.integers(1, 255))
    with pytest.raises(MalformedInput):
        unpacked(bytes(whole))


@given(st.binary(max_size=200))
def test_other_bytes_are_refused(junk: bytes) -> None:
    for data in (junk, MAGIC + junk, sealed(MAGIC + junk), sealed(MAGIC + junk + b"\n")):
        with pytest.raises(MalformedInput):
            unpacked(data)


def test_a_pickle_is_no_model() -> None:
    with pytest.raises(MalformedInput):
        unpacked(pickle.dumps({"labels": []}))


@pytest.mark.parametrize(
    "header",
    [
        b'{"labels":["a","b"],"scale":1.0,"rows":9,"features":9}',
        b'{"labels":["a"],"scale":1.0,"rows":9,"features":1}',
        b'{"labels":["a","b"],"scale":-1.0,"rows":9,"features":1}',
        b'{"labels":["a","b"],"scale":1.0,"rows":9,"features":99999999999}',
        b'{"labels":["a","b"],"scale":1.0,"rows":9,"features":1,"code":"x"}',
        b"[]",
    ],
)
def test_a_header_that_its_numbers_do_not_bear_out_is_refused(header: bytes) -> None:
    with pytest.raises(MalformedInput):
        unpacked(sealed(MAGIC + header + b"\n" + bytes(28)))


def test_numbers_that_are_none_are_refused(model: Model) -> None:
    body = packed(model)[:-32]
    with pytest.raises(MalformedInput, match="numbers"):
        unpacked(sealed(body[:-4] + b"\x00\x00\xc0\x7f"))
