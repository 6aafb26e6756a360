"""What goes with a case's words when they are erased: files, search terms, the request's digest, looks at the contact.

The journal clears the content itself and calls `on_case_erased` in the same transaction. Everything else that
the case keeps is codes, ids, times and coordinates.
"""

from __future__ import annotations

from uuid import UUID

from wangge.kernel.cases.contacts import access_subject
from wangge.kernel.cases.files import erase_files
from wangge.kernel.cases.models import Case, Report, SearchTerms
from wangge.kernel.cases.rules import SUBJECT
from wangge.kernel.journal.erasing import Erasure, erase, on_erase, place_of
from wangge.kernel.journal.models import Content, Entry

TEXTS = frozenset({"description", "address"})


def register() -> None:
    """Take part in erasing (called once, when the application is ready)."""
    on_erase(SUBJECT, on_case_erased)
    place_of(SUBJECT, path_of)
    place_of("access", path_of_looks)


def path_of(case_id: UUID) -> str:
    """Where a case lies."""
    return str(Case.objects.values_list("path", flat=True).get(id=case_id))


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
    looks = access_subject(case)
    if Content.objects.filter(subject_id=looks, value__isnull=False).exists():
        by = erasure.by
        counts["looks"] = len(erase(subject_id=looks, reason_code=erasure.reason_code, by=by).fields)
    return counts
