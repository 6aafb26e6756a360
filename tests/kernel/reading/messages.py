"""Labelled messages for tests, made of the words of the shipped class tables, and closed cases with such words."""

from __future__ import annotations

import csv
import random
from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files
from uuid import UUID

from wangge.base.ids import new_id
from wangge.kernel.cases.bulk import draw
from wangge.kernel.cases.history import History, decide_history
from wangge.kernel.cases.recording import TermsRow, record
from wangge.kernel.cases.reporting import Identity, Place, search_terms
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import AreaInfo

_FILLING = (
    "请尽快派人处理一下", "已经反映过好几次", "谢谢工作人员", "希望有关部门看一看", "就在小区门口那边", "晚上更严重",
    "附近居民都有意见",
)
CLOSED = datetime(2026, 3, 2, 2, tzinfo=UTC)


@cache
def words() -> dict[str, tuple[str, ...]]:
    """The words of each group of classes."""
    found: dict[str, list[str]] = defaultdict(list)
    text = files("wangge.kernel.cases").joinpath("data/case_classes.csv").read_text("utf-8")
    for row in csv.DictReader(text.splitlines()):
        found[row["major_name"]] += [row["minor_name"], row["condition_zh"]]
    return {name: tuple(some) for name, some in sorted(found.items()) if len(some) > 20}


def messages(count: int, *, seed: int = 1, labels: int = 5) -> tuple[list[str], list[str]]:
    """So many texts and their labels, the same for a seed."""
    draw_from = random.Random(seed)
    names = list(words())[:labels]
    texts, given = [], []
    for at in range(count):
        label = names[at % len(names)]
        parts = draw_from.sample(words()[label], 3) + draw_from.sample(_FILLING, 2)
        draw_from.shuffle(parts)
        texts.append("，".join(parts) + "。")
        given.append(label)
    return texts, given


def close_cases(root: AreaInfo, texts: list[str], classes: list[UUID]) -> list[UUID]:
    """Closed cases with these words and classes, as an import leaves them."""
    by = mandates.imported("test", root.path)
    changes, terms = [], []
    for at, (text, case_class) in enumerate(zip(texts, classes, strict=True)):
        history = History(
            external_source="test", external_id=str(new_id()), description=text, class_id=case_class,
            created_at=CLOSED + timedelta(minutes=at), due_at=CLOSED + timedelta(days=9),
            closed_at=CLOSED + timedelta(days=2),
        )
        identity = Identity(new_id(), f"32049920260302{new_id().int % 10**9:09d}", None)
        change, told = decide_history(history, Place(root.id, root.path), identity, by=by)
        changes.append(change)
        terms.append(TermsRow(identity.case_id, search_terms(told, identity.number)))
    record(changes, draw("journal_entry_ordinal", sum(len(one.acts) for one in changes)), by=by, terms=terms)
    return [one.after.id for one in changes]
