"""Canonical bytes, both algorithms against published vectors, and Merkle trees against RFC 6962's definition."""

from __future__ import annotations

import enum
import hashlib
import json
import timeit
from collections import OrderedDict
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.base import digests
from wangge.base.digests import (
    FORMS,
    Sibling,
    canonical,
    digest,
    fold_path,
    merkle_path,
    merkle_paths,
    merkle_root,
    salted,
)
from wangge.base.errors import InvalidInput
from wangge.base.sm3 import sm3

ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
TYPICAL = [
    1, 12345, ID, 1, "case", "report", ID, ID, None, "web", 1764000000000000, 1764000000000000,
    {"set": {"state": "reported", "lon": 1199700000}, "content": {"description": "ab" * 32}},
]  # fmt: skip

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"))
plain = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63 - 1) | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=12,
)


class Colour(enum.StrEnum):
    RED = "red"


class Rank(enum.IntEnum):
    FIRST = 1


def test_keys_are_sorted_and_nothing_is_spaced() -> None:
    assert canonical({"b": 1, "a": [True, None, "网格"]}) == '{"a":[true,null,"网格"],"b":1}'.encode()


@pytest.mark.parametrize(
    ("value", "same"),
    [
        ((1, (2,)), [1, [2]]),
        (ID, str(ID)),
        (b"\x00\xff", "00ff"),
        (memoryview(b"\x01"), "01"),
        (Colour.RED, "red"),
        (Rank.FIRST, 1),
        ({Colour.RED: Rank.FIRST}, {"red": 1}),
        (OrderedDict(b=1, a=2), {"a": 2, "b": 1}),
        (Sibling("left", b"\x02"), ["left", "02"]),
    ],
)
def test_kin_of_plain_values_are_written_alike(value: Any, same: Any) -> None:
    assert canonical(value) == canonical(same)


@pytest.mark.parametrize(
    "value",
    [
        1.0, float("nan"), {"a": [0.5]}, Decimal("1.5"), datetime(2026, 1, 1, tzinfo=UTC), {1, 2}, object(),
        {1: "a"}, {None: 1}, {"a": {b"k": 1}}, 2**63, -(2**63) - 1, [2**70],
        "\0", "a\0b", {"a\0": 1}, [{"a": ["\0"]}], "\ud800", {"\udfff": 1},
    ],
)  # fmt: skip
def test_what_has_no_canonical_form_is_refused(value: Any) -> None:
    with pytest.raises(InvalidInput):
        canonical(value)


def test_a_value_that_holds_itself_is_refused() -> None:
    loop: list[Any] = []
    loop.append(loop)
    with pytest.raises(InvalidInput, match="nested"):
        canonical(loop)


def test_text_that_spells_an_escaped_nul_is_no_nul() -> None:
    assert json.loads(canonical("\\u0000")) == "\\u0000"


def test_the_limits_of_64_bits_are_in() -> None:
    assert canonical([2**63 - 1, -(2**63)]) == b"[9223372036854775807,-9223372036854775808]"


@given(plain)
def test_canonical_loses_nothing_and_depends_on_the_value_only(value: Any) -> None:
    encoded = canonical(value)
    assert json.loads(encoded) == value
    assert canonical(json.loads(encoded)) == encoded
    assert b"\n" not in encoded


@given(st.dictionaries(texts, st.integers(0, 9), min_size=2))
def test_the_order_of_keys_does_not_count(value: dict[str, int]) -> None:
    assert canonical(dict(reversed(value.items()))) == canonical(value)


def test_canonical_takes_microseconds() -> None:
    best = min(timeit.repeat(lambda: canonical(TYPICAL), number=500, repeat=5)) / 500
    assert best < 50e-6  # about 4 µs here; the slack is for busy machines


def test_forms_are_what_old_entries_rely_on() -> None:
    assert {number: form.algorithm for number, form in FORMS.items()} == {1: "SHA-256", 2: "SM3"}
    assert all(number == form.number for number, form in FORMS.items())


