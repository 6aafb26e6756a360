"""What an import refused: which row, which column, which value, and why; for lists and for error workbooks."""

from __future__ import annotations

from typing import NamedTuple

from wangge.base.errors import WanggeError


class Fault(NamedTuple):
    """A refused row. `label` names it for people; the error says column, value and what would be right."""

    row: int
    label: str
    error: WanggeError

    @property
    def column(self) -> str:
        """The column, '' where the row as a whole was refused."""
        return (self.error.field or "").rpartition(".")[2]

    @property
    def value(self) -> str:
        """What stood there."""
        return self.error.value or ""

    @property
    def expected(self) -> str:
        """What would be right."""
        return self.error.expected or ""
