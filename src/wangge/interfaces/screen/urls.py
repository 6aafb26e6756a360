"""Addresses of the screen. A display's token stands in none of them: it travels behind the #, and then in a cookie."""

from __future__ import annotations

from django.urls import path

from wangge.interfaces.screen import views

app_name = "screen"
urlpatterns = [
    path("", views.screen, name="screen"),
    path("enter", views.enter, name="enter"),
    path("figures.json", views.figures, name="figures"),
    path("replay.json", views.replay, name="replay"),
    path("areas.json", views.areas, name="areas"),
    path("photos/<uuid:clearance>/<slug:side>", views.photo, name="photo"),
]
