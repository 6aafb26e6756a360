"""The API keeps what its schema promises, whatever is sent (schemathesis), and its reference page reads well."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from tests.interfaces.api.world import Api, World, make_world
from wangge.interfaces.api import schemas
from wangge.kernel.cases.lifecycle import ACTS, State

EXAMPLES = 30
SEED = 8311
CONFIG = Path(__file__).with_name("schemathesis.toml")


@pytest.mark.slow
def test_whatever_is_sent_the_schema_holds(server: str, tmp_path: Path) -> None:
    world = make_world()
    Api(world.tokens["worker"]).report("one", case_class="E01")
    program = Path(sys.executable).with_name("schemathesis")
    ran = subprocess.run(
        [
            program, "--config-file", CONFIG, "run", f"{server}/api/v1/openapi.json",
            "--header", f"Authorization: Bearer {world.tokens['operator']}",
            "--max-examples", str(EXAMPLES), "--seed", str(SEED), "--generation-deterministic", "--no-color",
        ],
        cwd=tmp_path, capture_output=True, text=True, timeout=500, check=False,
    )  # fmt: skip
    assert ran.returncode == 0, ran.stdout[-20_000:] + ran.stderr[-5_000:]


@pytest.fixture
def described(db: None) -> Any:
    answer = Client().get("/api/v1/openapi.json")
    assert answer["Content-Type"].startswith("application/json")
    return answer.json()


def test_the_schema_lists_every_operation(described: Any) -> None:
    found = {(method, path) for path, methods in described["paths"].items() for method in methods}
    assert found == {
        ("post", "/api/v1/cases"), ("get", "/api/v1/cases"), ("post", "/api/v1/cases/bulk"),
        ("get", "/api/v1/cases/{case}"), ("post", "/api/v1/cases/{case}/actions"),
        ("get", "/api/v1/cases/{case}/timeline"), ("get", "/api/v1/cases/{case}/trace"),
        ("get", "/api/v1/cases/{case}/proof"), ("put", "/api/v1/files/{file_id}"),
        ("get", "/api/v1/files/{file_id}"), ("get", "/api/v1/areas"), ("get", "/api/v1/areas/locate"),
        ("get", "/api/v1/duties"), ("get", "/api/v1/classes"), ("get", "/api/v1/me"),
        ("post", "/api/v1/suggestions"), ("get", "/api/v1/cases/{case}/candidates"),
        ("get", "/api/v1/parts"), ("get", "/api/v1/indicators"),
        ("get", "/api/v1/indicators/{indicator}/cases"), ("post", "/api/v1/publications"),
        ("get", "/api/v1/tasks"), ("post", "/api/v1/tasks"), ("get", "/api/v1/tasks/{task}"),
        ("post", "/api/v1/tasks/{task}/actions"),
        ("get", "/api/v1/answers"),
        ("get", "/api/v1/runs"), ("get", "/api/v1/runs/{run}/lines"), ("post", "/api/v1/runs/{run}/appeals"),
        ("post", "/api/v1/runs/{run}/actions"),
        ("get", "/api/v1/findings"), ("get", "/api/v1/findings/{finding_id}"),
        ("post", "/api/v1/findings/{finding_id}/actions"), ("get", "/api/v1/signals"),
        ("get", "/api/v1/patrols"), ("post", "/api/v1/patrols"), ("get", "/api/v1/patrols/{patrol}"),
        ("post", "/api/v1/patrols/{patrol}/actions"), ("post", "/api/v1/patrols/{patrol}/track"),
        ("get", "/api/v1/observations"), ("post", "/api/v1/observations"),
        ("post", "/api/v1/observations/{observation}/actions"),
        ("get", "/api/v1/spots"), ("get", "/api/v1/spots/{spot}"), ("post", "/api/v1/spots/{spot}/actions"),
    }  # fmt: skip


def test_every_operation_asks_for_a_token_and_promises_problem_documents(described: Any) -> None:
    for methods in described["paths"].values():
        for operation in methods.values():
            assert operation["security"] == [{"Bearer": []}]
            for status, answer in operation["responses"].items():
                if status == "default" or int(status) >= 400:
                    assert list(answer["content"]) == ["application/problem+json"]


def test_the_schema_knows_the_acts_and_states_of_the_lifecycle(described: Any) -> None:
    components = described["components"]["schemas"]
    assert set(components["Action"]["properties"]["action"]["enum"]) == set(ACTS)
    state = next(one for one in described["paths"]["/api/v1/cases"]["get"]["parameters"] if one["name"] == "state")
    assert set(state["schema"]["items"]["enum"]) == {state.value for state in State}
    assert all(components[kind.__name__]["additionalProperties"] is False for kind in (schemas.NewCase, schemas.Action))


def test_every_reference_leads_somewhere(described: Any) -> None:
    text = str(described)
    named = set(re.findall(r"#/components/schemas/(\w+)", text))
    assert named <= set(described["components"]["schemas"])


def test_the_reference_page_needs_no_script_and_no_other_host(described: Any, world: World) -> None:
    answer = Client().get("/api/v1/docs")
    page = answer.content.decode()
    assert answer.status_code == 200
    assert "script-src 'self'" in answer["Content-Security-Policy"]
    assert "<script" not in page
    assert "style=" not in page
    assert not re.findall(r'(?:src|href)="(?:https?:)?//', page)
    for path in described["paths"]:
        assert path in page
    [style] = re.findall(r'href="([^"]+docs\.css)"', page)
    answer = Client().get(style)
    assert b"--ink" in b"".join(answer.streaming_content)
