"""`wangge indicators`: the table, one line of JSON, publishing, and what is refused."""

from __future__ import annotations

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command

from tests import town as towns
from tests.kernel.indicators.making import cases, closed, due
from tests.town import Town
from wangge.kernel.indicators.models import Publication
from wangge.kernel.indicators.table import INDICATORS


@pytest.fixture
def town(db: None) -> Town:
    """The town with three cases of June 2026."""
    made = towns.build()
    cases(made, [closed(), due(where="G21"), closed(where="G21")])
    return made


def run(*arguments: str) -> str:
    out = StringIO()
    call_command("indicators", *arguments, stdout=out, stderr=StringIO())
    return out.getvalue()


def facts(*arguments: str) -> dict[str, Any]:
    return dict(json.loads(run(*arguments, "--json").splitlines()[-1]))


def test_the_table_is_printed_with_its_formula(town: Town) -> None:
    said = run("2026-06", "--area", "320499-T", "--by", "area", "--indicator", "closing", "--indicator", "satisfaction")
    assert "320499-T, 2026-06, as the cases stand now" in said
    assert "结案率 closing: 66.67 % (2 of 3)   closed cases, not by force ÷ due cases" in said
    assert "    东社区: 50.00 % (1 of 2)" in said
    assert "满意率 satisfaction: —" in said


def test_with_json_the_facts_are_one_line(town: Town) -> None:
    found = facts("2026-06", "--area", "320499-T", "--by", "area")
    assert set(found["total"]) == set(INDICATORS)
    assert found["total"]["closing"] == {"denominator": 3, "numerator": 2, "seconds": None, "value": "0.6667"}
    assert [row["key"] for row in found["rows"]] == ["T-C1", "T-C2"]
    assert (found["frozen"], found["published_at"]) == (False, None)


def test_freezing_publishes_once(town: Town, time_machine: Any) -> None:
    found = facts("2026-06", "--freeze")
    assert found["frozen"]
    assert Publication.objects.get().period == "2026-06"
    cases(town, [due()])
    assert facts("2026-06")["total"]["closing"]["denominator"] == 3
    assert facts("2026-06", "--live")["total"]["closing"]["denominator"] == 4
    with pytest.raises(CommandError, match="published already"):
        run("2026-06", "--freeze")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("2026-6",), "no such period"),
        (("2026-06", "--area", "nowhere"), "no such area"),
        (("2026-06", "--indicator", "happiness"), "no such indicator"),
        (("9998", "--freeze"), "not ended"),
    ],
)
def test_what_is_wrong_is_said(town: Town, arguments: tuple[str, ...], words: str) -> None:
    with pytest.raises(CommandError, match=words):
        run(*arguments)
