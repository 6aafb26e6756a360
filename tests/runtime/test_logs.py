"""Log lines help whoever runs the system and tell nothing about people."""

from __future__ import annotations

import json
import logging
import stat
import subprocess
import sys
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.http import HttpResponse
from django.test import Client, RequestFactory

from wangge.interfaces.web.middleware import RequestLog
from wangge.runtime import logs

NAME, PHONE = "王示范", "13800000000"


@pytest.fixture
def lines(tmp_path: Path) -> Any:
    """A function that returns all lines written so far to a log file of the test's own."""
    handler = logs.DailyFile(str(tmp_path))
    handler.setFormatter(logs.JsonFormatter())
    root = logging.getLogger()
    root.addHandler(handler)
    yield lambda: [json.loads(line) for path in tmp_path.iterdir() for line in path.read_text().splitlines()]
    root.removeHandler(handler)


def test_arguments_and_unknown_fields_are_not_written(lines: Any) -> None:
    logging.getLogger("wangge.test").warning("hello %s", NAME, extra={"name_of": NAME, "status": 7})
    (line,) = lines()
    assert line["event"] == "hello %s"
    assert line["status"] == 7
    assert NAME not in json.dumps(line, ensure_ascii=False)


def test_an_exception_is_logged_by_type_and_place_only(lines: Any) -> None:
    try:
        raise ValueError(f"cannot read {PHONE}")
    except ValueError:
        logging.getLogger("wangge.test").exception("failed")
    (line,) = lines()
    assert line["error"] == "ValueError"
    assert line["at"][-1].startswith("test_logs.py:")
    assert PHONE not in json.dumps(line)


def test_a_request_leaves_route_and_status_but_no_query_body_or_address(lines: Any, client: Client) -> None:
    answer = client.post(f"/nowhere/{PHONE}?q={NAME}", {"contact": PHONE}, REMOTE_ADDR="203.0.113.7")
    (line,) = [found for found in lines() if found["logger"] == "wangge.request"]
    assert line["status"] == answer.status_code == 404
    assert line["request"] == answer["X-Request-ID"]
    written = json.dumps(lines(), ensure_ascii=False)
    assert not any(secret in written for secret in (NAME, PHONE, "203.0.113.7", "contact"))


def test_a_fault_of_a_view_is_logged_with_its_request(lines: Any) -> None:
    def broken(request: object) -> Any:
        raise RuntimeError(PHONE)

    answer = RequestLog(broken)(RequestFactory().get("/"))
    assert answer.status_code == 500
    fault = next(line for line in lines() if line["event"] == "unhandled")
    assert fault["error"] == "RuntimeError"
    assert fault["request"] == answer["X-Request-ID"]
    assert PHONE not in json.dumps(lines())


@pytest.mark.parametrize(("given", "kept"), [("abcdef0123456789", True), ("x", False), ("a\nb" * 9, False)])
def test_the_proxys_request_id_is_kept_only_if_well_formed(given: str, kept: bool) -> None:
    request = RequestFactory().get("/healthz", headers={"X-Request-ID": given})
    answer = RequestLog(lambda _: HttpResponse())(request)
    assert (answer["X-Request-ID"] == given) is kept


def test_the_file_is_closed_to_others(tmp_path: Path) -> None:
    handler = logs.DailyFile(str(tmp_path / "logs"))
    handler.handle(logging.makeLogRecord({"msg": "x"}))
    (path,) = (tmp_path / "logs").iterdir()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_processes_share_a_file_without_mixing_lines(tmp_path: Path) -> None:
    program = (
        "import logging, sys; from wangge.runtime import logs\n"
        "h = logs.DailyFile(sys.argv[1]); h.setFormatter(logs.JsonFormatter())\n"
        "for i in range(500): h.handle(logging.makeLogRecord({'msg': 'x' * 3000}))"
    )
    writers = [subprocess.Popen([sys.executable, "-c", program, str(tmp_path)]) for _ in range(3)]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    written = [json.loads(line) for path in tmp_path.iterdir() for line in path.read_text().splitlines()]
    assert len(written) == 1500
    assert {line["event"] for line in written} == {"x" * 3000}


def test_files_older_than_six_months_go(tmp_path: Path) -> None:
    for day in ("2026-01-01", "2026-06-30", "2026-07-01"):
        logs.name_of(tmp_path, date.fromisoformat(day)).touch()
    (tmp_path / "other.txt").touch()
    removed = logs.remove_old(tmp_path, date(2026, 12, 31), kept_days=184)
    assert [path.name for path in removed] == ["wangge-2026-01-01.jsonl"]
    assert len(list(tmp_path.iterdir())) == 3
