"""What is stored is what the ledger says, whatever happened; and where it is not, that is seen and can be mended."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest
from hypothesis import HealthCheck, given, settings
from sqlalchemy import bindparam, insert, select

from caseapp.db import Model, Prepared
from caseapp.domain.documents import FrozenFacts
from caseapp.domain.events import EntryKind
from caseapp.models.issued_document import IssuedDocument
from caseapp.models.ledger_entry import LedgerEntry
from caseapp.models.personal_value import PersonalValue
from caseapp.queries.case_images import load
from caseapp.services.case_store import begin
from caseapp.services.ledger_projection import ROW_TABLES
from caseapp.services.ledger_rebuild import Difference, count_cases, differences, rebuild
from caseapp.services.unit_of_work import unit_of_work
from tests.support.histories import LIVES, Deed, live
from tests.support.spine import House

KEEP = Prepared(
    insert(IssuedDocument).values({column.name: bindparam(column.name) for column in IssuedDocument.__table__.columns})
)
WHOLE_LIFE = [
    Deed("party", 0, 0, 3),
    Deed("assign", 0, 0, 1),
    Deed("forward", 3, 0, 0),
    Deed("facts", 1, 0, 2),
    Deed("facts", 1, 0, 3),
    Deed("move", 1, 0, 2),
    Deed("act", 2, 0, 5),
    Deed("act", 2, 0, 6),
    Deed("sign", 1, 0, 0),
    Deed("sign", 1, 0, 0),
]


def found(house: House, case_id: str | None = None) -> list[Difference]:
    with house.context() as ctx:
        return list(differences(ctx, case_id))


def places(house: House) -> set[tuple[str, str]]:
    return {(item.table, item.field) for item in found(house)}


@given(deeds=LIVES)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_after_any_history_the_stored_case_is_the_folded_one(house: House, deeds: list[Deed]) -> None:
    case_id = live(house, deeds)
    assert found(house, case_id) == []


def test_side_proceedings_run_lapse_and_are_told_and_all_of_it_can_be_folded_anew(house: House) -> None:
    deeds = [
        Deed("forward", 0, 0, 0),
        Deed("open", 1, 0, 0),
        Deed("open", 2, 0, 1),
        Deed("side", 3, 0, 1),
        Deed("open", 3, 0, 0),
        Deed("note", 60, 0, 0),
    ]
    case_id = live(house, deeds)
    with house.context() as ctx:
        image = load(ctx, case_id).image
        kinds = list(ctx.session.execute(select(LedgerEntry.kind).where(LedgerEntry.chain == case_id)).scalars())
    assert [one.state for one in image.proceedings[1:]] == ["expired", "over", "expired"]
    assert {pause.of for pause in image.main.pauses} == {image.proceedings[2].id}
    assert kinds.count("lapsed") == 2
    assert found(house) == []


def test_a_long_life_reaches_every_kind_of_row(house: House) -> None:
    case_id = live(house, WHOLE_LIFE)
    with house.context() as ctx:
        kinds = set(ctx.session.execute(select(LedgerEntry.kind).where(LedgerEntry.chain == case_id)).scalars())
    assert {"opened", "acted", "approval_requested", "approval_signed", "facts_changed", "officers_assigned"} <= kinds
    assert found(house) == []


@pytest.mark.parametrize(
    ("damage", "place"),
    [
        ("UPDATE case_file SET state = 'lead', category = 'lead'", ("case_file", "state")),
        ("UPDATE case_file SET filed_on = '2020-01-01'", ("case_file", "filed_on")),
        ("UPDATE case_file SET image = replace(image, '销售侵权床品', '别的')", ("case_file", "image.summary")),
        ("UPDATE case_file SET image = '{}'", ("case_file", "image")),
        ("UPDATE clock_run SET due_on = '2030-01-01' WHERE rule = 'P10'", ("clock_run", "due_on")),
        ("DELETE FROM milestone WHERE kind = 'filed'", ("milestone", "")),
        ("DELETE FROM case_officer", ("case_officer", "")),
        ("UPDATE case_party SET name = '张三' WHERE role = 'respondent'", ("case_party", "name")),
        ("UPDATE case_right SET number = '1'", ("case_right", "number")),
        ("UPDATE case_division SET on_date = '2020-01-01' WHERE ordinal = 0", ("case_division", "on_date")),
        ("DELETE FROM case_ip_type WHERE ip_type = 'gi'", ("case_ip_type", "")),
        ("UPDATE approval SET status = 'pending'", ("approval", "status")),
        ("DELETE FROM closure_case", ("closure_case", "")),
        ("UPDATE closure_case SET filed_on = '2020-01-01'", ("closure_case", "filed_on")),
    ],
    ids=lambda value: value[:60] if isinstance(value, str) else "",
)
def test_a_changed_projection_is_found_and_written_anew(house: House, damage: str, place: tuple[str, str]) -> None:
    case_id = live(house, WHOLE_LIFE)
    house.execute(damage)
    assert place in places(house)
    with house.context() as ctx:
        result = rebuild(ctx)
    assert (result.cases, result.rewritten, result.left) == (1, (case_id,), ())
    assert found(house) == []
    house.later(days=1)
    live_on = Deed("note", 1, 0, 1)
    assert found(house, live(house, [live_on])) == []


def test_every_table_about_cases_is_either_rebuilt_or_known_to_hold_more_than_the_ledger() -> None:
    about_cases = {
        table.name
        for table in Model.metadata.tables.values()
        if any(key.target_fullname == "case_file.id" for column in table.columns for key in column.foreign_keys)
    }
    assert about_cases - {table.name for table in ROW_TABLES} == {
        "bound_file",
        "issued_document",
        "joint_work_case",  # what organs say about cases
        "package_matter",  # what the other installation confirmed
        "personal_value",
        "supervision_finding",  # follows from several cases at once
        "supervision_mark",
    }


def test_a_rebuild_is_told_in_the_system_stream_and_only_where_something_was_written(house: House) -> None:
    live(house, WHOLE_LIFE)
    with house.context() as ctx:
        rebuild(ctx)
    house.execute("UPDATE case_file SET title = 'x'")
    with house.context() as ctx:
        rebuild(ctx)
        told = ctx.session.execute(
            select(LedgerEntry.payload).where(LedgerEntry.kind == "projections_rebuilt")
        ).scalars()
        assert list(told) == ['{"cases":1,"rewritten":1}']


def test_a_case_that_only_the_ledger_knows_is_found_and_restored(house: House) -> None:
    live(house, WHOLE_LIFE)
    tables = [*(table.name for table in ROW_TABLES), "personal_value", "case_file"]
    house.execute(*(f"DELETE FROM {table}" for table in tables))
    with house.context() as ctx:
        assert count_cases(ctx) == 1
    assert places(house) == {("case_file", "")}
    with house.context() as ctx:
        left = rebuild(ctx).left
    assert {item.table for item in left} == {"personal_value"}, "what was erased is told and cannot be restored"
    assert all(item.stored is None for item in left)


def test_nothing_is_rebuilt_on_a_broken_chain(house: House) -> None:
    live(house, WHOLE_LIFE)
    house.disarm()
    house.execute(
        "UPDATE ledger_entry SET payload = replace(payload, '销售侵权床品', '别的') WHERE kind = 'opened'",
        "UPDATE case_file SET title = 'x'",
    )
    before = found(house)
    with house.context() as ctx:
        result = rebuild(ctx)
    assert (result.rewritten, list(result.left)) == ((), before)


def test_nothing_is_rebuilt_on_a_chain_whose_tail_was_cut_off(house: House) -> None:
    live(house, WHOLE_LIFE)
    house.disarm()
    house.execute("DELETE FROM ledger_entry WHERE stream = 'case' AND seq = (SELECT max(version) FROM case_file)")
    with house.context() as ctx:
        result = rebuild(ctx)
    assert result.rewritten == ()
    assert ("case_file", "version") in {(item.table, item.field) for item in result.left}


def test_an_entry_that_cannot_be_folded_is_told_and_does_not_stop_the_others(house: House) -> None:
    one, other = live(house, [Deed("note", 0, 0, 1)]), live(house, WHOLE_LIFE)
    house.disarm()
    house.execute(
        f"UPDATE ledger_entry SET payload = '{{}}' WHERE chain = '{one}' AND seq = 1",
        f"UPDATE case_file SET title = 'x' WHERE id = '{other}'",
    )
    assert {(item.case, item.table) for item in found(house)} == {(one, "ledger_entry"), (other, "case_file")}


def issue(house: House, case_id: str) -> None:
    """Issue a document as the service does: an entry in the ledger, the frozen facts beside it."""
    paper = SimpleNamespace(id="note", template_version="1")
    frozen = FrozenFacts.freeze(paper, {"sum": 100})  # type: ignore[arg-type]
    told = {
        "id": "d" * 32,
        "type": "note",
        "number": "通知知执字〔2026〕1号",
        "title": "告知书",
        "proceeding": "p",
        "action": "file",
        "issued_on": "2026-03-02",
        "facts_digest": frozen.digest,
        "template_version": frozen.template_version,
    }
    row = {
        **{name: value for name, value in told.items() if name not in ("proceeding", "issued_on")},
        "case_id": case_id,
        "proceeding_id": "p",
        "issued_on": date(2026, 3, 2),
        "issued_at": house.clock.at,
        "facts": frozen.canonical,
        "pdf_sha256": None,
        "printed_at": None,
    }
    with house.context() as ctx:
        edit = begin(ctx, case_id)
        edit.append(EntryKind.DOCUMENT_ISSUED, {"document": told}, occurred_at=house.clock.at)
        edit.beside(KEEP, row)
        with unit_of_work(ctx) as unit:
            edit.save(unit)


@pytest.mark.parametrize(
    ("damage", "field"),
    [
        ("UPDATE issued_document SET number = '1号'", "number"),
        ("UPDATE issued_document SET facts = replace(facts, '100', '1')", "facts"),
        ("DELETE FROM issued_document", ""),
    ],
)
def test_an_issued_document_that_differs_from_its_entry_is_told_but_not_rewritten(
    house: House, damage: str, field: str
) -> None:
    issue(house, live(house, WHOLE_LIFE))
    assert found(house) == []
    house.execute(damage)
    assert places(house) == {("issued_document", field)}
    with house.context() as ctx:
        result = rebuild(ctx)
    assert result.rewritten == ()
    assert [item.field for item in result.left] == [field]


def test_a_document_without_an_entry_is_found(house: House) -> None:
    case_id = live(house, WHOLE_LIFE)
    issue(house, case_id)
    house.execute(
        "INSERT INTO issued_document (id, case_id, proceeding_id, type, title, action, issued_on, issued_at, facts, "
        f"facts_digest, template_version) SELECT '{'e' * 32}', case_id, proceeding_id, type, title, action, issued_on, "
        "issued_at, facts, facts_digest, template_version FROM issued_document"
    )
    assert [(item.key, item.folded) for item in found(house)] == [("e" * 32, None)]


def test_a_personal_value_that_is_not_the_promised_one_is_found_without_being_shown(house: House) -> None:
    live(house, WHOLE_LIFE)
    house.execute("UPDATE personal_value SET value = '13900000009' WHERE field = 'phone'")
    told = found(house)
    assert {item.table for item in told} == {PersonalValue.__tablename__}
    assert "13900000009" not in str(told)


def test_an_erased_personal_value_is_no_difference(house: House) -> None:
    live(house, WHOLE_LIFE)
    house.execute("UPDATE personal_value SET value = NULL, erased_at = '2026-03-03 00:00:00'")
    assert found(house) == []
