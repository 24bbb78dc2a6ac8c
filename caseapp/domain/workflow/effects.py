"""Names and parameters of the consequences that an action may have. `services.effects` carries them out.

Starting and ending clocks, milestones and documents are not effects: an action names them directly.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from caseapp.domain.workflow.definition import Text


@dataclass(frozen=True, slots=True)
class EffectSpec:
    """One consequence: its parameters and what exactly happens."""

    name: str
    about: Text
    required: tuple[str, ...] = ()
    optional: tuple[str, ...] = ()


EFFECTS: Final[Mapping[str, EffectSpec]] = {
    spec.name: spec
    for spec in (
        EffectSpec(
            "number_case",
            Text(
                "案件取得案号：按机关、字别（series）和年度连续编号；已有案号的不变",
                "the case takes its number: gap-free per organ, series and year; a case that has one keeps it",
            ),
            required=("series",),
        ),
        EffectSpec(
            "assign_officers",
            Text(
                "本案办案人员改为字段 from_field 所选的人，第一人为主办；字段为空的不变",
                "the officers in charge become those chosen in field `from_field`, the first leads; empty: no change",
            ),
            required=("from_field",),
        ),
        EffectSpec(
            "set_case",
            Text(
                "把表单字段抄入案件信息。values：案件项目 → 字段；项目为 title、summary、restricted、act_from、act_to 或者 amounts.<数额>",
                "copies form fields into the case. `values`: case item → field id; items are title, summary, "
                "restricted, act_from, act_to, amounts.<amount>; empty fields change nothing",
            ),
            required=("values",),
        ),
        EffectSpec(
            "merge_into",
            Text(
                "本案并入字段 from_field 所选的案件：须是本机关同一程序、涉及同一权利的在办案件；"
                "当事人、权利、物品、数额和证据一并转入，两案互相关联",
                "the case goes into the one chosen in field `from_field`: an open case of the organ under the same "
                "procedure about one of the same rights; parties, rights, goods, amounts and evidence go along, both "
                "are linked",
            ),
            required=("from_field",),
        ),
        EffectSpec(
            "notify",
            Text(
                "提交后在系统内通知：role 为本机关持有该角色的人，role: officers 为本案办案人员",
                "tells people in the system after commit: everybody of the organ who holds `role`; "
                "`officers` means the officers in charge",
            ),
            required=("role",),
        ),
        EffectSpec(
            "move_main",
            Text(
                "主程序随之办理事项 action（例如移送、退回、登记法院裁定）；主程序不在该事项的起始状态、条件不具备或者所填不在其选项之内的，"
                "不动。with：主程序表单字段 → 本环节的事实（机关填其名称）；fixed：主程序表单字段 → 固定内容",
                "the main proceeding takes its action `action` with it (handed over, returned, the court's ruling "
                "recorded); it stays where it is if that does not start there, its conditions are not met or it does "
                "not offer the answer. `with`: field of the main form → fact of this proceeding (organs by name); "
                "`fixed`: field of the main form → what it says in any case",
            ),
            required=("action",),
            optional=("with", "fixed"),
        ),
        EffectSpec(
            "seal_case_file",
            Text(
                "生效后装订案卷，签名封存，并写入台账",
                "afterwards the case file is bound, signed and sealed, and the ledger says so",
            ),
        ),
    )
}
"""Every effect by name."""

CASE_ITEMS: Final = frozenset({"title", "summary", "restricted", "act_from", "act_to"})
"""Items of a case that `set_case` may write, beside `amounts.<name>`."""
