"""Details of persons are hidden, ordinary numbers are not; parts of a text are found. All numbers are made up."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.base import masking
from wangge.base.errors import InvalidInput
from wangge.base.masking import (
    HIDDEN,
    MOST_TERMS,
    bigrams,
    is_card_number,
    is_identity_number,
    mask,
    phone_key,
    terms_of,
)

IDENTITY = "11010119000101001X"  # of the form only: born 1900-01-01


def identity(body: str) -> str:
    """17 digits and the check character, by the definition (ISO 7064 MOD 11-2)."""
    total = sum(int(digit) * pow(2, 17 - at, 11) for at, digit in enumerate(body)) % 11
    return body + "10X98765432"[total]


@pytest.mark.parametrize(
    "detail",
    [
        "13800000000", "138 0000 0000", "138-0000-0000", "+8613800000000", "+86 138 0000 0000", "008613800000000",
        "86-13800000000", "１３８００００００００", "0519-80000000", "051980000000", "(0519)80000000",
        "（0519）8000 0000", "010-80000000", "+86 010 80000000", "020 8000000", identity("11010119000101001"),
        identity("32041219000101003"),
        "resident@example.org", "a.b-c+d@mail.example.com", "苏D12345", "苏D·12345", "苏D D12345", "苏d12345",
        "京AD12345", "苏D1234警", "粤Z1234港",
    ],
)  # fmt: skip
@pytest.mark.parametrize(("before", "after"), [("", ""), ("联系", "，谢谢"), ("请打", "找我"), ("ring ", " now")])
def test_details_of_persons_are_hidden(detail: str, before: str, after: str) -> None:
    assert mask(f"{before}{detail}{after}") == f"{before}{HIDDEN * len(detail)}{after}"


@pytest.mark.parametrize(
    "text",
    [
        "", "路灯不亮", "南夏墅街道 12 号楼 3 单元 502 室", "2026-11-23 17:50", "井盖编号 3204120170010001",
        "12800000000", "11010119000101001" + "1", "138000000000", "110", "12345", "a@b", "距地 1.5 米",
        "苏D", "京A级景区", "6222000000000001", "案件 32041220261125000123",
    ],
)  # fmt: skip
def test_ordinary_text_is_left_alone(text: str) -> None:
    assert mask(text) == text


def test_several_details_in_one_text() -> None:
    text = f"王示范 13800000000 {identity('11010119000101001')} 苏D12345 乱停"
    assert mask(text) == f"王示范 {HIDDEN * 11} {HIDDEN * 18} {HIDDEN * 7} 乱停"


@given(st.text())
def test_masking_keeps_the_length_and_is_done_once(text: str) -> None:
    once = mask(text)
    assert len(once) == len(text)
    assert mask(once) == once


@pytest.mark.parametrize("pattern", [*masking._PHONES, masking._IDENTITY, masking._CARD])
@given(st.data())
def test_every_number_that_is_hidden_has_ten_digits_in_a_row(pattern: re.Pattern[str], data: st.DataObject) -> None:
    number = data.draw(st.from_regex(pattern, fullmatch=True))
    assert masking._TEN_DIGITS.search(number), number


WIDE = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")


def card(body: str) -> str:
    """A body and the digit that closes it, by the definition (ISO/IEC 7812-1, annex B)."""
    total = 0
    for at, digit in enumerate(reversed(body)):
        doubled = int(digit) * 2 if at % 2 == 0 else int(digit)
        total += doubled - 9 if doubled > 9 else doubled
    return body + str(-total % 10)


def grouped(digits: str, sizes: tuple[int, ...], separator: str) -> str:
    """The digits in groups of these sizes; what is left stands last."""
    parts, start = [], 0
    for size in sizes:
        parts.append(digits[start : start + size])
        start += size
    return separator.join([part for part in (*parts, digits[start:]) if part])


@given(
    st.text("0123456789", min_size=17, max_size=17), st.sampled_from(["", " ", "-", "."]), st.booleans(),
    st.sampled_from(["", "身份证号", "id: "]), st.sampled_from(["", "，请核实", " 谢谢"]),
)
def test_an_identity_number_is_hidden_however_it_is_written(
    body: str, separator: str, wide: bool, before: str, after: str
) -> None:
    number = grouped(identity(body), (6, 4, 4, 4), separator)
    written = number.translate(WIDE) if wide else number
    assert mask(before + written + after) == before + HIDDEN * len(written) + after


@given(
    st.sampled_from(["62", "40", "49", "51", "55"]), st.text("0123456789", min_size=13, max_size=16),
    st.sampled_from(["", " ", "-"]), st.booleans(), st.sampled_from(["", "卡号", "to "]),
)
def test_a_bank_card_is_hidden_however_it_is_written(
    begin: str, body: str, separator: str, wide: bool, before: str
) -> None:
    number = card(begin + body)
    assert is_card_number(number)
    number = grouped(number, (4, 4, 4, 4), separator)
    written = number.translate(WIDE) if wide else number
    assert mask(f"{before}{written}，退款") == f"{before}{HIDDEN * len(written)}，退款"


@given(st.from_regex(r"1[3-9][0-9]{9}", fullmatch=True).filter(str.isascii), st.sampled_from(["", " ", "-", "."]),
       st.sampled_from(["", "86", "+86 ", "0086-"]), st.booleans())
def test_a_mobile_number_is_hidden_however_it_is_written(
    number: str, separator: str, country: str, wide: bool
) -> None:
    written = country + grouped(number, (3, 4, 4), separator)
    if wide:
        written = written.translate(WIDE)
    assert mask(f"电话{written}。") == f"电话{HIDDEN * len(written)}。"


@given(st.text("0123456789", min_size=15, max_size=18))
def test_exactly_one_digit_closes_a_card(body: str) -> None:
    assert [end for end in "0123456789" if is_card_number(body + end)] == [card(body)[-1]]


@given(st.from_regex(r"[0-9]{17}", fullmatch=True).filter(str.isascii))
def test_exactly_one_check_character_fits(body: str) -> None:
    assert [end for end in "0123456789X" if is_identity_number(body + end)] == [identity(body)[17]]


@pytest.mark.parametrize("text", ["", "110101", IDENTITY[:17], IDENTITY + "1", "x" * 18])
def test_other_text_is_no_identity_number(text: str) -> None:
    assert not is_identity_number(text)


def test_terms_are_neighbouring_pairs_in_order_and_once() -> None:
    assert bigrams("路灯坏，路灯坏了") == ["路灯", "灯坏", "坏了"]
    assert bigrams("3号楼") == ["3号", "号楼"]
    assert terms_of("第17号 路灯") == ["第1", "17", "7号", "路灯", "第17", "17号"]
    assert bigrams("Lamp 502") == ["la", "am", "mp", "50", "02"]


@pytest.mark.parametrize("text", ["", "a", "路", "路，灯", "＊＊＊＊", "_ _", "\n"])
def test_single_characters_and_masked_details_have_no_terms(text: str) -> None:
    assert bigrams(text) == []


def test_terms_are_at_most_four_hundred() -> None:
    long = "".join(chr(0x4E00 + at) for at in range(1000))
    assert bigrams(long) == bigrams(long[: MOST_TERMS + 1])
    assert len(bigrams(long)) == MOST_TERMS


@given(st.text(max_size=200), st.data())
def test_any_part_of_a_text_is_found(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    part = text[start : data.draw(st.integers(start, len(text)))]
    assert set(bigrams(part)) <= set(bigrams(text))
    assert set(terms_of(part)) <= set(terms_of(text))


SECRET = b"a secret for tests"


@pytest.mark.parametrize(
    ("one", "same"),
    [
        ("13800000000", "+86 138-0000-0000"), ("13800000000", "0086 13800000000"),
        ("13800000000", "１３８００００００００"),
        ("0519-80000000", "(0519) 8000 0000"), ("0519-80000000", "+86 519 80000000"),
        ("010-80000000", "+86 10 80000000"),
    ],
)  # fmt: skip
def test_a_number_is_found_however_it_was_written(one: str, same: str) -> None:
    assert phone_key(SECRET, one) == phone_key(SECRET, same)


def test_other_numbers_and_other_secrets_have_other_keys() -> None:
    keys = {phone_key(SECRET, "13800000000"), phone_key(SECRET, "13800000001"), phone_key(b"other", "13800000000")}
    assert len(keys) == 3
    assert {len(key) for key in keys} == {32}


@pytest.mark.parametrize("number", ["", "none", "110", "0000000"])
def test_what_is_no_number_has_no_key(number: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        phone_key(SECRET, number)
    assert refused.value.field == "phone"
