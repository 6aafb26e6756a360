"""What differs between two versions of a policy, in plain words."""

from __future__ import annotations

from typing import Any

from wangge.assessment.core.clauses import Sentence
from wangge.assessment.core.policy import Policy, plain

_SKIPPED = {"policy", "version"}
_NONE_ZH, _NONE_EN = "（无）", "nothing"


def difference(old: Policy, new: Policy) -> list[Sentence]:
    """One sentence for each value that changed; clauses are matched by their id. The order of clauses is no change."""
    before, after = (_by_name(one) for one in (old, new))
    found: list[Sentence] = []
    for name in sorted(before.keys() | after.keys(), key=lambda name: (name in after, name not in before, name)):
        if name not in after:
            found.append(Sentence(f"删去条款 {name}。", f"The clause {name} is gone."))
        elif name not in before:
            found.append(Sentence(f"新增条款 {name}：{_listed(after[name])}。",
                                  f"The clause {name} is new: {_listed(after[name])}."))
        else:
            found += _changes(name, before[name], after[name])
    left, right = ({key: one for key, one in plain(policy).items() if key not in {*_SKIPPED, "clauses"}}
                   for policy in (old, new))
    return _changes("", left, right) + found


def _by_name(policy: Policy) -> dict[str, dict[str, Any]]:
    return {clause.name: plain(clause) for clause in policy.clauses}


def _changes(at: str, old: Any, new: Any) -> list[Sentence]:
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        names = [*old, *(name for name in new if name not in old)]
        return [one for name in names for one in _changes(f"{at}.{name}" if at else name, old.get(name), new.get(name))]
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(one, dict) for one in [*old, *new]):
        key = "post" if all("post" in one for one in [*old, *new]) else ""
        keyed = [{one[key] if key else str(place): one for place, one in enumerate(rows)} for rows in (old, new)]
        return _changes(at, *keyed)
    return [Sentence(f"{at}：由 {_shown(old, _NONE_ZH)} 改为 {_shown(new, _NONE_ZH)}。",
                     f"{at}: {_shown(old, _NONE_EN)} becomes {_shown(new, _NONE_EN)}.")]


def _listed(clause: dict[str, Any]) -> str:
    return ", ".join(f"{name} {_shown(value, '—')}" for name, value in clause.items() if name != "id")


def _shown(value: Any, nothing: str) -> str:
    if value in (None, "", [], {}):
        return nothing
    if isinstance(value, dict):
        return ", ".join(f"{name} {_shown(one, nothing)}" for name, one in value.items())
    return ", ".join(_shown(one, nothing) for one in value) if isinstance(value, list) else str(value)
