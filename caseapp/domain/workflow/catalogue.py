"""The set of procedures a running system knows, by id and version."""

from __future__ import annotations

from collections.abc import Iterable

from caseapp.domain.errors import N_, InputError, Message
from caseapp.domain.workflow.definition import Procedure


class ProcedureSet:
    """Immutable catalogue of definitions. Running cases are pinned to (id, version); new ones take the latest."""

    def __init__(self, procedures: Iterable[Procedure]) -> None:
        self._by_version: dict[tuple[str, int], Procedure] = {}
        self._latest: dict[str, Procedure] = {}
        for procedure in procedures:
            self._by_version[procedure.id, procedure.version] = procedure
            latest = self._latest.get(procedure.id)
            if latest is None or procedure.version > latest.version:
                self._latest[procedure.id] = procedure

    def get(self, procedure_id: str, version: int | None = None) -> Procedure:
        """Return a definition, the latest version by default.

        raises  InputError (field 'procedure') for an id or version that is not known
        """
        found = self._latest.get(procedure_id) if version is None else self._by_version.get((procedure_id, version))
        if found is None:
            shown = procedure_id if version is None else f"{procedure_id} v{version}"
            raise InputError("procedure", Message(N_("没有名为“%(procedure)s”的程序定义"), {"procedure": shown}))
        return found

    def pinned(self, procedure_id: str, version: int) -> Procedure:
        """Return exactly the version a case runs on. raises KeyError where it was removed from `workflows/`."""
        return self._by_version[procedure_id, version]

    def latest(self) -> tuple[Procedure, ...]:
        """Return the latest version of every procedure, in order of id."""
        return tuple(self._latest[key] for key in sorted(self._latest))

    def all(self) -> tuple[Procedure, ...]:
        """Return every version of every procedure, in order of id and version."""
        return tuple(self._by_version[key] for key in sorted(self._by_version))

    def __contains__(self, procedure_id: str) -> bool:
        return procedure_id in self._latest
