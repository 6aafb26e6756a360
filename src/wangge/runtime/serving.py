"""Between granian and the application: the event loop takes in bodies, a few threads work on whole requests.

A WSGI application reads its body while it holds a thread, and a thread holds a connection to the database. Here a
request gets a thread when its body is there, so that no number of slow senders keeps another request waiting, and
few threads suffice. A thread does not wait for who reads an answer slowly either. Bodies beyond `IN_MEMORY` lie in
a temporary file without a name. Any WSGI application will do; nothing here knows Django.
"""

from __future__ import annotations

import asyncio
import io
import logging
import sys
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from queue import SimpleQueue
from threading import Thread
from typing import IO, Any

log = logging.getLogger("wangge.serving")

THREADS = 4
"""Requests that one process works on at once; each thread keeps a connection to the database."""
AT_ONCE = 16 * 1024
"""Bytes of a body that is awaited as a whole, within `SILENCE`."""
IN_MEMORY = 256 * 1024
"""Bytes of one body that stay in memory."""
MOST_BODY = 256 * 1024 * 1024 + 1
"""Bytes that are taken in; the application refuses what is longer by the length that it is told."""
MOST_HELD = 1024 * 1024 * 1024
"""Bytes of all bodies that one process holds at once."""
SILENCE = 30.0
"""Seconds that a sender may send nothing."""
SLOWEST = 2048
"""Bytes a second that a sender must manage after the first `SILENCE`."""

Headers = list[tuple[str, str]]
Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
_BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})
_PLAIN = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
_PROBLEM = [("content-type", "application/problem+json"), ("connection", "close")]
_SAID = {
    400: b'{"title": "The request cannot be read.", "status": 400}',
    408: b'{"title": "The body did not come in time; send it again.", "status": 408}',
    500: b'{"title": "The server failed.", "status": 500}',
    503: b'{"title": "Too much is being sent at once; send it again later.", "status": 503}',
}


class RefusedError(Exception):
    """A body that is not taken in, with the status that says why."""

    def __init__(self, status: int) -> None:
        self.status = status


@dataclass(slots=True)
class Job:
    """A whole request on its way through a thread; pieces of its answer come back by `tell`."""

    environ: dict[str, Any]
    loop: asyncio.AbstractEventLoop
    told: asyncio.Future[Any]
    pieces: asyncio.Queue[bytes | None] = field(default_factory=asyncio.Queue)
    status: int = 500
    headers: Headers = field(default_factory=list)
    gone: bool = False

    def start_response(self, status: str, headers: Headers, exc_info: Any = None) -> None:
        """WSGI's second argument."""
        self.status = int(status[:3])
        self.headers = headers

    def tell(self, value: bytes | BaseException | None) -> None:
        """Wake the event loop: all of the answer, a fault, or None where its pieces follow."""
        self._wake(self._settle, value)

    def _wake(self, do: Callable[[Any], None], value: object) -> None:
        with suppress(RuntimeError):  # the loop has ended, and everybody's connection with it
            self.loop.call_soon_threadsafe(do, value)

    def _settle(self, value: bytes | BaseException | None) -> None:
        if self.told.done():
            return
        if isinstance(value, BaseException):
            self.told.set_exception(value)
        else:
            self.told.set_result(value)

    def add(self, piece: bytes | None) -> None:
        """One more piece of an answer that is sent as it is made, None at its end."""
        self._wake(self.pieces.put_nowait, piece)


