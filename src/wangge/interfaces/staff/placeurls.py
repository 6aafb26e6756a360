"""Addresses of places and people."""

from __future__ import annotations

from django.urls import path

from wangge.interfaces.staff.views import exchange, grids, places, posts, seat

urlpatterns = [
    path("posts", posts.posts, name="posts"),
    path("posts.xlsx", posts.export, name="posts-export"),
    path("posts/<slug:code>/<slug:post>", seat.seat, name="seat"),
    path("places", places.places, name="places"),
    path("places/<slug:code>", places.place, name="place"),
    path("places/<slug:code>/grids", grids.grids, name="grids"),
    path("exchange", exchange.exchange, name="exchange"),
    path("exchange/areas.geojson", exchange.areas, name="exchange-areas"),
    path("exchange/places.xlsx", exchange.everything, name="exchange-book"),
    path("exchange/errors.xlsx", exchange.refused, name="refused"),
    path("exchange/files/<uuid:key>", exchange.progress, name="import"),
    path("exchange/files/<uuid:key>/errors.xlsx", exchange.import_errors, name="import-errors"),
    path("organisations", places.organisations, name="organisations"),
]
