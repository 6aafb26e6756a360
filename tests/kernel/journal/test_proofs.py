"""A proof shows what was done to a subject without the database, and is refused after any change."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

import msgspec
import psycopg
import pytest

from tests.kernel.journal.world import CLERK, TABLE, mandate, populate, subject, tell
from wangge.base.digests import canonical, digest
from wangge.base.errors import Conflict, InvalidInput, NotFound
from wangge.base.ids import new_id
from wangge.kernel.journal.models import Seal
from wangge.kernel.journal.proofs import check, prove
from wangge.kernel.journal.services import erase, seal, seal_line

Owner = psycopg.Connection[Any]


@pytest.fixture
def proof(things: Owner) -> bytes:
    """The proof of a subject of three entries, one erased field, in two seals among other subjects."""
    tell(1, content={"note": "井盖破损", "phone": "10000000000"}, code="0101")
    tell(2)
    tell(3)
    seal(by=CLERK)
    tell(1, 1)
    erase(subject_id=subject(1), fields=["phone"], reason_code="asked", by=CLERK)
    tell(2, 1)
    return prove(subject(1), by=CLERK)


def test_a_proof_says_what_it_shows(proof: bytes) -> None:
    report = check(proof)
    assert (report.subject_id, report.subject_type) == (subject(1), "thing")
    assert (report.entries, report.contents) == (3, 1)
    assert report.erased == ((1, "phone"),)
    assert report.unsealed == ()
    assert (report.first_seal, report.last_seal) == (1, 2)
    assert report.last_digest == Seal.objects.get(number=2).digest.hex()
    assert not report.anchored
    assert [entry.data.get("code") for entry in report.body.entries] == ["0101", None, None]


def test_any_changed_byte_is_refused(proof: bytes) -> None:
    assert len(proof) < 8_000
    for place in range(len(proof)):
        for change in (0x01, 0x20, 0x80):
            forged = bytearray(proof)
            forged[place] ^= change
            with pytest.raises(InvalidInput, match="The proof does not hold: "):
                check(bytes(forged))


def test_a_byte_more_or_less_is_refused(proof: bytes) -> None:
    for place in range(0, len(proof), 7):
        for forged in (proof[:place], proof[:place] + b" " + proof[place:], proof[:place] + proof[place + 1 :]):
            with pytest.raises(InvalidInput):
                check(forged)
    for forged in (b"", b"\n\n", proof + b"\n", proof + proof, b"\xff" * 40, b"{}\nSHA-256 00\n"):
        with pytest.raises(InvalidInput):
            check(forged)


def resigned(body: Any) -> bytes:
    """A file whose last line fits again, as a forger would write it."""
    text = canonical(body)
    return text + b"\nSHA-256 " + digest(1, text).hex().encode() + b"\n"


def leaves(value: Any, way: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The ways to all single values within."""
    if isinstance(value, dict):
        return [found for key in value for found in leaves(value[key], (*way, key))]
    if isinstance(value, list):
        return [found for index, one in enumerate(value) for found in leaves(one, (*way, index))]
    return [way]


def test_a_forger_who_renews_the_last_line_is_found_out(proof: bytes) -> None:
    original = proof.split(b"\n")[0]
    ways = leaves(msgspec.json.decode(original))
    assert len(ways) > 80
    for way in ways:
        for forged in ("forged", 7, None):
            body = msgspec.json.decode(original)
            at = body
            for step in way[:-1]:
                at = at[step]
            if way == ("made_at",) or at[way[-1]] == forged:
                continue  # when the file was made is not proved, and says so by its name
            at[way[-1]] = forged
            with pytest.raises(InvalidInput):
                check(resigned(body))


@pytest.mark.parametrize("part", ["entries", "seals"])
def test_leaving_something_out_is_refused(proof: bytes, part: str) -> None:
    body = msgspec.json.decode(proof.split(b"\n")[0])
    for index in range(len(body[part]) - 1):
        forged = {**body, part: body[part][:index] + body[part][index + 1 :]}
        with pytest.raises(InvalidInput):
            check(resigned(forged))


def test_dropped_text_is_refused_though_marked_as_erased(proof: bytes) -> None:
    body = msgspec.json.decode(proof.split(b"\n")[0])
    [note] = [one for one in body["entries"][0]["content"] if one["field"] == "note"]
    note.update(value=None, salt=None)
    with pytest.raises(InvalidInput, match="no entry says that it was erased"):
        check(resigned(body))
    body["entries"][0]["content"].remove(note)
    with pytest.raises(InvalidInput, match="is missing"):
        check(resigned(body))


def test_an_anchor_kept_elsewhere_settles_it(proof: bytes) -> None:
    last = Seal.objects.get(number=2)
    assert check(proof, anchor=last.digest.hex()).anchored
    assert check(proof, anchor=seal_line(last)).anchored
    assert check(proof, anchor=last.digest.hex().upper()).anchored
    with pytest.raises(InvalidInput, match="kept elsewhere"):
        check(proof, anchor="0" * 64)
    with pytest.raises(InvalidInput) as caught:
        check(proof, anchor="封存")
    assert caught.value.field == "anchor"


def test_who_may_not_seal_gets_a_proof_that_names_what_is_unsealed(things: Owner) -> None:
    tell(1)
    report = check(prove(subject(1)))
    assert report.unsealed == (1,)
    assert report.last_seal is None
    seal(by=CLERK)
    tell(1, 1)
    report = check(prove(subject(1), by=mandate("see")))
    assert report.unsealed == (2,)
    assert report.last_seal == 1
    assert check(prove(subject(1), by=CLERK)).unsealed == ()


def test_a_proof_may_leave_the_text_out(proof: bytes) -> None:
    bare = prove(subject(1), contents=False)
    assert "井盖破损".encode() in proof
    assert "井盖破损".encode() not in bare
    assert b"10000000000" not in proof
    report = check(bare)
    assert (report.entries, report.contents, report.erased) == (3, 0, ())


def test_every_subject_of_a_larger_journal_can_be_proved(things: Owner) -> None:
    populate(11)
    for (subject_id,) in things.execute(f"SELECT id FROM {TABLE}").fetchall():
        assert check(prove(subject_id, by=CLERK)).unsealed == ()


def test_a_journal_that_does_not_verify_gives_no_proof(things: Owner) -> None:
    tell(1)
    things.execute("ALTER TABLE journal_entry DISABLE TRIGGER USER")
    things.execute("UPDATE journal_entry SET verb = 'forged'")
    with pytest.raises(Conflict, match="does not verify"):
        prove(subject(1))


def test_an_unknown_subject_has_no_proof(things: Owner) -> None:
    with pytest.raises(NotFound):
        prove(new_id(), by=CLERK)


def test_checking_needs_neither_django_nor_a_database(proof: bytes) -> None:
    code = (
        "import sys; from wangge.kernel.journal.checking import check;"
        " print(check(sys.stdin.buffer.read()).entries, 'django' in sys.modules, 'psycopg' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], input=proof, capture_output=True, check=True, timeout=60)
    assert done.stdout.split() == [b"3", b"False", b"False"]
