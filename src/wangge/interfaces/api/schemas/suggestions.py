"""What is asked and answered about a report that is not made yet: which class, which place, which like it."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

from msgspec import Meta, Struct

from wangge.interfaces.api.schemas.cases import AreaRef
from wangge.interfaces.api.schemas.incoming import Location
from wangge.kernel.cases.reporting import LIMITS

Share = Annotated[float, Meta(ge=0, le=1)]
Words = Annotated[list[str], Meta(description="The words of the text that say so, weightiest first")]


class Question(Struct, forbid_unknown_fields=True):
    """Words of a report, and where it is as far as that is known."""

    text: Annotated[str, Meta(min_length=1, max_length=LIMITS["description"], description="What is wrong")]
    address: Annotated[str, Meta(max_length=LIMITS["address"], description="Where, in words")] = ""
    location: Location | None = None


class ReaderOut(Struct):
    """The model behind the classes: when it was trained, on how many cases, and its macro-F1 then, by five folds."""

    trained_at: datetime
    cases: int
    macro_f1: Share
    digest: str


class ClassGuess(Struct):
    """A class that the words resemble."""

    code: str
    name: str
    name_en: str
    confidence: Share
    words: Words


class PlaceGuess(Struct):
    """An area that the words name."""

    area: AreaRef
    confidence: Share
    words: str


class SimilarCase(Struct):
    """A recent case near by whose words are like these; `metres` where both have a point."""

    id: UUID
    number: str
    state: str
    reported_at: datetime
    score: Share
    metres: int | None
    words: Words


class Suggestions(Struct):
    """Suggestions, likeliest first; nothing was decided or kept. `reader` is null where no model is in use."""

    reader: ReaderOut | None
    classes: list[ClassGuess]
    places: list[PlaceGuess]
    similar: list[SimilarCase]
