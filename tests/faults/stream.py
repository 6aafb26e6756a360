"""Reports as real clients send them: each under a key of its own, again and again until it is acknowledged."""

from __future__ import annotations

import random
import threading
import time
from dataclasses import dataclass, field
from uuid import uuid4

import requests

from tests.faults.system import System

PATIENCE = 60.0
"""Seconds that a client goes on trying with one report."""


@dataclass
class Stream:
    """What was acknowledged (key → case id), what was refused, and how often a client had to try again."""

    system: System
    most: int
    acknowledged: dict[str, str] = field(default_factory=dict)
    refused: list[str] = field(default_factory=list)
    again: int = 0
    enough: threading.Event = field(default_factory=threading.Event)
    _threads: list[threading.Thread] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def start(self, threads: int = 4, pause: float = 0.03) -> None:
        """Begin; each thread ends when its share is sent, or at `enough`."""
        for number in range(threads):
            work = (number, self.most // threads, pause)
            self._threads.append(threading.Thread(target=self._send, args=work, daemon=True))
            self._threads[-1].start()

    def finish(self, seconds: float = 90) -> None:
        """No new report is begun; those under way are brought to their end."""
        self.enough.set()
        end = time.monotonic() + seconds
        for thread in self._threads:
            thread.join(max(end - time.monotonic(), 0.1))
            assert not thread.is_alive(), "a client is still trying"

    def wait_for(self, more: int, seconds: float = 60) -> None:
        """Until so many more reports are acknowledged: the system serves again."""
        wanted, end = len(self.acknowledged) + more, time.monotonic() + seconds
        while len(self.acknowledged) < wanted and any(thread.is_alive() for thread in self._threads):
            assert time.monotonic() < end, f"{len(self.acknowledged)} of {wanted}; {self.refused[:1]}"
            time.sleep(0.05)

    def _send(self, number: int, share: int, pause: float) -> None:
        chance = random.Random(number)
        with requests.Session() as session:
            for _ in range(share):
                if self.enough.is_set():
                    return
                point = {"lon": 119.90 + chance.random() * 0.02, "lat": 31.60 + chance.random() * 0.02}
                self._deliver(session, str(uuid4()), point)
                time.sleep(pause)

    def _deliver(self, session: requests.Session, key: str, point: dict[str, float]) -> None:
        body = {"description": "路边有垃圾", "location": point, "source": "resident"}
        headers = {"Authorization": f"Bearer {self.system.tokens['operator']}", "Idempotency-Key": key}
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            try:
                answer = session.post(f"{self.system.url}/api/v1/cases", json=body, headers=headers, timeout=10)
            except requests.RequestException:
                answer = None
            if answer is not None and answer.status_code in (200, 201):
                with self._lock:
                    self.acknowledged[key] = answer.json()["id"]
                return
            if answer is not None and answer.status_code < 500:
                break
            self.again += 1
            time.sleep(0.1)
        with self._lock:
            self.refused.append(f"{key}: {answer.status_code if answer is not None else 'no answer'}")


def check_record(stream: Stream) -> None:
    """Every acknowledged report is there exactly once, under the id that its sender was told; and nothing else is."""
    system = stream.system
    assert stream.refused == []
    rows = [line.split("|") for line in system.query("SELECT key, case_id FROM cases_report")]
    assert len(rows) == len({key for key, _ in rows}) == len(stream.acknowledged)
    assert dict(rows) == stream.acknowledged
    counts = system.query(
        "SELECT (SELECT count(*) FROM cases_case), (SELECT count(DISTINCT case_id) FROM cases_report),"
        " (SELECT count(*) FROM journal_entry WHERE subject_type = 'case' AND verb = 'report'),"
        " (SELECT count(*) FROM cases_search),"
        " (SELECT count(*) FROM cases_case c LEFT JOIN journal_entry e"
        "  ON e.subject_id = c.id AND e.seq = c.version WHERE e.seq IS NULL)"
    )
    total = len(stream.acknowledged)
    assert counts == [f"{total}|{total}|{total}|{total}|0"]
    facts = system.facts("verify-journal")
    assert facts["ok"]
    assert facts["fault_count"] == 0
