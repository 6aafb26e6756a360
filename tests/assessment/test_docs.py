"""The pages on policies say what the code takes: each example is run, each key is explained, in both languages."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest

from wangge.assessment.core.clauses import KINDS
from wangge.assessment.core.files import parse_policy
from wangge.assessment.core.policy import Policy, plain

DOCS = Path(__file__).resolve().parents[2] / "docs"
PAGES = ("policies.md", "policies.zh-CN.md")
HEAD = "policy: p\nversion: 1\ntitle: {zh: 试}\nvalid_from: 2019-01-01\nclauses:\n"
CITY = "  - kind: city_deductions\n    cap: 1\n"
POSTS = ("grid_leader", "secretary", "officer", "contractor")
ROLES = "  - kind: joint_liability\n    roles: [" + ", ".join(f"{{post: {post}}}" for post in POSTS) + "]\n"
REST = "  - kind: money_per_unit\n    yuan: {secretary: 1, contractor: 1}\n"
#: What an example needs beside it.
NEEDS = {"joint_liability": CITY, "money_per_unit": CITY + ROLES, "brackets": CITY + ROLES + REST}


def sections(page: str) -> dict[str, str]:
    text = (DOCS / page).read_text(encoding="utf-8")
    return dict(re.findall(r"^## (\w+)\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL))


def keys(section: str) -> set[str]:
    cells = re.findall(r"^\| ((?:`\w+`[, 、]*)+) \|", section, re.MULTILINE)
    return {key for cell in cells for key in re.findall(r"`(\w+)`", cell)}


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_an_example_that_runs_and_all_its_keys(page: str, kind: str) -> None:
    section = sections(page)[kind]
    [example] = re.findall(r"^```yaml\n(.*?)^```", section, re.MULTILINE | re.DOTALL)
    policy = parse_policy(HEAD + NEEDS.get(kind, "") + example)
    assert policy.clauses[-1].kind == kind
    fields = {field.encode_name for field in msgspec.structs.fields(KINDS[kind])} - {"id"}
    assert keys(section) == fields


@pytest.mark.parametrize("page", PAGES)
def test_the_frame_is_explained(page: str) -> None:
    text = (DOCS / page).read_text(encoding="utf-8")
    frame = text.split("\n## ")[1]
    [example] = re.findall(r"^```yaml\n(.*?)^```", frame, re.MULTILINE | re.DOTALL)
    assert parse_policy(example).version == 2
    assert keys(frame) == {field.encode_name for field in msgspec.structs.fields(Policy)}


def test_both_pages_have_the_same_examples() -> None:
    found = []
    for page in PAGES:
        text = (DOCS / page).read_text(encoding="utf-8")
        blocks = re.findall(r"^```yaml\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
        found.append([re.sub(r"\s+#.*", "", block) for block in blocks])
    assert found[0] == found[1]
    assert len(found[0]) == len(KINDS) + 1
    assert plain(parse_policy(found[0][0]))["policy"] == "example"
