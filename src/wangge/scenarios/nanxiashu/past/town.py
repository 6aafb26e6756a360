"""The town at work: teams with their people, cases under way, and what the clock does to them (the sweeps' acts)."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from random import Random
from uuid import UUID

from wangge.base.mandate import Mandate
from wangge.kernel.cases.facts import Target
from wangge.kernel.cases.intake import prepare
from wangge.kernel.cases.lifecycle import HELD, State
from wangge.kernel.cases.reporting import NewReport, check_report
from wangge.kernel.duties import mandates
from wangge.kernel.duties.roster import Holding
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.arrivals import Event
from wangge.scenarios.nanxiashu.past.clockface import DAY, moment, seconds_of
from wangge.scenarios.nanxiashu.past.crews import Person, Seat, Team
from wangge.scenarios.nanxiashu.past.docket import Case
from wangge.scenarios.nanxiashu.past.engine import Engine, Life, Thread
from wangge.scenarios.nanxiashu.past.lives import Course, order
from wangge.scenarios.nanxiashu.past.world import World, workdays
from wangge.scenarios.nanxiashu.plan import texts

REPORTERS = {"grid_worker": "grid_worker", "patrol": "officer", "volunteer": "volunteer", "hotline": "acceptor",
             "video": "operator", "city_inspection": "acceptor"}
"""Whose hand files what comes in this way; all else the public sends itself."""
_WORDS: dict[str, list[str]] = {}
for _text in texts():
    _WORDS.setdefault(_text.code, []).append(_text.text)


class Town:
    """Runs the events of a world and hands over each case once nothing more happens to it."""

    def __init__(self, world: World, *, seed: int, recorded_at: datetime, ended: Callable[[Case], None]) -> None:
        self.world, self.ground, self.seed = world, world.ground, seed
        self.engine = Engine()
        self.recorded_at = recorded_at
        self._ended = ended
        self._teams: dict[tuple[str, str | UUID], Team] = {}
        self._signing: set[Case] = set()
        self._threads: dict[Case, Thread] = {}
        self._mandates: dict[UUID, Mandate] = {}
        self._jobs = {name: mandates.job(name, at=recorded_at, recorded_at=recorded_at, clock_from_at=True)
                      for name in ("escalate", "warn", "resume")}
        self._man()

    # -- people ---------------------------------------------------------------------------------------

    def _man(self) -> None:
        """Put everybody in place; who stands in looks at the other's work when the leave begins."""
        staff, known = self.world.staff, workdays(self.world)
        people: dict[UUID, Person] = {}
        numbers = {person: number for number, person in enumerate(staff.people)}
        for number, (member, own) in enumerate(zip(staff.members, staff.habits, strict=True)):
            people[staff.people[number]] = Person(
                number, member.crew, speed=own.speed, off=own.off, rota=own.rota, workdays=known
            )
        leaves = {(one.area_path, one.post): one for one in self.world.holdings if one.kind == "leave"}
        held = [one for one in self.world.holdings if one.kind in ("regular", "acting") and one.person_id is not None]
        for one in sorted(held, key=lambda one: (one.kind != "regular", numbers[self._person(one)], one.area_path)):
            during = None
            if one.kind == "acting":
                leave = leaves[one.area_path, one.post]
                assert leave.valid_to is not None
                first, last = (seconds_of(at) // DAY for at in (leave.valid_from, leave.valid_to))
                during = range(first, last)
            person = people[self._person(one)]
            Seat(person, self._team(one), self._mandate(one), during)
            if during is not None:
                self.engine.at(during[0] * DAY, partial(self.engine.look, person))

    @staticmethod
    def _person(held: Holding) -> UUID:
        assert held.person_id is not None
        return held.person_id

    def _team(self, held: Holding) -> Team:
        return self.team(held.organisation_id or held.area_path, held.post)

    def team(self, where: str | UUID, post: str) -> Team:
        """Those who hold a post on an area (its path), or work for a unit (its id)."""
        key = ("unit", where) if isinstance(where, UUID) else (post, where)
        found = self._teams.get(key)
        if found is None:
            draw = Random(f"past {self.seed} team {post} {self.world.plain(where)}")  # noqa: S311
            found = self._teams[key] = Team(key, by_arrival=draw.random() * 100 < given.BY_ARRIVAL)
        return found

    def _mandate(self, held: Holding) -> Mandate:
        found = self._mandates.get(held.assignment_id)
        if found is None:
            found = mandates.simulated_holding(held, at=self.recorded_at, recorded_at=self.recorded_at)
            self._mandates[held.assignment_id] = found
        return found

    def desk(self, post: str) -> Team:
        """The holders of a post on the root."""
        return self.team(self.ground.root_path, post)

    def near(self, case: Case) -> Team:
        """Who verifies on the spot: the grid worker; where there is none the intake desk does it by telephone."""
        held = self.ground.roster.holders(case.state.path, "grid_worker", moment(self.engine.now))
        return self.team(held[0].area_path, "grid_worker") if held else self.desk("acceptor")

    def endorsers(self, case: Case, asking: Seat) -> Team:
        """Who agrees first to more time: the secretary of the place, or a leader where the secretary asks."""
        held = self.ground.roster.holders(case.state.path, "secretary", moment(self.engine.now))
        if not held or asking.mandate.post == "secretary":
            return self.desk("leader")
        return self.team(held[0].area_path, "secretary")

    def addressed(self, case: Case) -> Team:
        """The team that the case was sent to."""
        state = case.state
        return self.team(state.organisation or state.post_path or "", state.post or "")

    def target(self, case: Case, *, by_hand: bool) -> Target:
        """Where the operator sends it: as the rules say, or, where they say nothing or it came back, by hand."""
        found = None if by_hand else case.suggested(moment(self.engine.now))
        if found is not None:
            return found
        held = self.ground.roster.holders(case.state.path, "officer", moment(self.engine.now))
        if held and case.state.refusals == 0 and not by_hand:
            return Target(post="officer", post_path=held[0].area_path)
        return Target(organisation=self.ground.units["urban_enforcement"])

    # -- cases ----------------------------------------------------------------------------------------

    def report(self, event: Event, drawn: int) -> None:
        """Somebody reports the event now; from here on the case leads its life."""
        now, place = moment(self.engine.now), self.world.places[event.grid]
        post, by, source = REPORTERS.get(event.source), None, event.source
        held = self.ground.roster.holders(place.path, post, now) if post else []
        if held:
            by = self._mandate(held[event.number % len(held)]).when(now)
        elif post:
            source = "resident"  # nobody of that post is there: whoever passes by reports it
        info = self.ground.classes[event.code]
        [condition] = info.conditions.values()
        choice = _WORDS.get(event.code) or [condition.text + "。"]
        report = NewReport(
            description=choice[event.number % len(choice)], address=event.place.address, point=event.place.point,
            case_class=event.code, source=source,
        )
        maker = by or mandates.public(self.ground.root_path, at=now, simulated=True)
        change, row, terms = prepare(
            report, check_report(report), by=maker, place=place, setting=self.ground.setting, drawn=drawn
        )
        case = Case(event._replace(source=source), self.ground, change, row, terms, maker)
        thread = self._threads[case] = Thread(self._led(case))
        self.engine.lead(thread)

    def _led(self, case: Case) -> Life:
        yield from Course(case, self).life()
        del self._threads[case]
        self._ended(case)

    def open_cases(self) -> list[Case]:
        """What is still under way, in the order of the reports."""
        return sorted(self._threads, key=lambda case: case.event.number)

    def act(
        self, case: Case, name: str, by: Mandate, *, reason: str = "", note: str = "", target: Target | None = None,
        until: datetime | None = None,
    ) -> None:
        """Do an act now, and watch the deadlines that it set."""
        before = case.state
        case.act(name, by.when(moment(self.engine.now)), reason=reason, note=note, target=target, until=until)
        for column, name_of_act in _WATCHED:
            due = getattr(case.state, column)
            if due is not None and due != getattr(before, column):
                self._watch(case, column, name_of_act, due)

    def dissent(self, case: Case, reason: str) -> None:
        """Whoever reported it is not content."""
        self.act(case, "dissent", mandates.follower(case.state.path, simulated=True), reason=reason)

    def _watch(self, case: Case, column: str, name: str, due: datetime) -> None:
        self.engine.at(seconds_of(due), lambda: self._due(case, column, name, due))

    def _due(self, case: Case, column: str, name: str, due: datetime) -> None:
        """What a sweep does to a case whose time has come, if it still has."""
        state = case.state
        held = state.state == State.SUSPENDED if name == "resume" else state.state in HELD
        if getattr(state, column) != due or not held:
            return
        self.act(case, name, self._jobs[name])
        if name == "escalate":
            self._risen(case)

    def _risen(self, case: Case) -> None:
        """It went up: unsigned, it is sent anew; else it comes first where it is. Now and then a leader asks."""
        thread = self._threads[case]
        if case in self._signing and self.engine.call_off(thread):
            self._signing.discard(case)
        else:
            self.engine.to_the_front(thread)
        draw = Random(f"past {self.seed} order {case.event.number} {case.state.version}")  # noqa: S311
        if draw.random() * 100 < given.ORDERED:
            self.engine.lead(Thread(order(case, self, draw)))

    def waits_for_signing(self, case: Case) -> None:
        """From now on until it is signed it may be taken back when it goes up."""
        self._signing.add(case)

    def signed(self, case: Case) -> None:
        """It has been looked at."""
        self._signing.discard(case)


_WATCHED = (("tier_due_at", "escalate"), ("warn_at", "warn"), ("suspended_until", "resume"))

