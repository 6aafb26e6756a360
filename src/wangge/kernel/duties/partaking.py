"""What part a person has in what was found somewhere: they answer for the place, or are bound to who works there.

Three statements whatever is asked about; then many places and moments are answered from memory.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from wangge.kernel.duties.conflicts import part_by
from wangge.kernel.duties.interests import interests_at
from wangge.kernel.duties.queries import Holding, duties_of, duties_of_organisations


@dataclass(frozen=True, slots=True)
class Partaking:
    """A person with their own duties, and those of organisations to which they declared a relation."""

    person: UUID
    duties: tuple[Holding, ...]
    bound: frozenset[UUID]

    def why(self, path: str, at: datetime) -> str:
        """`answers`, `bound`, or '' where they have no part in what lies at this place at this moment."""
        pairs = {(self.person, one) for one in self.bound}
        held = [one for one in self.duties if one.valid_from <= at and (one.valid_to is None or at < one.valid_to)]
        return min(filter(None, (part_by(one, self.person, path, pairs) for one in held)), default="")


def partaking(person: UUID, at: datetime) -> Partaking:
    """The duties of a person, past ones too, and the relations that last at a moment."""
    bound = frozenset(one.organisation_id for one in interests_at(at) if one.person_id == person)
    return Partaking(person, (*duties_of(person), *(duties_of_organisations(bound) if bound else ())), bound)
