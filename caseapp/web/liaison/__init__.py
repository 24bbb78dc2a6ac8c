"""The room of those who work with the police, the procuratorates and the courts."""

from caseapp.web.liaison import (
    console,
    figures,
    inbox,
    joint_files,
    joint_work,
    letters,
    matters,
    packages,
    referrals,
    suits,
)
from caseapp.web.liaison.room import blueprint

__all__ = [
    "blueprint",
    "console",
    "figures",
    "inbox",
    "joint_files",
    "joint_work",
    "letters",
    "matters",
    "packages",
    "referrals",
    "suits",
]
