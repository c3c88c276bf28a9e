"""The given half of the test kit, where it lies beside the checkout."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.conformance import run
from tests.conformance.cases import same

pytestmark = pytest.mark.skipif(not run.DEFAULT.exists(), reason="the test kit is not beside the checkout")


@pytest.mark.parametrize(
    "folder", run.folders(run.DEFAULT) if run.DEFAULT.exists() else [], ids=lambda f: f.name
)
def test_a_folder_of_the_kit(folder: run.Path) -> None:
    found = run.score(folder)
    assert [str(failure) for failure in found.failures] == []
    assert found.passed > 0


def test_the_last_line_tells_totals_by_level(capsys: pytest.CaptureFixture[str]) -> None:
    assert run.main(["--tck", str(run.DEFAULT / "compliance-level-2")]) == 0
    assert capsys.readouterr().out.splitlines()[-1] == "total  level 2: 126 of 126 (100.00 %)"


def test_a_wrong_result_counts_as_wrong() -> None:
    assert same(Decimal("1.00000001"), Decimal("1"))
    assert not same(Decimal("1.001"), Decimal("1"))
    assert not same(True, Decimal(1))
    assert not same({"a": None}, {})
    assert not same(None, False)
