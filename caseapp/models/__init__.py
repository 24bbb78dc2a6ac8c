"""Tables: columns and constraints only, one table a file. Importing this package registers them all."""

from caseapp.models.account import Account
from caseapp.models.anchor_mark import AnchorMark
from caseapp.models.approval import Approval
from caseapp.models.bound_file import BoundFile
from caseapp.models.case_division import CaseDivision
from caseapp.models.case_evidence import CaseEvidence
from caseapp.models.case_file import CaseFile
from caseapp.models.case_ip_type import CaseIpType
from caseapp.models.case_item import CaseItem
from caseapp.models.case_joint import CaseJoint
from caseapp.models.case_officer import CaseOfficer
from caseapp.models.case_party import CaseParty
from caseapp.models.case_right import CaseRight
from caseapp.models.clock_run import ClockRun
from caseapp.models.closure_case import ClosureCase
from caseapp.models.closure_flow import ClosureFlow
from caseapp.models.correction import Correction
from caseapp.models.deputy import Deputy
from caseapp.models.draft import Draft
from caseapp.models.earlier_password import EarlierPassword
from caseapp.models.factor_reset import FactorReset
from caseapp.models.figure_check import FigureCheck
from caseapp.models.figure_snapshot import FigureSnapshot
from caseapp.models.issued_document import IssuedDocument
from caseapp.models.item_move import ItemMoveRow
from caseapp.models.job_run import JobRun
from caseapp.models.joint_work import JointWork
from caseapp.models.joint_work_case import JointWorkCase
from caseapp.models.joint_work_file import JointWorkFile
from caseapp.models.joint_work_organ import JointWorkOrgan
from caseapp.models.joint_work_post import JointWorkPost
from caseapp.models.kept_number import KeptNumberRow
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.ledger_head import LedgerHead
from caseapp.models.letterhead import Letterhead
from caseapp.models.list_columns import ListColumns
from caseapp.models.mail import Mail
from caseapp.models.milestone import MilestoneRow
from caseapp.models.notice_cadence import NoticeCadence
from caseapp.models.notification import Notification
from caseapp.models.number_series import NumberSeries
from caseapp.models.organ import Organ
from caseapp.models.organ_transfer import OrganTransfer
from caseapp.models.outbox import OutboxMessage
from caseapp.models.package_line import PackageLine
from caseapp.models.package_matter import PackageMatter
from caseapp.models.package_refusal import PackageRefusal
from caseapp.models.package_step import PackageStep
from caseapp.models.personal_value import PersonalValue
from caseapp.models.plan_number import PlanNumber
from caseapp.models.recovery_code import RecoveryCode
from caseapp.models.referral_course import ReferralCourse
from caseapp.models.referral_share import ReferralShare
from caseapp.models.saved_view import SavedView
from caseapp.models.search_entry import SearchEntry
from caseapp.models.second_factor import SecondFactor
from caseapp.models.setting import Setting
from caseapp.models.side_proceeding import SideProceeding
from caseapp.models.sign_in_session import SignInSession
from caseapp.models.submission import Submission
from caseapp.models.supervision_finding import SupervisionFinding
from caseapp.models.supervision_mark import SupervisionMark
from caseapp.models.void_number import VoidNumber

__all__ = [
    "Account",
    "AnchorMark",
    "Approval",
    "BoundFile",
    "CaseDivision",
    "CaseEvidence",
    "CaseFile",
    "CaseIpType",
    "CaseJoint",
    "CaseItem",
    "CaseOfficer",
    "CaseParty",
    "CaseRight",
    "ClockRun",
    "ClosureCase",
    "ClosureFlow",
    "Deputy",
    "Correction",
    "Draft",
    "EarlierPassword",
    "FactorReset",
    "FigureCheck",
    "FigureSnapshot",
    "IssuedDocument",
    "ItemMoveRow",
    "JobRun",
    "JointWork",
    "JointWorkCase",
    "JointWorkFile",
    "JointWorkOrgan",
    "JointWorkPost",
    "KeptNumberRow",
    "LedgerEntry",
    "LedgerHead",
    "Letterhead",
    "ListColumns",
    "Mail",
    "MilestoneRow",
    "NoticeCadence",
    "Notification",
    "NumberSeries",
    "Organ",
    "OrganTransfer",
    "OutboxMessage",
    "PackageLine",
    "PackageMatter",
    "PackageRefusal",
    "PackageStep",
    "PersonalValue",
    "PlanNumber",
    "RecoveryCode",
    "SavedView",
    "SearchEntry",
    "SecondFactor",
    "Setting",
    "SignInSession",
    "ReferralCourse",
    "ReferralShare",
    "SideProceeding",
    "Submission",
    "SupervisionFinding",
    "SupervisionMark",
    "VoidNumber",
]
