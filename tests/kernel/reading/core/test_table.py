"""Tables of others: encodings, separators, quoted newlines, gaps; what cannot be read is said plainly."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.base.errors import InvalidInput, MalformedInput, WanggeError
from wangge.kernel.reading.core.table import decoded, read, rows, without_rare

TABLE = '编号,留言,类别\r\n1,"路灯,不亮\n三天了",照明\r\n2,"说""快""一点",其他\r\n'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_a_table_is_read_in_each_encoding(tmp_path: Path, encoding: str) -> None:
    file = tmp_path / "a.csv"
    file.write_bytes(TABLE.encode(encoding))
    found = read(file, text=["留言"], label="类别")
    assert found.texts == ["路灯,不亮\n三天了", '说"快"一点']
    assert found.labels == ["照明", "其他"]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_columns_may_be_separated_otherwise(separator: str) -> None:
    found = rows(f"标题{separator}正文{separator}类\n甲{separator}乙{separator}丙\n", text=["标题", "正文"], label="类")
    assert (found.texts, found.labels) == (["甲\n乙"], ["丙"])


def test_rows_with_a_gap_are_left_out_and_counted() -> None:
    found = rows("t,l\n甲,a\n,b\n乙,\n丙\n\n,,,\n丁,d,more\n", text=["t"], label="l")
    assert (found.texts, found.labels, found.skipped) == (["甲", "丁"], ["a", "d"], 3)


@pytest.mark.parametrize(
    ("content", "field"),
    [("", "column"), ("a,b\n1,2\n", "column"), ("t\n甲\n", "column"), ("t,l\n", "file"), ("t,l\n,\n", "file")],
)
def test_a_table_without_what_is_asked_for_is_refused(content: str, field: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        rows(content, text=["t"], label="l")
    assert refused.value.field == field


def test_a_missing_column_names_those_that_are_there() -> None:
    with pytest.raises(InvalidInput) as refused:
        rows("留言,类别\n甲,乙\n", text=["内容"], label="类别")
    assert refused.value.value == "内容"
    assert "留言" in str(refused.value.expected)


def test_bytes_that_are_no_text_are_refused() -> None:
    with pytest.raises(MalformedInput, match="no text"):
        decoded(b"t,l\n\xff\xff\xff\n")


@given(st.text(max_size=300))
def test_any_table_is_read_or_refused_with_a_reason(junk: str) -> None:
    for content in (junk, "t,l\n" + junk, 't,l\n"' + junk):
        try:
            found = rows(content, text=["t"], label="l")
        except WanggeError:
            continue  # said with a reason; any other error fails the test
        assert len(found.texts) == len(found.labels) > 0


def test_rare_labels_can_be_left_out() -> None:
    found = rows("t,l\n一,a\n二,a\n三,b\n", text=["t"], label="l")
    kept, rare = without_rare(found, 2)
    assert (kept.labels, rare) == (["a", "a"], {"b": 1})


def test_a_quotation_mark_left_open_is_named_with_its_line() -> None:
    content = 'text,label\n路灯不亮,E01\n"井盖丢失,P01\n树枝折断,E02\n'
    with pytest.raises(MalformedInput, match="never closed") as refused:
        rows(content, text=["text"], label="label")
    assert refused.value.value == "line 3"
    assert rows(content.replace('"', ""), text=["text"], label="label").labels == ["E01", "P01", "E02"]
    assert rows('text,label\n"两行\n一段",E01', text=["text"], label="label").texts == ["两行\n一段"]


def test_a_column_that_stands_twice_is_refused_if_it_is_asked_for() -> None:
    content = "text,label,text,other,other\na,b,c,d,e\n"
    with pytest.raises(InvalidInput, match="twice"):
        rows(content, text=["text"], label="label")
    assert rows(content.replace(",text,", ",more,"), text=["text"], label="label").labels == ["b"]
