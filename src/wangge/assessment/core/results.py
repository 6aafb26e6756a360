"""What a run finds: determinations, lines that add up, charges, standings. Amounts as in `amounts`."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import Literal, NamedTuple

from wangge.assessment.core.clauses import Sentence
from wangge.assessment.core.inputs import Inputs
from wangge.assessment.core.policy import Policy

Unit = Literal["points", "units", "fen"]
Standing = Literal["counted", "merged", "self", "void", "outside"]


class Determination(NamedTuple):
    """What became of one finding: counted (toward which clauses), exempt inside, or why not."""

    finding: str
    area: str
    standing: Standing
    points: int
    clauses: tuple[str, ...]
    exempt: bool
    said: Sentence


class Line(NamedTuple):
    """One step of the explanation: by which clause, about what, how much, from what. Lines of a unit add up."""

    clause: str
    about: str
    unit: Unit
    amount: int
    arithmetic: str
    said: Sentence
    findings: tuple[str, ...] = ()


class Part(NamedTuple):
    """What one holder answers for in one area by one post. `fen` is set where money, not units, was divided.

    `holder` is '' for a post that nobody held; `exempt` are ticks that nobody answers for.
    """

    post: str
    area: str
    holder: str
    duty_area: str
    ticks: int
    fen: int | None = None
    exempt: int = 0
    findings: tuple[str, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """Post, area and holder."""
        return self.post, self.area, self.holder


class Ground(NamedTuple):
    """A part that a charge rests on; `counted` is false where another post of the same person counts for the area."""

    post: str
    area: str
    ticks: int
    counted: bool


class Charge(NamedTuple):
    """What one holder owes: `key` names it for good, `areas` say where how many ticks were lost, `points` are what the
    units make in points, by the holder's share."""

    key: str
    holder: str
    post: str
    duty_area: str
    areas: tuple[tuple[str, int], ...]
    ticks: int
    fen: int
    grounds: tuple[Ground, ...]
    arithmetic: str
    said: tuple[Sentence, ...]
    findings: tuple[str, ...]
    points: int = 0


class Gap(NamedTuple):
    """A post that nobody held when points were lost."""

    post: str
    area: str
    ticks: int
    said: Sentence


class Day(NamedTuple):
    """An area on a day with more findings than allowed."""

    area: str
    day: str
    found: int
    above: int
    points: int


class Slip(NamedTuple):
    """What one holder answers for of a day with too many findings: `extra` were found while they held the post."""

    holder: str
    post: str
    area: str
    duty_area: str
    day: str
    extra: int
    points: int
    arithmetic: str
    said: Sentence
    findings: tuple[str, ...]

    @property
    def key(self) -> str:
        """Names it for good within a period."""
        return f"daily/{self.area}/{self.day}/{self.post}/{self.holder}"


class Rank(NamedTuple):
    """An area's place; `score` and `place` are None where it was not inspected."""

    clause: str
    area: str
    points: int
    checks: int
    score: Fraction | None
    place: int | None
    flag: str
    said: Sentence


class Score(NamedTuple):
    """A score from figures; None is shown as —."""

    clause: str
    subject: str
    score: Fraction | None
    shown: str
    said: Sentence


class Honour(NamedTuple):
    """Whether a person (holder) or an area may be honoured, and why not."""

    subject: str
    kind: Literal["person", "area"]
    eligible: bool
    said: tuple[Sentence, ...]


class Deposit(NamedTuple):
    """What a person's deposit would be after the charges: taken, left, and not covered."""

    holder: str
    balance: int
    taken: int
    shortfall: int


@dataclass(frozen=True, slots=True)
class Statement:
    """The result of a run. Provisional until its windows are over and nothing is open.

    `facts` is all that was found, in the canonical form whose digest is `digest`; names are in neither.
    """

    policy: Policy
    inputs: Inputs
    determinations: tuple[Determination, ...] = ()
    total: int = 0
    cap: int | None = None
    excess: int = 0
    ticks: int = 0
    unallotted: int = 0
    by_area: dict[str, tuple[int, int]] = field(default_factory=dict)
    daily: tuple[Day, ...] = ()
    slips: tuple[Slip, ...] = ()
    parts: tuple[Part, ...] = ()
    charges: tuple[Charge, ...] = ()
    gaps: tuple[Gap, ...] = ()
    deposits: tuple[Deposit, ...] = ()
    ranking: tuple[Rank, ...] = ()
    scores: tuple[Score, ...] = ()
    honours: tuple[Honour, ...] = ()
    streak: int = 0
    lines: tuple[Line, ...] = ()
    facts: str = field(default="", repr=False, compare=False)
    digest: str = ""
