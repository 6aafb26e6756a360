"""The crosswalk between numberings: which class of one is which of another. Never by bare numbers.

The older CJ/T 214-2007 has the event classes 04 and 05 the other way round than the generation of GB/T 30428.2, and six
classes of parts where that has five. What the table does not name is refused, as is what has several answers.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator
from importlib import resources
from pathlib import Path
from typing import NamedTuple

from django.db import transaction

from wangge.base.errors import InvalidInput, MalformedInput
from wangge.base.ids import new_id
from wangge.base.mandate import Mandate
from wangge.kernel.cases.models import Crosswalk
from wangge.kernel.cases.reference import Reference, reference
from wangge.kernel.journal.services import Act, append

COLUMNS = ("from_scheme", "from_code", "to_scheme", "to_code")
SHIPPED = resources.files("wangge.kernel.cases") / "data" / "class_crosswalk.csv"


class Link(NamedTuple):
    """A row of the table."""

    from_scheme: str
    from_code: str
    to_scheme: str
    to_code: str


def translate(
    code: str, from_scheme: str, to_scheme: str, *, known: Reference | None = None, field: str = "class"
) -> str:
    """The code of the same class in another scheme. Raises `InvalidInput` where the table has none, or several."""
    if from_scheme == to_scheme:
        return code
    links = (known or reference()).crosswalk
    found = sorted(other for scheme, other in links.get((from_scheme, code), ()) if scheme == to_scheme)
    if len(found) == 1:
        return found[0]
    if found:
        raise InvalidInput(
            f"“{code}” of {from_scheme} is several classes of {to_scheme}.",
            field=field,
            value=code,
            expected="one of " + ", ".join(found),
        )
    schemes = {scheme for scheme, _ in links}
    strange = next((one for one in (from_scheme, to_scheme) if one not in schemes), None)
    if strange is not None:
        raise InvalidInput(
            "The crosswalk does not know this scheme.",
            field="scheme",
            value=strange,
            expected="one of " + ", ".join(sorted(schemes)) if schemes else "`wangge classes crosswalk` first",
        )
    raise InvalidInput(
        f"The crosswalk does not say which class of {to_scheme} “{code}” of {from_scheme} is.",
        field=field,
        value=code,
        expected="a code that the crosswalk has; numbers alone are never carried over",
    )


@transaction.atomic
def load_crosswalk(*, links: Iterable[Link], by: Mandate) -> int:
    """Let these rows be the crosswalk between the schemes that they name, in place of what was said between the two.

    Needs `manage_classes` everywhere: it belongs to no area. Returns the number of rows.
    """
    by.require("manage_classes", "")
    rows = sorted(set(links))
    for row in rows:
        if not all(row) or row.from_scheme == row.to_scheme:
            raise InvalidInput(
                "A row of the crosswalk names two schemes and a code of each.",
                field="crosswalk",
                value=",".join(row),
                expected=",".join(COLUMNS),
            )
    for pair in {(row.from_scheme, row.to_scheme) for row in rows}:
        Crosswalk.objects.filter(from_scheme=pair[0], to_scheme=pair[1]).delete()
    Crosswalk.objects.bulk_create(Crosswalk(**row._asdict()) for row in rows)
    append([Act(new_id(), "crosswalk", "load", None, {"rows": [list(row) for row in rows]})], by=by)
    return len(rows)


def read_links(file: Path | None = None) -> Iterator[Link]:
    """The rows of a CSV file, or of the one that ships. Raises `MalformedInput` for no text or a missing column."""
    try:
        text = (SHIPPED if file is None else file).read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise MalformedInput("The crosswalk is not UTF-8.", field="file", expected="a CSV file in UTF-8") from error
    reader = csv.DictReader(text.splitlines())
    missing = [name for name in COLUMNS if name not in (reader.fieldnames or ())]
    if missing:
        raise MalformedInput(f"The crosswalk has no column “{missing[0]}”.", field="file", expected=",".join(COLUMNS))
    for row in reader:
        yield Link(*((row[name] or "").strip() for name in COLUMNS))
