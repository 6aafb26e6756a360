"""The keys of the desk: one table, shown by `?` on every page. The scripts bind them (`frontend/src`)."""

from __future__ import annotations

from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Keys(NamedTuple):
    """Where these keys work, and what each does."""

    where: Promise
    rows: tuple[tuple[tuple[str, ...], Promise], ...]


SHORTCUTS = (
    Keys(_("On every page"), (
        (("/",), _("search the cases")),
        (("g",), _("then a letter: go to a page, see below")),
        (("Esc",), _("close, go back")),
        (("?",), _("this list")),
    )),
    Keys(_("In a list"), (
        (("j", "k"), _("next and previous case")),
        (("x",), _("choose it for the bar below the filter")),
        (("b",), _("to that bar")),
        (("Enter",), _("open the case")),
    )),
    Keys(_("On a case"), (
        (("j", "k"), _("next and previous case of the list")),
        (("Alt", "1–9"), _("the standard phrases of a form, in their order")),
    )),
)  # fmt: skip
