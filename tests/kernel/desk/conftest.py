"""The small subdistrict of the pages' tests."""

from __future__ import annotations

from tests.interfaces.conftest import world as world
