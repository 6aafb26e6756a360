"""Keeping and letting go: backups, and the table of what is kept how long on what ground."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from wangge.base import clock
from wangge.interfaces.commands import schema
from wangge.kernel.cases.retention import CONTACT_KEPT, LOOSE_KEPT
from wangge.kernel.desk.imports import KEPT as IMPORT_KEPT
from wangge.patrols.lifecycle import TRACK_KEPT
from wangge.runtime import backup
from wangge.settings import databases

#: So many nightly backups are kept.
NIGHTLY = 30


@dataclass(frozen=True, slots=True)
class Kept:
    """A kind of data, for how long it is kept, on what legal basis, and what ends it."""

    kind: str
    period: str
    basis: str
    ended_by: str


RETENTION = (
    Kept("journal entries (codes, ids, times, digests)", "for ever",
         "accountability of public acts; archives law (档案法)", "never"),
    Kept("how to reach who reported", f"until {CONTACT_KEPT.days} days after the case ended",
         "Personal Information Protection Law (个人信息保护法) arts. 6, 19: no longer than the purpose needs",
         "nightly job `retention`"),
    Kept("photos that were never tied to a case", f"{LOOSE_KEPT.days} days", "sent, but not used",
         "nightly job `retention`"),
    Kept("files that were taken in behind the page", f"until worked; what came of them {IMPORT_KEPT.days} days",
         "to tell who sent them, and to mend refused rows", "nightly job `retention`"),
    Kept("free text of a case", "until erased on request or by order",
         "Personal Information Protection Law (个人信息保护法) arts. 13, 19, 47", "wangge erase"),
    Kept("words of tasks (directives, calls, answers)",
         "with those of their case, or until erased on request or by order",
         "Personal Information Protection Law (个人信息保护法) arts. 13, 19, 47", "wangge erase"),
    Kept("tracks of patrols", f"{TRACK_KEPT.days} days from the start of the patrol",
         "Personal Information Protection Law (个人信息保护法) arts. 6, 19: no longer than the purpose needs",
         "nightly job `retention`"),
    Kept("words of patrols, observations and switches", "until erased on request or by order",
         "Personal Information Protection Law (个人信息保护法) arts. 13, 19, 47", "wangge erase"),
    Kept("photos and other files", "as the text of their case",
         "Personal Information Protection Law arts. 19, 47", "wangge erase"),
    Kept("logs without personal data", "6 months (183 days)",
         "Cybersecurity Law (网络安全法) art. 21: at least six months", "nightly job `retention`"),
    Kept("nightly backups", f"{NIGHTLY} days", "availability; what was erased is gone from all of them after this time",
         "nightly job `backup`"),
    Kept("models that read reports (numbers, no words)", "until the next weekly training, 7 days",
         "Personal Information Protection Law art. 47: what was erased is not learned from again",
         "weekly job `read`"),
    Kept("sessions", "until they expire (12 hours)", "needed for signing in", "nightly job `retention`"),
    Kept("finished background jobs", "7 days", "diagnosis", "nightly job `retention`"),
    Kept("links of displays", "until they expire or are revoked", "needed for the screen", "wangge display, the desk"),
    Kept("access tokens", "until they expire or are revoked", "needed for the API", "wangge token, their owner"),
)


def make(target: Path, *, step: Callable[[str], None] = lambda text: None) -> backup.Manifest:
    """A backup of the present database and files into `target`."""
    return backup.make(
        target, database=databases.of_role("owner"), files=Path(settings.FILES_ROOT), version=version("wangge"),
        migrations=sorted(schema.applied()), at=clock.now(), step=step,
    )


def nightly(folder: Path) -> tuple[Path, int]:
    """Tonight's backup; older ones beyond `NIGHTLY` are removed. Running twice in a night does it once."""
    target = folder / f"nightly-{clock.now():%Y-%m-%d}"
    if not target.exists():
        make(target)
    return target, len(backup.remove_old(folder, NIGHTLY))


def table() -> str:
    """The retention table as Markdown, for the guide."""
    rows = [f"| {kept.kind} | {kept.period} | {kept.basis} | {kept.ended_by} |" for kept in RETENTION]
    return "\n".join(["| Kind | Kept | Legal basis | Ended by |", "|---|---|---|---|", *rows, ""])
