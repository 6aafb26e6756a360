"""Loading the scenario: set up the city once, then import the table by the shipped mapping."""

from __future__ import annotations

import time
from collections.abc import Callable
from importlib import resources
from pathlib import Path
from typing import Any

from django.db import transaction

from wangge.kernel.cases.importing import import_histories, read_mapping, read_rows
from wangge.kernel.cases.importing.reader import lookups_at
from wangge.kernel.cases.importing.report import write_faults
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import atlas
from wangge.scenarios.baltimore.place import DATA, ROOT, repaired, set_up


def load(*, errors: Path, progress: Callable[[int, int], None] = lambda done, total: None) -> dict[str, Any]:
    """Load the city and its requests; a second load changes nothing. `errors` is where the report is written.

    Answers with the facts of the JSON line: `rows` = `imported` + `changed` + `unchanged` + `rejected`.
    """
    began = time.perf_counter()
    with (
        resources.as_file(DATA / "requests.csv.xz") as table,
        resources.as_file(DATA.joinpath("..", "mapping.toml")) as file,
    ):
        mapping = read_mapping(Path(file))
        rows = list(read_rows(Path(table), mapping))
    root = atlas().by_code(ROOT)
    if root is None:
        with transaction.atomic():
            set_up((row for _, row in rows), by=mandates.console())
        root = atlas().by_code(ROOT)
    assert root is not None
    ready = time.perf_counter()
    lookups = lookups_at(root.path)
    done = 0

    def told(count: int) -> None:
        nonlocal done
        done += count
        progress(done, len(rows))

    outcome = import_histories(
        rows, mapping, by=mandates.imported(mapping.source, root.path), lookups=lookups, progress=told
    )
    seconds = time.perf_counter() - ready
    write_faults(errors, outcome.faults)
    return {
        "scenario": "baltimore",
        "rows": len(rows),
        "imported": outcome.imported,
        "changed": outcome.changed,
        "unchanged": outcome.unchanged,
        "rejected": outcome.rejected,
        "on_time": outcome.on_time,
        "due_and_closed": outcome.due_and_closed,
        "neighbourhood_agrees": outcome.agrees,
        "neighbourhood_compared": outcome.compared,
        "outside": outcome.outside,
        "without_point": outcome.without_point,
        "repaired": repaired(root.path),
        "error_report": str(errors),
        "seconds": round(seconds, 3),
        "rows_per_second": round(len(rows) / seconds),
        "setup_seconds": round(ready - began, 3),
    }
