"""What goes with a case's words when they are erased: files, search terms, the request's digest, looks at the contact,
and the words of its shares, which say what each unit has to do about the same thing.

The journal clears the content itself and calls `on_case_erased` in the same transaction. Everything else that
the case keeps is codes, ids, times and coordinates. The text of a control, which reports are refused with, goes from
its row too.
"""

from __future__ import annotations

from uuid import UUID

from wangge.kernel.cases.contacts import access_subject
from wangge.kernel.cases.files import erase_files
from wangge.kernel.cases.models import Case, Control, Report, SearchTerms
from wangge.kernel.cases.rules import SUBJECT
from wangge.kernel.cases.settling import CONTROL, NOTHING_SAID
from wangge.kernel.journal.erasing import Erasure, erase, on_erase, place_of
from wangge.kernel.journal.models import Content, Entry

TEXTS = frozenset({"description", "address"})


def register() -> None:
    """Take part in erasing (called once, when the application is ready)."""
    on_erase(SUBJECT, on_case_erased)
    on_erase(CONTROL, on_control_erased)
    place_of(CONTROL, path_of_control)
    place_of(SUBJECT, path_of)
    place_of("access", path_of_looks)


def path_of(case_id: UUID) -> str:
    """Where a case lies."""
    return str(Case.objects.values_list("path", flat=True).get(id=case_id))


def path_of_control(control: UUID) -> str:
    """Where a control was set."""
    return str(Control.objects.values_list("area__path", flat=True).get(id=control))


def path_of_looks(subject: UUID) -> str:
    """Where the case lies whose contact was looked at; who may erase the case may erase the looks at it."""
    data = Entry.objects.values_list("data", flat=True).get(subject_id=subject, seq=1)
    return path_of(UUID(data["case"]))


def on_case_erased(erasure: Erasure) -> dict[str, int]:
    """Delete what else holds the words of a case. Erasing only other fields (a contact) leaves search and files."""
    names = {field for _, field in erasure.fields}
    if names and not names & TEXTS and not names & {"reason", "note"}:
        return {}
    case = erasure.subject_id
    counts = {
        "files": erase_files(case, at=erasure.by.recorded_at),
        "search": SearchTerms.objects.filter(case_id=case).delete()[0],
        "request_digests": Report.objects.filter(case_id=case)
        .exclude(request_digest=None, key=None)
        .update(request_digest=None, key=None),
    }
    if not names or "description" in names:
        counts["shares"] = sum(_erase_again(part, erasure) for part in _shares(case))
    looks = access_subject(case)
    if Content.objects.filter(subject_id=looks, value__isnull=False).exists():
        counts["looks"] = _erase_again(looks, erasure)
    return counts


def on_control_erased(erasure: Erasure) -> dict[str, int]:
    """Take from the row what the journal no longer holds of what a reporter was told; where and when it holds stays."""
    live = Content.objects.filter(subject_id=erasure.subject_id, value__isnull=False).values_list("field", flat=True)
    gone = {name: mark for name, mark in NOTHING_SAID.items() if name not in set(live)}
    if gone:
        Control.objects.filter(id=erasure.subject_id).update(**gone)
    return {}


def _shares(case: UUID) -> list[UUID]:
    """Parts of the case that still have words."""
    parts = Case.objects.filter(parent=case).values_list("id", flat=True)
    found = Content.objects.filter(subject_id__in=list(parts), value__isnull=False)
    return sorted(set(found.values_list("subject_id", flat=True)))


def _erase_again(subject: UUID, erasure: Erasure) -> int:
    return len(erase(subject_id=subject, reason_code=erasure.reason_code, by=erasure.by).fields)
