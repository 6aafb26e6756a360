"""Which database, and as which of its two roles.

`owner` owns the tables and runs migrations; `app` serves and may not rewrite the journal. The role is chosen
by WANGGE_DB_ROLE; the migrating commands set it themselves.
"""

from __future__ import annotations

from typing import Any

from wangge.runtime import paths, postgres
from wangge.settings import environment


def default() -> dict[str, Any]:
    """The `default` database for the role that this process was started with."""
    role = environment.text("WANGGE_DB_ROLE", "app")
    if role not in {"app", "owner"}:
        raise ValueError(f"WANGGE_DB_ROLE is “{role}”; it must be app or owner")
    chosen = of_role(role)
    return {
        **chosen,
        "ENGINE": "django.db.backends.postgresql",
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
        # Django switches server-side prepared statements off; they halve the cost of a hot statement.
        "OPTIONS": {"prepare_threshold": 5, "application_name": f"wangge-{role}", **chosen["OPTIONS"]},
        "TEST": {"NAME": None},
    }


def of_role(role: str) -> dict[str, Any]:
    """NAME, USER, PASSWORD, HOST, PORT, OPTIONS of `app` or `owner`, external or embedded."""
    external = environment.text("DATABASE_URL")
    if external:
        owner = environment.text("DATABASE_OWNER_URL") or external
        return environment.database(owner if role == "owner" else external)
    return postgres.settings_of(paths.home(), role)
