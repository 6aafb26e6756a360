"""What the words of a report suggest to whoever registers it, said with the figure and the date of the model."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wangge.interfaces.staff.rows import english
from wangge.kernel.cases.queries import CaseDetail
from wangge.kernel.reading.queries import suggest_class

#: From so much confidence on it is called so.
SURENESS: tuple[tuple[float, Promise], ...] = (
    (0.9, gettext_lazy("almost surely")),
    (0.7, gettext_lazy("very likely")),
    (0.4, gettext_lazy("likely")),
    (0.0, gettext_lazy("perhaps")),
)


@dataclass(frozen=True, slots=True)
class Hint:
    """A class as a one-press choice: its name, how surely, and because of which words."""

    name: str
    sure: str
    because: str


@dataclass(frozen=True, slots=True)
class Hints:
    """The hints of a case, and the model that they come from: its cases, its macro-F1 in percent, its date."""

    items: list[Hint]
    cases: int
    figure: str
    trained_at: datetime


def hints(detail: CaseDetail) -> Hints | None:
    """What the description suggests; None without words or without a model."""
    read = suggest_class(detail.description or "", detail.case.path)
    if read.model is None or not read.classes:
        return None
    items = [
        Hint(
            (one.info.name_en if english() else one.info.name) or one.info.name,
            sureness(one.confidence),
            quoted(one.words),
        )
        for one in read.classes
    ]
    return Hints(items, read.model.cases, f"{read.model.macro_f1 * 100:.0f}", read.model.trained_at)


def sureness(confidence: float) -> str:
    """A probability in a word."""
    return str(next(said for least, said in SURENESS if confidence >= least))


def quoted(words: tuple[str, ...]) -> str:
    """The words between quotation marks, one after the other."""
    return "".join(_("“{word}”").format(word=word) for word in words)
