"""Refusals of rooms above the cases that are said in their own words: a part of `refusals.OWN`."""

from __future__ import annotations

from django.utils.translation import gettext_noop

PATROLS: frozenset[str] = frozenset({
    gettext_noop("Nobody observes themselves."),
    gettext_noop("The witness is a third person."),
    gettext_noop("Who is on leave is excused."),
    gettext_noop("This person held no such duty there then."),
    gettext_noop("A spot check is part of a patrol under way."),
    gettext_noop("Only who was observed contests it."),
    gettext_noop("The three days for contesting it are over."),
    gettext_noop("Who observed, witnessed or was observed does not decide."),
    gettext_noop("Another patrol of yours is under way; end it first."),
    gettext_noop("The time of this patrol is over; plan another."),
    gettext_noop("This function is switched off."),
    gettext_noop("Who asked for a function does not decide."),
    gettext_noop("A switch needs the number of the document that orders it."),
    gettext_noop("A switch ends by itself, 30 days after it begins at the latest."),
    gettext_noop("Say which scene it is."),
    gettext_noop("This patrol has no such stop."),
    gettext_noop("There is no such stop."),
    gettext_noop("A stop lies outside the area of the patrol."),
})
"""On patrols, spot checks and switches."""
INSPECTIONS: frozenset[str] = frozenset({
    gettext_noop("Nobody inspects a place that they answer for."),
    gettext_noop("Nobody inspects where an organisation works to which they declared a relation."),
    gettext_noop("A number of this source is recorded already."),
    gettext_noop("A finding needs the number that its source gave it."),
    gettext_noop("It was discovered before it occurred."),
    gettext_noop("Points are only cut."),
    gettext_noop("Duplicates are merged into one finding that is no duplicate itself."),
    gettext_noop("The city's deduction stands."),
    gettext_noop("What is void is no duplicate, and nothing repeats it."),
    gettext_noop("This time lies ahead."),
    gettext_noop("The finding has moved on."),
    gettext_noop("This finding counts no more."),
    gettext_noop("Only who answered for the place on that day contests it."),
    gettext_noop("The three working days for contesting it are over."),
    gettext_noop("This finding is contested already; the outcome counts for everybody."),
    gettext_noop("Who contests it does not decide."),
    gettext_noop("Who found it does not decide."),
    gettext_noop("Nobody decides on what they answer for themselves."),
    gettext_noop("Contests of findings are open."),
    gettext_noop("Nobody decides where an organisation works to which they declared a relation."),
    gettext_noop("It is addressed to another post or unit."),
    gettext_noop("It is being put right already."),
    gettext_noop("Who put it right does not check it."),
    gettext_noop("Say who puts it right: a post or an organisation."),
    gettext_noop("This post puts nothing right."),
    gettext_noop("There is no such finding that you may see."),
    gettext_noop("This was drawn already."),
    gettext_noop("So many cannot be drawn."),
    gettext_noop("A draw needs inspectors and areas."),
    gettext_noop("A draw has a label, such as its period."),
})
"""On findings, contests, putting right, and draws."""
SCREEN: frozenset[str] = frozenset({
    gettext_noop("Look at both photos first."),
    gettext_noop("Only photos of a closed case are cleared."),
    gettext_noop("Photos of this class are never shown."),
    gettext_noop("A display always expires."),
    # what is traced back
    gettext_noop("Choose a proof, at most 20 MB."),
    gettext_noop("Ask for a day that has begun."),
    gettext_noop("No area holds this point."),
})
"""What the screen may show."""
SIGNALS: frozenset[str] = frozenset({
    gettext_noop("Nobody settles a signal about what they answer for."),
    gettext_noop("Nobody settles a signal about a unit to which they are bound."),
    gettext_noop("This post gives no tasks."),
    gettext_noop("The signal has moved on."),
    gettext_noop("Signals are looked at over a quarter at most."),
    gettext_noop("A threshold lies within its bounds."),
    gettext_noop("There is no such signal that you may see."),
    gettext_noop("Somebody changed this meanwhile."),
})
"""On signals and their thresholds."""
