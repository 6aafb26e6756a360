"""What the indicators say of each case-handling unit in a period, as counted figures: the system score's.

A figure is named as the indicator (`closing_on_time`), what it is over as `closing_on_time.of`; the five of the
field's system score (系统评分) have names of their own. The subject is the unit's code. A published period stands as
published, by the same reading that the pages of figures use.
"""

from __future__ import annotations

from collections.abc import Iterator

from wangge.assessment.core.inputs import Figures
from wangge.assessment.core.periods import Period
from wangge.assessment.figures import Known, Provider, provide
from wangge.base.mandate import Mandate
from wangge.kernel.indicators import freezing, periods
from wangge.kernel.indicators.asking import Question
from wangge.kernel.indicators.queries import chosen
from wangge.kernel.indicators.table import INDICATORS
from wangge.kernel.people.models import Organisation

ALIASES: dict[str, tuple[str, str]] = {
    "due": ("closing", "of"), "on_time": ("closing_on_time", "counted"), "late": ("closing_late", "counted"),
    "extended": ("extension", "counted"), "reworked": ("rework", "counted"),
}
"""The figures of the system score: cases due, closed on time, closed late, extended, sent back for rework."""
_RATIOS = {code: one for code, one in INDICATORS.items() if one.numerator is not None}
NAMES = frozenset(ALIASES) | frozenset(_RATIOS) | frozenset(f"{code}.of" for code in _RATIOS)
assert all(code in _RATIOS for code, _ in ALIASES.values())


def register() -> None:
    """Called once, when the application is ready."""
    provide(Provider("units", NAMES, read))


def read(path: str, period: Period, names: frozenset[str], by: Mandate) -> Iterator[Known]:
    """Each unit with cases in the period on the ground, by two statements."""
    sources = {name: ALIASES.get(name) or _split(name) for name in sorted(names)}
    indicators = chosen(sorted({code for code, _ in sources.values()}))
    question = Question(area_path=path, by="organisation")
    span = periods.parse(period.code.replace("Q", "-Q"), period.timezone)
    found = freezing.read(question, span, by=by, now=by.at, indicators=indicators).table.rows
    units = {str(one.id): one for one in Organisation.objects.filter(id__in=[key for key in found if key])}
    for key, unit in sorted(units.items()):
        row = found[key]
        counts = {
            name: row[code].denominator if side == "of" else row[code].numerator or 0
            for name, (code, side) in sources.items()
        }
        if any(counts.values()):
            yield Known(Figures(unit.code, counts), frozenset(filter(None, (unit.name, unit.name_en))))


def _split(name: str) -> tuple[str, str]:
    code, _, side = name.partition(".")
    return code, side or "counted"
