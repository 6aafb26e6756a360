"""The house keeps its own rules: imports and keys point down, files stay small, a mandate has one maker."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from django.apps import apps
from django.core.management import call_command

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "src" / "wangge"
FILE_LINES, FUNCTION_LINES = 300, 70
#: From below to above; a foreign key may point to its own room and to rooms before it.
ROOMS = (
    "journal", "places", "people", "duties", "ledger", "cases", "reading", "indicators", "spots", "tasks", "desk",
    "wall", "assessment", "patrols", "inspections", "web", "api", "staff", "public", "screen", "scenarios", "commands",
)
#: Only here are mandates made (and where the class itself stands).
MANDATE_MAKERS = {"kernel/duties/mandates.py"}


@cache
def _sources() -> tuple[Path, ...]:
    return tuple(sorted(SOURCE.rglob("*.py")))


@cache
def _tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _tracked() -> list[Path]:
    """The files of the repository; of an exported copy, all but what was built there."""
    if (ROOT / ".git").exists():
        listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True).stdout
        return [ROOT / name for name in listed.decode().split("\0") if name and (ROOT / name).is_file()]
    hidden = {".venv", "node_modules", "var", "build", "__pycache__"}
    return [path for path in ROOT.rglob("*") if path.is_file() and not hidden & set(path.relative_to(ROOT).parts)]


def test_imports_run_downward_only() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([str(program), "--no-cache"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-3000:]


def test_foreign_keys_point_down() -> None:
    upward = []
    for model in apps.get_models(include_auto_created=True):
        if model._meta.app_label not in ROOMS:
            continue
        for field in model._meta.get_fields():
            target = getattr(field, "related_model", None)
            if field.auto_created or not field.concrete or target is None or isinstance(target, str):
                continue
            label = target._meta.app_label
            if label in ROOMS and ROOMS.index(label) > ROOMS.index(model._meta.app_label):
                upward.append(f"{model._meta.label}.{field.name} → {target._meta.label}")
    assert upward == []


def test_files_stay_small() -> None:
    """Migrations are exempt: most of them are written by the framework."""
    files = [path for path in _sources() if path.parent.name != "migrations"]
    counted = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in files}
    long = {str(path.relative_to(ROOT)): count for path, count in counted.items() if count > FILE_LINES}
    assert long == {}, "a file beyond 300 lines becomes a package of the same name"


def test_functions_stay_short() -> None:
    long = {
        f"{path.relative_to(ROOT)}:{node.lineno} {node.name}": length
        for path in _sources()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (length := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_LINES
    }
    assert long == {}


def test_mandates_are_made_in_one_place() -> None:
    makers = {
        str(path.relative_to(SOURCE))
        for path in _sources()
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and _last_name(node.func) == "Mandate"
    }
    assert makers <= MANDATE_MAKERS


def test_mandates_are_not_copied_with_other_powers() -> None:
    """`dataclasses.replace` would be a second constructor."""
    found = [
        f"{path.relative_to(ROOT)}:{node.lineno}"
        for path in _sources()
        if str(path.relative_to(SOURCE)) not in MANDATE_MAKERS
        for node in ast.walk(_tree(path))
        if isinstance(node, ast.Call) and _last_name(node.func) == "replace"
        and node.args and _last_name(node.args[0]) in {"by", "mandate"}
    ]
    assert found == []


def test_every_room_says_what_it_is_for() -> None:
    rooms = {Path(config.path) for config in apps.get_app_configs() if config.name.startswith("wangge.")}
    rooms |= {SOURCE / name for name in ("base", "runtime", "settings")}
    missing = sorted(str(room.relative_to(ROOT)) for room in rooms if not (room / "README.md").is_file())
    assert missing == []


def _public_without_docstring() -> Iterator[str]:
    for path in _sources():
        name = str(path.relative_to(SOURCE))
        if "/migrations/" in name or path.name == "__init__.py":
            continue
        for node in _tree(path).body:
            function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            if function and not node.name.startswith("_") and ast.get_docstring(node) is None:
                yield f"{name}:{node.lineno} {node.name}"


def test_public_functions_say_what_they_do() -> None:
    assert list(_public_without_docstring()) == []


def test_modules_say_what_they_hold() -> None:
    silent = [
        str(path.relative_to(SOURCE)) for path in _sources()
        if path.name != "__init__.py" and "migrations" not in path.parts and ast.get_docstring(_tree(path)) is None
    ]
    assert silent == []


def test_no_file_names_a_registry_or_a_place_of_one_machine() -> None:
    registries = ("pypi" + ".org", "python" + "hosted.org", "registry" + ".npmjs", "npm" + "mirror", "pypi" + ".tuna")
    places = ("/" + "root/", "/" + "work/", "/opt/" + "pypi", "/opt/" + "wheels")
    pattern = re.compile("|".join(map(re.escape, (*registries, *places))).encode())
    found = []
    for path in _tracked():
        if (match := pattern.search(path.read_bytes())) and path.suffix not in {".gz", ".png", ".jpg", ".zst", ".xz"}:
            found.append(f"{path.relative_to(ROOT)}: {match.group().decode()}")
    assert found == []


def test_lock_files_pin_every_package_by_digest() -> None:
    for path in sorted(ROOT.glob("requirements*.lock")):
        text = re.sub(r"(?m)^\s*#.*\n?", "", path.read_text())
        blocks = re.split(r"\n(?=\S)", text.strip())
        assert blocks, path.name
        assert [block for block in blocks if "==" not in block or "--hash=sha256:" not in block] == [], path.name


@pytest.mark.django_db
def test_models_and_migrations_agree() -> None:
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


def _last_name(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
