from __future__ import annotations

from collections.abc import Callable
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

from caseapp.adapters.metric_files import FILE_NAME, load_metric_policies, load_policy_versions
from caseapp.domain.errors import DefinitionError
from caseapp.domain.events import ClosingManner, MilestoneKind
from caseapp.domain.metrics.policy import ClosingAdds, Counts, Dimension

SHIPPED = Path(__file__).parents[2] / "workflows"


def test_the_shipped_policies_are_the_five_of_the_contract() -> None:
    policies = load_metric_policies([SHIPPED])
    assert {policy.id: policy.formula for policy in policies.values()} == {
        "R1": "r1",
        "R2": "r2",
        "R3": "r3",
        "R4": "r4",
        "R5": "r1",
    }
    assert policies["R5"].dimensions == (Dimension.IP_TYPE, Dimension.PROCEDURE)
    assert {policy.target for policy in policies.values()} == {Fraction(95, 100)}
    assert policies["R4"].closing_adds is ClosingAdds.BOTH


@pytest.mark.parametrize("policy_id", ["R1", "R2", "R3", "R4", "R5"])
def test_the_shipped_tables_count_as_the_contract_says(policy_id: str) -> None:
    policy = load_metric_policies([SHIPPED])[policy_id]
    limit = (
        {
            MilestoneKind.DECIDED: Counts.DECIDES,
            MilestoneKind.SUSPENDED: Counts.PAUSES,
            MilestoneKind.RESUMED: Counts.PAUSES,
            MilestoneKind.EXCLUDED_FROM: Counts.PAUSES,
            MilestoneKind.EXCLUDED_UNTIL: Counts.PAUSES,
            MilestoneKind.EXTENDED: Counts.EXTENDS,
        }
        if policy_id == "R4"
        else {}
    )
    assert dict(policy.milestones) == {
        **dict.fromkeys(MilestoneKind, Counts.IGNORED),
        MilestoneKind.FILED: Counts.FILES,
        MilestoneKind.CLOSED: Counts.CLOSES,
        MilestoneKind.REOPENED: Counts.REOPENS,
        MilestoneKind.RETURNED: Counts.REOPENS_IF_CLOSED,
        **limit,
    }
    assert all(policy.manners[manner] for manner in ClosingManner)
    assert "处罚法第七十四条" in policy.note["zh"]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        pytest.param(
            lambda text: text.replace("formula: r3", "formula: r9"), "policies/2/formula", id="no such formula"
        ),
        pytest.param(
            lambda text: text.replace("    reopened: reopens\n", "", 1),
            "milestone_tables/standing/reopened",
            id="a milestone left out",
        ),
        pytest.param(
            lambda text: text.replace("    merged: true\n", ""),
            "manner_tables/every_manner/merged",
            id="a manner left out",
        ),
        pytest.param(
            lambda text: text.replace("filed: files", "filed: opens", 1), "milestone_tables/standing/filed", id="a word"
        ),
        pytest.param(
            lambda text: text.replace("    split: ignored\n", "    split: ignored\n    fined: closes\n", 1),
            "milestone_tables/standing/fined",
            id="money can never enter: no such milestone",
        ),
        pytest.param(
            lambda text: text.replace("milestones: standing\n", "milestones: sitting\n", 1),
            "policies/0/milestones",
            id="no such table",
        ),
        pytest.param(
            lambda text: text.replace("registered: ignored", "registered: files", 1),
            "milestone_tables/standing/registered",
            id="a lead that would count",
        ),
        pytest.param(
            lambda text: text.replace("filed: files", "filed: ignored", 1),
            "milestone_tables/standing/filed",
            id="a filing that would not",
        ),
        pytest.param(lambda text: text.replace('"0.95"', "95", 1), "policies/0/target", id="a target in percent"),
        pytest.param(lambda text: text.replace('"0.95"', '"1.05"', 1), "policies/0/target", id="a target above all"),
        pytest.param(lambda text: text.replace('"0.95"', '"0.0"', 1), "policies/0/target", id="a target of nothing"),
        pytest.param(
            lambda text: text.replace("[ip_type, procedure]", "[ip_type, officer]"),
            "policies/4/dimensions/1",
            id="dimension",
        ),
        pytest.param(
            lambda text: text.replace('version: "2026-1"', "version: 2026", 1),
            "policies/0/version",
            id="a version as number",
        ),
        pytest.param(
            lambda text: text.replace("closing_adds: both", "closing_adds: neither"),
            "policies/3/closing_adds",
            id="side",
        ),
        pytest.param(
            lambda text: text.replace('published_on: "2026-01-01"', 'published_on: "2026-13-01"', 1),
            "policies/0/published_on",
            id="a day that does not exist",
        ),
        pytest.param(
            lambda text: text.replace("    confidence: design", "    confidence: design\n    officer: x"),
            "policies/2/officer",
            id="an unknown key",
        ),
        pytest.param(lambda text: text + "\nextra: 1\n", "extra", id="an unknown part"),
        pytest.param(
            lambda text: text.replace("id: R3", "id: R2"), "policies/2", id="one id with two versions of the same day"
        ),
    ],
)
def test_a_fault_is_told_with_its_place(tmp_path: Path, change: Callable[[str], str], place: str) -> None:
    shipped = (SHIPPED / FILE_NAME).read_text(encoding="utf-8")
    changed = change(shipped)
    assert changed != shipped
    (tmp_path / FILE_NAME).write_text(changed, encoding="utf-8")
    with pytest.raises(DefinitionError) as refused:
        load_metric_policies([tmp_path])
    assert place in {problem.path for problem in refused.value.problems}


