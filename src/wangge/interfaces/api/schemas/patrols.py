"""Patrols and spot checks: what goes in and what comes out."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from msgspec import Meta, Struct

from wangge.interfaces.api.schemas.incoming import Location, Moment
from wangge.kernel.cases.reporting import LIMITS
from wangge.patrols.lifecycle import OBSERVATION_STATES, OUTCOMES, PATROL_STATES
from wangge.patrols.services import MOST_POINTS, MOST_STOPS

PatrolState = Literal[("", *PATROL_STATES)]  # type: ignore[valid-type]
ObservationState = Literal[OBSERVATION_STATES]  # type: ignore[valid-type]
OutcomeName = Literal[OUTCOMES]  # type: ignore[valid-type]
PatrolActName = Literal["start_patrol", "visit_stop", "end_patrol", "drop_patrol"]
ObservationActName = Literal["contest_observation", "decide_observation"]
ObservationBox = Literal["all", "of_me", "by_me", "to_decide"]
Version = Annotated[int, Meta(ge=1, le=2**31 - 1)]
Key = Annotated[
    UUID, Meta(description="Your own id of the request, and the id of what it makes: sent again, it is the same")
]


class PatrolFilters(Struct, forbid_unknown_fields=True):
    """The filters of `GET /patrols`."""

    state: PatrolState = ""
    mine: Annotated[bool, Meta(description="Only those that you walk")] = False
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class NewPatrolIn(Struct, forbid_unknown_fields=True):
    """A patrol to be planned, for yourself or for somebody who patrols there."""

    area: Annotated[str, Meta(min_length=1, max_length=32, description="An area's code")]
    planned_from: Moment
    planned_to: Moment
    stops: Annotated[
        tuple[Annotated[str, Meta(max_length=64)], ...],
        Meta(max_length=MOST_STOPS, description="In order: codes of areas or public parts, or `lon,lat`"),
    ] = ()
    person: UUID | None = None
    note: Annotated[str, Meta(max_length=LIMITS["note"])] = ""
    key: Key | None = None


class PatrolAction(Struct, forbid_unknown_fields=True):
    """An act upon a patrol. `tracked`: points of a track may follow; `stop` counts from 0."""

    action: PatrolActName
    expected_version: Version
    tracked: bool = False
    stop: Annotated[int, Meta(ge=0, lt=MOST_STOPS)] | None = None
    note: Annotated[str, Meta(max_length=LIMITS["note"])] = ""
    reason: Annotated[str, Meta(max_length=LIMITS["reason"])] = ""


class TrackPointIn(Struct, forbid_unknown_fields=True):
    """Where you were, when."""

    at: Moment
    location: Location


class TrackIn(Struct, forbid_unknown_fields=True):
    """A batch of points; those that were sent before are not kept twice."""

    points: Annotated[list[TrackPointIn], Meta(min_length=1, max_length=MOST_POINTS)]


class TrackOut(Struct):
    """How many points were new."""

    added: int


class StopOut(Struct):
    """A stop, and how it was visited: `ticked`, by the `track`, by a spot `check`; null while it was not."""

    stop: str
    name: str
    visited: str | None


class PatrolOut(Struct):
    """A patrol as it stands."""

    id: UUID
    version: int
    state: str
    person: UUID
    post: str
    area: str
    planned_from: datetime
    planned_to: datetime
    tracked: bool
    started_at: datetime | None
    ended_at: datetime | None
    stops: list[StopOut]


class PatrolPage(Struct):
    """Patrols, the newest first."""

    items: list[PatrolOut]


class ObservationFilters(Struct, forbid_unknown_fields=True):
    """The filters of `GET /observations`."""

    box: ObservationBox = "all"
    limit: Annotated[int, Meta(ge=1, le=100)] = 50


class NewObservationIn(Struct, forbid_unknown_fields=True):
    """A spot check within your own patrol that is under way. The worker reads it at once."""

    worker: UUID
    area: Annotated[str, Meta(min_length=1, max_length=32, description="An area's code")]
    outcome: OutcomeName
    patrol: UUID | None = None
    seen_at: Moment | None = None
    post: Annotated[str, Meta(max_length=64)] = ""
    location: Location | None = None
    witness: UUID | None = None
    note: Annotated[str, Meta(max_length=LIMITS["note"])] = ""
    key: Key | None = None


class ObservationAction(Struct, forbid_unknown_fields=True):
    """Contest what was seen of you, which needs no verb, or decide a contest that you have no part in."""

    action: ObservationActName
    expected_version: Version
    reason: Annotated[str, Meta(min_length=1, max_length=LIMITS["reason"])]
    upheld: bool | None = None


class ObservationOut(Struct):
    """A spot check. `stands`: it counts, as it was upheld or not contested in time."""

    id: UUID
    version: int
    state: ObservationState
    stands: bool
    outcome: str
    grade: str
    worker: UUID
    observer: UUID
    post: str
    area: str
    patrol: UUID | None
    seen_at: datetime
    contest_until: datetime
    note: str
    reason: str
    decided: str


class ObservationPage(Struct):
    """Spot checks, the newest first."""

    items: list[ObservationOut]


EVERY: list[type[Struct]] = [
    PatrolPage, PatrolOut, NewPatrolIn, PatrolAction, TrackIn, TrackOut, ObservationPage, ObservationOut,
    NewObservationIn, ObservationAction,
]
"""What OpenAPI lists of these as components."""
