"""Ten thousand postings by `post_many` against bare SQL of the very same rows, with the same keys and triggers."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any
from uuid import UUID

from bench.bulk_import import Owner
from bench.stage import Stage

COUNT = 10_000
PEOPLE = 200


def accounts(stage: Stage) -> tuple[list[UUID], UUID]:
    """Deposits with a floor of people who are made for it, and a fund without one."""
    from wangge.kernel.duties import mandates
    from wangge.kernel.ledger.services import NewAccount, open_accounts
    from wangge.kernel.people.services import NewPerson, create_people

    by = mandates.console()
    people = create_people([NewPerson(f"样例{number}") for number in range(PEOPLE)], by=by)
    rows = [NewAccount("person", one.id, "deposit", "cny", "320499-T", 0) for one in people]
    fund = NewAccount("area", stage.town.areas["320499-T"], "fund", "cny", "320499-T")
    *deposits, last = open_accounts([*rows, fund], by=by)
    return [one.id for one in deposits], last.id


def postings(deposits: list[UUID], fund: UUID, count: int) -> list[Any]:
    """Payments into the deposits, in turn."""
    from wangge.kernel.ledger.services import Line, NewPosting

    return [
        NewPosting(
            f"{time.time_ns()}:{number}",
            (Line(fund, -100 - number), Line(deposits[number % PEOPLE], 100 + number)),
            policy="bench",
        )
        for number in range(count)
    ]


def ours(rows: list[Any]) -> float:
    """Checked, written and journaled in one batch; seconds."""
    from wangge.kernel.duties import mandates
    from wangge.kernel.ledger.services import post_many

    began = time.perf_counter()
    made = post_many(rows, by=mandates.console())
    assert all(one.fresh for one in made)
    return time.perf_counter() - began


def bare(stage: Stage, folder: Path) -> float:
    """Take the newest postings with legs and entries out, delete them, and put the same rows back by one INSERT a table
    from tables prepared before; seconds of the last. Keys and triggers work as ever."""
    owner = Owner(stage)
    picked = f"SELECT id FROM ledger_posting ORDER BY id DESC LIMIT {COUNT}"
    tables = {"journal_entry": "subject_id", "ledger_posting": "id", "ledger_leg": "posting_id"}
    owner.sql(f"CREATE TABLE bench_picked AS {picked};" + "".join(
        f"CREATE TABLE bench_{table} AS SELECT t.* FROM {table} t JOIN bench_picked b ON t.{column} = b.id;"
        for table, column in tables.items()
    ))
    owner.sql("SET session_replication_role = replica;" + "".join(
        f"DELETE FROM {table} t USING bench_picked b WHERE t.{column} = b.id;" for table, column in tables.items()
    ) + (
        "UPDATE ledger_level v SET balance = (SELECT coalesce(sum(l.amount), 0) FROM ledger_leg l"
        " WHERE l.account_id = v.account_id);"
    ))
    owner.sql("VACUUM ANALYZE " + ", ".join(tables))
    script = folder / "bare.sql"
    script.write_text("BEGIN;\n" + "".join(
        f"INSERT INTO {table} SELECT * FROM bench_{table};\n" for table in tables) + "COMMIT;\n")
    began = time.perf_counter()
    owner.sql(script.read_text())
    seconds = time.perf_counter() - began
    owner.sql("DROP TABLE bench_picked, " + ", ".join(f"bench_{table}" for table in tables))
    return seconds


def run(stage: Stage, rounds: int = 3) -> dict[str, float]:
    """Medians of alternating rounds."""
    from wangge.kernel.ledger.queries import trial_balance

    deposits, fund = accounts(stage)
    ours(postings(deposits, fund, 500))
    mine, theirs = [], []
    for number in range(rounds):
        mine.append(ours(postings(deposits, fund, COUNT)))
        folder = stage.home / f"ledger{number}"
        folder.mkdir()
        theirs.append(bare(stage, folder))
    assert trial_balance().balanced, "both ways leave books that balance"
    seconds, least = sorted(mine)[rounds // 2], sorted(theirs)[rounds // 2]
    print(f"Ledger: {COUNT:,} postings of two lines, with their entries")
    print(f"  post_many      {seconds:.2f} s, {seconds / COUNT * 1000:.3f} ms a posting")
    print(f"  bare SQL       {least:.2f} s, {least / COUNT * 1000:.3f} ms a posting, of rows that were prepared before")
    print(f"  ratio          {seconds / least:.2f}\n")
    return {"ratio": seconds / least, "ms_a_posting": seconds / COUNT * 1000, "bare_ms": least / COUNT * 1000}
