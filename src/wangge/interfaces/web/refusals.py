"""Refusals in the reader's language. The kernel says them in English; forms say the common ones in both."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse
from django.utils import timezone, translation
from django.utils.functional import Promise
from django.utils.translation import gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from wangge.base.errors import Conflict, Moved, WanggeError
from wangge.interfaces.web.refused import INSPECTIONS, PATROLS, SCREEN, SIGNALS

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
    "case": _("Choose some cases, and at most 200."),
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
    "until": _("This time does not fit; choose another."),
    "due_at": _("This time does not fit; choose another."),
    "target": _("Choose a unit of this subdistrict, or a post that is held here."),
    "action": _("This is not possible now, or your duty does not allow it."),
}

OWN: frozenset[str] = frozenset({
    # conditions on the case
    gettext_noop("It needs no verification, or has been verified already."),
    gettext_noop("A report from the public is accepted and verified before it is registered."),
    gettext_noop("Only who stood before the thing may file it as disposed of."),
    gettext_noop("Nobody outside waits for an answer to it."),
    gettext_noop("Files of yours are still being worked."),
    gettext_noop("It is not joined to another case."),
    gettext_noop("It is shared between units, or is such a share."),
    gettext_noop("It ends when all its parts have ended."),
    gettext_noop("It was refused twice: a joint meeting decides who handles it."),
    gettext_noop("Only who dispatches gives it back to intake."),
    gettext_noop("The end that was asked for has passed."),
    gettext_noop("Who endorsed it does not grant it."),
    gettext_noop("No joint meeting was called."),
    gettext_noop("A joint meeting has ruled that this unit handles it."),
    gettext_noop("A unit returned it: who dispatches it sends it out again or back to intake, and does not end it."),
    gettext_noop("A unit is called already."),
    gettext_noop("Nobody was called."),
    gettext_noop("The work has been inspected already."),
    gettext_noop("Nobody has inspected the work yet."),
    gettext_noop("A supervision order waits for its answer."),
    gettext_noop("It was closed more than 7 days ago."),
    gettext_noop("It has been rated already."),
    gettext_noop("A request is waiting for its answer."),
    gettext_noop("Nothing was asked for."),
    gettext_noop("The limit is over: an extension is asked for before it ends."),
    gettext_noop("It was extended 2 times, or has no limit of its own."),
    gettext_noop("It was suspended once already."),
    gettext_noop("No extension waits for endorsement."),
    gettext_noop("No endorsed extension waits."),
    gettext_noop("No suspension was asked for."),
    gettext_noop("No appeal waits for its first review."),
    gettext_noop("No reviewed appeal waits."),
    gettext_noop("Who asked does not decide."),
    gettext_noop("The second review is another person's."),
    gettext_noop("It was not late."), gettext_noop("A reminder was sent less than an hour ago."),
    # what is kept at the desk, and shifts
    gettext_noop("So many are kept already."), gettext_noop("Give it a name."), gettext_noop("Write the words."),
    gettext_noop("Somebody closed this shift a moment ago."), gettext_noop("This shift was taken over already."),
    gettext_noop("Who hands a shift over does not take it."),
    gettext_noop("There is one appeal for a case."),
    gettext_noop("It is at the highest tier."),
    gettext_noop("It is at the lowest tier."),
    gettext_noop("No order waits for an answer."),
    gettext_noop("Who gave the order does not answer it."),
    # posts and who holds them
    gettext_noop("This day has passed."),
    gettext_noop("This day cannot be reckoned with."),
    gettext_noop("This is not a day."),
    gettext_noop("The note is too long."),
    gettext_noop("A leave is not handed over."),
    gettext_noop("A leave has an end."),
    gettext_noop("Who leaves and who comes are the same person."),
    gettext_noop("Only a person who holds the post regularly goes on leave."),
    gettext_noop("Nobody stands in for themselves."),
    gettext_noop("A handover lies now or ahead; what was recorded wrongly is corrected."),
    gettext_noop("This seat is taken at that time: one regular holder at most."),
    gettext_noop("This person holds this duty at that time already."),
    gettext_noop("The duty ends before it begins."),
    gettext_noop("The duty is not held until then."),
    gettext_noop("The area does not exist all that time."),
    gettext_noop("Choose a person or name a newcomer, not both."),
    gettext_noop("Say who it is."),
    gettext_noop("There is no such relation."),
    gettext_noop("This relation is declared already."),
    gettext_noop("This is no number of residents."),
    # import and export
    gettext_noop("There is no such grid here."),
    gettext_noop("Choose a file."),
    gettext_noop("The file is too large."),
    gettext_noop("Nothing was refused of the last file."),
    gettext_noop("The workbook has none of the sheets."),
    gettext_noop("A sheet lacks a column."),
    gettext_noop("Several people have this name; give the id of one."),
    gettext_noop("There is no person with this id."),
    gettext_noop("This is no code of an area."),
    gettext_noop("There is no such kind of area."),
    gettext_noop("There is no such parent area."),
    gettext_noop("An area needs a name."),
    gettext_noop("A duty has a beginning."),
    gettext_noop("There is no such post."),
    gettext_noop("There is no such kind of duty."),
    gettext_noop("A duty needs a holder."),
    gettext_noop("This is no time."),
    # grids and how they are drawn
    gettext_noop("Only a community or village that stands is divided into grids."),
    gettext_noop("The community has no boundary to divide."),
    gettext_noop("This is no number of grids."),
    gettext_noop("A code appears twice."),
    gettext_noop("This code is used already; a code is used once, for ever."),
    gettext_noop("The grids of this community have changed meanwhile."),
    gettext_noop("Another redrawing of this community waits for its day."),
    gettext_noop("Grids are redrawn now or on a day ahead."),
    gettext_noop("The grids do not tile their community."),
    gettext_noop("Nothing changes by this drawing."),
    gettext_noop("Other areas stand in a grid that would end; keep its code for the merged grid."),
    gettext_noop("There is no free number for another grid here."),
    gettext_noop("The line does not cut the grid in two."),
    gettext_noop("Merging takes two grids."),
    gettext_noop("These grids do not touch."),
    gettext_noop("The new grid is not one piece of this ground."),
    gettext_noop("No corner of a grid lies there."),
    gettext_noop("There is no such grid in this drawing."),
    gettext_noop("A line has two ends."),
    gettext_noop("The drawing is too large."),
    gettext_noop("This is no GeoJSON FeatureCollection."),
    gettext_noop("A grid of the drawing cannot be read."),
    gettext_noop("A grid needs a name."),
    gettext_noop("This is no list of corners."),
    gettext_noop("A corner is a longitude and a latitude."),
    gettext_noop("Choose a GeoJSON file of at most 2 MB."),
    gettext_noop("A grid would cross itself."),
    # on the case that it joins, and on who acts
    gettext_noop("It has been joined to another case; act on that one."),
    gettext_noop("A case does not join itself."),
    gettext_noop("That case has itself joined another; join that one."),
    gettext_noop("That case belongs to another subdistrict."),
    gettext_noop("That case is a unit's share of another; join the whole."),
    gettext_noop("There is no such case that you may see."),
    gettext_noop("Who handled a case does not inspect it nor decide about it."),
    gettext_noop("Only who reported it may do this."),
    gettext_noop("Another organisation was called."),
    # what an act cannot do without
    gettext_noop("The meeting names who handles it."),
    gettext_noop("Sharing a case takes several units, each with its own task."),
    gettext_noop("A part needs its task."),
    gettext_noop("A part goes to a post or an organisation."),
    gettext_noop("Say which organisation is called."),
    gettext_noop("Say which case it joins."),
    gettext_noop("A suspension needs an end, at most one year from now."),
    gettext_noop("An order is answered by a time to come, at most one year from now."),
    gettext_noop("Say how content you are."),
    gettext_noop("Nothing was attached."),
    gettext_noop("A self-disposed case needs a photo from before and one from after."),
    gettext_noop("These are too many photos."),
    # rules, limits and public parts
    gettext_noop("This moment has passed."),
    gettext_noop("This rule ends before that."),
    gettext_noop("There is no such rule."),
    gettext_noop("No class has this code or begins so."),
    gettext_noop("A rule names a post or an organisation."),
    gettext_noop("This post handles no cases."),
    gettext_noop("No such organisation serves this place."),
    gettext_noop("There is no area with this code."),
    gettext_noop("There is no such part."),
    gettext_noop("No such stage has a limit."),
    gettext_noop("This area sets no such limit."),
    gettext_noop("This is no limit."),
    gettext_noop("This coordinate system is not known."),
    gettext_noop("No table was sent."),
    gettext_noop("This table is too large for the desk."),
    gettext_noop("A code has 16 digits."),
    # on tasks
    gettext_noop("Say by when."),
    gettext_noop("This deadline does not fit."),
    gettext_noop("It has been read already."),
    gettext_noop("Who answered does not accept the answer."),
    gettext_noop("This task is addressed to somebody else."),
    gettext_noop("Only who issued the task does this."),
    gettext_noop("Say who is to do it instead."),
    gettext_noop("The deadline has passed; say by when it is now."),
    gettext_noop("A task is about a case or about an area, not both."),
    gettext_noop("Say what the task is about."),
    gettext_noop("Only who leads the whole subdistrict directs an organisation."),
    gettext_noop("Nobody answers for this place now; name a post or an organisation."),
    gettext_noop("A call goes to who leads."),
    gettext_noop("Nobody who leads can be reached there now."),
    gettext_noop("A task goes to somebody else."),
    gettext_noop("A directive goes to somebody on your own ground; call the leader instead."),
    gettext_noop("This post takes no tasks."),
    gettext_noop("You do not read the words of this case, so that you give no task about it."),
    gettext_noop("Who is addressed does not read the words of cases of this class."),
    gettext_noop("This key belongs to another task."),
    gettext_noop("There is no such task that you may see."),
    gettext_noop("Nobody holds this post there now."),
}) | PATROLS | SCREEN | INSPECTIONS | SIGNALS
"""Refusals of the kernel that are said in their own words, in either language."""

NOT_NOW = BY_FIELD["action"]

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
    """The refusal in words: its own where both languages have them, else the page's for its field or kind."""
    field = (error.field or "").rpartition(".")[2]
    if "control" in error.extra:
        return _controlled(error)
    if error.detail in OWN:
        return gettext(error.detail)
    if isinstance(error, Conflict) and not isinstance(error, Moved):
        return error.detail if english() else str(NOT_NOW)
    if english() and field in ("action", "reason", "note", ""):
        return error.detail
    return str(BY_FIELD.get(field) or BY_CODE.get(error.code) or error.detail)


def _controlled(error: WanggeError) -> str:
    """Why something is not to be reported here for a time, in the words of who set that, and until when."""
    text = (error.extra.get("text_en") if english() else "") or error.detail
    until = datetime.fromisoformat(error.extra["valid_to"]).astimezone(timezone.get_current_timezone())
    return gettext("Under control until {moment}: {text}").format(moment=f"{until:%Y-%m-%d %H:%M}", text=text)


def with_wait(answer: HttpResponse, error: WanggeError | None) -> HttpResponse:
    """The page, saying in its header after how many seconds to try again where the refusal says so."""
    if error is not None and "retry_after" in error.extra:
        answer["Retry-After"] = str(error.extra["retry_after"])
    return answer


def english() -> bool:
    """Whether the page is in English."""
    return not (translation.get_language() or "zh").startswith("zh")
