"""What goes with words that are erased: those of a case's shares, and what a control told reporters."""

from __future__ import annotations

from datetime import timedelta

from tests.kernel.cases.test_acts import do, new_case, walk
from tests.kernel.cases.test_loopholes import by_unit
from tests.town import Town
from wangge.base.clock import now
from wangge.kernel.cases.controls import end_control, set_control
from wangge.kernel.cases.facts import Part
from wangge.kernel.cases.models import Case, Control, SearchTerms
from wangge.kernel.duties import mandates
from wangge.kernel.journal.erasing import erase
from wangge.kernel.journal.models import Content
from wangge.kernel.journal.verifying import verify

PLANTED = "某某某 13900000000"


def test_a_case_takes_the_words_of_its_shares_along(town: Town) -> None:
    other = by_unit(town)
    case = new_case(town)
    walk(town, case, until="register")
    parts = (Part(task=f"修井盖，找{PLANTED}", organisation=town.unit), Part(task=PLANTED, organisation=other))
    do(town, case, "operator", "share", parts=parts)
    done = erase(subject_id=case, reason_code="requested", by=mandates.console())
    assert done.also["shares"] == 2
    subjects = [case, *Case.objects.filter(parent=case).values_list("id", flat=True)]
    assert not Content.objects.filter(subject_id__in=subjects, value__isnull=False).exists()
    assert not SearchTerms.objects.filter(case_id__in=subjects).exists()
    assert verify().clean


def test_erasing_a_contact_leaves_the_shares_their_task(town: Town) -> None:
    case = new_case(town)
    walk(town, case, until="register")
    parts = (Part(task="修井盖", organisation=town.unit), Part(task="清路面", organisation=by_unit(town)))
    do(town, case, "operator", "share", parts=parts)
    erase(subject_id=case, fields=["contact_name"], reason_code="requested", by=mandates.console())
    parts_of = Case.objects.filter(parent=case).values_list("id", flat=True)
    assert Content.objects.filter(subject_id__in=list(parts_of), value__isnull=False).count() == 2
    assert SearchTerms.objects.filter(case_id=case).exists()


def test_what_a_control_told_goes_from_its_row_and_the_journal_verifies(town: Town) -> None:
    one = set_control(area_code="T-C1", class_prefix="P", valid_from=now(), valid_to=now() + timedelta(days=9),
                      text=PLANTED, text_en=PLANTED, by=town.by("admin"))  # fmt: skip
    erase(subject_id=one.id, fields=["text_en"], reason_code="requested", by=town.by("admin"))
    assert Control.objects.values_list("text", "text_en").get(id=one.id) == (PLANTED, "")
    assert verify().clean
    erase(subject_id=one.id, reason_code="requested", by=town.by("admin"))
    assert Control.objects.values_list("text", "text_en").get(id=one.id) == ("—", "")
    assert verify().clean
    end_control(control_id=one.id, at=now(), by=town.by("admin"))
    assert verify().clean
