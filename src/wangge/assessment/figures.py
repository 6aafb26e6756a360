"""Figures that the platform itself knows: what an `indicator_score` clause reads without a table.

Rooms tell which figures they know and how to read them (`provide`, when the application starts); a room above this one
does so too, so that this one imports none of them. Only what a policy names is read. What is read becomes a part of
the frozen inputs, as it stood when the period was assessed.

A table may bring figures of other subjects. A figure that the platform knows of a subject is not typed in: that is an
error, so that nobody's word stands in the place of the record.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import NamedTuple

from wangge.assessment.core.clauses import IndicatorScore
from wangge.assessment.core.inputs import Figures
from wangge.assessment.core.periods import Period
from wangge.assessment.core.policy import Policy
from wangge.base.errors import InvalidInput
from wangge.base.mandate import Mandate


class Known(NamedTuple):
    """The figures of one subject, by its code, and what else it is called (a table may not type it in under that)."""

    figures: Figures
    names: frozenset[str] = frozenset()


class Provider(NamedTuple):
    """A room's figures: their names, and how those that are asked for are read for a ground (a path) and a period,
    under a mandate."""

    name: str
    figures: frozenset[str]
    read: Callable[[str, Period, frozenset[str], Mandate], Iterable[Known]]


_PROVIDERS: dict[str, Provider] = {}


def provide(provider: Provider) -> None:
    """Called once by each room, when the application is ready. A figure has one source."""
    for other in _PROVIDERS.values():
        if other.name != provider.name and other.figures & provider.figures:
            twice = ", ".join(sorted(other.figures & provider.figures))
            raise ValueError(f"{provider.name} and {other.name} both know {twice}")
    _PROVIDERS[provider.name] = provider


def providers() -> tuple[Provider, ...]:
    """Who knows figures, in the order of their names."""
    return tuple(_PROVIDERS[name] for name in sorted(_PROVIDERS))


def wanted(policy: Policy) -> frozenset[str]:
    """The names of the figures that the clauses of a policy read."""
    return frozenset().union(*(clause.figures for clause in policy.every(IndicatorScore)))


def known(policy: Policy, path: str, period: Period, *, by: Mandate, typed: Sequence[Figures] = ()) -> list[Figures]:
    """What the platform knows of a policy's figures, beside those of a table (`typed`), one row a subject.

    Raises `InvalidInput` where the table brings a figure that the platform knows of that subject.
    """
    names = wanted(policy)
    found: dict[str, dict[str, int]] = {one.subject: dict(one.counts) for one in typed}
    for provider in providers():
        if not provider.figures & names:
            continue
        for row in provider.read(path, period, names & provider.figures, by):
            counts = {name: count for name, count in row.figures.counts.items() if name in names}
            for subject in {row.figures.subject, *row.names} & found.keys():
                if twice := sorted(set(counts) & set(found[subject])):
                    raise InvalidInput("The platform knows this figure; it is not typed in.", field="figures",
                                       value=f"{subject}: {', '.join(twice)}",
                                       expected=f"a table without the figures of {row.figures.subject}")
            found.setdefault(row.figures.subject, {}).update(counts)
    return [Figures(subject, counts) for subject, counts in sorted(found.items()) if counts]
