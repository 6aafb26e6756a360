"""The reader from the command line, on any labelled table."""

from __future__ import annotations

import csv
import json
import os
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from tests.kernel.reading.messages import messages


def reader(*words: str) -> str:
    out = StringIO()
    call_command("reader", *words, stdout=out, stderr=StringIO())
    return out.getvalue()


def last(text: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(text.splitlines()[-1])
    return found


@pytest.fixture
def table(tmp_path: Path) -> Path:
    """A table in GB 18030 with quoted newlines and a row without a label."""
    file = tmp_path / "messages.csv"
    with file.open("w", encoding="gb18030", newline="") as out:
        write = csv.writer(out)
        write.writerow(["编号", "留言详情", "一级标签"])
        for at, (text, label) in enumerate(zip(*messages(150), strict=True)):
            write.writerow([at, f"各位领导：\n{text}", label])
        write.writerow([999, "没有标签的留言", ""])
    return file


COLUMNS = ("--text", "留言详情", "--label", "一级标签")


def test_evaluating_prints_every_figure(table: Path) -> None:
    found = last(reader("evaluate", str(table), *COLUMNS, "--folds", "3", "--seed", "7", "--json"))
    assert {"macro_f1", "accuracy", "top3", "ece", "seconds", "bytes", "rows", "classes", "reliability"} <= set(found)
    assert (found["rows"], found["skipped"], found["folds"], found["seed"]) == (150, 1, 3, 7)
    assert len(found["classes"]) == 5  # type: ignore[arg-type]
    again = last(reader("evaluate", str(table), *COLUMNS, "--folds", "3", "--seed", "7", "--json"))
    assert again | {"seconds": 0} == found | {"seconds": 0}


def test_evaluating_shows_a_row_for_each_class_and_step(table: Path) -> None:
    shown = reader("evaluate", str(table), *COLUMNS, "--folds", "3")
    assert "macro f1: " in shown
    for label in set(messages(150)[1]):
        assert sum(line.endswith(f"  {label}") for line in shown.splitlines()) == 1
    assert "0.9 to 1.0" in shown


def test_training_writes_a_model_that_suggests(table: Path, tmp_path: Path) -> None:
    model = tmp_path / "a.model"
    found = last(reader("train", str(table), *COLUMNS, "--out", str(model), "--json"))
    assert found["bytes"] == model.stat().st_size
    text, label = (one[0] for one in messages(1, seed=30))
    said = last(reader("suggest", text, "--model", str(model), "--json"))["suggestions"]
    assert said[0]["label"] == label  # type: ignore[index]
    assert label in reader("suggest", text, "--model", str(model)).splitlines()[0]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("evaluate", "none.csv", *COLUMNS), "no such file"),
        (("evaluate", "{table}", "--text", "内容", "--label", "一级标签"), "no column “内容”.*留言详情"),
        (("evaluate", "{table}", *COLUMNS, "--folds", "99"), "fewer than the 99 folds.*--skip-rare"),
        (("evaluate", "{table}", *COLUMNS, "--folds", "1"), "several folds"),
        (("train", "{table}", "--text", "留言详情", "--label", "编号"), "fewer than the 3 folds"),
        (("suggest", "路灯", "--model", "{table}"), "no model of the reader"),
    ],
)
def test_what_cannot_be_is_said_in_one_line(table: Path, words: tuple[str, ...], said: str) -> None:
    with pytest.raises(CommandError, match=said):
        reader(*(word.format(table=table) for word in words))


def test_rare_labels_may_be_left_out(table: Path) -> None:
    with table.open("a", encoding="gb18030") as out:
        out.write("1000,只有一条的类,罕见\r\n")
    with pytest.raises(CommandError, match="罕见"):
        reader("evaluate", str(table), *COLUMNS, "--folds", "3")
    assert last(reader("evaluate", str(table), *COLUMNS, "--folds", "3", "--skip-rare", "--json"))["rows"] == 150


@pytest.mark.parametrize(
    ("words", "code"), [(("evaluate",), 2), (("guess",), 2), (("evaluate", "none.csv", *COLUMNS), 1)]
)
def test_wrong_calls_end_with_their_code_and_no_trace(tmp_path: Path, words: tuple[str, ...], code: int) -> None:
    """Without a database: none is started for these."""
    environment = {**os.environ, "WANGGE_HOME": str(tmp_path / "home"), "WANGGE_ENV_FILE": "/dev/null"}
    command = [sys.executable, "-m", "wangge", "reader", *words]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, "Traceback" in done.stderr) == (code, False), done.stderr
    assert not (tmp_path / "home" / "postgres").exists()


@pytest.mark.django_db
def test_retraining_below_two_hundred_cases_says_that_it_is_silent() -> None:
    from tests import town as towns

    towns.build()
    assert last(reader("retrain", towns.ROOT, "--json")) == {
        "area": towns.ROOT, "cases": 0, "changed": False, "silent": True
    }
    with pytest.raises(CommandError, match="whole subdistrict"):
        reader("retrain", "T-C1")
