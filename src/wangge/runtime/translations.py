"""Compiles `.po` files to `.mo` without GNU gettext, which a bare machine does not have."""

from __future__ import annotations

import ast
import os
import struct
import sys
from pathlib import Path

from wangge.base.errors import MalformedInput


def compile_all(folder: Path) -> list[Path]:
    """Write `x.mo` beside each `x.po` below `folder` that is newer; returns what was written."""
    written = []
    for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if not target.is_file() or target.stat().st_mtime < source.stat().st_mtime:
            temporary = target.with_suffix(f".{os.getpid()}")
            temporary.write_bytes(compiled(parse(source.read_text(encoding="utf-8"))))
            temporary.rename(target)
            written.append(target)
    return written


def parse(text: str) -> dict[str, str]:
    """The catalogue of a `.po` text: key (context, EOT, id, NUL, plural id) → translation(s); fuzzy ones left out."""
    catalogue: dict[str, str] = {}
    entry: dict[str, str] = {}
    slot, fuzzy = "", False
    for number, raw in enumerate([*text.splitlines(), ""], 1):
        line = raw.strip()
        if line.startswith("#~"):
            continue
        starts_anew = line.startswith(("msgctxt", "#")) or (line.startswith("msgid ") and slot.startswith("msgstr"))
        if (not line or starts_anew) and slot.startswith("msgstr"):
            _store(catalogue, entry, fuzzy)
            entry, slot, fuzzy = {}, "", False
        if line.startswith("#,") and "fuzzy" in line:
            fuzzy = True
        if not line or line.startswith("#"):
            continue
        if not line.startswith('"'):
            slot, _, line = line.partition(" ")
            entry[slot] = ""
        try:
            entry[slot] += ast.literal_eval(line.strip())
        except (SyntaxError, ValueError, KeyError) as error:
            raise MalformedInput("The translation file cannot be read.", field=f"line {number}", value=raw) from error
    return catalogue


def _store(catalogue: dict[str, str], entry: dict[str, str], fuzzy: bool) -> None:
    key = (f"{entry['msgctxt']}\x04" if "msgctxt" in entry else "") + entry.get("msgid", "")
    if "msgid_plural" in entry:
        key += f"\x00{entry['msgid_plural']}"
        forms = [entry[name] for name in sorted(entry) if name.startswith("msgstr[")]
        value = "\x00".join(forms) if all(forms) else ""
    else:
        value = entry.get("msgstr", "")
    if value and (not fuzzy or not key):
        catalogue[key] = value


def compiled(catalogue: dict[str, str]) -> bytes:
    """The `.mo` file (GNU gettext manual, “The Format of GNU MO Files”), little endian, without a hash table."""
    pairs = sorted((key.encode(), value.encode()) for key, value in catalogue.items())
    count, offset = len(pairs), 28
    position = offset + 16 * count
    keys: list[int] = []
    values: list[int] = []
    body = b""
    for index, table in ((0, keys), (1, values)):
        for pair in pairs:
            table += [len(pair[index]), position + len(body)]
            body += pair[index] + b"\x00"
    header = struct.pack("<7I", 0x950412DE, 0, count, offset, offset + 8 * count, 0, position)
    return header + struct.pack(f"<{4 * count}I", *keys, *values) + body


if __name__ == "__main__":
    for path in compile_all(Path(sys.argv[1])):
        print(path)  # noqa: T201 -- a build step that says what it made
