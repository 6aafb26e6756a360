"""Refusals in the reader's language. The kernel says them in English; forms say the common ones in both."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from wangge.base.errors import WanggeError

BY_FIELD: dict[str, Promise] = {
    "description": _("Say what is wrong, in words or by a photo; at most 4,000 characters."),
    "address": _("Say where it is: tap the map or write the address, at most 300 characters."),
    "contact_phone": _("This is not a phone number. Digits, spaces, + ( ) - are fine; it may also stay empty."),
    "file": _("This file cannot be kept. Photos as JPEG, PNG or WebP up to 15 MB are fine."),
    "files": _("A photo was not kept; choose it again."),
    "sender": _("Much was sent from your connection just now. Your words are still here; send them in ten minutes."),
    "Idempotency-Key": _("This form was sent before with other words. Press “Send” once more for a new report."),
    "lon": _("The place on the map cannot be read; tap it again."),
    "lat": _("The place on the map cannot be read; tap it again."),
    "code": _("No report has this code. It has 16 letters and digits, without I, L, O and U."),
    "note": _("Write a few words."),
    "q": _("Search for at least two characters."),
    "area": _("There is no such place on your ground."),
    "state": _("There is no such state."),
    "cursor": _("This page of the list is not known any more; here is the first one."),
    "reported_after": _("This is not a date."),
    "reported_before": _("This is not a date."),
    "bbox": _("This part of the map cannot be read."),
    "duty": _("You do not hold this duty now."),
    "reason": _("Say why, in a few words."),
    "expected_version": _("Somebody else was faster; look at the present state and decide again."),
    "case_class": _("Choose the class and condition that it meets."),
    "condition": _("Choose the condition that it meets."),
    "post": _("No rule names anybody here; choose a post that is held, or a unit."),
    "kind": _("Choose one of the kinds."),
    "organisation": _("Choose a unit of this subdistrict, or a post that is held here."),
    "planned_on": _("Choose the day it is planned for, today or later."),
    "at": _("This time does not fit; choose another."),
    "action": _("This is not possible now, or your duty does not allow it."),
}

BY_CODE: dict[str, Promise] = {
    "forbidden": _(
        "Your present duty does not allow this here. On your own page you can choose another of your duties."
    ),
    "not-found": _("It does not exist, or it lies outside what your duty lets you see."),
    "conflict": _("Meanwhile somebody else has acted. Look at the present state and decide again."),
    "too-large": _("This is too large; photos may have 15 MB."),
    "unauthenticated": _("Please sign in."),
    "too-many-requests": _("That was too fast; please try again in a minute."),
    "unavailable": _("The service cannot do this just now; please try again soon."),
    "internal": _("Something went wrong on our side. It has been written down under the number below."),
    "bad-request": _("The page did not understand what it was sent. Go back and try once more."),
    "invalid-input": _("One of the values cannot be accepted."),
}

TITLES = (
    gettext_noop("The request cannot be understood"),
    gettext_noop("A value is not acceptable"),
    gettext_noop("The content is too large"),
    gettext_noop("Sign in or send a valid token"),
    gettext_noop("Your duties do not allow this"),
    gettext_noop("There is no such thing that you may see"),
    gettext_noop("The state has moved on"),
    gettext_noop("This key belongs to another request"),
    gettext_noop("Too many requests"),
    gettext_noop("The service cannot do this now"),
    gettext_noop("Internal error"),
)
"""The titles of `base.errors`, marked for translation; the problem page looks them up."""


def said(error: WanggeError) -> str:
    """The refusal in words: the page's own for a known field, else the kernel's."""
    field = (error.field or "").rpartition(".")[2]
    if english() and field in ("action", "reason", "note", ""):
        return error.detail
    return str(BY_FIELD.get(field) or BY_CODE.get(error.code) or error.detail)


def with_wait(answer: HttpResponse, error: WanggeError | None) -> HttpResponse:
    """The page, saying in its header after how many seconds to try again where the refusal says so."""
    if error is not None and "retry_after" in error.extra:
        answer["Retry-After"] = str(error.extra["retry_after"])
    return answer


def english() -> bool:
    """Whether the page is in English."""
    return not (translation.get_language() or "zh").startswith("zh")
