"""Forms about evidence and goods in custody."""

from __future__ import annotations

import re
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import Field, MultipleFileField
from wtforms.validators import ValidationError

from caseapp.domain.evidence import EvidenceDraft
from caseapp.domain.facts import CaseImage
from caseapp.domain.items import Fate, Item, Keeper
from caseapp.queries.action_page import colleagues
from caseapp.queries.evidence_page import LEAVING, keepers_of
from caseapp.queries.situations import people_of
from caseapp.queries.staff import staff_of
from caseapp.services.evidence_add import LONGEST_PLACE, LONGEST_PROVES, LONGEST_SOURCE, LONGEST_TITLE
from caseapp.services.evidence_move import LONGEST_NAME, LONGEST_REASON, ItemDraft, MoveDraft
from caseapp.web.shared.context import ctx
from caseapp.web.shared.forms import (
    AtMost,
    DayField,
    Filled,
    LineField,
    OneOfField,
    PassageField,
    SomeOfField,
    WholeNumberField,
    WriteForm,
    offered,
    officer_label,
)
from caseapp.web.shared.labels import choices, label

_HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")
THIRD_PARTY = "third_party"


class _Hour:
    """An hour of the day as HH:MM."""

    def __call__(self, form: Any, field: Field) -> None:
        if field.data and not _HOUR.fullmatch(field.data):
            raise ValidationError(_("请按 09:30 的格式填写时刻"))


class DescriptionForm(WriteForm):
    """What is said about a piece of evidence."""

    title = LineField(lazy_gettext("证据名称"), validators=[AtMost(LONGEST_TITLE)])
    kind = OneOfField(lazy_gettext("证据种类"))
    how = OneOfField(lazy_gettext("取得方式"), validators=[Filled()])
    source = LineField(
        lazy_gettext("来源"),
        validators=[Filled(), AtMost(LONGEST_SOURCE)],
        description=lazy_gettext("从谁处、在何物上取得，例如：当事人店铺货架"),
    )
    acquired_on = DayField(lazy_gettext("取得日期"), validators=[Filled()])
    acquired_at = LineField(lazy_gettext("取得时刻"), validators=[_Hour()], render_kw={"type": "time"})
    place = LineField(lazy_gettext("取得地点"), validators=[Filled(), AtMost(LONGEST_PLACE)])
    officers = SomeOfField(
        lazy_gettext("取得人员"),
        validators=[Filled()],
        description=lazy_gettext("调查取证由两名以上持证人员进行；他人提交、移送的材料，接收人员一名即可"),
    )
    proves = PassageField(lazy_gettext("证明的事实"), validators=[AtMost(LONGEST_PROVES)], render_kw={"rows": 2})

    def offer(self, image: CaseImage) -> None:
        """Fill in what may be chosen."""
        people = staff_of(ctx(), image.organ, people_of(image))
        chosen = [one for one in people.values() if one.id in image.officers]
        others = [one for one in colleagues(image.organ, people.values()) if one.id not in image.officers]
        self.officers.choices = offered([(one.id, officer_label(one, ctx().today())) for one in (*chosen, *others)])
        self.kind.choices = offered([("", _("按文件类型归类")), *choices("evidence_kind")])
        self.how.choices = offered([("", _("请选择")), *choices("acquisition")])

    def draft(self) -> EvidenceDraft:
        """Return what was said; the form has been checked."""
        assert self.acquired_on.data is not None
        return EvidenceDraft(
            source=self.source.data or "",
            acquired_on=self.acquired_on.data,
            place=self.place.data or "",
            how=self.how.data or "",
            officers=tuple(self.officers.data or ()),
            kind=self.kind.data or "",
            title=self.title.data or "",
            acquired_at=self.acquired_at.data or "",
            proves=self.proves.data or "",
        )


class UploadForm(DescriptionForm):
    """Files, and what is said about all of them; a name only where there is one file."""

    files = MultipleFileField(lazy_gettext("文件"))


