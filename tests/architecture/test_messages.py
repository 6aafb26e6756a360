"""What a page says after an act stands there once: the frame says it where a page fills its `content`."""

from __future__ import annotations

from pathlib import Path

TEMPLATES = Path(__file__).parents[2] / "src/wangge/interfaces"


def test_a_page_within_the_frame_does_not_repeat_its_messages() -> None:
    pages = {page: page.read_text("utf-8") for page in TEMPLATES.rglob("*.html")}
    within = {page: text for page, text in pages.items()
              if '{% extends "web/desk.html" %}' in text and "{% block main %}" not in text}
    assert len(within) > 20
    assert [page.name for page, text in within.items() if '"web/messages.html"' in text] == []
