"""Our compiler of translations makes what the standard library's reader understands."""

from __future__ import annotations

import gettext
import io
import os
import re
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wangge.base.errors import MalformedInput
from wangge.runtime import translations

CATALOGUE = Path(translations.__file__).parent.parent / "locale/zh_Hans/LC_MESSAGES/django.po"
TEXT = r"""
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

#: somewhere.py:3
msgid "Report"
msgstr "上报"

msgid ""
"two "
"lines\n"
msgstr "两\t行 \"x\"\n"

msgctxt "verb"
msgid "Close"
msgstr "结案"

#, fuzzy
msgid "Doubtful"
msgstr "可疑"

msgid "Untranslated"
msgstr ""

#, python-format
msgid "%d case"
msgid_plural "%d cases"
msgstr[0] "%d 件"
msgstr[1] "%d 件们"

#~ msgid "Old"
#~ msgstr "旧"
"""


@pytest.fixture
def catalogue() -> gettext.GNUTranslations:
    return gettext.GNUTranslations(io.BytesIO(translations.compiled(translations.parse(TEXT))))


def test_plain_long_and_contextual_messages(catalogue: gettext.GNUTranslations) -> None:
    assert catalogue.gettext("Report") == "上报"
    assert catalogue.gettext("two lines\n") == '两\t行 "x"\n'
    assert catalogue.pgettext("verb", "Close") == "结案"
    assert catalogue.gettext("Close") == "Close"


def test_plurals(catalogue: gettext.GNUTranslations) -> None:
    assert [catalogue.ngettext("%d case", "%d cases", n) for n in (1, 2)] == ["%d 件", "%d 件们"]


@pytest.mark.parametrize("message", ["Doubtful", "Untranslated", "Old"])
def test_what_is_doubtful_missing_or_old_stays_in_english(catalogue: gettext.GNUTranslations, message: str) -> None:
    assert catalogue.gettext(message) == message


def test_a_broken_file_names_its_line() -> None:
    with pytest.raises(MalformedInput) as caught:
        translations.parse('msgid "a"\nmsgstr "b\n')
    assert caught.value.field == "line 2"


def test_only_what_is_newer_is_compiled(tmp_path: Path) -> None:
    source = tmp_path / "zh_Hans/LC_MESSAGES/django.po"
    source.parent.mkdir(parents=True)
    source.write_text(TEXT, encoding="utf-8")
    assert translations.compile_all(tmp_path) == [source.with_suffix(".mo")]
    assert translations.compile_all(tmp_path) == []
    os.utime(source, (2**31, 2**31))
    assert translations.compile_all(tmp_path) == [source.with_suffix(".mo")]


@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0\x04"), min_size=1),
        st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1),
        max_size=20,
    )
)
def test_every_catalogue_comes_back(messages: dict[str, str]) -> None:
    header = {"": "Content-Type: text/plain; charset=UTF-8\n"}
    read = gettext.GNUTranslations(io.BytesIO(translations.compiled({**header, **messages})))
    assert {key: read.gettext(key) for key in messages} == messages


def test_no_message_of_ours_stands_twice() -> None:
    blocks = re.split(r"\n\s*\n", CATALOGUE.read_text(encoding="utf-8"))
    keys = Counter(
        match.group(1)
        for block in blocks
        if (match := re.search(r"^((?:msgctxt .*\n)?msgid .*\n(?:\".*\n)*)", block, re.MULTILINE))
    )
    assert len(keys) > 1000
    assert [key for key, times in keys.items() if times > 1] == []
