"""The lives of a patrol, an observation and a switch, each as one table: act, states before, state after.

The migration takes the pairs for its triggers from here; a test compares what the database holds.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import NamedTuple


class Move(NamedTuple):
    """One row: who may do `act` in one of `sources`, and the state it leads to."""

    act: str
    sources: tuple[str, ...]
    target: str


PATROL = (
    Move("start_patrol", ("planned",), "started"),
    Move("visit_stop", ("started",), "started"),
    Move("end_patrol", ("started",), "ended"),
    Move("drop_patrol", ("planned",), "dropped"),
)
OBSERVATION = (
    Move("contest_observation", ("open",), "contested"),
    Move("decide_observation", ("contested",), "upheld"),
    Move("decide_observation", ("contested",), "struck"),
)
SWITCH = (
    Move("approve_switch", ("asked",), "on"),
    Move("refuse_switch", ("asked",), "refused"),
    Move("end_switch", ("on",), "ended"),
)
BEGINS = {"patrol": "planned", "observation": "open", "switch": "asked"}
TABLES = {"patrol": PATROL, "observation": OBSERVATION, "switch": SWITCH}
PATROL_STATES = ("planned", "started", "ended", "dropped")
OBSERVATION_STATES = ("open", "contested", "upheld", "struck")
SWITCH_STATES = ("asked", "on", "refused", "ended")

OUTCOMES = ("present", "excused", "not_seen")
"""在岗、有事由、未见到: what a spot check found. It never says absent."""
GRADES = ("word", "placed", "witnessed")
"""How well an observation is evidenced: the observer's word; from a point within the place; with a second person."""
FUNCTIONS = ("forced_check_in", "person_ranking", "online_time")
"""What the central rules against formalism bar: 强制打卡、个人排名、在线时长."""
SCENES = ("flood", "storm", "epidemic", "major_event", "search_and_rescue")
"""Scenes in which a function may be asked for. The words beside it say which one."""

LONGEST_PATROL = timedelta(hours=12)
OVERRUN = timedelta(hours=1)
"""A patrol not yet ended takes track points and observations so long after its planned end, then nothing more."""
TRACK_KEPT = timedelta(days=30)
CONTEST_WITHIN = timedelta(days=3)
LONGEST_SWITCH = timedelta(days=30)


def state_pairs(kind: str) -> tuple[tuple[str, str], ...]:
    """Each allowed change of state of a kind, for its trigger."""
    return tuple(sorted({
        (source, row.target) for row in TABLES[kind] for source in row.sources if source != row.target
    }))


def acts_in(kind: str, state: str) -> Iterable[str]:
    """The acts that are possible in a state, in the order of the table."""
    return dict.fromkeys(row.act for row in TABLES[kind] if state in row.sources)
