"""Addresses of the desk."""

from __future__ import annotations

from django.urls import path

from wangge.interfaces.staff.views import (
    act,
    answers,
    approvals,
    brief,
    bulk,
    case,
    classes,
    figures,
    gridmap,
    me,
    queue,
    report,
    rules,
    spots,
    tasks,
    trace,
)

app_name = "staff"
urlpatterns = [
    path("", queue.queue, name="queue"),
    path("views", queue.views, name="views"),
    path("bulk", bulk.bulk, name="bulk"),
    path("bulk/targets", bulk.targets, name="bulk-targets"),
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
    path("brief", brief.shown, name="brief"),
    path("brief/<slug:key>", brief.behind, name="brief-list"),
    path("approvals", approvals.approvals, name="approvals"),
    path("approvals/decide", approvals.decide, name="decide"),
    path("answers", answers.answers, name="answers"),
    path("tasks", tasks.tasks, name="tasks"),
    path("tasks/new", tasks.new, name="task-new"),
    path("tasks/<slug:number>", tasks.task, name="task"),
    path("tasks/<slug:number>/seen", tasks.seen, name="task-seen"),
    path("tasks/<slug:number>/act", tasks.act, name="task-act"),
    path("tasks/<slug:number>/code.svg", tasks.code, name="task-code"),
    path("figures", figures.figures, name="figures"),
    path("figures/publish", figures.publish, name="publish"),
    path("figures/<slug:code>", figures.behind, name="behind"),
    path("me", me.me, name="me"),
]
