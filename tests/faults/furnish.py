"""Furnishes the Wangge of WANGGE_HOME by its services: `python -m tests.faults.furnish world|handover`.

The last line printed is JSON. It runs in a process of its own, since a test run has its settings already.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wangge.settings")


def world() -> dict[str, Any]:
    """The small subdistrict with accounts, and a token for each."""
    from tests.interfaces import world as worlds
    from wangge.kernel.duties import mandates
    from wangge.kernel.people.services import issue_token

    made = worlds.build()
    by = mandates.console()
    tokens = {name: issue_token(account=one, label="test", days=1, by=by)[1] for name, one in made.accounts.items()}
    return {"tokens": tokens}


def handover() -> dict[str, Any]:
    """The worker's duty ends now; somebody else takes the grid over."""
    from tests.interfaces.world import PASSWORD, PEOPLE
    from wangge.base.clock import now
    from wangge.kernel.duties import mandates
    from wangge.kernel.duties.models import Assignment
    from wangge.kernel.duties.services import assign, end_assignment
    from wangge.kernel.people.services import create_account, create_person, issue_token

    by = mandates.console()
    moment = now()
    post, name, area = PEOPLE["worker"]
    old = Assignment.objects.get(post_id=post, area__code=area, person__name=name)
    end_assignment(assignment=old.id, at=moment, by=by)
    person = create_person(name="冯接替", by=by)
    assign(post=post, area=area, valid_from=moment, person=person, by=by)
    account = create_account(username="successor", password=PASSWORD, person=person, by=by, check_strength=False)
    return {"tokens": {"successor": issue_token(account=account, label="test", days=1, by=by)[1]}}


def main() -> None:
    from wangge.runtime import lease

    with lease.hold():
        import django

        django.setup()
        print(json.dumps({"world": world, "handover": handover}[sys.argv[1]]()))


if __name__ == "__main__":
    main()
