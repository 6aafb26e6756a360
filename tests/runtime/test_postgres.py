"""The embedded PostgreSQL starts anywhere, survives being killed, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from wangge.base.errors import Unavailable
from wangge.runtime import binaries, lease, postgres, processes

SOURCE = Path(__file__).resolve().parents[2] / "src"
ROOT_ONLY = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture
def home() -> Iterator[Path]:
    """A short folder that others may pass through."""
    folder = Path(tempfile.mkdtemp(prefix="wg"))
    folder.chmod(0o711)
    yield folder
    postgres.Cluster(folder).stop()
    shutil.rmtree(folder)


@pytest.fixture
def cluster(home: Path) -> postgres.Cluster:
    """A running, prepared cluster."""
    made = postgres.Cluster(home, durable=False)
    assert made.start()
    postgres.prepare(made)
    return made


def _processes(cluster: postgres.Cluster) -> list[int]:
    return processes.working_in(cluster.data.resolve(), "postgres")


def _one(cluster: postgres.Cluster, sql: str, role: str = "owner") -> str:
    return cluster.psql(sql, role=role, database="wangge").strip()


def test_starting_twice_starts_once(cluster: postgres.Cluster) -> None:
    assert cluster.running()
    assert cluster.start() is False


def test_both_roles_may_connect_and_neither_is_a_superuser(cluster: postgres.Cluster) -> None:
    for role in ("app", "owner"):
        query = "SELECT current_user, rolsuper, rolcreaterole FROM pg_roles WHERE rolname = current_user"
        assert _one(cluster, query, role) == f"wangge_{role}|f|f"


def test_the_serving_role_may_not_create_tables(cluster: postgres.Cluster) -> None:
    with pytest.raises(Unavailable, match="permission denied"):
        _one(cluster, "CREATE TABLE t (n int)", "app")


def test_a_wrong_password_is_refused(cluster: postgres.Cluster) -> None:
    known = cluster.settings("app")
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(host=known["HOST"], user=known["USER"], dbname="wangge", password="wrong")


def test_nothing_listens_on_the_network(cluster: postgres.Cluster) -> None:
    assert _one(cluster, "SHOW listen_addresses") == ""


def test_data_and_socket_are_closed_to_others(cluster: postgres.Cluster) -> None:
    for folder in (cluster.data, cluster.socket()):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_two_chinese_characters_have_trigrams(cluster: postgres.Cluster) -> None:
    assert _one(cluster, "CREATE EXTENSION pg_trgm; SELECT array_length(show_trgm('垃圾'), 1)") == "3"


def test_stopping_leaves_no_process_and_stopping_again_does_nothing(cluster: postgres.Cluster) -> None:
    cluster.stop()
    assert _processes(cluster) == []
    assert not cluster.running()
    cluster.stop()


def test_what_was_committed_survives_killing_the_postmaster(cluster: postgres.Cluster) -> None:
    # The cluster of this test commits lazily for speed; what counts here is a commit that was waited for.
    _one(cluster, "SET synchronous_commit = on; CREATE TABLE kept AS SELECT 42 AS n")
    pid = cluster.pid()
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    assert cluster.start()
    assert _one(cluster, "SELECT n FROM kept") == "42"


def test_it_starts_after_all_its_processes_were_killed(cluster: postgres.Cluster) -> None:
    for pid in _processes(cluster):
        os.kill(pid, signal.SIGKILL)
    assert cluster.start()
    assert cluster.running()


def test_a_lock_with_the_number_of_a_stranger_is_no_obstacle(cluster: postgres.Cluster) -> None:
    lock = cluster.data / "postmaster.pid"
    text = lock.read_text()
    cluster.stop()
    lock.write_text(text.replace(text.split("\n", 1)[0], str(os.getpid()), 1))
    shutil.chown(lock, cluster.data.owner(), cluster.data.group())
    assert cluster.start()


def test_half_a_cluster_left_by_a_killed_initdb_is_made_anew(home: Path) -> None:
    (home / "pg" / "fresh" / "base").mkdir(parents=True)
    assert postgres.Cluster(home).start()


def test_a_deep_folder_gets_a_short_socket_that_goes_with_the_server() -> None:
    top = Path(tempfile.mkdtemp(prefix="wg"))
    top.chmod(0o711)
    home = top.joinpath(*["深处 of a folder"] * 12)
    home.mkdir(parents=True)
    deep = postgres.Cluster(home)
    try:
        assert deep.start()
        postgres.prepare(deep)
        socket = deep.socket()
        assert len(os.fsencode(socket)) <= postgres.SOCKET_LIMIT
        assert _one(deep, "SELECT 1", "app") == "1"
        deep.stop()
        assert not socket.exists()
        assert deep.start(), "a second start makes a new socket"
    finally:
        deep.stop()
        shutil.rmtree(top)


@ROOT_ONLY
def test_root_uses_another_user_where_others_may_pass(cluster: postgres.Cluster) -> None:
    assert cluster.data.stat().st_uid != 0
    pid = cluster.pid()
    assert pid is not None
    assert Path(f"/proc/{pid}").stat().st_uid == cluster.data.stat().st_uid


@ROOT_ONLY
def test_root_in_a_closed_folder_opens_nothing_and_changes_no_owner(home: Path) -> None:
    home.chmod(0o700)
    closed = postgres.Cluster(home)
    assert closed.start()
    closed.stop()
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert closed.data.stat().st_uid == 0


def _python_of_others() -> str | None:
    """A Python that any user can start: ours, or the system's."""
    for candidate in (sys.executable, "/usr/bin/python3"):
        path = Path(candidate)
        if path.exists() and binaries.passable(path.parent) and binaries.passable(path.resolve().parent):
            version = subprocess.run([candidate, "-V"], capture_output=True, text=True, check=False).stdout.split()[-1]
            if tuple(map(int, version.split(".")[:2])) >= (3, 11):
                return candidate
    return None


