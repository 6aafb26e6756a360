"""What every command of Wangge shares: an example in --help, one line for an error, a bar for long work, --json.

A command subclasses `WanggeCommand`, sets `help` and `example`, and returns its facts as a mapping from `run`:
with `--json` they are printed as one JSON object on the last line; without, `show` prints them for people.
Exit codes: 0 done, 1 failed and said what, 2 called wrongly.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, ClassVar, NoReturn

import msgspec
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, ProgrammingError
from psycopg.errors import UndefinedColumn, UndefinedTable
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeRemainingColumn,
)

from wangge.base.errors import Unavailable, WanggeError

Facts = Mapping[str, Any]


class Bar:
    """A progress bar on standard error; silent where that is not a terminal and under --json."""

    def __init__(self, progress: Progress, task: Any) -> None:
        self._progress = progress
        self._task = task

    def advance(self, steps: int = 1) -> None:
        """So many more are done."""
        self._progress.advance(self._task, steps)

    def total(self, steps: int) -> None:
        """So many there will be."""
        self._progress.update(self._task, total=steps)


class WanggeCommand(BaseCommand):
    """The base of our commands. Override `arguments` and `run`; `show` where the facts want other words."""

    example: ClassVar[str] = ""
    #: Whether the command prints facts and so has --json.
    facts: ClassVar[bool] = True
    requires_system_checks = ()
    suppressed_base_arguments = {
        "--version", "--verbosity", "--settings", "--pythonpath", "--traceback", "--no-color", "--force-color",
    }
    as_json = False

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        """The parser, with the example below the options."""
        if self.example:
            kwargs.setdefault("epilog", f"example:\n  {self.example}")
            kwargs.setdefault("formatter_class", _Formatter)
        return super().create_parser(prog_name, subcommand.replace("_", "-"), **kwargs)

    def add_arguments(self, parser: CommandParser) -> None:
        """The command's own arguments, and --json where it prints facts."""
        self.arguments(parser)
        if self.facts:
            words = "print the facts as JSON on the last line"
            parser.add_argument("--json", action="store_true", dest="as_json", help=words)

    def arguments(self, parser: CommandParser) -> None:
        """Add the command's own arguments here."""

    def run(self, **options: Any) -> Facts | None:
        """Do the work and return the facts. A `WanggeError` or `OSError` becomes one line and exit code 1."""
        raise NotImplementedError

    def show(self, facts: Facts) -> None:
        """Print the facts for people, one a line."""
        for name, value in facts.items():
            self.stdout.write(f"{name.replace('_', ' ')}: {value}")

    def handle(self, *args: Any, **options: Any) -> None:
        """Django's entry: run, then print."""
        self.as_json = bool(options.pop("as_json", False))
        try:
            found = self.run(**{name: value for name, value in options.items() if name not in _DJANGO_OPTIONS})
        except WanggeError as error:
            self._fail(error)
        except OperationalError as error:
            self._fail(Unavailable(f"The database cannot be used: {str(error).splitlines()[0]}"))
        except (ProgrammingError, UndefinedTable, UndefinedColumn) as error:
            if not {type(error), type(error.__cause__)} & {UndefinedTable, UndefinedColumn}:
                raise
            self._fail(Unavailable("The database has no tables yet, or older ones.", expected="`wangge migrate` first"))
        except OSError as error:
            self._fail(Unavailable(f"The machine refuses: {_os_words(error)}"))
        if found is None:
            return
        if self.as_json:
            self.stdout.write(to_json(found))
        else:
            self.show(found)

    @contextmanager
    def bar(self, title: str, total: int | None = None) -> Iterator[Bar]:
        """`with self.bar("Loading", total=n) as bar: … bar.advance()`."""
        console = Console(stderr=True)
        quiet = self.as_json or not console.is_terminal
        text = TextColumn("{task.description}")
        columns = (SpinnerColumn(), text, BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        with Progress(*columns, console=console, disable=quiet, transient=True) as progress:
            yield Bar(progress, progress.add_task(title, total=total))

    def _fail(self, error: WanggeError) -> NoReturn:
        """At the command line one line and exit code 1; called from code, a `CommandError`."""
        if getattr(self, "_called_from_command_line", False):
            sys.stderr.write(f"wangge: {line_of(error)}\n")
            sys.exit(1)
        raise CommandError(line_of(error), returncode=1) from error

    def say(self, text: str) -> None:
        """A remark for people, on standard error, so that standard output holds facts only."""
        self.stderr.write(text, self.style.NOTICE)


def line_of(error: WanggeError) -> str:
    """One line: what was wrong, with which value, and what would be right."""
    parts = [error.detail]
    if error.field and error.value is not None:
        parts.append(f"[{error.field}: {error.value}]")
    if error.expected:
        parts.append(f"— expected: {error.expected}")
    return " ".join(" ".join(parts).split())


def _os_words(error: OSError) -> str:
    """What the operating system said, and of which file."""
    said = error.strerror or str(error) or type(error).__name__
    return f"{said} ({error.filename})" if error.filename is not None else said


def to_json(facts: Facts) -> str:
    """One line of JSON; times in ISO 8601, UUIDs and decimals as strings."""
    return msgspec.json.encode(facts, enc_hook=str).decode()


class _Formatter(argparse.RawDescriptionHelpFormatter):
    pass


_DJANGO_OPTIONS = frozenset(
    {"verbosity", "settings", "pythonpath", "traceback", "no_color", "force_color", "skip_checks", "stdout", "stderr"}
)