def test_published_vectors() -> None:
    # FIPS 180-4 and GB/T 32905-2016, annex A
    assert digest(1, b"abc").hex() == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    assert digest(2, b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abc").hex() == "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0"
    assert sm3(b"abcd" * 16).hex() == "debe9ff92275b8a138604889c18e5a4d6fdb70e5387e5765293dcba39c0c5732"


@pytest.mark.skipif("sm3" not in hashlib.algorithms_available, reason="this OpenSSL has no SM3 to compare with")
@given(st.binary(max_size=300))
def test_our_sm3_equals_that_of_openssl(data: bytes) -> None:
    assert sm3(data) == hashlib.new("sm3", data).digest()


def test_our_own_sm3_serves_where_openssl_has_none(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(name: str, data: bytes = b"") -> None:
        raise ValueError(f"unsupported hash type {name}")

    monkeypatch.setattr(hashlib, "new", refuse)
    assert digests._best_sm3() is sm3


@pytest.mark.parametrize("form", [0, 3, -1])
def test_an_unknown_form_is_refused(form: int) -> None:
    with pytest.raises(InvalidInput) as refused:
        digest(form, b"")
    assert refused.value.field == "form"


def test_salted_is_the_digest_of_salt_then_value() -> None:
    salt = bytes(range(16))
    assert salted(1, salt, "路灯") == hashlib.sha256(salt + "路灯".encode()).digest()
    assert salted(1, salt, "路灯") == salted(1, salt, "路灯".encode())
    assert salted(1, salt, "路灯") != salted(1, salt[::-1], "路灯")


def test_a_short_salt_is_refused() -> None:
    with pytest.raises(InvalidInput):
        salted(1, b"short", "x")


def tree_by_definition(leaves: list[bytes]) -> bytes:
    """RFC 6962 §2.1, word for word."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    left, right = tree_by_definition(leaves[:split]), tree_by_definition(leaves[split:])
    return hashlib.sha256(b"\1" + left + right).digest()


@given(st.lists(st.binary(max_size=8), max_size=70))
def test_the_root_is_that_of_the_definition(leaves: list[bytes]) -> None:
    assert merkle_root(1, leaves) == tree_by_definition(leaves)


@given(st.lists(st.binary(min_size=1, max_size=8), min_size=1, max_size=70), st.data(), st.sampled_from([1, 2]))
def test_a_path_leads_from_its_leaf_to_the_root_and_from_no_other(
    leaves: list[bytes], data: st.DataObject, form: int
) -> None:
    index = data.draw(st.integers(0, len(leaves) - 1))
    root, path = merkle_root(form, leaves), merkle_path(form, leaves, index)
    assert fold_path(form, leaves[index], path) == root
    assert fold_path(form, leaves[index] + b"!", path) != root
    assert len(path) <= (len(leaves) - 1).bit_length()


@given(st.lists(st.binary(max_size=8), min_size=1, max_size=70), st.data())
def test_many_paths_are_those_of_each_leaf(leaves: list[bytes], data: st.DataObject) -> None:
    indices = data.draw(st.lists(st.integers(0, len(leaves) - 1), max_size=6))
    assert merkle_paths(1, leaves, indices) == [merkle_path(1, leaves, index) for index in indices]
    for index, path in zip(indices, merkle_paths(1, leaves, indices), strict=True):
        assert fold_path(1, leaves[index], path) == merkle_root(1, leaves)


@pytest.mark.parametrize("index", [-1, 3])
def test_there_is_no_path_from_a_leaf_that_is_not_there(index: int) -> None:
    with pytest.raises(InvalidInput):
        merkle_path(1, [b"a", b"b", b"c"], index)


def test_a_path_with_a_third_side_is_refused() -> None:
    with pytest.raises(InvalidInput):
        fold_path(1, b"a", [("up", b"")])  # type: ignore[list-item]


def test_a_node_cannot_pass_for_a_leaf() -> None:
    left, right = (hashlib.sha256(b"\0" + leaf).digest() for leaf in (b"a", b"b"))
    assert merkle_root(1, [left + right]) != merkle_root(1, [b"a", b"b"])
