"""Money at the desk: documents on file, contractors' invoices. Pay is kept from a table and shown to nobody here."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wangge.assessment.core.amounts import yuan_text
from wangge.assessment.models.money import Document, Invoice
from wangge.assessment.money import filing, invoices
from wangge.base.errors import InvalidInput, MalformedInput, NotFound, WanggeError
from wangge.base.mandate import Mandate
from wangge.interfaces.staff import standing
from wangge.interfaces.staff.assessing import words
from wangge.interfaces.web import refusals
from wangge.kernel.ledger.rules import to_smallest
from wangge.kernel.people.models import Organisation
from wangge.kernel.places.queries import ancestors, atlas, below

VERBS = frozenset({filing.FILE, invoices.ENTER, invoices.APPROVE})
MOST = 200


@standing.at_desk(*VERBS)
def money(request: HttpRequest, by: Mandate) -> HttpResponse:
    """What is on file and what was billed on the reader's ground."""
    rows = Invoice.objects.filter(below(by.scope_path, "area_path")).select_related("organisation")
    context = {
        "room": "money",
        "documents": [
            {"it": one, "kind": words.DOCUMENTS[one.kind],
             "employment": words.EMPLOYMENTS[one.employment] if one.employment else ""}
            for one in Document.objects.filter(_around(by)).defer("content").order_by("-filed_at")[:MOST]
        ],
        "invoices": [
            {"it": one, "name": one.organisation.name, "yuan": yuan_text(one.fen), "deducted": yuan_text(one.deducted),
             "owed": yuan_text(one.fen - one.deducted), "state": words.INVOICES[one.state],
             "may_approve": one.state == "entered" and by.allows(invoices.APPROVE, one.area_path)
             and by.actor != one.entered_by,
             "may_pay": one.state == "approved" and by.allows(invoices.APPROVE, one.area_path)}
            for one in rows.order_by("-entered_at")[:MOST]
        ],
        "contractors": list(Organisation.objects.filter(kind="contractor").order_by("code")),
        "kinds": list(words.DOCUMENTS.items()),
        "employments": list(words.EMPLOYMENTS.items()),
        "may_file": filing.FILE in by.may,
        "may_enter": invoices.ENTER in by.may,
    }
    return standing.page(request, "staff/money.html", context, by=by)


@require_POST
@standing.at_desk(*VERBS)
def act(request: HttpRequest, by: Mandate) -> HttpResponse:
    """File a document, enter an invoice, or bring one on."""
    deeds = {"file": _file, "enter": _enter, "approve": _approve, "pay": _pay, "refuse": _refuse}
    try:
        name = request.POST.get("act", "")
        if name not in deeds:
            raise InvalidInput("There is no such act.", field="action", value=name, expected=", ".join(deeds))
        deeds[name](request, by)
        messages.success(request, _("Done."), extra_tags="done")
    except WanggeError as error:
        messages.error(request, refusals.said(error), extra_tags="late")
    return redirect("staff:money")


@standing.at_desk(*VERBS)
def document(request: HttpRequest, by: Mandate, document_id: UUID) -> HttpResponse:
    """A document as it was filed."""
    found = Document.objects.filter(_around(by), id=document_id).first()
    if found is None:
        raise NotFound("There is no such document that you may see.", field="document", value=document_id)
    answer = HttpResponse(bytes(found.content), content_type=found.media_type)
    answer["Content-Disposition"] = f'attachment; filename="{found.digest[:12]}"'
    return answer


def _around(by: Mandate) -> Any:
    return Q(area_path__in=ancestors(by.scope_path)) | below(by.scope_path, "area_path")


def _text(request: HttpRequest, name: str) -> str:
    return request.POST.get(name, "").replace("\0", "").strip()


def _area(by: Mandate) -> str:
    return atlas().by_path[by.scope_path].code


def _file(request: HttpRequest, by: Mandate) -> None:
    sent = request.FILES.get("file")
    if sent is None:
        raise MalformedInput("No document was sent.", field="file", expected="PDF, JPEG or PNG")
    kind = _text(request, "kind")
    employment = _text(request, "employment") if kind == "legal_basis" else ""
    filing.file_document(area=_area(by), kind=kind, number=_text(request, "number"), employment=employment,
                         content=sent.read(filing.MOST_BYTES + 1), by=by)


def _enter(request: HttpRequest, by: Mandate) -> None:
    fen = to_smallest(_text(request, "yuan"), "cny", field="yuan")
    invoices.enter_invoice(organisation=_text(request, "organisation"), area=_area(by), number=_text(request, "number"),
                           fen=fen, by=by)


def _approve(request: HttpRequest, by: Mandate) -> None:
    deducted = to_smallest(_text(request, "deducted") or "0", "cny", field="deducted")
    invoices.approve_invoice(**_one(request), deducted=deducted, by=by)


def _pay(request: HttpRequest, by: Mandate) -> None:
    invoices.pay_invoice(**_one(request), by=by)


def _refuse(request: HttpRequest, by: Mandate) -> None:
    invoices.refuse_invoice(**_one(request), by=by)


def _one(request: HttpRequest) -> dict[str, Any]:
    try:
        version = int(_text(request, "expected_version")[:9])
        return {"invoice": UUID(_text(request, "invoice")), "expected_version": version}
    except ValueError:
        raise InvalidInput("There is no such invoice.", field="invoice", value=_text(request, "invoice")) from None
