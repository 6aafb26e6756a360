"""Persons, organisations and accounts as the journal tells them. Names and contacts are compared by their digests.

A password is told by no entry: whoever changes it behind the journal's back is not found here.
"""

from __future__ import annotations

from uuid import UUID

from wangge.kernel.journal.services import Projection, State, Told, microseconds, project, stepping

_TOKENS = f"""
LEFT JOIN (
  SELECT account_id,
    jsonb_agg(jsonb_build_array(id, {microseconds("expires_at")}, revoked_at IS NOT NULL) ORDER BY id) AS known,
    jsonb_agg(encode(digest, 'hex') ORDER BY id) AS digests
  FROM people_api_token GROUP BY account_id
) t ON t.account_id = s.id
"""


def register() -> None:
    """Called once, when the application is ready."""
    project(Projection(
        subject_type="person",
        table="people_person",
        columns={"name": "s.name", "contact": "s.contact"},
        told=stepping({"create": _person_made, "correct": _person_corrected, "erase": _person_erased}),
        texts=frozenset({"name", "contact"}),
    ))
    project(Projection(
        subject_type="organisation",
        table="people_organisation",
        columns={"code": "s.code", "name": "s.name", "name_en": "s.name_en", "kind": "s.kind", "area": "s.area"},
        told=stepping({"create": _organisation_made}),
        texts=frozenset({"name", "name_en"}),
        label="code",
    ))
    project(Projection(
        subject_type="account",
        table="people_account",
        columns={
            "username": "s.username::text", "email": "s.email::text", "person": "s.person_id",
            "language": "s.language::text", "is_active": "s.is_active", "is_superuser": "s.is_superuser",
            "tokens": "coalesce(t.known, '[]')", "token_digests": "coalesce(t.digests, '[]')",
        },
        joins=_TOKENS,
        told=stepping({
            "create": _account_made, "issue_token": _token_issued, "revoke_token": _token_revoked,
            "change_password": _tokens_revoked, "close": _account_closed, "erase": _account_erased,
        }),
        texts=frozenset({"username", "email"}),
    ))


def _person_made(state: State, entry: Told) -> None:
    state |= {"name": entry.text("name"), "contact": entry.text("contact")}


def _person_corrected(state: State, entry: Told) -> None:
    """Older corrections do not say whether a field that they do not name was emptied or left as it was."""
    for field in ("name", "contact"):
        if text := entry.text(field):
            state[field] = text
        elif "emptied" not in entry.data:
            state.pop(field, None)
        elif field in entry.data["emptied"]:
            state[field] = ""


def _person_erased(state: State, _: Told) -> None:
    state |= {"name": "", "contact": ""}


def _organisation_made(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in ("code", "kind", "area")}
    state |= {"name": entry.text("name"), "name_en": entry.text("name_en")}


def _account_made(state: State, entry: Told) -> None:
    state |= {
        "username": entry.text("username"), "person": entry.data["person"], "is_active": True, "is_superuser": False,
        "tokens": [], "token_digests": [],
    }
    if "language" in entry.data:  # older entries say neither language nor address
        state |= {"language": entry.data["language"], "email": entry.text("email")}


def _token_issued(state: State, entry: Told) -> None:
    token = [entry.data["token"], entry.data["expires_at"], False]
    state["tokens"] = sorted([*state["tokens"], token])
    if "digest" not in entry.data:  # nor do they say the digests of tokens
        state.pop("token_digests", None)
    elif "token_digests" in state:
        state["token_digests"].insert(state["tokens"].index(token), entry.data["digest"])


def _token_revoked(state: State, entry: Told) -> None:
    for token in state["tokens"]:
        token[2] = token[2] or token[0] == entry.data["token"]


def _tokens_revoked(state: State, _: Told) -> None:
    for token in state["tokens"]:
        token[2] = True


def _account_closed(state: State, entry: Told) -> None:
    _tokens_revoked(state, entry)
    state["is_active"] = False


def _account_erased(state: State, entry: Told) -> None:
    _account_closed(state, entry)
    state |= {"username": f"erased-{UUID(entry.subject).hex}", "email": ""}
