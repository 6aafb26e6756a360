"""What differs between two versions of a policy, in plain words."""

from __future__ import annotations

from typing import Any

from wangge.assessment.core.clauses import Sentence
from wangge.assessment.core.policy import Policy, plain
from wangge.assessment.core.words import KIND_WORDS, key_words, value_words

_SKIPPED = {"policy", "version"}


def difference(old: Policy, new: Policy) -> list[Sentence]:
    """One sentence for each value that changed; clauses are matched by their id. The order of clauses is no change."""
    before, after = (_by_name(one) for one in (old, new))
    found: list[Sentence] = []
    for name in sorted(before.keys() | after.keys(), key=lambda name: (name in after, name not in before, name)):
        called = _called(name, (after.get(name) or before[name])["kind"])
        if name not in after:
            found.append(Sentence(f"删去条款“{called.zh}”。", f"The clause “{called.en}” is gone."))
        elif name not in before:
            listed = _listed(after[name])
            found.append(Sentence(f"新增条款“{called.zh}”：{listed.zh}。",
                                  f"The clause “{called.en}” is new: {listed.en}."))
        else:
            found += _changes(called, before[name], after[name])
    left, right = ({key: one for key, one in plain(policy).items() if key not in {*_SKIPPED, "clauses"}}
                   for policy in (old, new))
    return _changes(_TOP, left, right) + found


_TOP = Sentence("", "")


def _called(name: str, kind: str) -> Sentence:
    """A clause by its kind; with its id where it has one of its own."""
    words = KIND_WORDS[kind]
    return words if name == kind else Sentence(f"{words.zh}（{name}）", f"{words.en} ({name})")


def _by_name(policy: Policy) -> dict[str, dict[str, Any]]:
    return {clause.name: plain(clause) for clause in policy.clauses}


def _changes(at: Sentence, old: Any, new: Any) -> list[Sentence]:
    if old == new:
        return []
    if isinstance(old, dict) and isinstance(new, dict):
        names = [*old, *(name for name in new if name not in old)]
        return [one for name in names for one in _changes(_below(at, name), old.get(name), new.get(name))]
    if isinstance(old, list) and isinstance(new, list) and all(isinstance(one, dict) for one in [*old, *new]):
        key = "post" if all("post" in one for one in [*old, *new]) else ""
        keyed = [{one[key] if key else str(place): one for place, one in enumerate(rows, 1)} for rows in (old, new)]
        return _changes(at, *keyed)
    was, becomes = shown(old), shown(new)
    return [Sentence(f"{at.zh}：由 {was.zh} 改为 {becomes.zh}。", f"{at.en}: {was.en} becomes {becomes.en}.")]


def _below(at: Sentence, name: str) -> Sentence:
    words = key_words(name)
    return Sentence(f"{at.zh}·{words.zh}", f"{at.en}, {words.en}") if at.zh else words


def _listed(clause: dict[str, Any]) -> Sentence:
    pairs = [(key_words(name), shown(value)) for name, value in clause.items() if name not in ("id", "kind")]
    return Sentence("，".join(f"{key.zh} {value.zh}" for key, value in pairs),
                    ", ".join(f"{key.en} {value.en}" for key, value in pairs))


def shown(value: Any) -> Sentence:
    """A value of a clause in words."""
    if value in (None, "", [], {}):
        return Sentence("（无）", "nothing")
    if isinstance(value, dict):
        pairs = [(key_words(name), shown(one)) for name, one in value.items()]
        return Sentence("，".join(f"{key.zh} {one.zh}" for key, one in pairs),
                        ", ".join(f"{key.en} {one.en}" for key, one in pairs))
    if isinstance(value, list):
        rows = [shown(one) for one in value]
        return Sentence("、".join(one.zh for one in rows), ", ".join(one.en for one in rows))
    return value_words(str(value).lower() if isinstance(value, bool) else str(value))
