"""Random acts by random people on the test town; after them every invariant of a case holds. Run by `bench.soak`.

`python -m bench.random_acts COUNT SEED` in the home of a Wangge; the last line is JSON. The same seed does the same,
but for the draw of self-disposed cases, which nobody can foretell. Every act of the transition table has its turn;
the clock of this process moves on between acts, so that deadlines pass, and the sweeps run as the worker runs them.
What is offered to somebody must succeed and all else be refused (`tests.kernel.cases.invariants` holds what must be
true of each case and its entries).
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import time_machine

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.settings")
CASES = 40
EVERY = 250
STAY = 0.8
"""How often the next act is on the same case: it comes further before its deadlines pass."""
ENDS = frozenset({"reject", "void", "recall", "return", "rework", "merge", "force_close", "send_up", "separate"})
"""Acts that lead back or out: chosen less often, or no case would come far."""
HANGING = frozenset({"merge", "attach", "dispatch", "share"})
SORTS = (("E0417", 1), ("E0417", 2), ("P0101", 1))
START = datetime(2031, 1, 6, 1, tzinfo=UTC)
"""A Monday that lies ahead: what the serving system does by its own clock does not meet these cases."""
CROWD = 8
"""So many people are asked what they may do to a case."""


class Player:
    """Keeps the town busy and counts what happened."""

    def __init__(self, seed: int, clock: time_machine.Traveller) -> None:
        from tests import town as towns

        self.chance = random.Random(seed)
        self.clock = clock
        self.town = towns.build()
        self.points = [point for name, point in towns.POINTS.items() if name != "outside"]
        self.cases: list[UUID] = []
        self.done: Counter[str] = Counter()
        self.swept: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def report(self) -> None:
        """One more case, by anybody or by somebody who stands before the thing."""
        from wangge.kernel.cases.intake import report_case
        from wangge.kernel.cases.reporting import NewReport

        seen = self.chance.random() < 0.5
        by = self.town.by(self.chance.choice(["worker", "officer"])) if seen else self.town.public()
        source = "grid_worker" if seen else "resident"
        report = NewReport(description="随机一件", point=self.chance.choice(self.points), source=source)
        self.case = report_case(report=report, by=by).case_id
        self.cases.append(self.case)

    def pass_time(self) -> None:
        """Minutes mostly, now and then days; then the sweeps have their turn."""
        from wangge.kernel.cases import sweeps

        jump = self.chance.random() < 0.02
        minutes = self.chance.uniform(600, 6000) if jump else self.chance.expovariate(1 / 3)
        self.clock.shift(timedelta(minutes=minutes))
        if jump or self.chance.random() < 0.1:
            self.swept.update(sweeps.run_all())

    def step(self) -> None:
        """One act: mostly one that the actor may do, sometimes any, now and then on an old version."""
        from wangge.base.errors import WanggeError
        from wangge.kernel.cases.dividing import parts_of
        from wangge.kernel.cases.loading import load, read_many
        from wangge.kernel.cases.services import act
        from wangge.kernel.duties import mandates

        if self.chance.random() > STAY:
            self.case = self.chance.choice(self.cases)
        state = load(self.case, mandates.console())
        by, offered, name = self._somebody(state)
        old, poor = self.chance.random() < 0.04, self.chance.random() < 0.04
        command, sound = self._command(name, by, poor=poor)
        version = state.version - 1 if old and state.version > 1 else state.version
        refusal = None
        try:
            after = act(case_id=state.id, command=command, expected_version=version, by=by)
        except WanggeError as error:
            refusal = error
        if refusal is not None:
            assert refusal.status in (403, 404, 409, 422), (name, refusal)
            assert name not in offered or not sound or version != state.version, (name, state, refusal)
            self.refused[refusal.code] += 1
            return
        assert name in offered, (name, state, by)
        assert after.version >= state.version + 1, (state, after)
        self.done[name] += 1
        if name == "share":
            self.cases += [one.id for one in read_many(*parts_of(after.id))]

    def _wish(self, name: str) -> float:
        """What was seldom done is done rather, or the acts that are always offered would crowd out all others."""
        return (0.2 if name in ENDS else 1.0) / (1 + self.done[name]) ** 2

    def _somebody(self, state: Any) -> tuple[Any, tuple[str, ...], str]:
        """Who acts, what is offered to him, and what he does: mostly what some people who are asked may do."""
        from wangge.kernel.cases.access import may_see
        from wangge.kernel.cases.lifecycle import ACTS
        from wangge.kernel.cases.rules import allowed_actions
        from wangge.kernel.duties import mandates

        people = [self.town.by(who) for who in self.chance.sample(sorted(self.town.people), CROWD)]
        if state.state == "closed":
            people.append(mandates.follower(state.path))
        offers = [(by, allowed_actions(state, by) if may_see(state, by) else ()) for by in people]
        able = [(by, offered, name) for by, offered in offers for name in offered]
        if able and self.chance.random() < 0.85:
            return self.chance.choices(able, [self._wish(name) for _, _, name in able])[0]
        by, offered = self.chance.choice(offers)
        return by, offered, self.chance.choice(ACTS)

    def _command(self, name: str, by: Any, *, poor: bool) -> tuple[Any, bool]:
        """What the act needs, and whether nothing is missing and nothing hangs on another case or on who is in post."""
        import msgspec

        from tests.kernel.cases.inputs import command_for
        from wangge.kernel.cases.rules import Command

        if poor:
            return Command(act=name), False
        files = self._photos(by) if name in ("attach", "dispose") and by.actor and "attach" in by.may else ()
        command = command_for(name, unit=self.town.unit, other=self.chance.choice(self.cases), files=files)
        if name in ("register", "dispose"):
            code, number = self.chance.choice(SORTS)
            command = msgspec.structs.replace(command, case_class=code, condition=number)
        if name == "dispatch" and self.chance.random() < 0.5:
            return msgspec.structs.replace(command, organisation=self.town.unit), True
        return command, name not in HANGING

    def _photos(self, by: Any) -> tuple[UUID, UUID]:
        """Two small pictures of this person's, stored."""
        from PIL import Image

        from wangge.base.ids import new_id
        from wangge.kernel.cases.files import store_file

        found = []
        for _ in range(2):
            drawn = BytesIO()
            colour = (self.chance.randrange(256), self.chance.randrange(256), self.chance.randrange(256))
            Image.new("RGB", (16, 12), colour).save(drawn, "PNG")
            found.append(store_file(file_id=new_id(), content=drawn.getvalue(), by=by).id)
        return found[0], found[1]

    def check(self) -> Counter[str]:
        """Every case of the town, parts too, against every invariant; how many stand in which state."""
        from tests.kernel.cases.invariants import check_chain
        from wangge.base.clock import now
        from wangge.kernel.cases.models import Case
        from wangge.kernel.duties.calendars import calendar_for

        calendar = calendar_for(self.town.root)
        keys = Case.objects.filter(path__startswith=self.town.root).order_by("id").values_list("id", flat=True)
        assert set(self.cases) <= set(keys)
        return Counter(check_chain(key, calendar, now()).state for key in keys)

    def never(self) -> list[str]:
        """Acts of the table, those that follow by themselves too, of which no case has an entry."""
        from wangge.kernel.cases.lifecycle import ALL_ACTS
        from wangge.kernel.journal.models import Entry

        seen = Entry.objects.filter(subject_type="case").values_list("verb", flat=True).distinct()
        return sorted(set(ALL_ACTS) - set(seen))


def main() -> None:
    from wangge.runtime import lease

    count, seed = int(sys.argv[1]), int(sys.argv[2])
    with lease.hold():
        import django

        django.setup()
        with time_machine.travel(START) as clock:
            player = Player(seed, clock)
            for number in range(count):
                if number % (EVERY // 50) == 0 and (len(player.cases) < CASES or number % EVERY == 0):
                    player.report()
                player.pass_time()
                player.step()
                if number % EVERY == EVERY - 1:
                    player.check()
            states = player.check()
        print(json.dumps({"done": player.done, "swept": player.swept, "refused": player.refused, "states": states,
                          "never": player.never()}))


if __name__ == "__main__":
    main()
