"""Draws: the same seed and inputs give the same result; nobody inspects their own ground; the record replays."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from tests.town import ROOT, SINCE, Town
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.kernel.duties import mandates
from wangge.kernel.duties.interests import declare
from wangge.kernel.duties.services import assign
from wangge.kernel.journal.verifying import verify
from wangge.patrols.drawing import cross, digest, sample
from wangge.patrols.draws import draw, recorded, replay

NAMES = st.lists(st.text("abcdef", min_size=1, max_size=3), min_size=1, max_size=8, unique=True)


@given(NAMES, st.text(max_size=8), st.data())
def test_a_sample_depends_on_seed_and_names_alone(names: list[str], seed: str, data: st.DataObject) -> None:
    count = data.draw(st.integers(1, len(names)))
    drawn = sample(seed, names, count)
    assert drawn == sample(seed, names[::-1], count)
    assert len(set(drawn)) == count
    assert set(drawn) <= set(names)
    assert sample(seed, names, len(names))[:count] == drawn


@given(NAMES, NAMES, st.text(max_size=8), st.data())
def test_nobody_gets_what_is_barred_and_nobody_more_than_a_share(
    inspectors: list[str], areas: list[str], seed: str, data: st.DataObject
) -> None:
    pairs = [(one, area) for one in inspectors for area in areas]
    barred = data.draw(st.lists(st.sampled_from(pairs), unique=True))
    drawn = cross(seed, inspectors, areas, barred)
    assert drawn == cross(seed, inspectors[::-1], areas[::-1], barred[::-1])
    assert set(drawn) == set(areas)
    assert not {(one, area) for area, one in drawn.items()} & set(barred)
    most = -(-len(areas) // len(inspectors))
    assert all(list(drawn.values()).count(one) <= most for one in inspectors)
    if not barred:
        assert all(drawn.values())


def test_an_area_is_left_only_where_nobody_could_take_it() -> None:
    assert cross("s", ["a", "b"], ["x", "y"], [("a", "x")]) == {"x": "b", "y": "a"}
    assert cross("s", ["a"], ["x"], [("a", "x")]) == {"x": ""}
    for wrong in (([], ["x"]), (["a"], [])):
        with pytest.raises(InvalidInput):
            cross("s", *wrong, [])
    with pytest.raises(InvalidInput):
        sample("s", ["a"], 2)


def test_a_draw_is_on_record_and_replays(town: Town) -> None:
    one = draw(kind="sample", area=ROOT, label="2026Q2", count=2, by=town.by("leader"))
    assert recorded(one.id) == one
    assert replay(one)
    assert not replay(one._replace(seed="other", result=["nowhere"]))
    assert not replay(one._replace(inputs={**one.inputs, "names": ["T-G11"]}))
    assert one.digest == digest(one.inputs)
    with pytest.raises(Conflict):
        draw(kind="sample", area=ROOT, label="2026Q2", count=2, by=town.by("leader"))
    assert draw(kind="sample", area=ROOT, label="2026Q2", count=2, again=True, by=town.by("leader")).round == 2
    with pytest.raises(Forbidden):
        draw(kind="sample", area=ROOT, label="x", count=2, by=town.by("worker"))
    for wrong in ({"kind": "dice"}, {"label": "a b"}, {"count": 9}):
        with pytest.raises(InvalidInput):
            draw(**({"kind": "sample", "area": ROOT, "label": "y", "count": 1} | wrong), by=town.by("leader"))
    assert verify().clean


def test_who_answers_or_declared_a_relation_is_kept_away(town: Town) -> None:
    by = mandates.console()
    for who in ("secretary", "secretary2"):
        assign(post="assessor", area=ROOT, valid_from=SINCE, person=town.people[who], by=by)
    given: dict[str, Any] = {"kind": "cross", "area": ROOT, "of": "community", "posts": ("assessor",)}
    leader = town.by("leader")
    for seed in "abcdef":
        one = draw(**given, label=f"s-{seed}", seed=seed, by=leader)
        assert one.result == {"T-C1": str(town.people["secretary2"]), "T-C2": str(town.people["secretary"])}
    assert town.unit is not None
    assign(post="cleaner", area="T-C2", valid_from=SINCE, organisation=town.unit, by=by)
    declare(person=town.people["secretary"], organisation=town.unit, kind="kin", by=by)
    later = town.by("leader")
    assert draw(**given, label="after", by=replace(later, recorded_at=later.at)).result["T-C2"] == ""


def test_the_command_draws_and_replays(town: Town) -> None:
    def run(*given: str) -> Any:
        out = StringIO()
        call_command("draw", *given, "--json", stdout=out)
        return json.loads(out.getvalue().splitlines()[-1])

    one = run("sample", ROOT, "--label", "2026Q2", "--count", "3")
    again = run("--replay", one["id"])
    assert (again["result"], again["replayed"]) == (one["result"], True)
    for wrong in ((), ("sample",), ("sample", ROOT, "--label", "2026Q2", "--count", "3"), ("--replay", ROOT)):
        with pytest.raises(CommandError):
            run(*wrong)
