"""Files a document that a policy of money rests on, and lists what is on file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.management import CommandParser

from wangge.assessment.models.money import DOCUMENT_KINDS, EMPLOYMENTS, Document
from wangge.assessment.money.filing import file_document
from wangge.interfaces.commands.acting import acting
from wangge.interfaces.commands.base import Facts, WanggeCommand
from wangge.kernel.duties import mandates
from wangge.kernel.places.queries import area_by_code


class Command(WanggeCommand):
    """`wangge basis`."""

    help = (
        "The documents on file for policies that take money; with --file another one is filed: a legal basis for a"
        " class of employment, the record of consultation, or of publication. PDF, JPEG or PNG."
    )
    example = "wangge basis 320412-NXS --file basis.pdf --kind legal_basis --number 文-1 --employment cadre --as leader"

    def arguments(self, parser: CommandParser) -> None:
        """Where, what, and who files it."""
        parser.add_argument("area", metavar="AREA_CODE")
        parser.add_argument("--file", metavar="FILE", type=Path)
        parser.add_argument("--kind", default="legal_basis", choices=DOCUMENT_KINDS)
        parser.add_argument("--number", default="", help="as the policy names it in `basis`")
        parser.add_argument("--employment", default="", choices=("", *EMPLOYMENTS))
        parser.add_argument("--as", dest="username", default="", metavar="USERNAME",
                            help="who files it; else the console")

    def run(self, **options: Any) -> Facts:
        """File, then list."""
        area = area_by_code(options["area"])
        if options["file"]:
            by = acting(options["username"], verb="file_basis") if options["username"] else mandates.console()
            file_document(area=area.code, kind=options["kind"], number=options["number"], by=by,
                          content=options["file"].read_bytes(), employment=options["employment"])
        rows = Document.objects.filter(area_id=area.id).order_by("number", "kind", "employment")
        return {"area": area.code, "documents": [
            {"number": one.number, "kind": one.kind, "employment": one.employment, "digest": one.digest,
             "filed_at": one.filed_at.isoformat()} for one in rows
        ]}

    def show(self, facts: Facts) -> None:
        """One document a line."""
        for one in facts["documents"]:
            self.stdout.write(f"{one['number']}: {one['kind']} {one['employment']} {one['digest']}")