class RedescribeForm(DescriptionForm):
    """Saying something else about a piece."""

    title = LineField(lazy_gettext("证据名称"), validators=[Filled(), AtMost(LONGEST_TITLE)])
    kind = OneOfField(lazy_gettext("证据种类"), validators=[Filled()])
    reason = LineField(lazy_gettext("更改原因"), validators=[Filled(), AtMost(LONGEST_REASON)])


class WithdrawForm(WriteForm):
    """Taking a piece back."""

    reason = LineField(
        lazy_gettext("撤回原因"),
        validators=[Filled(), AtMost(LONGEST_REASON)],
        description=lazy_gettext("撤回的证据不删除，仍列在案件中并注明原因"),
    )


class ItemForm(WriteForm):
    """Goods that are taken into custody."""

    name = LineField(lazy_gettext("物品名称"), validators=[Filled(), AtMost(LONGEST_NAME)])
    spec = LineField(lazy_gettext("规格、型号、特征"), validators=[AtMost(LONGEST_NAME)])
    quantity = WholeNumberField(lazy_gettext("数量"), validators=[Filled()])
    unit = LineField(lazy_gettext("计量单位"), validators=[Filled(), AtMost(20)])
    source = LineField(
        lazy_gettext("来源"),
        validators=[Filled(), AtMost(LONGEST_NAME)],
        description=lazy_gettext("从谁处、凭什么文书收存，例如：当事人，扣押清单第1项"),
    )
    taken_on = DayField(lazy_gettext("收存日期"), validators=[Filled()])
    place = LineField(lazy_gettext("存放地点"), validators=[Filled(), AtMost(LONGEST_NAME)])
    evidence = SomeOfField(lazy_gettext("相关证据"))
    note = LineField(lazy_gettext("备注"), validators=[AtMost(LONGEST_NAME)])

    def draft(self) -> ItemDraft:
        """Return the goods as entered; the form has been checked."""
        assert self.taken_on.data is not None
        return ItemDraft(
            name=self.name.data or "",
            quantity=self.quantity.data or 0,
            unit=self.unit.data or "",
            place=self.place.data or "",
            taken_on=self.taken_on.data,
            source=self.source.data or "",
            spec=self.spec.data or "",
            note=self.note.data or "",
            evidence=tuple(self.evidence.data or ()),
        )


class MoveForm(WriteForm):
    """Where goods go: to a keeper, or away for good."""

    quantity = WholeNumberField(
        lazy_gettext("移交数量"),
        validators=[Filled()],
        description=lazy_gettext("少于现有数量的，移出部分单独编号"),
    )
    to = OneOfField(lazy_gettext("移交给"), validators=[Filled()])
    third_party = LineField(lazy_gettext("受委托保管的单位或者个人"), validators=[AtMost(LONGEST_NAME)])
    place = LineField(lazy_gettext("存放地点"), validators=[AtMost(LONGEST_NAME)])
    reason = LineField(lazy_gettext("事由"), validators=[Filled(), AtMost(LONGEST_REASON)])

    def offer(self, image: CaseImage, item: Item) -> None:
        """Fill in who may take the goods, and how they may leave."""
        holder = item.keeper.officer if item.keeper else ""
        self.to.choices = offered(
            [
                ("", _("请选择")),
                *((f"officer:{one.id}", one.name) for one in keepers_of(ctx(), image) if one.id != holder),
                (THIRD_PARTY, _("委托第三方保管")),
                *((f"fate:{fate}", label(fate, "item_fate")) for fate in LEAVING),
            ]
        )

    def draft(self) -> MoveDraft:
        """Return the move as entered."""
        sort, _sep, chosen = str(self.to.data).partition(":")
        taker = None
        if sort == "officer":
            taker = Keeper(officer=chosen)
        elif sort == THIRD_PARTY:
            taker = Keeper(third_party=self.third_party.data or "")
        return MoveDraft(
            quantity=self.quantity.data or 0,
            taker=taker,
            reason=self.reason.data or "",
            fate=chosen if sort == "fate" else Fate.HELD.value,
            place=(self.place.data or "") if taker else "",
        )
