"""Documents, employment and invoices as the journal tells them. A document's bytes are compared by their digest."""

from __future__ import annotations

from wangge.assessment.money.filing import DOCUMENT, EMPLOYMENT
from wangge.assessment.money.invoices import SUBJECT as INVOICE
from wangge.kernel.journal.services import Projection, State, Told, project, stepping

_DOCUMENT = ("path", "kind", "number", "employment", "digest", "filed_at", "filed_by")
_EMPLOYMENT = ("person", "path", "kind", "pay", "bonus", "floor")
_INVOICE = ("organisation", "path", "number", "fen", "entered_by", "entered_at")


def register() -> None:
    """Called once, when the application is ready."""
    project(Projection(
        subject_type=DOCUMENT,
        table="assessment_document",
        columns={
            "area": "s.area", "path": "s.area_path",
            **{name: f"s.{name}" for name in _DOCUMENT if name != "path"},
            "content": "encode(sha256(s.content), 'hex')",
        },
        told=stepping({"file": _filed}),
        times=frozenset({"filed_at"}),
        label="number",
    ))
    project(Projection(
        subject_type=EMPLOYMENT,
        table="assessment_employment",
        columns={"area": "s.area", "path": "s.area_path",
                 **{name: f"s.{name}" for name in _EMPLOYMENT if name != "path"}},
        told=stepping({"keep": _kept}),
    ))
    project(Projection(
        subject_type=INVOICE,
        table="assessment_invoice",
        columns={
            "area": "s.area", "path": "s.area_path", **{name: f"s.{name}" for name in _INVOICE if name != "path"},
            "state": "s.state", "approved_by": "s.approved_by", "deducted": "s.deducted", "paid_at": "s.paid_at",
        },
        told=stepping({"enter": _entered, "approve": _approved, "pay": _paid, "refuse": _refused}),
        times=frozenset({"entered_at", "paid_at"}),
        label="number",
    ))


def _filed(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _DOCUMENT} | {"area": entry.area, "content": entry.data["digest"]}


def _kept(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _EMPLOYMENT} | {"area": entry.area}


def _entered(state: State, entry: Told) -> None:
    state |= {name: entry.data[name] for name in _INVOICE} | {"area": entry.area, "state": "entered"}
    state |= {"approved_by": None, "deducted": 0, "paid_at": None}


def _approved(state: State, entry: Told) -> None:
    state |= {"state": "approved", "approved_by": entry.data["approved_by"], "deducted": entry.data["deducted"]}


def _paid(state: State, entry: Told) -> None:
    state |= {"state": "paid", "paid_at": entry.data["paid_at"]}


def _refused(state: State, entry: Told) -> None:
    state["state"] = "refused"
