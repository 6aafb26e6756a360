"""Addresses that need no account."""

from __future__ import annotations

from django.urls import path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from wangge.interfaces.public.views import card, report, track

app_name = "public"
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="public:report"), name="home"),
    path("report/", report.report, name="report"),
    path("report/areas.json", report.areas, name="areas"),
    path("grids/<slug:code>/", card.card, name="card"),
    path("grids/<slug:code>/code.svg", card.code_of, name="card-code"),
    path("track/", track.track, name="track"),
    path("track/<str:code>", track.story, name="story"),
    path("track/<str:code>/say", track.say, name="say"),
    path("track/<str:code>/rate", track.rate, name="rate"),
    path("track/<str:code>/photos/<uuid:file_id>", track.photo, name="photo"),
    path("language/", set_language, name="language"),
]
