"""Addresses of findings and draws."""

from __future__ import annotations

from django.urls import path

from wangge.interfaces.staff.views import draws, findingact, findingin, findings

urlpatterns = [
    path("findings", findings.findings, name="findings"),
    path("findings/beside", findings.beside, name="findings-beside"),
    path("findings/new", findingin.new, name="finding-new"),
    path("findings/import", findingin.take_in, name="findings-import"),
    path("findings/errors.xlsx", findingin.refused, name="findings-refused"),
    path("findings/<uuid:finding_id>", findings.finding, name="finding"),
    path("findings/<uuid:finding_id>/act", findingact.act, name="finding-act"),
    path("findings/<uuid:finding_id>/order", findingact.order, name="finding-order"),
    path("findings/<slug:source>/<path:ref>", findings.by_number, name="finding-number"),
    path("draws", draws.draws, name="draws"),
    path("draws/<uuid:draw_id>", draws.drawn, name="drawn"),
]
