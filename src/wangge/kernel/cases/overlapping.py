"""Two hands for a long import: the next batch is decided while the last one is being written.

PostgreSQL works on a COPY about as long as Python decides what goes into the next, and libpq lets other threads
run while it waits. So full batches are written by a thread with a connection of its own. Each is one
transaction, in the order given, and what comes out of `in_turn` is committed. Inside a caller's transaction,
and for a first batch that is the last as well, everything happens on the caller's connection, one after the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Generic, TypeVar

from django.db import connection

from wangge.kernel.cases.bulk import batches, without_collector

T = TypeVar("T")
D = TypeVar("D")


def in_turn(
    items: Iterable[T],
    size: int,
    *,
    decide: Callable[[list[T], D | None], D],
    write: Callable[[D], None],
    mend: Callable[[D, Exception], D | None] = lambda decided, error: None,
) -> Iterator[D]:
    """Decide and write the items in batches of `size`; gives each decided batch once it is committed.

    `decide` gets the batch before, which is not committed yet, or None where there is nothing to wait for.
    `write` is one transaction. When it raises, `mend` may write the batch in another way and say what came of
    it; None stands for no. Then, or where reading or deciding raises, the batches before are given first and the
    error follows; nothing that was decided later is written. A batch is not written before the one before it was
    taken by the caller.
    """
    with _Hand(write) as hand:
        waiting: D | None = None
        writing: Future[None] | None = None
        source = batches(items, size)
        failed: Exception | None = None
        while True:
            batch: list[T] = []
            decided: D | None = None
            try:
                with without_collector():
                    batch = next(source, [])
                    decided = decide(batch, waiting) if batch else None
            except Exception as error:  # noqa: BLE001 -- raised below, after what was written before it
                failed = error
            if writing is not None and waiting is not None:
                broken = writing.exception()
                done = waiting if broken is None else _mended(waiting, broken, mend)
                yield done
                if broken is not None and batch and failed is None:
                    decided = decide(batch, None)  # what counted on the batch before is decided again
            if failed is not None:
                raise failed
            if decided is None:
                return
            waiting, writing = decided, hand.start(decided, apart=len(batch) == size)
            if writing.done():
                broken = writing.exception()
                yield waiting if broken is None else _mended(waiting, broken, mend)
                waiting = writing = None


def _mended(decided: D, broken: BaseException, mend: Callable[[D, Exception], D | None]) -> D:
    found = mend(decided, broken) if isinstance(broken, Exception) else None
    if found is None:
        raise broken
    return found


class _Hand(Generic[D]):
    """Writes one batch at a time: at once, or beside the caller."""

    def __init__(self, write: Callable[[D], None]) -> None:
        self._write = write
        self._beside: ThreadPoolExecutor | None = None

    def __enter__(self) -> _Hand[D]:
        return self

    def start(self, decided: D, *, apart: bool) -> Future[None]:
        """Begin to write. `apart` says that more may follow, so that a thread is worth it."""
        if self._beside is None and apart and not connection.in_atomic_block:
            self._beside = ThreadPoolExecutor(1, thread_name_prefix="wangge-import")
        if self._beside is not None:
            return self._beside.submit(self._write, decided)
        written: Future[None] = Future()
        try:
            self._write(decided)
        except Exception as error:  # noqa: BLE001 -- the future hands it on, as the thread's does
            written.set_exception(error)
        else:
            written.set_result(None)
        return written

    def __exit__(self, *_: object) -> None:
        if self._beside is not None:
            self._beside.submit(_close)
            self._beside.shutdown(wait=True)


def _close() -> None:
    """Close the connection of the thread that this runs in."""
    connection.close()
