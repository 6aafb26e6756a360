"""Published figures stay: what cases do later changes neither them nor their record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import psycopg
import pytest
from django.db import transaction
from django.db.utils import IntegrityError, ProgrammingError

from tests.kernel.indicators.making import JUNE, NOW, at, cases, closed, due
from tests.town import Town
from wangge.base.errors import Conflict, Forbidden, InvalidInput
from wangge.kernel.indicators.asking import GROUPINGS, Question
from wangge.kernel.indicators.freezing import publish, published, read
from wangge.kernel.indicators.models import FrozenRow, Publication
from wangge.kernel.indicators.periods import parse
from wangge.kernel.indicators.queries import Table, figures
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.queries import atlas


def freeze(town: Town, who: str = "leader", area: str = "320499-T", **more: Any) -> Publication:
    places = atlas()
    info = places.by_code(area)
    assert info is not None
    return publish(**{"area": info, "period": JUNE, "places": places, "by": town.by(who), "now": NOW} | more)


def some(town: Town) -> None:
    cases(town, [
        closed(), due(), closed(where="G12", tier="community"), due(where="G21", organisation=town.unit),
        closed(where="outside", area=None), {"first_answer_at": at(2, 9.25)},
    ])  # fmt: skip


def counting(table: Table) -> dict[str, Any]:
    """The rows that count anything."""
    return {key: row for key, row in table.rows.items() if any(one.denominator for one in row.values())}


def test_every_table_of_a_published_period_is_read_as_it_was_published(town: Town) -> None:
    some(town)
    leader = town.by("leader")
    questions = [Question(area_path=town.root, by=by) for by in ("", *GROUPINGS) if by != "person"]
    questions += [Question(area_path=town.paths[name], by="area") for name in ("C1", "C2", "G11", "G22")]
    before = [figures(question, JUNE, by=leader, now=NOW) for question in questions]
    freeze(town)
    cases(town, [closed(handled_at=at(20)), closed(where="G22")])
    for question, then in zip(questions, before, strict=True):
        found = read(question, JUNE, by=leader, now=NOW)
        assert found.frozen, question
        assert found.published is not None
        assert (found.published.published_at, found.published.area_path) == (NOW, town.root)
        assert found.table.total == then.total, question
        if question.area_path.count("/") < 3:  # a grid has no areas below: it is its own only row
            assert counting(found.table) == counting(then), question


def test_how_the_cases_stand_now_is_shown_on_demand_beside_what_was_published(town: Town) -> None:
    some(town)
    freeze(town)
    cases(town, [due()])
    question = Question(area_path=town.root, by="area")
    found = read(question, JUNE, by=town.by("leader"), now=NOW, live=True)
    assert not found.frozen
    assert found.published is not None
    assert found.table.total["closing"].denominator == found.published.table.total["closing"].denominator + 1


def test_what_was_not_published_is_live(town: Town) -> None:
    some(town)
    freeze(town, area="T-C1", who="leader")
    leader = town.by("leader")
    assert not read(Question(area_path=town.root, by="area"), JUNE, by=leader, now=NOW).frozen
    assert not read(Question(area_path=town.paths["C2"]), JUNE, by=leader, now=NOW).frozen
    assert read(Question(area_path=town.paths["G11"]), JUNE, by=leader, now=NOW).frozen
    assert not read(Question(area_path=town.paths["G11"], by="class"), JUNE, by=leader, now=NOW).frozen
    may = parse("2026-05", JUNE.timezone)
    assert not read(Question(area_path=town.paths["C1"]), may, by=leader, now=NOW).frozen
    narrowed = Question(area_path=town.paths["C1"], source="patrol")
    assert not read(narrowed, JUNE, by=leader, now=NOW).frozen
    unit = read(Question(area_path=town.paths["C1"]), JUNE, by=town.by("clerk"), now=NOW)
    assert not unit.frozen  # who sees only what their unit holds is shown that, not the whole


def test_a_published_area_without_cases_says_that_there_were_none(town: Town) -> None:
    freeze(town)
    cases(town, [closed(where="G22")])
    found = published(Question(area_path=town.paths["G22"]), JUNE)
    assert found is not None
    assert {one.denominator for one in found.table.total.values()} == {0}


def test_publishing_takes_the_verb_and_the_ground(town: Town) -> None:
    for who in ("operator", "secretary", "worker", "admin"):
        with pytest.raises(Forbidden, match="publish"):
            freeze(town, who=who)
    assert not Publication.objects.exists()


def test_a_period_is_published_once_and_after_its_end(town: Town) -> None:
    with pytest.raises(InvalidInput, match="not ended"):
        freeze(town, now=JUNE.end - timedelta(seconds=1))
    with pytest.raises(InvalidInput, match="another time zone"):
        freeze(town, period=parse("2026-06", "America/New_York"))
    first = freeze(town, now=JUNE.end)
    with pytest.raises(Conflict, match="published already"):
        freeze(town)
    assert freeze(town, period=parse("2026-Q2", JUNE.timezone)).id != first.id
    assert freeze(town, area="T-C1").id != first.id


def test_publishing_is_one_entry_that_holds_the_digest_of_the_rows(town: Town) -> None:
    some(town)
    made = freeze(town)
    entry = Entry.objects.get(subject_id=made.id)
    assert (entry.verb, entry.actor, entry.area) == ("publish", town.people["leader"], town.areas["320499-T"])
    assert entry.data["digest"] == made.digest
    assert entry.data["rows"] == made.rows == FrozenRow.objects.count() == 15
    assert not FrozenRow.objects.filter(grouping="person").exists()
    report = verify()
    assert report.clean
    assert report.states["publication"] == 1


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE indicators_frozen SET figures = '{}'",
        "DELETE FROM indicators_frozen",
        "TRUNCATE indicators_frozen",
        "UPDATE indicators_publication SET version = 2",
        "DELETE FROM indicators_publication",
    ],
)
def test_the_owner_of_the_tables_cannot_change_what_was_published(
    committed_town: Town, owner_connection: psycopg.Connection[Any], sql: str
) -> None:
    some(committed_town)
    freeze(committed_town)
    with pytest.raises(psycopg.errors.IntegrityConstraintViolation, match="published figures stay"):
        owner_connection.execute(sql)
    with pytest.raises((IntegrityError, ProgrammingError)), transaction.atomic():
        FrozenRow.objects.all().delete()


def test_rows_that_were_changed_behind_the_triggers_are_named(
    committed_town: Town, owner_connection: psycopg.Connection[Any]
) -> None:
    some(committed_town)
    freeze(committed_town)
    assert verify().clean
    owner_connection.execute("ALTER TABLE indicators_frozen DISABLE TRIGGER indicators_frozen_stays")
    owner_connection.execute(
        "UPDATE indicators_frozen SET figures = jsonb_set(figures, '{closing}', '[3, 3, null]')"
        " WHERE grouping = 'total'"
    )
    [fault] = verify().faults
    assert "frozen" in str(fault)
