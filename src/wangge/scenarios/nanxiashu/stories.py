"""The lives that cases of the demo lead: the acts of each kind of story, and how many cases live it."""

from __future__ import annotations

from typing import NamedTuple


class Story(NamedTuple):
    """A sequence of acts after the report.

    `where`: inside a grid, `nowhere` (an address only), `outside` every boundary. `late` lets the limit pass.
    `recent` brings the last act close to now; else the case lies anywhere in the two months. `routed` False keeps to
    classes and places where the rules reach nobody. `target` names whom the operator picks by hand.
    """

    name: str
    cases: int
    acts: tuple[str, ...]
    where: str = "inside"
    late: bool = False
    recent: bool = False
    routed: bool = True
    with_class: bool = True
    target: str | None = None


_OPEN = ("accept", "register", "dispatch", "sign")
_END = ("handle", "inspect", "close")

STORIES: tuple[Story, ...] = (
    Story("waiting", 12, (), recent=True),
    Story("unnamed", 5, (), recent=True, with_class=False),
    Story("forgotten", 4, (), late=True),
    Story("address only", 5, (), where="nowhere", recent=True),
    Story("beyond the border", 5, (), where="outside", recent=True),
    Story("being verified", 12, ("accept",), recent=True),
    Story("verified twice", 4, ("accept", "register", "return_desk"), recent=True),
    Story("to be dispatched", 10, ("accept", "register"), recent=True),
    Story("nobody to send to", 7, ("accept", "register"), routed=False),
    Story("no place to send to", 2, ("accept", "register"), where="nowhere"),
    Story("outside, registered", 2, ("accept", "register"), where="outside"),
    Story("returned by the unit", 6, ("accept", "register", "dispatch", "return_unit"), recent=True),
    Story("recalled", 3, ("accept", "register", "dispatch", "recall"), recent=True),
    Story("to be signed", 26, ("accept", "register", "dispatch"), recent=True),
    Story("not signed for long", 5, ("accept", "register", "dispatch"), late=True),
    Story("being handled", 38, _OPEN, recent=True),
    Story("handled too slowly", 14, _OPEN, late=True),
    Story("on the second try", 8, (*_OPEN, "handle", "rework"), recent=True),
    Story("put off", 5, (*_OPEN, "ask_suspension", "suspend"), recent=True),
    Story("more time asked for", 4, (*_OPEN, "ask_extension"), recent=True),
    Story("more time granted, closed", 6, (*_OPEN, "ask_extension", "endorse_extension", "extend", *_END)),
    Story("an answer ordered", 4, (*_OPEN, "supervise"), recent=True),
    Story("to be inspected", 18, (*_OPEN, "handle"), recent=True),
    Story("inspected", 5, (*_OPEN, "handle", "inspect"), recent=True),
    Story("closed", 138, (*_OPEN, *_END)),
    Story("closed with words", 18, ("accept", "comment", "register", "dispatch", "sign", "comment", *_END)),
    Story("closed late", 13, (*_OPEN, *_END), late=True),
    Story("closed after rework", 12, (*_OPEN, "handle", "rework", *_END)),
    Story("sent elsewhere, closed", 8,
          ("accept", "register", "dispatch", "return_unit", "dispatch_by_hand", "sign", *_END), target="officer"),
    Story("recalled, closed", 4, ("accept", "register", "dispatch", "recall", "dispatch", "sign", *_END)),
    Story("came back, closed", 5, (*_OPEN, *_END, "reopen", "dispatch", "sign", *_END)),
    Story("came back", 4, (*_OPEN, *_END, "reopen"), recent=True),
    Story("rejected", 10, ("reject",)),
    Story("void", 7, ("accept", "void")),
    Story("void at dispatch", 3, ("accept", "register", "dispatch", "void")),
    Story("rejected, taken up again", 2, ("reject", "reopen_void"), recent=True),
    Story("sent by hand from nowhere", 3, ("accept", "register", "dispatch_by_hand", "sign", *_END),
          where="nowhere", target="unit"),
)


class Wanted(NamedTuple):
    """A case that the demo needs: a story at a place with a class (codes to choose from)."""

    story: str
    grid: tuple[str, int]
    codes: tuple[str, ...]
    cases: int


WORKERS = ("G0204", "G0403")
"""Classes that go to the full-time grid worker."""
SANITATION = ("E0111", "E0131", "P0305", "E0111")

WANTED: tuple[Wanted, ...] = (
    Wanted("to be signed", ("NXS-02", 2), WORKERS, 4),
    Wanted("being handled", ("NXS-02", 2), WORKERS, 3),
    Wanted("handled too slowly", ("NXS-02", 2), WORKERS, 1),
    Wanted("on the second try", ("NXS-02", 2), WORKERS, 1),
    Wanted("to be signed", ("NXS-02", 1), SANITATION, 4),
    Wanted("being handled", ("NXS-04", 2), SANITATION, 3),
    Wanted("handled too slowly", ("NXS-01", 1), SANITATION, 1),
)
"""So that the demo accounts `worker` and `unit` find work."""

SPANNING = (("NXS-02", "grid_worker", WORKERS), ("NXS-04", "city_inspector", ("E0136", "E0206")),
            ("NXS-07", "grid_worker", WORKERS))
"""Cases that live through a handover: signed by the one who left, handled by the one who came."""
