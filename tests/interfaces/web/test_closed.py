"""What allauth offers besides signing in stays closed."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.interfaces.world import World


@pytest.mark.parametrize(
    "page", ["signup/", "email/", "email", "confirm-email/abc/", "password/reset/", "password/reset/key/1-a/"]
)
def test_nobody_signs_up_keeps_an_address_or_resets_by_mail(world: World, page: str) -> None:
    assert Client().get(f"/accounts/{page}").status_code == 404


def test_the_door_and_the_own_password_stay_open(world: World) -> None:
    assert Client().get("/accounts/login/").status_code == 200
    assert Client().get("/accounts/password/change/").status_code == 302
