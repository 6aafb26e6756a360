"""Accounts and postings as the journal tells them: who rewrites one behind its back is found by `verify`."""

from __future__ import annotations

from wangge.kernel.journal.services import Projection, State, Told, project, stepping
from wangge.kernel.ledger.rules import KINDS

_LEGS = """
LEFT JOIN (
  SELECT posting_id, jsonb_agg(jsonb_build_array(account_id, amount) ORDER BY line) AS known
  FROM ledger_leg GROUP BY posting_id
) g ON g.posting_id = s.id
"""
_ACCOUNT = ("owner_kind", "owner", "purpose", "unit", "path", "floor")
_POSTING = ("key", "policy", "resolves", "reverses", "at", "lines")
ACCOUNT, POSTING = "ledger_account", "posting"
"""The subject types of this room; `account` is who signs in."""


def register() -> None:
    """Called once, when the application is ready."""
    project(Projection(
        subject_type=ACCOUNT,
        table="ledger_account",
        columns={
            "owner_kind": "s.owner_kind", "owner": "s.owner", "purpose": "s.purpose", "unit": "s.unit",
            "area": "s.area_id", "path": "s.area_path", "floor": "s.floor",
        },
        told=stepping({"open_account": _opened, "move": _moved}),
    ))
    project(Projection(
        subject_type=POSTING,
        table="ledger_posting",
        columns={
            "kind": "s.kind", "key": "s.key", "policy": "s.policy", "resolves": "s.resolves_id",
            "reverses": "s.reverses_id", "at": "s.at", "recorded_at": "s.recorded_at",
            "lines": "coalesce(g.known, '[]')",
        },
        joins=_LEGS,
        told=stepping(dict.fromkeys(KINDS, _posted)),
        times=frozenset({"at", "recorded_at"}),
    ))


def _opened(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _ACCOUNT} | {"area": entry.area}


def _moved(state: State, entry: Told) -> None:
    state |= {"area": entry.data["area"], "path": entry.data["path"]}


def _posted(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _POSTING} | {"kind": entry.verb, "recorded_at": entry.recorded_at}