class Server:
    """An RSGI application (granian's own interface) around a WSGI one."""

    def __init__(self, application: Wsgi, *, threads: int = THREADS) -> None:
        self._application = application
        self._threads = threads
        self._jobs: SimpleQueue[Job] = SimpleQueue()
        self._held = 0
        self._base: dict[str, Any] = {
            "SCRIPT_NAME": "", "wsgi.version": (1, 0), "wsgi.errors": sys.stderr, "wsgi.multithread": True,
            "wsgi.multiprocess": True, "wsgi.run_once": False, "wsgi.input_terminated": True,
        }

    def __rsgi_init__(self, loop: asyncio.AbstractEventLoop) -> None:
        """Called in each process of the server before its first request."""
        for number in range(self._threads):
            Thread(target=self._work, name=f"work-{number}", daemon=True).start()

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        """One request."""
        environ = self._environ(scope)
        length = environ.get("CONTENT_LENGTH")
        if length is None and (scope.method in _BODILESS and "HTTP_TRANSFER_ENCODING" not in environ):
            await self._answer(environ, io.BytesIO(), protocol)
            return
        declared = int(length) if length and length.isascii() and length.isdigit() else None
        held = 0
        body: IO[bytes] = io.BytesIO()
        try:
            if _unknown(environ) or (declared or 0) >= MOST_BODY:
                pass  # refused by what stands in its head, whatever follows
            elif declared is not None and declared <= AT_ONCE:
                held = self._hold(declared)
                body = io.BytesIO(await _whole(protocol, declared))
            else:
                body = tempfile.SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115 -- closed below
                held = await self._take(protocol, body, declared)
                environ["CONTENT_LENGTH"] = str(held)
            await self._answer(environ, body, protocol)
        except RefusedError as refused:
            protocol.response_bytes(refused.status, _PROBLEM, _SAID[refused.status])
        finally:
            self._held -= held
            body.close()

    def _hold(self, size: int) -> int:
        if self._held + size > MOST_HELD:
            raise RefusedError(503)
        self._held += size
        return size

    async def _take(self, protocol: Any, body: IO[bytes], declared: int | None) -> int:
        """Write the body to `body` as it comes; its size. What was held of a refused one is held no more."""
        clock = asyncio.get_running_loop().time
        began, size = clock(), 0
        try:
            pieces = aiter(protocol)
            while piece := await _soon(anext(pieces, b"")):
                size += self._hold(len(piece))
                body.write(piece)
                if size >= MOST_BODY:
                    break
                if size < (clock() - began - SILENCE) * SLOWEST:
                    raise RefusedError(408)
            if declared is not None and size < declared:
                raise RefusedError(400)
        except BaseException:
            self._held -= size
            raise
        body.seek(0)
        return size

    async def _answer(self, environ: dict[str, Any], body: IO[bytes], protocol: Any) -> None:
        """Have a thread work on it and pass on what it says."""
        loop = asyncio.get_running_loop()
        environ["wsgi.input"] = body
        job = Job(environ, loop, loop.create_future())
        self._jobs.put(job)
        try:
            whole = await job.told
        except Exception:
            log.error("unhandled", exc_info=True)
            protocol.response_bytes(500, _PROBLEM, _SAID[500])
            return
        headers = [(name.lower(), value) for name, value in job.headers]
        if whole is not None:
            protocol.response_bytes(job.status, headers, whole)
            return
        transport = protocol.response_stream(job.status, headers)
        try:
            while (piece := await job.pieces.get()) is not None:
                await transport.send_bytes(piece)
        except RuntimeError:
            log.info("gone")
        finally:
            job.gone = True

    def _work(self) -> None:
        """A thread: one whole request after another."""
        while True:
            job = self._jobs.get()
            try:
                self._serve(job)
            except BaseException as error:  # noqa: BLE001 -- the outermost place of a thread; the request is told
                job.tell(error)
            del job

    def _serve(self, job: Job) -> None:
        found = self._application(job.environ, job.start_response)
        try:
            if any(name.lower() == "content-length" for name, _ in job.headers):
                job.tell(b"".join(found))
                return
            job.tell(None)
            try:
                for piece in found:
                    if job.gone:
                        return
                    job.add(piece)
            finally:
                job.add(None)
        finally:
            if close := getattr(found, "close", None):
                close()

    def _environ(self, scope: Any) -> dict[str, Any]:
        """A request's head as WSGI names it."""
        server, _, port = scope.server.rpartition(":")
        environ = {
            **self._base,
            "REQUEST_METHOD": scope.method,
            "PATH_INFO": scope.path.encode().decode("latin-1"),
            "QUERY_STRING": scope.query_string,
            "SERVER_PROTOCOL": f"HTTP/{scope.http_version}",
            "SERVER_NAME": server.strip("[]"),
            "SERVER_PORT": port,
            "REMOTE_ADDR": scope.client.rpartition(":")[0].strip("[]"),
            "wsgi.url_scheme": scope.scheme,
        }
        given = scope.headers.items()
        readable = {name for name, _ in given}
        # A value that is not plain ASCII is left out by granian; the application shall see that there was one.
        for name, value in [*given, *((name, "") for name in scope.headers.keys() if name not in readable)]:  # noqa: SIM118
            if "_" in name:
                continue  # it would pass for the name with "-", which a proxy sets
            key = _PLAIN.get(name) or "HTTP_" + name.upper().replace("-", "_")
            if key in environ:
                value = f"{environ[key]}{'; ' if name == 'cookie' else ','}{value}"
            environ[key] = value
        return environ


def _unknown(environ: dict[str, Any]) -> bool:
    """Whether a program does not say who it is: it is answered 401 by its head, and not waited for."""
    return environ["PATH_INFO"].startswith("/api/") and "HTTP_AUTHORIZATION" not in environ


async def _whole(protocol: Any, declared: int) -> bytes:
    """A short body at once."""
    body: bytes = await _soon(protocol())
    if len(body) != declared:
        raise RefusedError(400)
    return body


async def _soon(coming: Any) -> Any:
    """What is awaited, within `SILENCE`."""
    try:
        async with asyncio.timeout(SILENCE):
            return await coming
    except TimeoutError:
        raise RefusedError(408) from None
    except RuntimeError:  # granian's: the sender is gone
        raise RefusedError(400) from None
