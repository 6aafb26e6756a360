"""One address may send only so often without an account; nobody else is held up, and no address is kept."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client, RequestFactory

from tests.interfaces.world import World
from wangge.base.clock import now
from wangge.interfaces.public import sender
from wangge.interfaces.public.models import SenderWindow
from wangge.kernel.cases.models import Case


@pytest.fixture
def client(settings: Any) -> Client:
    settings.PUBLIC_RATE = 2
    return Client(headers={"accept-language": "zh-CN"})


def form(words: str = "路灯不亮") -> dict[str, str]:
    return {"key": str(uuid4()), "description": words, "lon": "119.905", "lat": "31.605"}


def test_beyond_the_limit_a_report_is_refused_and_its_words_stay(world: World, client: Client) -> None:
    assert [client.post("/report/", form()).status_code for _ in range(2)] == [302, 302]
    answer = client.post("/report/", form("第三件事"))
    page = answer.content.decode()
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 600
    assert "请十分钟后再发送" in page
    assert "第三件事" in page
    assert Case.objects.count() == 2
    assert client.post("/report/", form(), REMOTE_ADDR="192.0.2.7").status_code == 302


def test_words_by_code_count_too_and_stay(world: World, client: Client) -> None:
    story = client.post("/report/", form())["Location"]
    assert client.post(f"{story}/say", {"note": "还在"}).status_code == 302
    answer = client.post(f"{story}/say", {"note": "又来了"})
    assert answer.status_code == 429
    assert int(answer["Retry-After"]) > 0
    assert "又来了" in answer.content.decode()


def test_after_ten_minutes_it_may_send_again_and_old_rows_go(world: World, client: Client) -> None:
    for _ in range(3):
        last = client.post("/report/", form())
    assert last.status_code == 429
    client.post("/report/", form(), REMOTE_ADDR="192.0.2.7")
    SenderWindow.objects.update(started=now() - timedelta(minutes=11))
    assert client.post("/report/", form()).status_code == 302
    assert SenderWindow.objects.count() == 1


def test_of_the_address_only_a_digest_of_the_day_is_kept(world: World, client: Client) -> None:
    client.post("/report/", form())
    row = SenderWindow.objects.get()
    at = row.started
    assert bytes(row.sender) == sender.digest("127.0.0.1", at)
    assert sender.digest("127.0.0.1", at) != sender.digest("127.0.0.1", at + timedelta(days=1))
    with connection.cursor() as cursor:
        cursor.execute("SELECT relpersistence FROM pg_class WHERE relname = 'public_sender_window'")
        assert cursor.fetchone() == ("u",)


@pytest.mark.parametrize(
    ("tls", "forwarded", "expected"),
    [
        (False, "192.0.2.1", "127.0.0.1"),
        (True, "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        (True, "", "127.0.0.1"),
        (True, "2001:db8:1:2:3:4:5:6", "2001:db8:1:2::"),
        (True, "::ffff:192.0.2.1", "192.0.2.1"),
    ],
)
def test_only_the_proxy_names_the_sender(settings: Any, tls: bool, forwarded: str, expected: str) -> None:
    settings.TLS = tls
    request = RequestFactory().post("/report/", headers={"x-forwarded-for": forwarded})
    assert sender.address(request) == expected
