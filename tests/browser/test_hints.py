"""A suggested class is taken by one press: its conditions alone are left, the only one is chosen, nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import NARROW, WIDE, Open
from tests.interfaces.world import World
from tests.kernel.reading.messages import close_cases
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.reference import reference
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.reading import queries
from wangge.kernel.reading.services import retrain

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["1440", "390"])
def test_a_suggested_class_is_chosen_by_one_press(
    open_page: Open, world: World, settings: Any, tmp_path: Path, size: dict[str, int]
) -> None:
    settings.HOME = tmp_path
    queries._loaded.clear()
    ids = {info.code: info.id for info in reference().classes.values()}
    texts = [f"{place}{what}" for place in ("桥头", "东门", "店前", "楼下", "巷口")
             for what in ("摊贩占道", "垃圾成堆")]
    close_cases(area_by_code("320499001"), texts * 20, [ids["E0401"], ids["E0101"]] * 100)
    retrain(root=area_by_code("320499001"), by=mandates.job("read"))
    case = world.bring(world.report("菜场东门摊贩占道"), "accept")
    page = open_page(size=size, user="acceptor")
    page.goto(f"/desk/cases/{case.number}")
    expect(page.locator("#register-condition")).to_have_value("")
    page.get_by_role("button", name="选用").first.click()
    expect(page.locator("#register-condition")).to_have_value("E0401:1")
    expect(page.locator("#register-condition optgroup")).to_have_count(1)
    assert Case.objects.get(id=case.id).state == "verifying"
