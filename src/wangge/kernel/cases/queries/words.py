"""Searching for words: an index of neighbouring letters finds candidates, the text itself decides.

A planner that must guess how many cases hold a word walks a million of them for one that none holds. So the candidates
are looked up first: where there are few, these are put in order and asked one by one; of a word that many hold, the
list's own order is followed until the page is full.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from wangge.base.codes import FORMS
from wangge.base.errors import InvalidInput
from wangge.base.masking import terms_of

MOST_HITS = 5_000
"""How many candidates of one term are looked up; each of them holds it."""
MOST_LIKELY = 30_000
"""How many candidates of several terms: they may hold each without holding the words."""
NUMBER_DIGITS = sum(digits for _name, digits in FORMS["case"].segments)
"""A full case number has so many digits or more."""

# With an offset each stays a question to one case: as a join it would read all words that were ever written.
_SAYS = (
    "EXISTS (SELECT 1 FROM journal_content t WHERE t.subject_id = {alias}.id AND t.seq = 1"
    " AND t.field IN ('description', 'address') AND t.value ILIKE %s OFFSET 0)"
)
_HOLDS = "EXISTS (SELECT 1 FROM cases_search s WHERE s.case_id = c.id AND s.terms @> %s OFFSET 0)"
SCAN = f"{_HOLDS} AND {_SAYS.format(alias='c')}"


class Words(NamedTuple):
    """A search. `hits` is a statement of the candidates with `hit_values`, cut one beyond what is looked up; `few` says
    whether these are all, `among` that a case `c` is one of them; `says` (of a case under an alias, with the value
    `like`) whether its text holds the words, `scan` the same for a case that is no known candidate."""

    hits: str
    hit_values: list[Any]
    few: str
    among: str
    like: str
    scan: tuple[str, list[Any]]

    def says(self, alias: str) -> str:
        """The condition on the text of a case, for the value `like`."""
        return _SAYS.format(alias=alias)


def words_of(q: str, table: str) -> Words | None:
    """The ways of searching for these words, with the hits in `table`; None for nothing and for a number. Raises
    `InvalidInput` for fewer than two characters."""
    if not searched(q):
        return None
    text = q.strip()
    terms, like = terms_for(text), like_of(text)
    most = MOST_HITS if len(terms) == 1 else MOST_LIKELY
    return Words(
        f"SELECT s.case_id FROM cases_search s WHERE s.terms @> %s LIMIT {most + 1}", [terms],
        f"(SELECT count(*) FROM {table}) <= {most}", f"c.id = ANY(ARRAY(SELECT case_id FROM {table}))",
        like, (SCAN, [terms, like]),
    )


def searched(q: str) -> bool:
    """Whether these are words to look for: not nothing, and not a number."""
    return bool(q.strip()) and not digits_of(q)


def digits_of(text: str) -> str:
    """A case number or part of one, six digits at least, as people write it (1014-000312); else ''."""
    digits = text.replace(" ", "").replace("-", "").strip()
    return digits if digits.isascii() and digits.isdigit() and len(digits) >= 6 else ""


def like_of(text: str) -> str:
    """The pattern of a text that holds this one."""
    return "%" + text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_") + "%"


def terms_for(text: str) -> list[str]:
    """What the index must hold. Raises `InvalidInput` for fewer than two characters."""
    terms = terms_of(text)
    if not terms:
        raise InvalidInput(
            "Search for at least two characters.", field="q", value=text, expected="two characters or more"
        )
    return terms
