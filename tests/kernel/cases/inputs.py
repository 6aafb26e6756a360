"""What each act needs, so that an act that is refused is refused for who asks or for the case's state."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

from wangge.base.clock import now
from wangge.kernel.cases.facts import Part
from wangge.kernel.cases.rules import Command

SORT = {"case_class": "E0417", "condition": 1}


def command_for(act: str, *, unit: UUID | None, other: UUID | str, files: tuple[UUID, ...] = ()) -> Command:
    """The act with everything that it may need. `other` is an open case to join, `unit` an organisation."""
    given: dict[str, Any] = {
        "register": SORT,
        "dispose": {**SORT, "files": files},
        "merge": {"other": str(other)},
        "rule": {"organisation": unit},
        "whistle": {"organisation": unit},
        "share": {"parts": (Part(task="甲", organisation=unit), Part(task="乙", post="officer"))},
        "ask_suspension": {"until": now() + timedelta(days=30)},
        "rate": {"satisfaction": 2},
        "attach": {"files": files[:1]},
    }.get(act, {})
    return Command(act=act, reason="因", note="记", **given)
