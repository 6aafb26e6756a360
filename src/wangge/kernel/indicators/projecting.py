"""Publications as the journal tells them: a row that was changed behind its back shows in `verify-journal`."""

from __future__ import annotations

from wangge.kernel.indicators.freezing import DIGEST
from wangge.kernel.indicators.models import SUBJECT
from wangge.kernel.journal.services import Projection, State, Told, project, stepping

_SAID = ("path", "period", "timezone", "rows", "digest", "published_at")


def register() -> None:
    """Called once, when the application is ready."""
    project(
        Projection(
            subject_type=SUBJECT,
            table="indicators_publication",
            columns={
                "area": "s.area_id",
                **{name: f"s.{name}" for name in _SAID},
                "frozen": f"(SELECT {DIGEST} FROM indicators_frozen f WHERE f.publication_id = s.id)",
            },
            told=stepping({"publish": _published}),
            times=frozenset({"published_at"}),
        )
    )


def _published(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _SAID} | {"area": entry.area, "frozen": entry.data["digest"]}
