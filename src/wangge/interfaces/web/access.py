"""Who may open an address: said beside each view, enforced where it is said, and read into `docs/access.md`.

A view of the desk says it by `staff.standing.at_desk`, any other by `open_to`; `ACCESS_OF_OTHERS` and `ACCESS_BELOW`
say it for what Django, allauth and the API bring. An address that says nothing fails a test.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from django.urls import URLPattern, URLResolver, get_resolver

from wangge.base.errors import Forbidden
from wangge.base.mandate import Mandate
from wangge.kernel.duties.catalogue import POSTS

V = TypeVar("V", bound=Callable[..., object])
_NONE: frozenset[str] = frozenset()


class Who(StrEnum):
    """Whom an address is for."""

    ANYONE = "anyone"
    CODE = "whoever holds the tracking code"
    LINK = "whoever holds the link with its token"
    DISPLAY = "a display with its token, or a duty"
    ACCOUNT = "whoever is signed in"
    DUTY = "whoever holds a duty"
    TOKEN = "whoever holds an API token"  # noqa: S105 — words, no secret
    MACHINE = "the machine itself, or a monitor with its token"
    NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Access:
    """For whom; of these verbs the duty needs one to read, and one of `writes` to change (`verbs`, if not given);
    `whole` sees every such thing of the ground, the others what is theirs."""

    who: Who
    verbs: frozenset[str] = _NONE
    writes: frozenset[str] | None = None
    whole: str = "see"

    def needed(self, method: str) -> frozenset[str]:
        """The verbs of which a request needs one; empty where any duty will do."""
        if method in ("GET", "HEAD", "OPTIONS") or self.writes is None:
            return self.verbs
        return self.writes

    def check(self, method: str, by: Mandate) -> None:
        """Raise `Forbidden` unless the duty has one of the verbs."""
        needed = self.needed(method)
        if needed and needed.isdisjoint(by.may):
            raise Forbidden(
                f"The post “{by.post}” may not open this.", field="action", value=by.post,
                expected="a post that may " + " or ".join(sorted(needed)[:3]),
            )  # fmt: skip

    def posts(self, method: str) -> list[str]:
        """The posts that may, in the order of the catalogue; all where any duty will do."""
        needed = self.needed(method)
        return [code for code, post in POSTS.items() if not needed or needed & post.verbs]


def open_to(who: Who, *verbs: str) -> Callable[[V], V]:
    """Say for whom a view is that is not at the desk. The view itself sees to it."""

    def said(view: V) -> V:
        view.access = Access(who, frozenset(verbs))  # type: ignore[attr-defined]
        return view

    return said


ACCESS_OF_OTHERS: dict[str, Who] = {
    "public:home": Who.ANYONE,
    "public:language": Who.ANYONE,
    "account_login": Who.ANYONE,
    "account_logout": Who.ANYONE,
    "account_inactive": Who.ANYONE,
    "account_reauthenticate": Who.ACCOUNT,
    "account_change_password": Who.ACCOUNT,
    "account_set_password": Who.ACCOUNT,
    "account_confirm_login_code": Who.ANYONE,
    "mfa_authenticate": Who.ANYONE,
}
"""By the name of an address whose view is not ours."""
ACCESS_BELOW: dict[str, Who] = {"/accounts/2fa/": Who.ACCOUNT, "/api/v1/": Who.TOKEN}
"""By where an address begins. The API asks for the token and takes its duties' verbs: `docs/api.md`."""

DEMO_ROLES = ("operator", "leader", "secretary", "grid_worker", "unit_clerk", "inspector", "auditor", "admin")
"""The posts of the demo's accounts: the columns of the table."""
_READS, _BOTH = ("GET",), ("GET", "POST")


@dataclass(frozen=True, slots=True)
class Route:
    """An address that is served: its pattern as `/desk/cases/<number>`, its name with the room, its view."""

    pattern: str
    name: str
    view: Callable[..., object]

    @property
    def access(self) -> Access | None:
        """What the view says, or what is said for it; None where nobody said anything."""
        said: Access | None = getattr(self.view, "access", None)
        if said:
            return said
        if self.name in ACCESS_OF_OTHERS:
            return Access(ACCESS_OF_OTHERS[self.name])
        below = next((who for prefix, who in ACCESS_BELOW.items() if self.pattern.startswith(prefix)), None)
        return Access(below) if below else None

    @property
    def methods(self) -> tuple[str, ...]:
        """Of GET and POST what Django's decorators let through; without one GET, and POST where `writes` is said."""
        view: object = self.view
        while view is not None:
            for cell in getattr(view, "__closure__", None) or ():
                if isinstance(cell.cell_contents, list) and {"GET", "POST"} & set(cell.cell_contents):
                    return tuple(method for method in _BOTH if method in cell.cell_contents)
            view = getattr(view, "__wrapped__", None)
        return _BOTH if self.access and self.access.writes is not None else _READS

    @property
    def parameters(self) -> tuple[str, ...]:
        """The names of what the address holds."""
        return tuple(re.findall(r"<(?:\w+:)?(\w+)>", self.pattern))


def routes() -> list[Route]:
    """Every address that is served, in the order of the addresses; what an earlier one shuts is left out."""
    found = list(_walk(get_resolver(), "/", ""))
    shut = [route for route in found if route.access and route.access.who is Who.NOBODY]
    open_ = [route for route in found if not any(re.match(one.pattern, route.pattern) for one in shut)]
    return sorted([*open_, *shut], key=lambda route: (route.pattern, route.name))


def table() -> str:
    """The rows of `docs/access.md`: who may open which address, for the posts of the demo."""
    head = ("Address", "Method", "For", *DEMO_ROLES)
    lines = [_line(head), _line("---" for _ in head)]
    for route in routes():
        access = route.access
        if access is None or route.pattern.startswith("/api/v1/"):
            continue
        address = re.sub(r"\(\?P<rest>.*\)", "…", re.sub(r"<\w+:(\w+)>", r"<\1>", route.pattern))
        for method in route.methods:
            needed = access.needed(method)
            whom = " ".join(f"`{verb}`" for verb in sorted(needed)) if needed else str(access.who)
            whom = whom if len(needed) < 7 else f"one of {len(needed)} acts"
            cells = (cell(route, method, role) for role in DEMO_ROLES)
            whom = f"a display, {whom}" if access.who is Who.DISPLAY else whom
            lines.append(_line((f"`{address}`", method, whom, *cells)))
    return "\n".join(lines) + "\n"


def cell(route: Route, method: str, post: str) -> str:
    """`yes`; `own` for a single thing that the post sees only where it is theirs; `link` where not the post matters but
    the link; `—` where it may not."""
    access = route.access
    if access is None or access.who in (Who.NOBODY, Who.MACHINE):
        return "—"
    if access.who is Who.LINK:
        return "link"
    if access.who not in (Who.DUTY, Who.DISPLAY):
        return "yes"
    if post not in access.posts(method):
        return "—"
    return "own" if route.parameters and access.whole not in POSTS[post].verbs else "yes"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def _walk(resolver: URLResolver, before: str, room: str) -> Iterator[Route]:
    for one in resolver.url_patterns:
        pattern = before + str(one.pattern).lstrip("^")
        if isinstance(one, URLPattern):
            yield Route(pattern.rstrip("$"), f"{room}{one.name}" if one.name else "", one.callback)
        else:
            yield from _walk(one, pattern, f"{one.namespace}:" if one.namespace else room)
