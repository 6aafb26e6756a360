"""Random acts by random people on the test town; after them every invariant of a case holds. Run by `bench.soak`.

`python -m bench.random_acts COUNT SEED` in the home of a Wangge; the last line is JSON. The same seed does the same.
"""

from __future__ import annotations

import json
import os
import random
import sys
from collections import Counter
from typing import Any
from uuid import UUID

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.settings")
CASES = 40
EVERY = 250
ENDS = ("reject", "void", "recall", "return", "rework")
"""Acts that lead back or out: chosen less often, or no case would come far."""


class Player:
    """Keeps the town busy and counts what happened."""

    def __init__(self, seed: int) -> None:
        from tests import town as towns

        self.chance = random.Random(seed)
        self.town = towns.build()
        self.points = list(towns.POINTS.values())
        self.cases: list[UUID] = []
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    def report(self) -> None:
        """One more case, by anybody."""
        from wangge.kernel.cases.intake import report_case
        from wangge.kernel.cases.reporting import NewReport

        report = NewReport(description="随机一件", point=self.chance.choice(self.points))
        self.cases.append(report_case(report=report, by=self.town.public()).case_id)

    def step(self) -> None:
        """One act: mostly one that the actor may do, sometimes any, now and then on an old version."""
        from wangge.base.errors import WanggeError
        from wangge.kernel.cases.lifecycle import ACTS, UNVERSIONED
        from wangge.kernel.cases.loading import load
        from wangge.kernel.cases.rules import allowed_actions
        from wangge.kernel.cases.services import act
        from wangge.kernel.duties import mandates

        case = self.chance.choice(self.cases)
        state = load(case, mandates.console())
        for who in self.chance.sample([*self.town.people], 8):
            by = self.town.by(who)
            possible = [name for name in allowed_actions(state, by) if name not in UNVERSIONED]
            forward = [name for name in possible if name not in ENDS]
            if forward:
                break
        name = self.chance.choice(ACTS)
        if possible and self.chance.random() < 0.8:
            name = self.chance.choice(forward if forward and self.chance.random() < 0.9 else possible)
        version = state.version - (self.chance.random() < 0.05)
        try:
            after = act(case_id=case, command=self.command(name), expected_version=version or 1, by=by)
        except WanggeError as error:
            if error.status >= 500:
                raise
            self.refused[error.code] += 1
            return
        assert after.version == state.version + 1, (state, after)
        self.done[name] += 1

    def command(self, name: str) -> Any:
        """What the act needs, mostly."""
        from wangge.kernel.cases.rules import Command

        words = "随机" if self.chance.random() < 0.95 else ""
        reasoned = name in ("reject", "recall", "rework", "return", "void", "reopen")
        needs: dict[str, Any] = {"reason": words} if reasoned else {}
        if name in ("handle", "comment"):
            needs = {"note": words}
        if name == "register":
            code, number = self.chance.choice([("E0417", 1), ("E0417", 2), ("P0101", 1), ("E0417", 9)])
            needs = {"case_class": code, "condition": number}
        if name == "dispatch" and self.chance.random() < 0.3:
            needs = {"post": self.chance.choice(["grid_worker", "officer", "volunteer"])}
        return Command(act=name, **needs)

    def check(self) -> None:
        """Every case: version is the head, the projection is the replay, states in the table, closed by another."""
        from wangge.kernel.cases.lifecycle import State, transition
        from wangge.kernel.cases.loading import load
        from wangge.kernel.cases.rules import replay
        from wangge.kernel.duties import mandates
        from wangge.kernel.journal.models import Entry

        for case in self.cases:
            state = load(case, mandates.console())
            entries = Entry.objects.filter(subject_id=case).order_by("seq")
            rows = list(entries.values_list("seq", "verb", "actor", "data"))
            assert [row[0] for row in rows] == list(range(1, state.version + 1)), case
            assert replay((case, seq, data) for seq, _, _, data in rows) == state, case
            now, handler = State.REPORTED.value, None
            for seq, verb, actor, data in rows:
                if seq > 1:
                    assert transition(verb, now), (case, seq, verb, now)
                now = data.get("set", {}).get("state", now)
                handler = actor if verb == "handle" else handler
                assert verb != "inspect" or actor != handler, (case, seq)
            assert now == state.state
            assert state.state != "closed" or (state.handler and state.inspector != state.handler), case


def main() -> None:
    from wangge.runtime import lease

    with lease.hold():
        import django

        django.setup()
        player = Player(int(sys.argv[2]))
        for number in range(int(sys.argv[1])):
            if len(player.cases) < CASES and number % 5 == 0:
                player.report()
            player.step()
            if number % EVERY == EVERY - 1:
                player.check()
        player.check()
        states = Counter(_states(player.cases))
        print(json.dumps({"done": player.done, "refused": player.refused, "states": states}))


def _states(cases: list[UUID]) -> list[str]:
    from wangge.kernel.cases.models import Case

    return list(Case.objects.filter(id__in=cases).values_list("state", flat=True))


if __name__ == "__main__":
    main()
