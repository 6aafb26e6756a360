"""Patrols, spot checks and switches in the reader's words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import pgettext_lazy

STATES: dict[str, Promise] = {
    "planned": pgettext_lazy("patrol", "planned"), "started": pgettext_lazy("patrol", "under way"),
    "ended": pgettext_lazy("patrol", "ended"), "dropped": pgettext_lazy("patrol", "dropped"),
}
OUTCOMES: dict[str, Promise] = {
    "present": pgettext_lazy("spot check", "present"), "excused": pgettext_lazy("spot check", "excused"),
    "not_seen": pgettext_lazy("spot check", "not seen"),
}
GRADES: dict[str, Promise] = {
    "word": pgettext_lazy("spot check", "the observer's word"),
    "placed": pgettext_lazy("spot check", "from a point within the place"),
    "witnessed": pgettext_lazy("spot check", "with a second person"),
}
CHECKS: dict[str, Promise] = {
    "open": pgettext_lazy("spot check", "can be contested"),
    "contested": pgettext_lazy("spot check", "contested, waits for a decision"),
    "upheld": pgettext_lazy("spot check", "upheld"), "struck": pgettext_lazy("spot check", "struck, counts no more"),
}
STANDS: Promise = pgettext_lazy("spot check", "stands: the three days are over")
FUNCTIONS: dict[str, Promise] = {
    "forced_check_in": pgettext_lazy("switch", "Forced check-ins"),
    "person_ranking": pgettext_lazy("switch", "Counts of persons"),
    "online_time": pgettext_lazy("switch", "Time online"),
}
SCENES: dict[str, Promise] = {
    "flood": pgettext_lazy("switch", "Flood"), "storm": pgettext_lazy("switch", "Storm, snow or ice"),
    "epidemic": pgettext_lazy("switch", "Epidemic"), "major_event": pgettext_lazy("switch", "Major event"),
    "search_and_rescue": pgettext_lazy("switch", "Search and rescue"),
}
SWITCHES: dict[str, Promise] = {
    "asked": pgettext_lazy("switch", "asked for"), "on": pgettext_lazy("switch", "on"),
    "refused": pgettext_lazy("switch", "refused"), "ended": pgettext_lazy("switch", "turned off"),
}
EXPIRED: Promise = pgettext_lazy("switch", "expired")
VISITED: dict[str, Promise] = {
    "ticked": pgettext_lazy("stop", "visited, ticked"), "check": pgettext_lazy("stop", "visited, by a spot check"),
    "track": pgettext_lazy("stop", "visited, by the track"),
}
