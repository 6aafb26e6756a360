"""One report and a million take the same two steps: COPY and the single statement leave the same rows."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import connection

from tests.town import POINTS, Town
from wangge.kernel.cases.bulk import block, copy_rows, draw
from wangge.kernel.cases.facts import Command, Facts
from wangge.kernel.cases.intake import place_of, prepare, setting_of
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.recording import insert, rows_of
from wangge.kernel.cases.reporting import NewReport, check_report
from wangge.kernel.cases.rules import decide
from wangge.kernel.cases.state import COLUMNS, CaseState, Change
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.queries import atlas

WORDS = ["烧烤", "tab\there", "line\nfeed", 'back\\slash "quote" {brace}', "\\N", "emoji 🚮", "%s ; --"]
TABLES = ("journal_entry", "journal_content", "cases_case", "cases_report", "cases_search")
ORDER = {
    "journal_entry": "subject_id, seq",
    "journal_content": "subject_id, seq, field",
    "cases_case": "id",
    "cases_report": "id",
    "cases_search": "case_id",
}


def everything() -> dict[str, list[tuple[Any, ...]]]:
    found = {}
    with connection.cursor() as cursor:
        for table in TABLES:
            where = " WHERE subject_type = 'case'" if table == "journal_entry" else ""
            if table == "journal_content":
                where = " WHERE subject_id IN (SELECT id FROM cases_case)"
            cursor.execute(f"SELECT * FROM {table}{where} ORDER BY {ORDER[table]}")
            found[table] = cursor.fetchall()
    return found


def test_copy_and_statement_write_the_same_rows(town: Town) -> None:
    by, places = town.public(), atlas()
    changes, reports, terms = [], [], []
    for number, words in enumerate(WORDS):
        report = NewReport(
            description=words,
            address=words,
            point=POINTS["G11"],
            case_class="E0417",
            key=f"k{number}",
            digest=bytes(range(32)),
        )
        place = place_of(report, places, by)
        setting = setting_of(place.path, places, _reference())
        change, row, found = prepare(report, check_report(report), by=by, place=place, setting=setting, drawn=number)
        changes.append(change), reports.append(row), terms.append(found)
    rows = rows_of(changes, draw("journal_entry_ordinal", len(changes)), by=by, reports=reports, terms=terms)
    written = []
    for write in (insert, copy_rows):
        with connection.cursor() as cursor:
            cursor.execute("SAVEPOINT before")
        write(rows)
        written.append(everything())
        assert verify().clean
        with connection.cursor() as cursor:
            cursor.execute("ROLLBACK TO before")
    assert written[0] == written[1]
    assert {len(found) for found in written[0].values()} == {len(WORDS), 2 * len(WORDS)}


def _reference() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT n FROM cases_reference_version")
        return int(cursor.fetchone()[0])


def test_the_state_names_exactly_the_columns_of_the_table(town: Town) -> None:
    assert set(COLUMNS) == {field.column for field in Case._meta.concrete_fields}


def test_a_block_is_one_line_a_row(town: Town) -> None:
    moment = town.public().at
    state = CaseState(
        id=town.people["worker"],
        version=1,
        number="1",
        state="reported",
        reported_at=moment,
        stage_since=moment + timedelta(hours=1),
        external_id="a\tb",
    )
    text = block([state, state], COLUMNS).decode()
    assert text.count("\n") == 2
    assert "a\\tb" in text


def test_each_act_of_a_change_is_signed_by_whoever_did_it(town: Town) -> None:
    public = mandates.public(town.root, simulated=True)  # a case that is new may stand further on in histories only
    operator, worker = town.by("operator"), town.by("worker")
    report = NewReport(description="占道", point=POINTS["G11"], case_class="E0417")
    places = atlas()
    place = place_of(report, places, public)
    setting = setting_of(place.path, places, _reference())
    change, row, terms = prepare(report, check_report(report), by=public, place=place, setting=setting, drawn=7)
    state, acts, signed = change.after, list(change.acts), [public]
    for by, name in ((operator, "accept"), (worker, "confirm")):
        step = decide(state, Command(act=name), Facts(by, setting.calendar), None)
        state, acts, signed = step.after, [*acts, *step.acts], [*signed, by]
    whole = Change(state, tuple(acts), by=tuple(signed))
    copy_rows(rows_of([whole], draw("journal_entry_ordinal", 3), by=public, reports=[row], terms=[terms]))
    entries = Entry.objects.filter(subject_id=state.id).order_by("seq")
    assert [(one.verb, one.actor, one.duty) for one in entries] == [
        ("report", None, None), ("accept", operator.actor, operator.duty), ("confirm", worker.actor, worker.duty)
    ]
    assert load(state.id, operator) == state
    assert verify().clean
