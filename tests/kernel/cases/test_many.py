"""Many reports at once give what as many single ones give."""

from __future__ import annotations

from tests.kernel.cases.test_intake import a_report, keyed
from tests.town import Town
from wangge.base.errors import InvalidInput, KeyReused
from wangge.kernel.cases.intake import Receipt, report_case
from wangge.kernel.cases.many import report_many
from wangge.kernel.cases.models import Case, SearchTerms
from wangge.kernel.journal.verifying import verify


def test_each_report_gets_its_own_answer(town: Town) -> None:
    first = report_case(report=keyed("seen"), by=town.public())
    results = list(
        report_many(
            [
                keyed("a"),
                keyed("b", "other", case_class="E9999"),
                keyed("a"),
                keyed("seen"),
                keyed("seen", "another body"),
                a_report(description=""),
            ],
            by=town.public(),
        )
    )
    kinds = [type(result).__name__ for result in results]
    assert kinds == ["Receipt", "InvalidInput", "Receipt", "Receipt", "KeyReused", "InvalidInput"]
    assert isinstance(results[0], Receipt)
    assert isinstance(results[2], Receipt)
    assert isinstance(results[3], Receipt)
    assert (results[0].created, results[2].created, results[3].created) == (True, False, False)
    assert results[2].case_id == results[0].case_id
    assert results[3].case_id == first.case_id
    assert isinstance(results[1], InvalidInput)
    assert isinstance(results[4], KeyReused)
    assert Case.objects.count() == 2


def test_many_are_filed_indexed_and_verify(town: Town) -> None:
    results = list(
        report_many([a_report(key=f"k{number}", digest=b"d" * 32) for number in range(25)], by=town.public(), batch=10)
    )
    assert all(isinstance(result, Receipt) and result.area_path == town.paths["G11"] for result in results)
    assert (Case.objects.count(), SearchTerms.objects.count()) == (25, 25)
    assert verify().clean
