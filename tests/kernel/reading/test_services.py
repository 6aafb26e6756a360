"""A subdistrict's model learns from its closed cases alone, once, and takes the last one's place."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from django.db import IntegrityError, connection, transaction

from tests.kernel.reading.messages import close_cases, messages, words
from tests.town import ROOT, Town
from wangge.base import clock
from wangge.base.errors import Forbidden
from wangge.base.units import Limit, LimitUnit
from wangge.kernel.cases.intake import report_case
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.reporting import NewReport
from wangge.kernel.cases.setup import ClassRow, ConditionRow, load_class_set
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.journal.services import erase
from wangge.kernel.journal.verifying import verify
from wangge.kernel.places.queries import AreaInfo, area_by_code
from wangge.kernel.reading import queries, services, tasks, vault
from wangge.kernel.reading.models import ReadingModel
from wangge.kernel.reading.queries import suggest_class
from wangge.kernel.reading.services import FEWEST, learned_from, retrain


@pytest.fixture
def root(town: Town) -> AreaInfo:
    return area_by_code(ROOT)


@pytest.fixture
def classes(town: Town, root: AreaInfo) -> dict[str, UUID]:
    """A class for each label of the messages."""
    condition = ConditionRow(1, "有", "Is", "无", "Is not", Limit(4, LimitUnit.WORKING_HOUR))
    rows = [ClassRow(f"X{at:02}", name, name, None, "grid", [condition]) for at, name in enumerate(list(words())[:5])]
    load_class_set(area_id=root.id, area_path=root.path, scheme="words", by=mandates.console(), classes=rows)
    from wangge.kernel.cases.reference import reference

    return {info.name: info.id for info in reference().classes.values() if info.scheme == "words"}


def close(root: AreaInfo, classes: dict[str, UUID], count: int, *, seed: int = 1) -> list[UUID]:
    texts, labels = messages(count, seed=seed)
    return close_cases(root, texts, [classes[label] for label in labels])


def test_below_two_hundred_closed_cases_the_room_is_silent(root: AreaInfo, classes: dict[str, UUID]) -> None:
    close(root, classes, FEWEST - 1)
    done = retrain(root=root, by=mandates.job("read"))
    assert (done.cases, done.changed, done.model) == (FEWEST - 1, False, None)
    assert not ReadingModel.objects.exists()
    assert not list(vault.folder().glob("*"))
    assert suggest_class(messages(1)[0][0], root.path) == queries.SILENT


def test_from_two_hundred_on_it_suggests_with_its_figure_and_date(root: AreaInfo, classes: dict[str, UUID]) -> None:
    close(root, classes, FEWEST)
    done = retrain(root=root, by=mandates.job("read"))
    assert done.changed
    texts, labels = messages(10, seed=50)
    for text, label in zip(texts, labels, strict=True):
        read = suggest_class(text, root.path)
        assert read.model is not None
        assert (read.model.cases, read.model.macro_f1) == (FEWEST, done.model.macro_f1)  # type: ignore[union-attr]
        assert clock.now() - read.model.trained_at < timedelta(minutes=5)
        assert read.classes[0].info.name == label
        assert all(word in text for word in read.classes[0].words)
    assert suggest_class("  ", root.path) == queries.SILENT


def test_the_job_trains_once_and_a_new_model_takes_the_old_ones_place(
    root: AreaInfo, classes: dict[str, UUID]
) -> None:
    close(root, classes, FEWEST)
    tasks.read(0)
    tasks.read(0)
    [first] = ReadingModel.objects.all()
    assert (first.active, first.version, first.cases) == (True, 1, FEWEST)
    close(root, classes, 20, seed=2)
    tasks.read(0)
    second = ReadingModel.objects.get(active=True)
    first.refresh_from_db()
    assert (first.active, first.version, second.cases) == (False, 2, FEWEST + 20)
    assert [path.stem for path in vault.folder().glob("*")] == [second.digest]
    verbs = Entry.objects.filter(subject_type="reading_model").order_by("ordinal").values_list("verb", flat=True)
    assert list(verbs) == ["train", "lay_aside", "train"]
    assert verify().clean
    assert suggest_class(messages(1)[0][0], root.path).model.cases == FEWEST + 20  # type: ignore[union-attr]


def test_suggesting_and_training_change_no_case(root: AreaInfo, classes: dict[str, UUID], town: Town) -> None:
    close(root, classes, FEWEST)
    report_case(report=NewReport(description=messages(1)[0][0], address="某处"), by=town.public())
    before = list(Case.objects.order_by("id").values())
    retrain(root=root, by=mandates.job("read"))
    assert suggest_class(messages(1)[0][0], root.path).classes
    assert list(Case.objects.order_by("id").values()) == before


def test_open_cases_and_erased_words_teach_nothing(root: AreaInfo, classes: dict[str, UUID], town: Town) -> None:
    ids = close(root, classes, 12)
    report_case(report=NewReport(description="还没有结案的事", address="某处", case_class="X00"), by=town.public())
    assert len(learned_from(root.path)[0]) == 0  # two or three of each class: too few to measure
    ids += close(root, classes, 25, seed=3)
    assert len(learned_from(root.path)[0]) == 37
    erase(subject_id=ids[-1], reason_code="request", by=mandates.console())
    texts, labels = learned_from(root.path)
    assert len(texts) == len(labels) == 36
    assert not any("还没有结案" in text for text in texts)


def test_when_too_few_are_left_the_model_is_laid_aside(
    root: AreaInfo, classes: dict[str, UUID], monkeypatch: pytest.MonkeyPatch
) -> None:
    close(root, classes, FEWEST)
    retrain(root=root, by=mandates.job("read"))
    monkeypatch.setattr(services, "FEWEST", FEWEST + 1)
    done = retrain(root=root, by=mandates.job("read"))
    assert (done.changed, done.model) == (True, None)
    assert suggest_class(messages(1)[0][0], root.path) == queries.SILENT
    assert not list(vault.folder().glob("*.model"))
    assert not retrain(root=root, by=mandates.job("read")).changed


@pytest.mark.parametrize("harm", ["missing", "changed", "cut", "other"])
def test_a_broken_file_is_silence_and_one_line_in_the_log(
    root: AreaInfo, classes: dict[str, UUID], harm: str, caplog: Any
) -> None:
    close(root, classes, FEWEST)
    used = retrain(root=root, by=mandates.job("read")).model
    assert used is not None
    path = vault.path_of(used.digest)
    whole = path.read_bytes()
    broken = {"changed": whole[:-40] + b"\x01" + whole[-39:], "cut": whole[:100], "other": b"cos\nsystem\n"}
    if harm == "missing":
        path.unlink()
    else:
        path.write_bytes(broken[harm])
    with caplog.at_level("ERROR", logger="wangge.reading"):
        for _ in range(3):
            assert suggest_class(messages(1)[0][0], root.path) == queries.SILENT
    assert [record.message for record in caplog.records] == ["the model that reads reports cannot be used"]
    retrain(root=root, by=mandates.job("read"))  # the same cases: the file comes back
    assert suggest_class(messages(1)[0][0], root.path).classes


def test_a_class_that_no_longer_holds_is_not_suggested(root: AreaInfo, classes: dict[str, UUID]) -> None:
    close(root, classes, FEWEST)
    retrain(root=root, by=mandates.job("read"))
    text, label = (one[0] for one in messages(1, seed=50))
    assert suggest_class(text, root.path).classes[0].info.name == label
    with connection.cursor() as cursor:
        cursor.execute("UPDATE cases_class SET retired = true WHERE id = %s", [classes[label]])
    assert label not in [one.info.name for one in suggest_class(text, root.path).classes]


def test_who_may_not_see_all_cases_does_not_train(root: AreaInfo, town: Town) -> None:
    with pytest.raises(Forbidden):
        retrain(root=root, by=town.by("worker"))
    with pytest.raises(Forbidden):
        retrain(root=root, by=town.public())


def test_the_database_holds_one_model_in_use_and_shares_within_one(root: AreaInfo, classes: dict[str, UUID]) -> None:
    close(root, classes, FEWEST)
    used = retrain(root=root, by=mandates.job("read")).model
    assert used is not None
    for change, name in (({}, "reading_model_one_in_use"), ({"active": False, "macro_f1": "1.5"}, "model_shares"),
                         ({"active": False, "digest": "abc"}, "digest_form")):
        values = {"area_id": root.id, "trained_at": used.trained_at, "cases": 1, "classes": 1, "bytes": 1,
                  "digest": used.digest, "macro_f1": "0.5", "top3": "0.5", "calibration_error": "0.5", "active": True,
                  "version": 1}
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            ReadingModel.objects.create(**(values | change))
