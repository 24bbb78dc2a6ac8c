"""The set of procedures: running cases stay on their version, new ones take the latest."""

from __future__ import annotations

import pytest

from caseapp.domain.errors import InputError
from caseapp.domain.workflow.catalogue import ProcedureSet
from tests.factories.procedures import procedure, state

V1, V2, V3 = (procedure(state("open"), procedure_id="penalty", version=version) for version in (1, 2, 3))
OTHER = procedure(state("open"), procedure_id="mediation")


@pytest.mark.parametrize(
    "order", [(V1, V3, V2, OTHER), (V3, V2, V1, OTHER), (OTHER, V2, V3, V1)], ids=["mixed", "falling", "late"]
)
def test_new_cases_take_the_latest_version_in_whatever_order_they_were_read(order: tuple[object, ...]) -> None:
    known = ProcedureSet(order)  # type: ignore[arg-type]
    assert known.get("penalty") is V3
    assert known.latest() == (OTHER, V3)
    assert known.all() == (OTHER, V1, V2, V3)


def test_running_cases_stay_on_the_version_they_began_with() -> None:
    known = ProcedureSet([V1, V2])
    assert known.get("penalty", 1) is known.pinned("penalty", 1) is V1


def test_a_procedure_that_does_not_exist_is_told_by_name_and_version() -> None:
    known = ProcedureSet([V1])
    with pytest.raises(InputError, match="没有名为“dispute”的程序定义") as missing:
        known.get("dispute")
    assert missing.value.field == "procedure"
    with pytest.raises(InputError, match="“penalty v2”"):
        known.get("penalty", 2)


def test_a_version_that_was_removed_while_cases_run_on_it_is_a_fault_of_the_installation() -> None:
    with pytest.raises(KeyError):
        ProcedureSet([V2]).pinned("penalty", 1)


def test_an_id_is_known_whatever_its_versions() -> None:
    known = ProcedureSet([V2])
    assert "penalty" in known
    assert "mediation" not in known
