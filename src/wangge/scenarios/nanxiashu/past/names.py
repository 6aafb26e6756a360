"""Codes of the simulated past's own root: the demo's with another prefix, so that neither meets the other."""

from __future__ import annotations

from typing import NamedTuple

ACCOUNT = "history"
"""Signs in as a leader of the simulated past, with the demo's password."""


class Codes(NamedTuple):
    """The prefix that stands for the demo's NXS, and what the root's name says of it."""

    prefix: str
    label: tuple[str, str] = ("推演 2018—2019", "simulated 2018–2019")

    @property
    def root(self) -> str:
        """The code of the root."""
        return self.of("320412-NXS")

    def of(self, code: str) -> str:
        """The code of an area or unit of the demo here: NXS-02 becomes NXSH-02."""
        return code.replace("NXS", self.prefix, 1)

    def plain(self, path: str) -> str:
        """A path without the prefix: the same wherever the past is told."""
        return path.replace(self.prefix, "NXS")


STORED = Codes("NXSH")
TOLD = Codes("NXST")
"""Codes of a past that is only told: made and undone in one transaction."""
BAD = Codes("NXSB", ("推演·失分", "simulated, with losses"))
"""Codes of the second past, the bad one."""
ROOT = STORED.root
