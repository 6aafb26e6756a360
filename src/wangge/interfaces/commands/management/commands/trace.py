"""Traces a case back: who reported, who answered for each step, how long against what limit."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.management import CommandParser

from wangge.base.clock import now
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.interfaces.commands.tracing import placed
from wangge.interfaces.web.tracing import told
from wangge.kernel.cases.loading import load
from wangge.kernel.cases.queries import subject_of, trace
from wangge.kernel.cases.queries.trace import Held, Stage
from wangge.kernel.duties import mandates
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.places.queries import atlas
from wangge.kernel.tracing.services import answer, question


class Command(WanggeCommand):
    """`wangge trace`."""

    help = (
        "Trace a case back: every step, who held which duty then, how long against what limit, up to the leader. With"
        " --area and --day: everybody who was answerable for a place on a day, what reached them and what they did;"
        " that it was read is put on record."
    )
    example = "wangge trace 32041220261123000147\n  wangge trace --area 320412-03 --day 2026-06-10 --class E04"

    def arguments(self, parser: CommandParser) -> None:
        """Which case, or which place, day and class."""
        parser.add_argument("case", metavar="CASE", nargs="?", help="case number or id")
        parser.add_argument("--area", metavar="AREA_CODE", help="a place, in place of a case")
        parser.add_argument("--day", metavar="DAY", help="the day that is asked for, such as 2026-06-10")
        parser.add_argument("--class", dest="prefix", default="", metavar="CODE", help="a class code or its beginning")

    def run(self, **options: Any) -> Facts:
        """The trace: the report, the stages, the chain; of a place the whole answer."""
        if options["area"] or not options["case"]:
            return self._place(**options)
        state = load(subject_of(options["case"]), mandates.console())
        found = trace(state, now=now())
        report = found.report
        self.zone = ZoneInfo(atlas().timezone(state.path))
        return {
            "number": state.number,
            "id": state.id,
            "state": state.state,
            "path": state.path,
            "origin": state.origin,
            "due_at": state.due_at,
            "reported_by": report.actor_name or report.post or report.channel,
            "reported_at": report.at,
            "stages": [_stage(stage) for stage in found.stages],
            "chain": [_held(one) for one in found.chain],
            "acts": [
                {
                    "seq": one.seq,
                    "verb": one.verb,
                    "at": one.at,
                    "post": one.post,
                    "person": one.actor_name,
                    "channel": one.channel,
                }
                for one in found.moments
            ],
        }

    def show(self, facts: Facts) -> None:
        """The same in sentences: posts before names."""
        write = self.stdout.write
        if "holders" in facts:
            for line in placed(facts, self._time):
                write(line)
            return
        write(f"{facts['number']}  {facts['state']}  {facts['path']}")
        write(f"reported {self._time(facts['reported_at'])} by {facts['reported_by']}")
        for stage in facts["stages"]:
            late = f"  LATE by {_span(stage['late_seconds'])}" if stage["late_seconds"] else ""
            limit = f" of {_span(stage['limit_seconds'])}" if stage["limit_seconds"] is not None else ""
            until = self._time(stage["to"]) if stage["to"] else "now"
            write(
                f"{stage['state']}: {self._time(stage['from'])} to {until}, {_span(stage['used_seconds'])}{limit}{late}"
            )
            for one in stage["answerable"]:
                write(f"    {self._holder(one)}")
            for post in stage["vacant"]:
                write(f"    {POSTS[post].name_en}: vacant")
        write("chain above the place:")
        for one in facts["chain"]:
            write(f"    {self._holder(one)}")

    def _place(self, **options: Any) -> Facts:
        """The answer for a place and a day."""
        by, moment, places = mandates.console(), now(), atlas()
        asked = question(
            places=places, by=by, now=moment, area=options["area"] or "", day=options["day"] or "",
            class_prefix=options["prefix"],
        )  # fmt: skip
        self.zone = ZoneInfo(places.timezone(asked.area.path))
        return told(answer(asked, by=by, now=moment))

    def _holder(self, one: dict[str, Any]) -> str:
        who = one["person"] or one["organisation"] or "(erased)"
        until = self._time(one["to"]) if one["to"] else "now"
        kind = "" if one["kind"] == "regular" else f" ({one['kind']})"
        return f"{POSTS[one['post']].name_en}{kind} {who}, {self._time(one['from'])} to {until}"

    def _time(self, moment: datetime) -> str:
        return moment.astimezone(self.zone).strftime("%Y-%m-%d %H:%M")


def _stage(stage: Stage) -> dict[str, Any]:
    return {
        "state": stage.state,
        "from": stage.from_,
        "to": stage.to,
        "due_at": stage.due_at,
        "used_seconds": _seconds(stage.used),
        "limit_seconds": _seconds(stage.limit),
        "late_seconds": _seconds(stage.late),
        "posts": list(stage.posts),
        "vacant": list(stage.vacant),
        "organisation": stage.organisation,
        "answerable": [_held(one) for one in stage.answerable],
        "ended_by": stage.ended_by
        and {"verb": stage.ended_by.verb, "post": stage.ended_by.post, "person": stage.ended_by.actor_name},
    }


def _held(one: Held) -> dict[str, Any]:
    return {
        "post": one.post,
        "person": one.person_name,
        "person_id": one.person,
        "organisation": one.organisation_name,
        "duty": one.assignment,
        "area_path": one.area_path,
        "kind": one.kind,
        "from": one.from_,
        "to": one.to,
    }


def _seconds(span: timedelta | None) -> int | None:
    return None if span is None else int(span.total_seconds())


def _span(seconds: int) -> str:
    hours, minutes = divmod(seconds // 60, 60)
    return f"{hours}:{minutes:02d}"
