"""The check of translations finds what a reader of English would miss."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
SETTINGS = (REPOSITORY / "caseapp" / "translations" / "babel.cfg").read_text(encoding="utf-8")


@pytest.fixture
def check(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """The script, working on a little repository of its own."""
    spec = importlib.util.spec_from_file_location("check_translations", REPOSITORY / ".ci" / "check_translations.py")
    assert spec
    assert spec.loader
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    translations = tmp_path / "caseapp" / "translations"
    catalogue = translations / "en" / "LC_MESSAGES"
    catalogue.mkdir(parents=True)
    (translations / "babel.cfg").write_text(SETTINGS, encoding="utf-8")
    (tmp_path / "caseapp" / "web").mkdir()
    (tmp_path / "templates" / "documents").mkdir(parents=True)
    monkeypatch.setattr(script, "REPOSITORY", tmp_path)
    monkeypatch.setattr(script, "TRANSLATIONS", translations)
    monkeypatch.setattr(script, "WRITTEN", catalogue / "messages.po")
    monkeypatch.setattr(script, "COMPILED", catalogue / "messages.mo")
    return script


def code(check: ModuleType, text: str) -> None:
    (check.REPOSITORY / "caseapp" / "web" / "page.py").write_text(text, encoding="utf-8")


def template(check: ModuleType, text: str, name: str = "page.html") -> None:
    (check.REPOSITORY / "templates" / name).write_text(text, encoding="utf-8")


def translate(check: ModuleType, chinese: str, english: str) -> None:
    check.update()
    text = check.WRITTEN.read_text(encoding="utf-8")
    changed = text.replace(f'msgid "{chinese}"\nmsgstr ""', f'msgid "{chinese}"\nmsgstr "{english}"')
    assert changed != text
    check.WRITTEN.write_text(changed, encoding="utf-8")


def problems(check: ModuleType) -> list[str]:
    return [*check.template_problems(), *check.code_problems(), *check.catalogue_problems()]


def test_a_translated_text_is_no_problem(check: ModuleType) -> None:
    code(check, 'words = N_("还剩 %(days)s 个工作日")')
    template(check, "<p>{{ _('案件') }}</p>{# 注释 #}")
    translate(check, "还剩 %(days)s 个工作日", "%(days)s working days left")
    translate(check, "案件", "Cases")
    check.update()
    assert problems(check) == []


def test_a_text_without_english_is_named_with_its_file(check: ModuleType) -> None:
    template(check, "{{ _('案件') }}")
    check.update()
    assert problems(check) == ["templates/page.html: no English for: 案件"]


def test_lost_placeholders_are_found(check: ModuleType) -> None:
    code(check, 'words = _("还剩 %(days)s 个工作日")')
    translate(check, "还剩 %(days)s 个工作日", "some days left")
    check.update()
    assert ["placeholders differ" in problem for problem in problems(check)] == [True]


def test_a_text_nobody_uses_any_more_is_found_and_update_removes_it(check: ModuleType) -> None:
    code(check, 'words = _("案件"), _("线索")')
    translate(check, "案件", "Cases")
    translate(check, "线索", "Leads")
    check.update()
    code(check, 'words = _("案件")')
    assert problems(check) == ["messages.po: not used any more: 线索"]
    check.update()
    assert problems(check) == []
    assert "Cases" in check.WRITTEN.read_text(encoding="utf-8")


def test_a_catalogue_that_was_not_compiled_is_found(check: ModuleType) -> None:
    code(check, 'words = _("案件")')
    translate(check, "案件", "Cases")
    assert problems(check) == ["messages.mo is not compiled from messages.po: run make translations"]


def test_chinese_outside_of_a_translation_is_found(check: ModuleType) -> None:
    template(check, "<p>案件</p>{% trans %}线索{% endtrans %}<!-- 注释 -->")
    code(check, '"""说明"""\nwords = "线索"\nday = "日"  # not translated: part of a date format\n')
    found = [problem for problem in problems(check) if "outside" in problem]
    assert found == [
        "templates/page.html:1: Chinese outside of a translation: <p>案件</p>",
        "caseapp/web/page.py:2: Chinese outside of a translation: 线索",
    ]


def test_a_template_that_means_its_chinese_says_so_in_its_first_comment(check: ModuleType) -> None:
    template(check, "{#- not translated: in both languages at once -#}<p>系统出现故障</p>")
    template(check, "<p>案件</p>{#- not translated: too late -#}", name="late.html")
    check.update()
    assert problems(check) == ["templates/late.html:1: Chinese outside of a translation: <p>案件</p>"]


def test_documents_of_law_are_chinese_only(check: ModuleType) -> None:
    template(check, "<h1>行政处罚决定书</h1>", name="documents/decision.html")
    check.update()
    assert problems(check) == []


def test_update_writes_the_same_file_twice(check: ModuleType) -> None:
    code(check, 'words = _("案件"), ngettext("%(num)s 件", "%(num)s 件", 3)')
    check.update()
    first = (check.WRITTEN.read_bytes(), check.COMPILED.read_bytes())
    check.update()
    assert (check.WRITTEN.read_bytes(), check.COMPILED.read_bytes()) == first
