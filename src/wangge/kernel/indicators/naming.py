"""What the keys of a table's rows are called, in Chinese and English."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from wangge.kernel.cases.reference import reference
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.indicators.asking import Question
from wangge.kernel.people.queries import organisation_names
from wangge.kernel.places.queries import Atlas

Names = dict[str, tuple[str, str]]


def names_of(question: Question, keys: Iterable[str], places: Atlas) -> Names:
    """Names of the rows by key, '' where there is none. Organisations take one statement, others none.

    Sources and tiers are codes that each door has words for; a person's row is that person's.
    """
    wanted = [key for key in keys if key]
    if question.by == "area":
        found = {key: places.by_path.get(f"{question.area_path}{key}/") for key in wanted}
        return {key: (area.name, area.name_en) for key, area in found.items() if area}
    if question.by == "organisation":
        return {str(key): names for key, names in organisation_names([UUID(key) for key in wanted]).items()}
    if question.by == "post":
        return {key: (POSTS[key].name, POSTS[key].name_en) for key in wanted if key in POSTS}
    if question.by in ("class", "major") and wanted:
        return _classes(wanted, question.area_path)
    return {}


def _classes(codes: Iterable[str], path: str) -> Names:
    known, names = reference().by_code, {}
    for code in codes:
        held = known.get(code, ())
        near = next((one for one in held if path.startswith(one.area_path)), next(iter(held), None))
        if near is not None:
            names[code] = (near.name, near.name_en)
    return names
