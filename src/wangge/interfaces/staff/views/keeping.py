"""Saved views, standard replies and columns."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from wangge.base.errors import InvalidInput, NotFound, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import columns as table
from wangge.interfaces.staff import filters as bar
from wangge.interfaces.staff import lists, standing
from wangge.interfaces.web import refusals, words
from wangge.kernel.cases.reference import reference
from wangge.kernel.desk import keeping
from wangge.kernel.desk.keeping import Audience
from wangge.kernel.desk.queries import kept_for
from wangge.kernel.places.queries import atlas

EVERYBODY = "*"
ACTS = (
    "accept", "reject", "confirm", "register", "dispose", "separate", "dispatch", "share", "rule", "transfer", "recall",
    "sign", "handle", "return", "send_up", "send_down", "whistle", "inspect", "rework", "close", "void", "force_close",
    "reopen", "ask_extension", "ask_suspension", "extend", "suspend", "appeal", "review", "exempt", "refuse",
    "supervise", "answer", "urge", "tell", "comment",
)  # fmt: skip
"""The acts that standard replies may be for, in the order of a case's life; every form of them takes words."""


@require_POST
@standing.at_desk("see", "see_own")
def keep(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Save, share or drop a view or a reply, and go back to where one was."""
    account, wanted = standing.account(request), request.POST.get("do", "")
    here = bar.query(request.POST.get("here", ""))
    back = redirect("staff:replies") if request.POST.get("back") == "replies" else redirect(lists.to(bar.address(here)))
    try:
        if wanted == "drop":
            keeping.drop(_id(request.POST.get("kept", "")), account=account, by=by)
            messages.success(request, _("It is no longer kept."), extra_tags="done")
        elif wanted in ("view", "reply"):
            text, share = request.POST.get("text", ""), _audience(request.POST.get("share", ""), by)
            if wanted == "view":
                conditions = bar.address(here, q=None, show=None).lstrip("?")
                bar.filters_of(bar.query(conditions), bar.names_of(atlas(), reference(), by), by.at)
                saved = keeping.keep(
                    kind="view", text=text, conditions=conditions, account=account, by=by, share=share
                )
                back = redirect(lists.to("?" + saved.filter))
            else:
                keeping.keep(kind="reply", text=text, act=_act(request.POST.get("act", "")), account=account, by=by,
                             share=share)
            messages.success(request, _("Saved."), extra_tags="done")
        else:
            raise InvalidInput("There is no such action.", field="action", value=wanted, expected="view, reply or drop")
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
    return back


@require_POST
@standing.at_desk("see", "see_own")
def columns(request: HttpRequest, by: Mandate) -> HttpResponse:
    """Choose the columns of one's lists."""
    wanted = [] if request.POST.get("usual") else request.POST.getlist("column")
    chosen = [key for key in table.COLUMNS if key in wanted][: table.MOST]
    keeping.choose_columns(chosen or list(table.DEFAULT), account=standing.account(request))
    return redirect(lists.to(bar.address(bar.query(request.POST.get("here", "")))))


@require_safe
@standing.at_desk("see", "see_own")
def replies(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The page of standard replies: one's own and those shared here, by act."""
    kept = kept_for(standing.account(request), by)
    found = [item for item in kept.items if item.kind == "reply"]
    named = {act: str(_("Transfer") if act == "transfer" else words.BUTTONS[act]) for act in ACTS}
    context = {
        "room": "replies",
        "groups": [
            (name, [one for one in found if one.act == act])
            for act, name in named.items()
            if any(one.act == act for one in found)
        ],
        "acts": list(named.items()),
        "may_share": by.allows(keeping.VERB, by.scope_path),
        "ground": standing.area_name(atlas(), by.scope_path),
        "longest": keeping.LONGEST["reply"],
    }
    return standing.page(request, "staff/replies.html", context, by=by)


@require_safe
@standing.at_desk("see", "see_own")
def phrases(request: HttpRequest, by: Mandate) -> HttpResponse:
    """The replies for one act, as buttons for a form."""
    kept = kept_for(standing.account(request), by)
    return render(request, "staff/phrases.html", {"phrases": kept.replies(request.GET.get("act", ""))})


def _audience(share: str, by: Mandate) -> Audience | None:
    if not share:
        return None
    place = atlas().by_path.get(by.scope_path)
    if place is None:
        raise NotFound("There is no such place.", field="area", value=by.scope_path)
    return Audience(place, "" if share == EVERYBODY else share)


def _act(act: str) -> str:
    if act not in ACTS:
        raise InvalidInput("There is no such action.", field="action", value=act, expected="one of " + ", ".join(ACTS))
    return act


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise NotFound("Nothing like this is kept.", field="kept", value=text) from None
