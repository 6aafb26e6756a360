"""At the desk a report's words suggest a class, with how surely, why, by which model; the operator decides."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.interfaces.world import World
from tests.kernel.reading.messages import close_cases
from wangge.interfaces.staff.hints import quoted, sureness
from wangge.kernel.cases.models import Case
from wangge.kernel.cases.reference import reference
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code
from wangge.kernel.reading import queries
from wangge.kernel.reading.services import retrain


@pytest.fixture
def trained(world: World, settings: Any, tmp_path: Path) -> World:
    settings.HOME = tmp_path
    queries._loaded.clear()
    root = area_by_code("320499001")
    ids = {info.code: info.id for info in reference().classes.values()}
    texts = [f"{place}{what}" for place in ("桥头", "东门", "店前", "楼下", "巷口")
             for what in ("摊贩占道烧烤", "垃圾成堆")]
    close_cases(root, texts * 20, [ids["E0401"], ids["E0101"]] * 100)
    retrain(root=root, by=mandates.job("read"))
    return world


def page_of(desk: Callable[[str], Client], number: str, language: str = "zh-CN", who: str = "acceptor") -> str:
    answer = desk(who).get(f"/desk/cases/{number}", headers={"accept-language": language})
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_suggested_class_stands_beside_the_field(trained: World, desk: Callable[[str], Client]) -> None:
    case = trained.bring(trained.report("菜场门口摊贩占道烧烤"), "accept")
    page = page_of(desk, case.number)
    assert '<strong>占道经营</strong> <span class="soft">几乎可以肯定，因为有“' in page
    assert 'data-chooses="register-condition" data-group="占道经营"' in page
    assert "学自 200 件结案案件（<time" in page
    assert "F1 100%）。由您决定。" in page
    assert "selected" not in page.partition('id="register-condition"')[2].partition("</select>")[0]
    english = page_of(desk, case.number, "en")
    assert "almost surely, because of “" in english
    assert "F1 100 %). You decide." in english
    assert Case.objects.get(id=case.id).case_class_id is None


def test_nothing_is_suggested_where_nothing_is_registered_or_no_model_is(
    trained: World, desk: Callable[[str], Client]
) -> None:
    case = trained.bring(trained.report("菜场门口摊贩占道烧烤"), "accept")
    assert "data-chooses" not in page_of(desk, case.number, who="inspector")
    for file in (Path(queries.vault.folder())).glob("*"):
        file.unlink()
    queries._loaded.clear()
    assert "data-chooses" not in page_of(desk, case.number)


@pytest.mark.parametrize(
    ("confidence", "said"), [(1.0, "almost surely"), (0.89, "very likely"), (0.4, "likely"), (0.1, "perhaps")]
)
def test_a_probability_is_said_in_a_word(confidence: float, said: str) -> None:
    from django.utils import translation

    with translation.override("en"):
        assert sureness(confidence) == said
        assert quoted(("a", "b")) == "“a”“b”"
