"""Many at once on one account, on committed data: the floor holds, keys make one posting, holds end once."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from threading import Barrier, Thread

from django.db import connection, transaction

from tests.kernel.ledger.books import Books
from wangge.kernel.duties import mandates
from wangge.kernel.journal.models import Entry
from wangge.kernel.ledger import queries, services
from wangge.kernel.ledger.models import Posting
from wangge.kernel.ledger.queries import Balance
from wangge.kernel.ledger.services import NewPosting


def at_once(acts: list[Callable[[], object]]) -> Counter[str]:
    """Run all at the same time, each in a thread with a connection of its own; how they ended."""
    gate, outcomes = Barrier(len(acts)), []

    def run(act: Callable[[], object]) -> None:
        try:
            gate.wait()
            act()
            outcomes.append("done")
        except Exception as error:
            outcomes.append(type(error).__name__)
        finally:
            connection.close()

    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return Counter(outcomes)


def test_of_twenty_charges_of_900_against_5000_exactly_five_succeed_in_full(committed_books: Books) -> None:
    books = committed_books
    books.post("outside", "worker", 500_000)
    outcomes = at_once([lambda n=n: books.post("worker", "fund", 90_000, key=f"charge:{n}") for n in range(20)])
    assert outcomes == {"done": 5, "Conflict": 15}
    assert books.of("worker") == Balance(50_000, 0, 0)
    assert books.of("fund") == Balance(450_000, 0, 0)
    assert Posting.objects.filter(key__startswith="charge:").count() == 5
    assert Entry.objects.filter(subject_type="posting").count() == 6
    assert queries.trial_balance().balanced


def test_holds_and_charges_share_one_floor(committed_books: Books) -> None:
    books = committed_books
    books.post("outside", "worker", 5000)
    acts = [lambda n=n: (books.hold if n % 2 else books.post)("worker", "fund", 900, key=f"c:{n}") for n in range(12)]
    assert at_once(acts) == {"done": 5, "Conflict": 7}
    assert books.of("worker").available == 500
    assert queries.trial_balance().balanced


def test_one_key_sent_by_many_at_once_makes_one_posting(committed_books: Books) -> None:
    books = committed_books
    assert at_once([lambda: books.post("outside", "fund", 100, key="k")] * 8) == {"done": 8}
    assert books.of("fund").balance == 100
    assert Posting.objects.count() == Entry.objects.filter(subject_type="posting").count() == 1


def test_a_hold_that_is_settled_and_released_at_once_ends_once(committed_books: Books) -> None:
    books = committed_books
    books.post("outside", "worker", 1000)
    held = books.hold("worker", "fund", 900)
    acts = [
        lambda n=n: (services.settle if n % 2 else services.release)(
            posting=held.id, by=mandates.console(), key=f"end:{n}")
        for n in range(6)
    ]
    assert at_once(acts) == {"done": 1, "Conflict": 5}
    [end] = Posting.objects.filter(resolves=held.id)
    assert books.of("worker") == Balance(100 if end.kind == "settle" else 1000, 0, 0)


def test_batches_over_the_same_accounts_and_keys_in_any_order_never_wait_in_a_ring(committed_books: Books) -> None:
    books = committed_books
    names = ["worker", "worker2", "secretary", "firm"]

    def batch(turn: int) -> Callable[[], object]:
        order = names[turn % 4 :] + names[: turn % 4]
        rows = [NewPosting(f"shared:{name}", books.lines("outside", name, 10)) for name in order]
        rows += [NewPosting(f"own:{turn}:{name}", books.lines("outside", name, 1)) for name in reversed(order)]
        return lambda: [services.post_many(rows, by=mandates.console()) for _ in range(3)]

    assert at_once([batch(turn) for turn in range(8)]) == {"done": 8}
    assert {name: books.of(name).balance for name in names} == dict.fromkeys(names, 10 + 8)


def test_who_locks_an_account_charges_exactly_what_is_there(committed_books: Books) -> None:
    """Two charges of 1,500 against 2,000: 1,500 and 500 are taken, 1,000 is short."""
    books = committed_books
    books.post("outside", "worker", 2000)
    short: list[int] = []

    def charge(key: str) -> None:
        with transaction.atomic():
            there = queries.lock([books.accounts["worker"]])[books.accounts["worker"]].available
            taken = min(1500, there)
            short.append(1500 - taken)
            books.post("worker", "fund", taken, key=key)

    assert at_once([lambda: charge("a"), lambda: charge("b")]) == {"done": 2}
    assert (sorted(short), books.of("worker").balance) == ([0, 1000], 0)
