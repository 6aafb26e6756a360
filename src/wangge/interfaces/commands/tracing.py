"""An answer of tracing back as lines for people, at the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from wangge.kernel.duties.catalogue import POSTS

Told = Mapping[str, Any]


def placed(facts: Told, time: Callable[[datetime], str]) -> Iterator[str]:
    """Cases, then each holder with what was in their hands, reached them and was done by them, then vacant posts."""
    yield f"{facts['area']}  {time(facts['start'])} to {time(facts['end'])}  {facts['case_class'] or 'every class'}"
    for one in facts["cases"]:
        yield f"  {one['number']}  {one['state']}  reported {time(one['reported_at'])}{'  LATE' if one['late'] else ''}"
    if facts["more"]:
        yield "  … and more; narrow the place or the class"
    if not facts["cases"]:
        yield "  no such case was open here then"
    for one in facts["holders"]:
        yield from _holder(one, time)
    for one in facts["vacant"]:
        yield f"{POSTS[one['post']].name_en}: vacant {time(one['start'])} to {time(one['end'])}"


def _holder(one: Told, time: Callable[[datetime], str]) -> Iterator[str]:
    who = one["person"] or one["organisation"] or "(erased)"
    kind = "" if one["kind"] == "regular" else f" ({one['kind']})"
    held = ", ".join(f"{time(it['start'])} to {time(it['end']) if it['end'] else 'the end'}" for it in one["held"])
    yield f"{POSTS[one['post']].name_en}{kind} {who}, {held}{'  (holder changed)' if one['changed'] else ''}"
    for it in one["in_hand"]:
        late = f"  LATE by {it['late_seconds'] // 60} min" if it["late_seconds"] else ""
        until = time(it["end"]) if it["end"] else "now"
        yield f"    had {it['case']} {it['state']} {time(it['start'])} to {until}{late}"
    lines = [(it["at"], it["case"], it["seq"], f"{it['verb']} reached them ({it['how']})") for it in one["reached"]]
    lines += [(it["at"], it["case"], it["seq"], f"{it['verb']}: did it") for it in one["did"]]
    for at, case, seq, said in sorted(lines):
        yield f"    {time(at)}  {case} #{seq}  {said}"