def test_the_newest_version_of_a_policy_is_current(tmp_path: Path) -> None:
    _write_version(tmp_path, version="2027-1", published_on="2027-01-01", manners="  other: false")
    policies = load_metric_policies([SHIPPED, tmp_path])
    assert (policies["R2"].version, policies["R2"].published_on) == ("2027-1", date(2027, 1, 1))
    assert not policies["R2"].manners[ClosingManner.OTHER]
    assert policies["R1"].version == "2026-1"


def test_every_version_is_kept_beside_the_newest(tmp_path: Path) -> None:
    _write_version(tmp_path, version="2027-1", published_on="2027-01-01")
    references = [policy.reference for policy in load_policy_versions([SHIPPED, tmp_path])]
    assert references == ["R1@2026-1", "R2@2026-1", "R3@2026-1", "R4@2026-1", "R5@2026-1", "R2@2027-1"]


def test_an_older_version_does_not_replace_a_newer_one(tmp_path: Path) -> None:
    _write_version(tmp_path, version="2020-1", published_on="2020-01-01")
    assert load_metric_policies([SHIPPED, tmp_path])["R2"].version == "2026-1"


def test_the_same_version_with_other_content_is_refused(tmp_path: Path) -> None:
    _write_version(tmp_path, version="2026-1", published_on="2026-01-01", manners="  other: false")
    with pytest.raises(DefinitionError, match="other content"):
        load_metric_policies([SHIPPED, tmp_path])


def test_the_same_version_with_the_same_content_is_taken_once(tmp_path: Path) -> None:
    (tmp_path / FILE_NAME).write_text((SHIPPED / FILE_NAME).read_text(encoding="utf-8"), encoding="utf-8")
    assert load_metric_policies([SHIPPED, tmp_path]) == load_metric_policies([SHIPPED])


def test_further_folders_need_no_policies_but_the_first_does(tmp_path: Path) -> None:
    assert load_metric_policies([SHIPPED, tmp_path]).keys() == {"R1", "R2", "R3", "R4", "R5"}
    with pytest.raises(DefinitionError):
        load_metric_policies([tmp_path])


def _write_version(folder: Path, *, version: str, published_on: str, manners: str = "  other: true") -> None:
    """Write a folder with one further version of R2."""
    shipped = (SHIPPED / FILE_NAME).read_text(encoding="utf-8")
    head, _, rest = shipped.partition("policies:\n")
    r2 = rest[rest.index("  - id: R2") : rest.index("  - id: R3")]
    r2 = r2.replace('version: "2026-1"', f'version: "{version}"').replace('"2026-01-01"', f'"{published_on}"')
    head = head.replace("  other: true", manners)
    (folder / FILE_NAME).write_text(head + "policies:\n" + r2, encoding="utf-8")
