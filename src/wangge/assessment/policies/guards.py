"""What a policy that touches money needs before it takes effect."""

from __future__ import annotations

from wangge.assessment.models import PolicyVersion
from wangge.base.errors import Conflict


def check_mode(one: PolicyVersion) -> None:
    """Points only takes effect as it is; the modes that take money need their documents on file. Raises `Conflict`."""
    if one.mode == "points":
        return
    raise Conflict("This mode of money needs its legal basis, consultation and publication on file.", field="mode",
                   value=one.mode, expected="points, or the documents on file")
