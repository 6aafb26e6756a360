"""A case in memory: each act is decided by the one table, and kept with who did it until the case is stored.

The facts that `gathering` reads from the database for a live act come from the snapshots that a live act would read
them from too: reference data, calendar, duties.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.kernel.cases import routing
from wangge.kernel.cases.facts import Command, Facts, Target
from wangge.kernel.cases.intake import Setting
from wangge.kernel.cases.recording import ReportRow, TermsRow
from wangge.kernel.cases.reference import ClassInfo
from wangge.kernel.cases.rules import decide
from wangge.kernel.cases.state import CaseState, Change
from wangge.kernel.duties.roster import Roster
from wangge.kernel.journal.writing import Act
from wangge.scenarios.nanxiashu.past.arrivals import Event


class Ground(NamedTuple):
    """What all cases are decided by: the place's setting, its duties, classes by code, units by short code."""

    root_path: str
    setting: Setting
    roster: Roster
    classes: Mapping[str, ClassInfo]
    units: Mapping[str, UUID]


class Case:
    """One event's case. `fate` counts what happened to it beside the ordinary way."""

    __slots__ = ("acts", "event", "ground", "info", "mandates", "report", "state", "terms")

    def __init__(self, event: Event, ground: Ground, change: Change, report: ReportRow, terms: TermsRow, by: Mandate
                 ) -> None:
        self.event = event
        self.ground = ground
        self.info = ground.classes[event.code]
        self.state: CaseState = change.after
        self.acts: list[Act] = list(change.acts)
        self.mandates: list[Mandate] = [by]
        self.report = report
        self.terms = terms

    @property
    def urgent(self) -> bool:
        """Whether its limit runs through nights and holidays."""
        [condition] = self.info.conditions.values()
        return condition.limit.unit.is_calendar

    def act(
        self, name: str, by: Mandate, *, reason: str = "", note: str = "", target: Target | None = None,
        until: datetime | None = None,
    ) -> None:
        """Decide an act as of the mandate's time. What the rules refuse is a fault of the simulation: raised."""
        facts = Facts(by, self.ground.setting.calendar, self.ground.setting.limits, target=target)
        command = Command(act=name, reason=reason, note=note, until=until)
        if name == "register":
            [condition] = self.info.conditions.values()
            facts = facts._replace(
                class_id=self.info.id, condition=condition.number, limit=condition.limit, tier=self.info.tier
            )
        change = decide(self.state, command, facts, None)
        self.state = change.after
        self.acts += change.acts
        self.mandates.append(by)

    def suggested(self, at: datetime) -> Target | None:
        """Whom the rules name for it now."""
        state = self.state
        return routing.suggest(
            self.ground.setting.reference,
            lambda path, post: self.ground.roster.holders(path, post, at),
            path=state.path,
            code=self.info.code,
            at=at,
            risen=routing.risen(state.tier, self.info.tier),
        ).target

    def change(self) -> Change:
        """The case as it stands with all its acts, as a new one to be recorded."""
        return Change(self.state, tuple(self.acts), by=tuple(self.mandates))