@ROOT_ONLY
@pytest.mark.skipif(
    not (_python_of_others() and binaries.passable(SOURCE) and binaries.passable(binaries.package())),
    reason="others cannot reach this Python and these sources",
)
def test_an_ordinary_user_runs_it_as_himself(home: Path) -> None:
    mine = home / "mine"
    mine.mkdir(mode=0o700)
    os.chown(mine, 65534, 65534)
    program = (
        "from pathlib import Path; import sys; from wangge.runtime import postgres\n"
        "c = postgres.Cluster(Path(sys.argv[1])); c.start(); postgres.prepare(c)\n"
        "print(c.psql('SELECT 1', role='app', database='wangge')); c.stop()"
    )
    done = subprocess.run(
        [str(_python_of_others()), "-c", program, str(mine)], user=65534, group=65534, extra_groups=[], cwd="/",
        capture_output=True, text=True, check=False,
        env={
            "PATH": os.defpath, "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": f"{SOURCE}:{binaries.package().parent}",
        },
    )
    assert done.stdout.strip() == "1", done.stderr
    assert (mine / "pg/data").stat().st_uid == 65534


def test_the_last_to_leave_stops_the_server(home: Path) -> None:
    with lease.hold(home) as cluster:
        with lease.hold(home):
            assert cluster.running()
        assert cluster.running()
    assert _processes(cluster) == []


def test_the_server_of_a_killed_holder_is_stopped(home: Path) -> None:
    program = (
        "import sys, time; from pathlib import Path; from wangge.runtime import lease\n"
        "with lease.hold(Path(sys.argv[1])): print('up', flush=True); time.sleep(60)"
    )
    holder = subprocess.Popen([sys.executable, "-c", program, str(home)], stdout=subprocess.PIPE, text=True)
    assert holder.stdout is not None
    assert holder.stdout.readline() == "up\n"
    cluster = postgres.Cluster(home)
    assert cluster.running()
    holder.kill()
    holder.wait()
    holder.stdout.close()
    assert processes.wait(lambda: not _processes(cluster), 15)


def test_changed_passwords_are_in_force_at_once(cluster: postgres.Cluster) -> None:
    old = cluster.settings("app")["PASSWORD"]
    postgres.change_password(cluster, "app")
    assert cluster.settings("app")["PASSWORD"] != old
    assert _one(cluster, "SELECT 1", "app") == "1"
