"""Reads the environment and `.env`; the environment wins. Every variable of Wangge is named in `.env.example`."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from dotenv import load_dotenv

TRUE = frozenset({"1", "true", "yes", "on"})


def load() -> None:
    """Read `.env` of the working directory (or the file named by WANGGE_ENV_FILE) into the environment."""
    load_dotenv(Path(os.environ.get("WANGGE_ENV_FILE", ".env")), override=False)


def text(name: str, default: str = "") -> str:
    """The variable without surrounding blanks; an empty one counts as not set."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool = False) -> bool:
    """1, true, yes and on are true; anything else is false."""
    value = text(name)
    return value.lower() in TRUE if value else default


def words(name: str, default: str = "") -> list[str]:
    """A list separated by commas."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def database(url: str) -> dict[str, object]:
    """Django's settings of a `postgresql://user:password@host:port/name?option=value` URL.

    A socket directory stands in the query (`?host=/run/postgresql`), as in libpq.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"postgresql", "postgres"} or not parts.path.strip("/"):
        raise ValueError(f"the database URL “{parts.scheme}://…{parts.path}” must read postgresql://user:password@host/name")
    query = dict(parse_qsl(parts.query))
    return {
        "NAME": unquote(parts.path[1:]),
        "USER": unquote(parts.username or query.pop("user", "")),
        "PASSWORD": unquote(parts.password or query.pop("password", "")),
        "HOST": query.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(parts.port or query.pop("port", "") or ""),
        "OPTIONS": query,
    }
