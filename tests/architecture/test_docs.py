"""The documentation says what is: its links lead somewhere, its commands and codes exist, its tables equal the code's,
and whoever sets a subdistrict up as the guides say has one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import msgspec
import pytest
from django.core.management import get_commands

from tests.architecture.test_house import _tracked
from wangge.base.units import LimitUnit
from wangge.interfaces.api import schemas
from wangge.interfaces.api.schemas.patrols import NewPatrolIn
from wangge.interfaces.commands import keeping, welcome
from wangge.interfaces.web import access
from wangge.kernel.cases import lifecycle
from wangge.kernel.cases.importing.mapping import Columns, Mapping
from wangge.kernel.cases.reporting import SOURCES
from wangge.kernel.duties.catalogue import POSTS
from wangge.kernel.duties.models import DUTY_KINDS
from wangge.kernel.indicators.asking import GROUPINGS
from wangge.kernel.indicators.bases import BASES
from wangge.kernel.indicators.table import INDICATORS
from wangge.kernel.ledger import rules as ledger
from wangge.kernel.places.models import KINDS
from wangge.runtime import secrets

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
SIBLINGS = sorted(path for path in (ROOT, DOCS, DOCS / "guides") for path in path.glob("*.zh-CN.md"))
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
_FENCE = re.compile(r"^```([a-z]*)\n(.*?)^```$", re.DOTALL | re.MULTILINE)
_COMMAND = re.compile(r"(?:^|[\s`(/|])wangge ([a-z][a-z_-]+)")


@cache
def _pages() -> dict[Path, str]:
    return {path: path.read_text(encoding="utf-8") for path in _tracked() if path.suffix == ".md"}


def _named(pages: dict[Path, str] | None = None) -> Iterator[tuple[str, str]]:
    for path, text in (pages or _pages()).items():
        yield str(path.relative_to(ROOT)), text


def _headings(text: str) -> list[str]:
    return re.findall(r"^#+ (.+)$", _FENCE.sub("", text), re.MULTILINE)


def _anchor(heading: str) -> str:
    """The fragment under which a heading is found, as the usual renderers make it."""
    kept = re.sub(r"[^\w\- ]", "", heading.strip().lower())
    return kept.replace(" ", "-")


def _table(name: str, heading: str) -> list[list[str]]:
    """The rows of the first table below a heading, cells without back-ticks."""
    text = (ROOT / name).read_text(encoding="utf-8")
    below = text.split(f"\n{heading}\n", 1)[1]
    rows: list[list[str]] = []
    for line in below.splitlines():
        if line.startswith("|"):
            rows.append([cell.strip().strip("`") for cell in line.strip("|").split("|")])
        elif rows or line.startswith("#"):
            break
    assert len(rows) > 2, f"no table below {heading}"
    return rows[2:]


def _blocks(name: str, language: str) -> list[str]:
    text = (ROOT / name).read_text(encoding="utf-8")
    return [body for kind, body in _FENCE.findall(text) if kind == language]


def test_every_link_and_picture_leads_somewhere() -> None:
    broken = []
    for path, text in _pages().items():
        for target in _LINK.findall(_FENCE.sub("", text)):
            if re.match(r"[a-z]+:", target):
                continue
            name, _, fragment = target.partition("#")
            found = (path.parent / name).resolve() if name else path
            if not found.exists():
                broken.append(f"{path.relative_to(ROOT)}: {target}")
            elif fragment and fragment not in map(_anchor, _headings(found.read_text(encoding="utf-8"))):
                broken.append(f"{path.relative_to(ROOT)}: {target} (no such heading)")
    assert broken == []


def test_every_command_that_is_named_exists() -> None:
    known = {name.replace("_", "-") for name in get_commands()} | {"help", "version"}
    unknown = {
        f"{name}: wangge {command}"
        for name, text in _named()
        for code in (*re.findall(r"`[^`\n]+`", text), *(body for kind, body in _FENCE.findall(text) if kind == "sh"))
        for command in _COMMAND.findall(code)
        if command not in known
    }
    assert unknown == set()


def test_every_command_of_ours_is_documented() -> None:
    ours = {name.replace("_", "-") for name, app in get_commands().items() if str(app).startswith("wangge.")}
    text = (DOCS / "commands.md").read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| `wangge ([a-z-]+)", text, re.MULTILINE))
    assert documented == ours


def test_every_make_target_that_is_named_exists() -> None:
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = {
        (name, target)
        for name, text in _named()
        for code in (*re.findall(r"`[^`\n]+`", text), *(body for kind, body in _FENCE.findall(text) if kind == "sh"))
        for target in re.findall(r"(?:^|`)make ([a-z]+)", code, re.MULTILINE)
    }
    assert {pair for pair in named if pair[1] not in targets} == set()
    assert {"run", "test", "check", "bench"} <= {target for _, target in named}


def test_the_glossary_has_the_states_and_acts_of_the_code() -> None:
    states = [row[0] for row in _table("docs/glossary.md", "## States of a case 案件状态")]
    assert states == [state.value for state in lifecycle.State]
    acts = {row[0] for row in _table("docs/glossary.md", "## Acts 动作")}
    assert acts == {"report", *lifecycle.ACTS}


def test_the_glossary_has_the_transitions_of_the_code() -> None:
    rows = [[cell.replace("`", "") for cell in row] for row in _table("docs/glossary.md", "## Transitions 流转")]
    expected = [
        [
            one.act,
            "any" if one.sources == lifecycle.ANY else ", ".join(one.sources),
            one.target or "stays",
            one.who.value,
            ", ".join(one.needs) or "—",
            one.clock.value,
        ]
        for one in lifecycle.TRANSITIONS
    ]
    assert rows == expected


def test_the_glossary_has_the_posts_of_the_catalogue() -> None:
    expected = [
        [one.code, one.name, one.name_en, "yes" if one.single_seat else "no", one.group, " ".join(sorted(one.verbs))]
        for one in POSTS.values()
    ]
    assert _table("docs/glossary.md", "## Posts 岗位") == expected


@pytest.mark.parametrize(
    ("heading", "codes"),
    [
        ("## Kinds of holding 任职方式", DUTY_KINDS),
        ("## Kinds of area 区域类型", KINDS),
        ("## Kinds of posting 记账种类", ledger.KINDS),
        ("## Units of account 计量单位", list(ledger.UNITS)),
        ("## Units of limits 时限单位", [unit.value for unit in LimitUnit]),
        ("## Sources of reports 问题来源", SOURCES),
    ],
)
def test_the_glossary_has_the_codes_of_the_tables(heading: str, codes: list[str]) -> None:
    assert sorted(row[0] for row in _table("docs/glossary.md", heading)) == sorted(codes)


@pytest.mark.parametrize(
    ("guide", "headings"),
    [
        ("docs/guides/import.md", ("### Keys of the mapping", "### Keys of `[columns]`")),
        ("docs/guides/import.zh-CN.md", ("### 映射的键", "### `[columns]` 的键")),
    ],
)
def test_the_guide_names_every_key_of_a_mapping(guide: str, headings: tuple[str, str]) -> None:
    keys, columns = (
        {key.strip("`[] "): row[1] for row in _table(guide, heading) for key in row[0].split(",")}
        for heading in headings
    )
    for table, kind in ((keys, Mapping), (columns, Columns)):
        fields = msgspec.structs.fields(kind)
        assert set(table) == {field.encode_name for field in fields}
        must = {key for key, word in table.items() if word in ("yes", "是")}
        assert must == {field.encode_name for field in fields if field.required}


def test_the_page_of_indicators_has_every_formula_of_the_code() -> None:
    expected = [[one.code, one.name, one.name_en, one.formula, one.formula_en] for one in INDICATORS.values()]
    assert _table("docs/indicators.md", "## Table 指标表") == expected
    for heading, names in (("## Bases 口径", BASES), ("## Groupings 分组", GROUPINGS)):
        assert _table("docs/indicators.md", heading) == [[code, one.name, one.name_en] for code, one in names.items()]


def test_the_guide_shows_the_mapping_that_ships() -> None:
    shipped = (ROOT / "src/wangge/scenarios/baltimore/mapping.toml").read_text(encoding="utf-8")
    assert _blocks("docs/guides/import.md", "toml") == [shipped]


def test_the_retention_table_is_the_one_of_the_code() -> None:
    assert keeping.table().strip() in (DOCS / "operations.md").read_text(encoding="utf-8")
    assert len(_table("docs/operations.zh-CN.md", "## 什么保留多久")) == len(keeping.RETENTION)


@pytest.mark.parametrize(("guide", "heading"), [("docs/operations.md", "## Environment"),
                                                ("docs/operations.zh-CN.md", "## 环境变量")])
def test_every_variable_of_the_environment_is_documented(guide: str, heading: str) -> None:
    read = {
        name
        for path in (ROOT / "src" / "wangge").rglob("*.py")
        for name in re.findall(r"(?<!settings, )\"((?:WANGGE_|DATABASE_)[A-Z_]+)\"", path.read_text(encoding="utf-8"))
    }
    text = (ROOT / guide).read_text(encoding="utf-8")
    assert {name for name in read if f"`{name}`" not in text} == set()
    told = {row[0] for row in _table(guide, heading)}
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(encoding="utf-8"), re.MULTILINE))
    assert example <= told <= read


@pytest.mark.parametrize(("guide", "heading"), [("docs/operations.md", "## Secrets"),
                                                ("docs/operations.zh-CN.md", "## 密钥")])
def test_every_secret_is_documented(guide: str, heading: str) -> None:
    assert set(re.findall(r"[a-z]+_[a-z]+", " ".join(row[0] for row in _table(guide, heading)))) == set(secrets.KNOWN)


def test_every_address_says_who_may() -> None:
    silent = [f"{route.pattern} ({route.name})" for route in access.routes() if route.access is None]
    assert silent == [], "say it by staff.standing.at_desk or interfaces.web.access.open_to"


def test_the_api_page_lists_every_address() -> None:
    from wangge.interfaces.api.urls import api

    paths = api.get_openapi_schema()["paths"]
    served = {
        f"{method.upper()} {path.partition('/api/v1')[2]}" for path, methods in paths.items() for method in methods
    }
    assert {row[0] for row in _table("docs/api.md", "## Addresses")} == served


def test_the_bodies_of_the_api_page_are_taken() -> None:
    code = "\n".join(_blocks("docs/api.md", "sh"))
    bodies = [json.loads(text) for text in re.findall(r"'(\{.*?\})'", code)]
    bodies.append(json.loads(re.search(r'-d "(\{.*?\})"\n', code)[1].replace('\\"', '"').replace(  # type: ignore[index]
        "$FILE", "6f0e7d5c-5b1e-4f3a-9d0b-2f6f6c1a7e11")))
    kinds: dict[str, type[Any]] = {"action": schemas.Action, "key": schemas.BulkCase, "kind": schemas.NewTaskIn,
                                      "planned_from": NewPatrolIn}
    for body in bodies:
        kind = next((kind for name, kind in kinds.items() if name in body), schemas.NewCase)
        assert isinstance(msgspec.convert(body, kind), kind)
    assert len(bodies) == 7


@pytest.mark.parametrize("guide", ["README.md", "README.zh-CN.md"])
def test_the_front_page_names_the_demo_accounts(guide: str) -> None:
    text = (ROOT / guide).read_text(encoding="utf-8")
    for account, post, _ in welcome.ACCOUNTS:
        assert re.search(rf"^\| `{account}` \| {post}", text, re.MULTILINE), account


def test_a_chinese_page_follows_its_english_one() -> None:
    assert len(SIBLINGS) >= 8
    for chinese in SIBLINGS:
        english = chinese.with_name(chinese.name.replace(".zh-CN", ""))
        texts = [path.read_text(encoding="utf-8") for path in (english, chinese)]
        levels = [re.findall(r"^(#+) ", _FENCE.sub("", text), re.MULTILINE) for text in texts]
        assert levels[0] == levels[1], chinese.name
        assert f"]({chinese.name})" in texts[0]
        assert f"]({english.name})" in texts[1]


def test_every_decision_is_listed() -> None:
    folder = DOCS / "adr"
    listed = re.findall(r"\]\((\d{4}-[a-z-]+\.md)\)", (folder / "README.md").read_text(encoding="utf-8"))
    assert listed == sorted(path.name for path in folder.glob("[0-9]*.md"))


@pytest.mark.django_db
def test_a_subdistrict_is_set_up_as_the_guides_say(tmp_path: Path) -> None:
    from django.core.management import call_command

    from wangge.kernel.cases.intake import report_case
    from wangge.kernel.cases.reporting import NewReport
    from wangge.kernel.cases.services import Command, act
    from wangge.kernel.duties import mandates
    from wangge.kernel.duties.importing import import_duties
    from wangge.kernel.people.models import Account
    from wangge.kernel.places.importing import import_areas

    by = mandates.console()
    areas, duties = tmp_path / "areas.geojson", tmp_path / "duties.csv"
    areas.write_text(_blocks("docs/guides/import.md", "json")[0], encoding="utf-8")
    duties.write_text(_blocks("docs/guides/import.md", "csv")[0], encoding="utf-8")
    [setting_up] = _blocks("docs/guides/admin.md", "python")
    [account] = [block for block in _blocks("docs/guides/admin.md", "sh") if "create-account" in block]
    made = import_areas(areas, by=by)
    assert (made.created, made.rejected) == (3, [])
    exec(compile(setting_up, "admin.md", "exec"), {})
    filled = import_duties(duties, by=by)
    assert (filled.assigned, filled.rejected) == (4, [])
    call_command("create_account", *account.split()[2:])

    operator = mandates.for_person(Account.objects.get(username="operator1").person_id, channel="desk")
    report = NewReport(description="垃圾没有清", area_code="320499-01-01", case_class="E0110", source="hotline")
    case = report_case(report=report, by=operator)
    assert case.number.startswith("320499")
    state = None
    for number, name in enumerate(("accept", "confirm", "register", "dispatch"), start=1):
        state = act(case_id=case.case_id, command=Command(act=name), expected_version=number, by=operator)
    assert state is not None
    assert (state.state, state.post, state.post_path) == ("dispatched", "grid_worker", "320499/320499-01/320499-01-01/")


def test_the_chinese_guide_has_the_same_code() -> None:
    for page in ("guides/admin", "guides/import", "operations"):
        for language in ("python", "json", "csv", "sql", "ini", "sh"):
            texts = [_blocks(f"docs/{page}{end}.md", language) for end in ("", ".zh-CN")]
            bare = [[re.sub(r"\s+#.*", "", text) for text in some] for some in texts]
            assert bare[0] == bare[1], (page, language)
