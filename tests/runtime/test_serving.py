"""Between the web server and the application: whole requests reach few threads, slow ones wait outside."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest

from wangge.runtime import serving
from wangge.runtime.serving import Server

Start = Callable[..., Any]


class Headers:
    """As granian gives them: names in lower case, repeated ones one after the other."""

    def __init__(self, pairs: Iterable[tuple[str, str]]) -> None:
        self._pairs = list(pairs)

    def keys(self) -> list[str]:
        return [name for name, _ in self._pairs]

    def items(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in self._pairs if value.isascii()]


@dataclass
class Sender:
    """A client: its pieces come at once, then the body ends, or nothing comes any more."""

    pieces: list[bytes] = field(default_factory=list)
    stalls: bool = False
    leaves_after: int = 99
    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    async def _all(self) -> AsyncIterator[bytes]:
        for piece in self.pieces:
            await asyncio.sleep(0)
            yield piece
        if self.stalls:
            await asyncio.Event().wait()

    def __aiter__(self) -> AsyncIterator[bytes]:
        return self._all()

    async def __call__(self) -> bytes:
        return b"".join([piece async for piece in self._all()])

    def response_bytes(self, status: int, headers: list[tuple[str, str]], body: bytes) -> None:
        self.status, self.headers, self.body = status, dict(headers), body

    def response_stream(self, status: int, headers: list[tuple[str, str]]) -> Sender:
        self.status, self.headers = status, dict(headers)
        return self

    async def send_bytes(self, data: bytes) -> None:
        if self.leaves_after == 0:
            raise RuntimeError("transport is closed")
        self.leaves_after -= 1
        self.body += data


def scope(method: str = "GET", path: str = "/", **headers: str) -> Any:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return SimpleNamespace(
        method=method, path=path, query_string="a=1", headers=Headers(named), client="10.0.0.9:4711",
        server="127.0.0.1:8311", scheme="http", http_version="1.1",
    )


def echo(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
    body = environ["wsgi.input"].read()
    start("200 OK", [("Content-Length", str(len(body))), ("X-Length", environ.get("CONTENT_LENGTH", ""))])
    return [body]


def serve(application: serving.Wsgi, *requests: tuple[Any, Sender], threads: int = 1) -> None:
    """Send the requests together, in this order; those that would never end are left when the others are answered."""

    async def all_of_them() -> None:
        server = Server(application, threads=threads)
        server.__rsgi_init__(asyncio.get_running_loop())
        tasks = [asyncio.create_task(server.__rsgi__(*one)) for one in requests]
        await asyncio.wait_for(asyncio.gather(*(
            task for task, (_, sender) in zip(tasks, requests, strict=True) if not sender.stalls
        )), 30)

    run(all_of_them())


def run(work: Coroutine[Any, Any, Any]) -> None:
    """In a thread of its own: browser tests that ran before leave their event loop running in this one."""
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, work).result()


def post(length: int | None, path: str = "/report/", **more: str) -> Any:
    return scope("POST", path, **({} if length is None else {"content_length": str(length)}), **more)


@pytest.mark.parametrize("size", [0, 1, serving.AT_ONCE, serving.AT_ONCE + 1, serving.IN_MEMORY * 3])
@pytest.mark.parametrize("chunked", [False, True])
def test_a_body_reaches_the_application_whole_with_its_length(size: int, chunked: bool) -> None:
    body = bytes(index % 251 for index in range(size))
    sender = Sender([body[at : at + 9999] for at in range(0, size, 9999)])
    asked = post(None, transfer_encoding="chunked") if chunked else post(size)
    serve(echo, (asked, sender))
    assert (sender.status, sender.body, sender.headers["x-length"]) == (200, body, str(size))


def test_a_head_is_named_as_wsgi_names_it_and_no_underscore_passes_for_a_dash() -> None:
    seen: dict[str, Any] = {}

    def look(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        seen.update(environ)
        return echo(environ, start)

    asked = scope(path="/路/", cookie="a=1", x_forwarded_for="10.1.1.1", host="h")
    odd = [("x_forwarded_for", "6.6.6.6"), ("cookie", "b=2"), ("idempotency-key", "键")]
    asked.headers = Headers([*asked.headers.items(), *odd])
    serve(look, (asked, Sender()))
    assert seen["PATH_INFO"].encode("latin-1").decode() == "/路/"
    assert seen["HTTP_COOKIE"] == "a=1; b=2"
    assert seen["HTTP_IDEMPOTENCY_KEY"] == ""
    assert seen["HTTP_X_FORWARDED_FOR"] == "10.1.1.1"
    assert (seen["REMOTE_ADDR"], seen["SERVER_NAME"], seen["SERVER_PORT"]) == ("10.0.0.9", "127.0.0.1", "8311")
    asked.client, asked.server = "[::1]:4711", "[::1]:8311"
    serve(look, (asked, Sender()))
    assert (seen["REMOTE_ADDR"], seen["SERVER_NAME"], seen["SERVER_PORT"]) == ("::1", "::1", "8311")


def test_many_more_slow_senders_than_threads_keep_nobody_waiting() -> None:
    slow = [(post(5000), Sender([b"k"], stalls=True)) for _ in range(50)]
    slow += [(post(50_000), Sender([b"k"] * 5, stalls=True)) for _ in range(50)]
    quick = Sender([b"hello"])
    serve(echo, *slow, (post(5), quick), threads=1)
    assert (quick.status, quick.body) == (200, b"hello")
    assert all(sender.status == 0 for _, sender in slow)


@pytest.mark.parametrize("length", [100, 100_000])
def test_who_falls_silent_is_told_so(monkeypatch: pytest.MonkeyPatch, length: int) -> None:
    monkeypatch.setattr(serving, "SILENCE", 0.05)
    sender = Sender([b"k"], stalls=True)

    async def alone() -> None:
        await Server(echo).__rsgi__(post(length), sender)

    run(alone())
    assert (sender.status, sender.headers["connection"]) == (408, "close")


def test_who_trickles_for_ever_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "SILENCE", 0.05)
    monkeypatch.setattr(serving, "SLOWEST", 10**12)
    sender = Sender([b"k"] * 10**6)
    serve(echo, (post(10**6), sender))
    assert sender.status == 408


def test_more_than_a_process_may_hold_is_refused_and_room_is_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(serving, "MOST_HELD", 150_000)
    stalled = Sender([b"k" * 100_000], stalls=True)
    much, small = Sender([b"k" * 100_000]), Sender([b"k"])
    serve(echo, (post(200_000), stalled), (post(100_000), much), (post(1), small))
    assert (much.status, small.status) == (503, 200)
    one, other = Sender([b"k" * 100_000]), Sender([b"k" * 40_000])

    async def in_turn() -> None:
        server = Server(echo)
        server.__rsgi_init__(asyncio.get_running_loop())
        for length, sender in ((100_000, one), (40_000, other), (100_000, one)):
            await server.__rsgi__(post(length), sender)
            assert sender.status == 200

    run(in_turn())


@pytest.mark.parametrize("length", [10, 100_000])
def test_of_who_leaves_before_the_end_nothing_reaches_the_application(length: int) -> None:
    called: list[int] = []

    def note(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        called.append(1)
        return echo(environ, start)

    sender = Sender([b"k"])
    serve(note, (post(length), sender))
    assert (sender.status, called) == (400, [])


def test_a_program_that_names_nobody_and_a_body_beyond_all_bounds_are_answered_by_their_head() -> None:
    nameless, endless = Sender(stalls=True), Sender(stalls=True)

    async def both() -> None:
        server = Server(echo)
        server.__rsgi_init__(asyncio.get_running_loop())
        await server.__rsgi__(post(5000, "/api/v1/cases"), nameless)
        await server.__rsgi__(post(serving.MOST_BODY, "/report/"), endless)

    run(asyncio.wait_for(both(), 30))
    assert (nameless.status, nameless.headers["x-length"]) == (200, "5000")
    assert (endless.status, endless.headers["x-length"]) == (200, str(serving.MOST_BODY))


def test_a_fault_is_an_answer_that_says_nothing_of_it_and_the_thread_works_on() -> None:
    def fault(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "GET":
            raise ValueError("a secret")
        return echo(environ, start)

    broken, next_one = Sender(), Sender([b"on"])
    serve(fault, (scope(), broken), (post(2), next_one))
    assert broken.status == 500
    assert b"secret" not in broken.body
    assert next_one.body == b"on"


def test_an_answer_of_unknown_length_goes_out_piece_by_piece_until_its_reader_leaves() -> None:
    made: list[int] = []
    closed: list[bool] = []

    class Lines:
        def __iter__(self) -> Iterable[bytes]:
            for number in range(100_000):
                made.append(number)
                yield b"%d\n" % number

        def close(self) -> None:
            closed.append(True)

    def lines(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return Lines()  # type: ignore[return-value]

    def few(environ: dict[str, Any], start: Start) -> Iterable[bytes]:
        start("200 OK", [])
        return iter([b"1\n", b"2\n"])

    reader = Sender()
    serve(few, (scope(), reader))
    assert reader.body == b"1\n2\n"
    leaver = Sender(leaves_after=2)
    serve(lines, (scope(), leaver))
    assert leaver.body == b"0\n1\n"
