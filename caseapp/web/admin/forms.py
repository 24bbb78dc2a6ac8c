"""Forms of the administrators' room: shape only."""

from __future__ import annotations

from collections.abc import Sequence

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import HiddenField

from caseapp.domain.policies.seats import GRANTABLE
from caseapp.domain.policies.security import NAMES, SecurityPolicy
from caseapp.domain.roles import Role, Scope
from caseapp.domain.workflow.definition import Text
from caseapp.queries.accounts import AccountRow
from caseapp.queries.organ_tree import OrganContact
from caseapp.services.accounts import LONGEST_NAME, LONGEST_NUMBER, Person
from caseapp.services.organ_contacts import LONGEST
from caseapp.services.second_factor_reset import LONGEST_REASON
from caseapp.web.shared.forms import (
    AtMost,
    DayField,
    Filled,
    Form,
    LineField,
    OneOfField,
    SomeOfField,
    WholeNumberField,
    offered,
)
from caseapp.web.shared.labels import choices
from caseapp.web.shared.language import say

_INDENT = "\u3000"


class MarkedForm(Form):
    """A form over something that others may change meanwhile: it brings back the mark of what it showed."""

    mark = HiddenField()


class PersonForm(MarkedForm):
    """Who somebody is."""

    name = LineField(lazy_gettext("姓名"), [Filled(), AtMost(LONGEST_NAME)])
    organ = OneOfField(lazy_gettext("机关"), [Filled()])
    certificate_number = LineField(lazy_gettext("执法证号"), [AtMost(LONGEST_NUMBER)])
    certificate_from = DayField(lazy_gettext("有效期起"))
    certificate_until = DayField(lazy_gettext("有效期止"))

    def offer(self, organs: Sequence[tuple[str, Text, int]], present: tuple[str, Text] | None = None) -> None:
        """Offer the organs that exist today, drawn as a tree, and the one the person is in, even if it is gone."""
        pairs = [(organ_id, _INDENT * depth + say(name)) for organ_id, name, depth in organs]
        if present is not None and present[0] not in {organ_id for organ_id, _name in pairs}:
            pairs.append((present[0], say(present[1])))
        self.organ.choices = offered([("", _("请选择")), *pairs])

    def person(self) -> Person:
        """Return what was filled in."""
        return Person(
            name=self.name.data or "",
            organ=self.organ.data or "",
            certificate_number=self.certificate_number.data or None,
            certificate_from=self.certificate_from.data,
            certificate_until=self.certificate_until.data,
        )


class NewPersonForm(PersonForm):
    """Somebody who has no account yet."""

    login = LineField(
        lazy_gettext("登录名"),
        [Filled(), AtMost(LONGEST_NAME)],
        description=lazy_gettext("字母、数字、点、横线；建立后不能更改"),
        render_kw={"autocomplete": "off"},
    )


class RolesForm(MarkedForm):
    """What somebody may do, and how far the person sees."""

    roles = SomeOfField(lazy_gettext("角色"))
    scope = OneOfField(lazy_gettext("可见范围"), [Filled()], radio=True)

    def offer(self) -> None:
        """Offer every role a member of staff may hold, and every scope."""
        self.roles.choices = offered([(role.value, say(role)) for role in GRANTABLE])
        self.scope.choices = offered(choices("scope"))

    def chosen_roles(self) -> list[Role]:
        """Return the roles that are ticked."""
        return [Role(role) for role in self.roles.data or ()]

    def chosen_scope(self) -> Scope:
        """Return the scope that is chosen."""
        return Scope(self.scope.data)


class ContactForm(MarkedForm):
    """How an organ is reached, and where its fines are paid."""

    address = LineField(lazy_gettext("地址"), [AtMost(LONGEST["address"])])
    phone = LineField(lazy_gettext("联系电话"), [AtMost(LONGEST["phone"])], render_kw={"inputmode": "tel"})
    postcode = LineField(lazy_gettext("邮政编码"), [AtMost(LONGEST["postcode"])], render_kw={"inputmode": "numeric"})
    fee_bank = LineField(
        lazy_gettext("罚没款代收"),
        [AtMost(LONGEST["fee_bank"])],
        description=lazy_gettext("代收银行和账户，或者电子支付系统；写入处罚决定书"),
    )

    def contact(self) -> OrganContact:
        """Return what was filled in."""
        return OrganContact(
            self.address.data or "", self.phone.data or "", self.postcode.data or "", self.fee_bank.data or ""
        )


class ReasonForm(Form):
    """Why something grave is done."""

    reason = LineField(lazy_gettext("原因"), [Filled(), AtMost(LONGEST_REASON)])


class SecurityForm(MarkedForm):
    """The numbers of passwords, locks and sessions."""

    password_length = WholeNumberField(lazy_gettext("密码最短位数"), [Filled()])
    password_history = WholeNumberField(lazy_gettext("不得重复的旧密码个数"), [Filled()])
    password_days = WholeNumberField(
        lazy_gettext("密码最长使用天数"), [Filled()], description=lazy_gettext("到期后登录须先更换；0 为不限")
    )
    lock_after = WholeNumberField(lazy_gettext("连续输错几次锁定账号"), [Filled()])
    lock_minutes = WholeNumberField(lazy_gettext("锁定多少分钟"), [Filled()])
    idle_minutes = WholeNumberField(
        lazy_gettext("多少分钟不操作即锁定"),
        [Filled()],
        description=lazy_gettext("锁定后重新登录，填写到一半的内容会恢复"),
    )
    session_hours = WholeNumberField(lazy_gettext("一次登录最长多少小时"), [Filled()])

    def policy(self) -> SecurityPolicy:
        """Return what was filled in."""
        return SecurityPolicy(**{name: self[name].data for name in NAMES})


class CheckForm(Form):
    """Which case's chains are to be checked."""

    case = LineField(
        lazy_gettext("案件"), [Filled(), AtMost(120)], description=lazy_gettext("案号、线索编号、外部编号")
    )


def person_start(row: AccountRow) -> dict[str, object]:
    """Return what the form of a person shows first."""
    return {
        "mark": row.mark,
        "name": row.name,
        "organ": row.organ_id,
        "certificate_number": row.certificate_number or "",
        "certificate_from": row.certificate_from,
        "certificate_until": row.certificate_until,
    }
