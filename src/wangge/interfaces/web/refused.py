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
})
"""On patrols, spot checks and switches."""
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
