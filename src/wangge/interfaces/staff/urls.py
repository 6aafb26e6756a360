"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from wangge.interfaces.staff.views import (
    act,
    bulk,
    case,
    classes,
    figures,
    gridmap,
    keeping,
    me,
    queue,
    report,
    rules,
    shift,
    spots,
    taking,
    trace,
)

app_name = "staff"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("views", queue.views, name="views"),
    path("bulk", bulk.bulk, name="bulk"),
    path("bulk/targets", bulk.targets, name="bulk-targets"),
    path("kept", keeping.keep, name="keep"),
    path("columns", keeping.columns, name="columns"),
    path("replies", keeping.replies, name="replies"),
    path("replies/phrases", keeping.phrases, name="phrases"),
    path("print", taking.paper, name="print"),
    path("shift", shift.present, name="shift"),
    path("shift/close", shift.close, name="shift-close"),
    path("shift/<uuid:key>", shift.record, name="shift-record"),
    path("shift/<uuid:key>/take", shift.take, name="shift-take"),
    path("pins.json", gridmap.pins, name="pins"),
    path("areas.json", gridmap.areas, name="areas"),
    path("report", report.report, name="report"),
    path("map", gridmap.gridmap, name="map"),
    path("cases/<slug:number>", case.case, name="case"),
    path("cases/<slug:number>/preview", case.preview, name="preview"),
    path("cases/<slug:number>/act", act.act, name="act"),
    path("photos/<uuid:file_id>", case.photo, name="photo"),
    path("cases/<slug:number>/contact", case.contact, name="contact"),
    path("trace/<slug:number>", trace.trace, name="trace"),
    path("rules", rules.rules, name="rules"),
    path("classes", classes.classes, name="classes"),
    path("classes/change", classes.change, name="change_class"),
    path("spots", spots.spots, name="spots"),
    path("spots/<slug:number>", spots.spot, name="spot"),
    path("spots/<slug:number>/pins.json", spots.pins, name="spot-pins"),
    path("spots/<slug:number>/act", spots.act, name="spot-act"),
    path("figures", figures.figures, name="figures"),
    path("figures/publish", figures.publish, name="publish"),
    path("figures/<slug:code>", figures.behind, name="behind"),
    path("me", me.me, name="me"),
]
