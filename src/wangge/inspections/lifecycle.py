"""The lives of a contest and of a rectification (整改), each as one table: act, states before, state after.

The migration takes the pairs for its triggers from here; a test compares what the database holds.
"""

from __future__ import annotations

from datetime import datetime

from wangge.patrols.lifecycle import Move

CONTEST = (
    Move("decide_contest", ("open",), "granted"),
    Move("decide_contest", ("open",), "refused"),
)
RECTIFICATION = (
    Move("rectify", ("ordered",), "reported"),
    Move("recheck", ("reported",), "passed"),
    Move("recheck", ("reported",), "failed"),
    Move("drop_rectification", ("ordered", "reported"), "dropped"),
)
BEGINS = {"contest": "open", "rectification": "ordered"}
TABLES = {"contest": CONTEST, "rectification": RECTIFICATION}
CONTEST_STATES = ("open", "granted", "refused")
RECTIFICATION_STATES = ("ordered", "reported", "passed", "failed", "dropped")
OPEN = ("ordered", "reported")
"""A rectification that waits: to be done, or to be checked again (复查)."""


def acts_in(subject: str, state: str) -> tuple[str, ...]:
    """The acts that are possible in a state, in the order of the table."""
    return tuple(dict.fromkeys(row.act for row in TABLES[subject] if state in row.sources))


def overdue(state: str, due_at: datetime, moment: datetime) -> bool:
    """Whether what was ordered is late: not reported as done when its time was over. Checking it late is nobody's
    delay who had to do it."""
    return state == "ordered" and moment > due_at
