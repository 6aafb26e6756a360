"""What happens to a case, told as a generator: who looks at it when, and what they do by their habits.

Nothing here says how a case ends: it waits in queues, and ends when somebody came to it.
"""

from __future__ import annotations

from collections.abc import Generator
from random import Random
from typing import TYPE_CHECKING

from wangge.kernel.cases.facts import Target
from wangge.kernel.cases.guards import SEEN_SOURCES
from wangge.scenarios.nanxiashu.past import assumptions as given
from wangge.scenarios.nanxiashu.past.arrivals import around
from wangge.scenarios.nanxiashu.past.clockface import DAY, moment, seconds_of
from wangge.scenarios.nanxiashu.past.crews import Seat, Team
from wangge.scenarios.nanxiashu.past.docket import Case
from wangge.scenarios.nanxiashu.past.engine import Life, Pause, Wish, Work
from wangge.scenarios.nanxiashu.plan import words

if TYPE_CHECKING:
    from wangge.scenarios.nanxiashu.past.town import Town

Part = Generator[Wish, Seat | None, bool]
"""A stretch of a life; true when it came to its end, false where the case goes another way."""


class Course:
    """The course of one case through the town."""

    __slots__ = ("case", "luck", "town", "visits")

    def __init__(self, case: Case, town: Town) -> None:
        self.case = case
        self.town = town
        self.luck: Random = case.event.luck(town.seed)
        self.visits = 0

    # -- what the stretches share ---------------------------------------------------------------------

    def chance(self, per_thousand: float) -> bool:
        """True so often of a thousand times."""
        return self.luck.random() * 1000 < per_thousand

    def work(self, team: Team, name: str, minutes: float = 0.0) -> Work:
        """A wish for one of a team: what is due first ranks first."""
        case = self.case
        due = case.state.stage_due_at or case.state.due_at
        rank = seconds_of(due) if due is not None else self.town.engine.now
        return Work(team, minutes or around(given.DESK[name], self.luck), case.urgent, rank)

    def act(self, name: str, seat: Seat, *, target: Target | None = None) -> None:
        """Do it now, with words where the act wants some."""
        use = {"return": "return_unit", "dissent": "reopen"}.get(name, name)
        said = self.luck.choice(words(use)) if name in _REASONS | _NOTES else ""
        reason, note = (said, "") if name in _REASONS else ("", said)
        self.town.act(self.case, name, seat.mandate, reason=reason, note=note, target=target)

    def looks(self) -> Pause:
        """Until somebody looks at his list."""
        return Pause(self.town.engine.now + round(60 * around(given.LOOKS, self.luck)))

    # -- the life -------------------------------------------------------------------------------------

    def life(self) -> Life:
        """From the report to the end, if it comes."""
        taken = yield from self._intake()
        while taken:
            if not (yield from self._out()) or not (yield from self._worked()):
                return
            if not self._public() or not self.chance(given.DISSENT):
                return
            yield Pause(self.town.engine.now + self.luck.randrange(DAY // 2, 6 * DAY))
            self.town.dissent(self.case, self.luck.choice(words("reopen")))

    def _public(self) -> bool:
        return self.case.event.source not in SEEN_SOURCES

    def _intake(self) -> Part:
        """Accepted, verified where nobody has seen it yet, and registered."""
        desk, truth = self.town.desk("acceptor"), self.case.event.truth
        if self._public():
            seat = yield self.work(desk, "accept")
            assert seat is not None
            if truth == "no_matter":
                self.act("reject", seat)
                return False
            self.act("accept", seat)
            seat = yield self.work(self.town.near(self.case), "confirm")
            assert seat is not None
            if truth == "not_found":
                seat = yield self.work(desk, "void")
                assert seat is not None
                self.act("void", seat)
                return False
            self.act("confirm", seat)
        seat = yield self.work(desk, "register")
        assert seat is not None
        self.act("register", seat)
        return True

    def _out(self) -> Part:
        """Sent out until somebody signs for it."""
        desk = self.town.desk("operator")
        by_hand = False
        while True:
            seat = yield self.work(desk, "dispatch")
            assert seat is not None
            self.act("dispatch", seat, target=self.town.target(self.case, by_hand=by_hand))
            team = self.town.addressed(self.case)
            self.town.waits_for_signing(self.case)
            yield self.looks()
            seat = yield self.work(team, "sign")
            if seat is None:  # it went up before anybody signed
                seat = yield self.work(desk, "recall")
                assert seat is not None
                self.act("recall", seat)
                continue
            self.town.signed(self.case)
            unit = self.case.state.organisation is not None
            if not by_hand and self.chance(given.RETURNED["unit" if unit else "post"]):
                self.act("return", seat)
                by_hand = True
                continue
            self.act("sign", seat)
            return True

    def _worked(self) -> Part:
        """Handled, looked at by somebody else, handled again where it is not good, and closed."""
        team, share = self.town.addressed(self.case), 1.0
        while True:
            yield from self._handled(team, share)
            on_site = self.chance(given.ON_SITE * 10)
            minutes = around(given.INSPECT_ON_SITE if on_site else given.INSPECT, self.luck)
            seat = yield self.work(self.town.desk("inspector"), "inspect", minutes)
            assert seat is not None
            if self.chance(given.REWORK):
                self.act("rework", seat)
                share = given.REWORK_PART
                continue
            self.act("inspect", seat)
            if self.case.state.supervision_due_at is not None:
                answering = yield self.work(team, "answer")
                assert answering is not None
                self.act("answer", answering)
                seat = yield self.work(self.town.desk("inspector"), "close")
                assert seat is not None
            self.act("close", seat)
            return True

    def _handled(self, team: Team, share: float) -> Part:
        """The work itself; where it waits for something in between, with more time asked for or not."""
        minutes, wait = self.case.event.minutes * share, self.case.event.wait
        if wait and share == 1.0 and not self.visits:
            seat = yield self.work(team, "handle", minutes / 2)
            assert seat is not None
            self.visits += 1
            ready = self.town.engine.now + round(wait * 3600)
            yield from self._more_time(seat, ready)
            yield Pause(ready)
            minutes /= 2
        seat = yield self.work(team, "handle", minutes)
        assert seat is not None
        if self.case.state.supervision_due_at is not None:
            self.act("answer", seat)
        self.act("handle", seat)
        return True

    def _more_time(self, seat: Seat, ready: int) -> Part:
        """Who sees that the limit will pass may ask, before it has. A leader asks nobody."""
        due = self.case.state.due_at if seat.mandate.post != "leader" else None
        now = moment(self.town.engine.now)
        if due is None or not now < due < moment(ready) or not self.chance(given.ASKS * 10):
            return False
        if ready - self.town.engine.now > given.LONG_WAIT * 3600:
            return (yield from self._suspended(seat, ready))
        self.act("ask_extension", seat)
        if self.case.state.request_step == "endorse":
            endorsing = yield self.work(self.town.endorsers(self.case, seat), "endorse")
            assert endorsing is not None
            self.act("endorse", endorsing)
        deciding = yield self.work(self.town.desk("operator"), "extend")
        assert deciding is not None
        refused = self.chance(given.REFUSED * 10)
        self.act("refuse" if refused else "extend", deciding)
        return not refused

    def _suspended(self, seat: Seat, ready: int) -> Part:
        self.town.act(self.case, "ask_suspension", seat.mandate, reason=self.luck.choice(words("ask_suspension")),
                      until=moment(ready))
        deciding = yield self.work(self.town.desk("operator"), "suspend")
        assert deciding is not None
        if self.town.engine.now >= ready:
            self.act("refuse", deciding)
            return False
        self.act("suspend", deciding)
        return True


_REASONS = frozenset({"reject", "void", "recall", "return", "rework", "ask_extension", "refuse"})
_NOTES = frozenset({"handle", "answer"})


def order(case: Case, town: Town, luck: Random) -> Life:
    """A leader sees that a case went up, and orders it to be answered, where it is still being handled then."""
    seat = yield Work(town.desk("leader"), around(given.DESK["supervise"], luck), False, town.engine.now)
    assert seat is not None
    if case.state.state == "handling" and case.state.supervision_due_at is None:
        town.act(case, "supervise", seat.mandate, reason=luck.choice(words("supervise")))
