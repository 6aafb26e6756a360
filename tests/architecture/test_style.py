"""The page of the visual language stays alive: every component of the style sheets stands on it."""

from __future__ import annotations

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
STYLE = ROOT / "frontend" / "src" / "style"
TEMPLATES = ROOT / "src" / "wangge" / "interfaces"
GUIDE = [
    TEMPLATES / "staff/templates/staff/styleguide.html",
    *sorted((TEMPLATES / "staff/templates/staff/guide").glob("*.html")),
    TEMPLATES / "web/templates/web/desk.html",
    TEMPLATES / "web/templates/web/pages.html",
    TEMPLATES / "web/templates/web/keys.html",
    TEMPLATES / "web/templates/web/maptools.html",
    TEMPLATES / "web/templates/web/messages.html",
    TEMPLATES / "web/templatetags/web.py",
]
"""What makes the page: its own templates, the frame around it, and the tags that write icons, states and deadlines."""
COMPONENTS = ("base", "components")
"""The layers that every page may use; `layout`, `pages` and `print` only place them."""
LAYOUT_ONLY = {
    "actionbar": "the bar of the phone, below a case",
    "breaks": "where a table turns into cards", "messages": "only the space below it", "fixed": "a toast over the page",
    "sides": "photos side by side where the slider cannot be used",
}
"""Classes of the components that only place something, and where they do."""


def _classes(layer: str, text: str) -> set[str]:
    """The class names in the selectors of a layer's blocks."""
    found: set[str] = set()
    bare = re.sub(r"/\*.*?\*/|url\([^)]*\)|\"[^\"]*\"", "", text, flags=re.DOTALL)
    for start in re.finditer(rf"@layer {layer} \{{", bare):
        depth, end = 1, start.end()
        while depth:
            depth += {"{": 1, "}": -1}.get(bare[end], 0)
            end += 1
        selectors = re.sub(r"\{[^{}]*\}", " ", bare[start.end() : end - 1])
        found |= set(re.findall(r"\.([a-zA-Z][a-zA-Z0-9-]*)", selectors))
    return found


def test_every_component_stands_on_the_page_of_the_visual_language() -> None:
    shown = " ".join(path.read_text(encoding="utf-8") for path in GUIDE)
    words = set(re.findall(r"[a-zA-Z][a-zA-Z0-9-]*", shown))
    known = {"late", "soon", "hold", "press", "done"}  # written by `due` from its kind
    missing = {
        f"{path.name}: .{name}"
        for path in sorted(STYLE.glob("*.css"))
        for layer in COMPONENTS
        for name in _classes(layer, path.read_text(encoding="utf-8")) - words - known - set(LAYOUT_ONLY)
    }
    assert missing == set(), "show it in templates/staff/guide, or name it in LAYOUT_ONLY"


def test_what_only_places_is_still_there() -> None:
    used = {
        name
        for path in STYLE.glob("*.css")
        for layer in COMPONENTS
        for name in _classes(layer, path.read_text(encoding="utf-8"))
    }
    assert set(LAYOUT_ONLY) <= used


def test_every_icon_of_the_page_is_in_the_sprite() -> None:
    from wangge.interfaces.staff.views.styleguide import ICONS

    sprite = (ROOT / "frontend/src/icons/sprite.svg").read_text(encoding="utf-8")
    assert sorted(ICONS) == sorted(re.findall(r'<symbol id="([a-z]+)"', sprite))
