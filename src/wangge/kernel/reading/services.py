"""Training the model of a subdistrict on its own closed cases, and putting it in the place of the last one.

Learned from: cases that are closed, with a class, whose words were not erased. Fewer than `FEWEST` of them: the
model in use, if there is one, is laid aside, and the room is silent. Training twice on the same cases changes nothing.
"""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction

from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.access import after
from wangge.kernel.cases.recording import hot_cursor
from wangge.kernel.journal.services import Act, append
from wangge.kernel.places.queries import AreaInfo
from wangge.kernel.reading import vault
from wangge.kernel.reading.core.corpus import Progress, silent
from wangge.kernel.reading.core.keeping import packed
from wangge.kernel.reading.core.measuring import Evaluation, evaluate
from wangge.kernel.reading.models import SUBJECT, ReadingModel

FEWEST = 200
MOST = 20_000
"""The newest so many cases are learned from, which bounds time and memory."""
FOLDS = 5
_TEXTS = """
SELECT t.value, k.code FROM cases_case c JOIN cases_class k ON k.id = c.case_class
JOIN journal_content t ON t.subject_id = c.id AND t.seq = 1 AND t.field = 'description'
WHERE c.state = 'closed' AND c.path >= %s AND c.path < %s AND NOT k.retired
  AND k.confidentiality = 'public' AND t.value ~ '\\S'
ORDER BY c.reported_at DESC, c.id DESC LIMIT %s
"""


class Trained(NamedTuple):
    """What a training came to. `model` is the one in use afterwards, None where the room is silent."""

    cases: int
    changed: bool
    model: ReadingModel | None
    figures: Evaluation | None


def retrain(*, root: AreaInfo, by: Mandate, progress: Progress = silent) -> Trained:
    """Train on the closed cases of a root. Raises `Forbidden` for who may not see all of them."""
    by.require("see", root.path)
    texts, labels = learned_from(root.path)
    if len(texts) < FEWEST or len(set(labels)) < 2:
        with transaction.atomic():
            _one_at_a_time()
            laid_aside = _lay_aside(root, by)
        _tidy()
        return Trained(len(texts), laid_aside, None, None)
    figures = evaluate(texts, labels, folds=FOLDS, progress=progress)
    data = packed(figures.model)
    with transaction.atomic():
        _one_at_a_time()
        digest = vault.put(data)
        now_used = ReadingModel.objects.filter(area_id=root.id, active=True).first()
        changed = now_used is None or now_used.digest != digest
        if changed:
            _lay_aside(root, by)
            now_used = _put_in_use(root, figures, digest, len(data), by)
    _tidy()
    return Trained(len(texts), changed, now_used, figures)


def learned_from(path: str) -> tuple[list[str], list[str]]:
    """Words and class codes of the closed cases below a path. A class with too few to measure is left out."""
    with hot_cursor() as cursor:
        rows = cursor.execute(_TEXTS, [path, after(path), MOST]).fetchall()
    sizes = Counter(code for _, code in rows)
    kept = [(text, code) for text, code in rows if sizes[code] >= FOLDS]
    return [text for text, _ in kept], [code for _, code in kept]


def _put_in_use(root: AreaInfo, figures: Evaluation, digest: str, size: int, by: Mandate) -> ReadingModel:
    made = ReadingModel(
        id=new_id(), version=1, area_id=root.id, trained_at=by.recorded_at, cases=figures.rows,
        classes=len(figures.classes), digest=digest, bytes=size, macro_f1=_share(figures.macro_f1),
        top3=_share(figures.top3), calibration_error=_share(figures.ece), active=True,
    )
    data = {"cases": made.cases, "classes": made.classes, "digest": digest, "macro_f1": str(made.macro_f1)}
    append([Act(made.id, SUBJECT, "train", root.id, data)], by=by)
    made.save(force_insert=True)
    return made


def _lay_aside(root: AreaInfo, by: Mandate) -> bool:
    """End the use of the present model, if there is one."""
    used = ReadingModel.objects.select_for_update().filter(area_id=root.id, active=True).first()
    if used is None:
        return False
    append([Act(used.id, SUBJECT, "lay_aside", root.id, version=used.version)], by=by)
    used.version, used.active = used.version + 1, False
    used.save(update_fields=["version", "active"])
    return True


def _tidy() -> None:
    """Files of models that are not in use go: what an erased case taught goes with them."""
    with transaction.atomic():
        _one_at_a_time()
        vault.forget_but(set(ReadingModel.objects.filter(active=True).values_list("digest", flat=True)))


def _one_at_a_time() -> None:
    """Whoever puts a file there or takes one away waits for the other to commit."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('wangge.reading', 0))")


def _share(value: float) -> Decimal:
    return Decimal(value).quantize(Decimal("0.0001"))
