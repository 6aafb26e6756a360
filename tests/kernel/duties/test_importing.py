"""import-duties and token: what the command line brings in and gives out."""

from __future__ import annotations

import json
from datetime import datetime
from io import StringIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.management import CommandError, call_command

from tests.kernel.duties.conftest import G1, People
from wangge.base.errors import MalformedInput
from wangge.base.mandate import Mandate
from wangge.kernel.duties import mandates, queries
from wangge.kernel.duties.importing import COLUMNS, import_duties
from wangge.kernel.duties.models import Assignment
from wangge.kernel.people.models import Person
from wangge.kernel.people.services import create_account, create_organisation, create_person

pytestmark = pytest.mark.django_db


def written(folder: Path, *lines: str) -> Path:
    file = folder / "duties.csv"
    file.write_text("\n".join([",".join(COLUMNS), *lines]) + "\n", encoding="utf-8-sig")
    return file


def test_a_file_assigns_and_a_second_run_changes_nothing(tmp_path: Path, people: People, by: Mandate) -> None:
    create_organisation(code="CG-01", name="样例保洁公司", kind="contractor", by=by)
    file = written(
        tmp_path, "grid_leader,王示范,,regular,G1,2024-03-01,", f"grid_worker,{people.li},,,G1,2024-03-01,2024-06-01",
        "contractor,,CG-01,,S,2024-01-01T09:00:00+08:00,", "secretary,新来的,,,A,2024-03-01,",
    )
    first = import_duties(file, by=by)
    assert (first.assigned, first.new_people, first.rejected) == (4, 1, [])
    second = import_duties(file, by=by)
    assert (second.assigned, second.unchanged, second.new_people) == (0, 4, 0)
    assert Assignment.objects.count() == 4
    [held] = queries.holders(G1, "grid_leader", datetime(2024, 3, 1, tzinfo=ZoneInfo("Asia/Shanghai")))
    assert (held.name, held.person_id) == ("王示范", people.wang)


def test_an_end_that_came_to_be_known_is_taken_over(tmp_path: Path, people: People, by: Mandate) -> None:
    import_duties(written(tmp_path, "grid_leader,王示范,,,G1,2024-03-01,"), by=by)
    ending = written(tmp_path, "grid_leader,王示范,,,G1,2024-03-01,2024-09-01", "grid_leader,李样例,,,G1,2024-09-01,")
    outcome = import_duties(ending, by=mandates.console())
    assert (outcome.ended, outcome.assigned, outcome.rejected) == (1, 1, [])
    again = import_duties(ending, by=mandates.console())
    assert (again.unchanged, again.ended, again.assigned) == (2, 0, 0)


def test_each_refused_line_is_named_and_the_others_are_kept(tmp_path: Path, people: People, by: Mandate) -> None:
    create_person(name="王示范", by=by)
    outcome = import_duties(
        written(
            tmp_path, "grid_leader,李样例,,,G1,2024-03-01,", "grid_leader,张演示,,,G1,2024-04-01,",
            "grid_leader,王示范,,,G2,2024-03-01,", "emperor,张演示,,,G1,2024-03-01,",
            "grid_worker,张演示,,,NONE,2024-03-01,", "grid_worker,张演示,,,G1,someday,",
            "grid_worker,,,,G1,2024-03-01,",
            "grid_worker,张演示,NOFIRM,,G1,2024-03-01,", "grid_worker,不该有,,,G1,2024-03-01,2023-03-01",
            "grid_worker,00000000-0000-0000-0000-000000000000,,,G1,2024-03-01,", "grid_worker,张演示,,,G1,,",
        ),
        by=by,
    )
    assert outcome.assigned == 1
    assert [line for line, _ in outcome.rejected] == list(range(3, 13))
    assert "2 people have this name" in dict(outcome.rejected)[4]
    assert "seat is taken" in dict(outcome.rejected)[3]


@pytest.mark.parametrize("content", [b"", b"post,person\n", b"\xff\xfe", b"\x00"])
def test_a_file_without_its_columns_is_refused(tmp_path: Path, by: Mandate, content: bytes) -> None:
    file = tmp_path / "duties.csv"
    file.write_bytes(content)
    with pytest.raises(MalformedInput):
        import_duties(file, by=by)
    assert not Person.objects.exists()


def test_the_command_prints_facts_and_fails_when_nothing_could_be_imported(tmp_path: Path, people: People) -> None:
    out, err = StringIO(), StringIO()
    file = written(tmp_path, "grid_leader,王示范,,,G1,2024-03-01,", "emperor,王示范,,,G1,2024-03-01,")
    call_command("import_duties", str(file), "--json", stdout=out, stderr=err)
    facts = json.loads(out.getvalue().splitlines()[-1])
    assert (facts["assigned"], facts["rejected"]) == (1, 1)
    assert "line 3" in err.getvalue()
    with pytest.raises(CommandError, match="None of 1 duties"):
        call_command("import_duties", str(written(tmp_path, "emperor,王示范,,,G1,2024-03-01,")), stdout=out, stderr=err)


def test_the_token_is_the_last_line_and_works(people: People, by: Mandate) -> None:
    account = create_account(username="operator", password=None, person=people.wang, by=by)
    out = StringIO()
    call_command("token", "operator", stdout=out, stderr=StringIO())
    assert mandates.standing_of_token(out.getvalue().splitlines()[-1]).account == account.id
    with pytest.raises(CommandError, match="no account"):
        call_command("token", "nobody", stdout=out, stderr=StringIO())
