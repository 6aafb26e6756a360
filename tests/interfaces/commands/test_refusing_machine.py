"""What the operating system refuses is one line that names the file, not a trace."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("command", "where", "named"),
    [
        ("restore", "a file", "a file"),
        ("backup", "a file", "a file"),
        ("backup", "/proc/x", "/proc/"),
        ("backup", "a file/below", "a file"),
    ],
)
def test_a_place_that_cannot_be_used_is_one_line(tmp_path: Path, command: str, where: str, named: str) -> None:
    (tmp_path / "a file").write_text("no folder")
    with pytest.raises(CommandError) as refused:
        call_command(command, str(tmp_path / where), stdout=StringIO(), stderr=StringIO())
    words = str(refused.value)
    assert "\n" not in words
    assert named in words
    assert refused.value.returncode == 1
    assert (tmp_path / "a file").read_text() == "no folder"
