"""A policy's clauses in plain words, key by key, in both languages."""

from __future__ import annotations

from wangge.assessment.core.clauses import Sentence
from wangge.assessment.core.difference import shown
from wangge.assessment.core.policy import Policy, plain
from wangge.assessment.core.words import KIND_WORDS, key_words


def clauses_in_words(policy: Policy) -> list[tuple[Sentence, list[tuple[Sentence, Sentence]]]]:
    """Each clause by its name, with its keys and values."""
    return [
        (KIND_WORDS[clause.kind],
         [(key_words(name), shown(value)) for name, value in plain(clause).items() if name not in ("id", "kind")])
        for clause in policy.clauses
    ]
