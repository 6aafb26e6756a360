"""Log lines as JSON without personal data, in one file a day that several processes may append to."""

from __future__ import annotations

import json
import logging
import os
import traceback
from contextvars import ContextVar
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

#: The id of the request being served; the middleware sets it.
request_id: ContextVar[str] = ContextVar("request_id", default="")

#: The only extra fields that reach the file. Query strings, bodies, addresses and names are not among them.
FIELDS = frozenset(
    {"method", "path", "route", "status", "milliseconds", "task", "job", "outcome", "command", "code", "count"}
)
KEPT_DAYS = 183


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time, level, logger, event, request id, and the fields above."""

    def format(self, record: logging.LogRecord) -> str:
        """The message *template* is written, not its arguments, since those may quote what people sent."""
        line: dict[str, object] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "event": str(record.msg),
        }
        if identifier := request_id.get():
            line["request"] = identifier
        line.update({name: record.__dict__[name] for name in FIELDS if name in record.__dict__})
        if record.exc_info and record.exc_info[0] is not None:
            line["error"] = record.exc_info[0].__name__
            line["at"] = [
                f"{Path(frame.filename).name}:{frame.lineno} {frame.name}"
                for frame in traceback.extract_tb(record.exc_info[2])[-8:]
            ]
        return json.dumps(line, ensure_ascii=False, default=str)


class DailyFile(logging.Handler):
    """Appends to `wangge-YYYY-MM-DD.jsonl` (UTC, mode 0600); one write a line, so processes may share the file."""

    def __init__(self, folder: str) -> None:
        super().__init__()
        self.folder = Path(folder)
        self._day: date | None = None
        self._file = -1

    def emit(self, record: logging.LogRecord) -> None:
        """Write one line; a full disk must not stop the work, so failures go to `handleError`."""
        try:
            line = self.format(record) + "\n"
            day = datetime.now(UTC).date()
            if day != self._day:
                self._open(day)
            os.write(self._file, line.encode())
        except Exception:  # noqa: BLE001 -- logging's own contract
            self.handleError(record)

    def _open(self, day: date) -> None:
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        if self._file >= 0:
            os.close(self._file)
        self._file = os.open(name_of(self.folder, day), os.O_APPEND | os.O_CREAT | os.O_WRONLY, 0o600)
        self._day = day


def name_of(folder: Path, day: date) -> Path:
    """The file that holds the lines of one UTC day."""
    return folder / f"wangge-{day.isoformat()}.jsonl"


def remove_old(folder: Path, today: date, kept_days: int = KEPT_DAYS) -> list[Path]:
    """Delete the files of days more than `kept_days` ago; returns them."""
    oldest = name_of(folder, today - timedelta(days=kept_days)).name
    old = [path for path in sorted(folder.glob("wangge-*.jsonl")) if path.name < oldest]
    for path in old:
        path.unlink()
    return old
