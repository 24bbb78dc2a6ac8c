"""Putting values back into the form of a finished page."""

from __future__ import annotations

import pytest

from caseapp.web.shared.form_filling import fill_form

PAGE = """<!doctype html><html><body>
<form action="/search" method="get"><input name="q" value=""></form>
<form action="/other" method="post"><input name="a" value="other"></form>
<form method="POST" action="/here?x=1"><input type="hidden" name="csrf_token" value="fresh">
  <input type=hidden name=mark value="old"> <input name="a" value="" required maxlength="9">
  <input type="password" name="secret" value=""><input type="file" name="paper">
  <textarea name="b">
as &lt;was&gt;</textarea>
  <input type="radio" name="c" value="1" checked><input type="radio" name="c" value="2">
  <input type="checkbox" name="d" value="y" checked><input type="checkbox" name="agree">
  <select name="e"><option>一</option><option selected>二 &amp; 三</option></select>
  <select name="f" multiple><option value="1">1<option value="2">2<option value="3">3</select>
  <input name="a" value=""><input name="unnamed-in-what-was-sent" value="kept"><input value="nameless">
  <button name="step" value="go">去</button><input type="submit" name="also" value="x">
</form>
<p>脚注</p></body></html>"""


def filled(*fields: tuple[str, str], path: str = "/here", address: str = "/there") -> str:
    done = fill_form(PAGE, address=address, path=path, fields=fields)
    assert done.found
    return done.page


@pytest.mark.parametrize(
    ("field", "expected"),
    [
        pytest.param(("a", "字\"'<&"), 'name="a" value="字&quot;&#x27;&lt;&amp;" required maxlength="9">', id="text"),
        pytest.param(("mark", "seen"), '<input type="hidden" name="mark" value="seen">', id="hidden, without quotes"),
        pytest.param(("b", "第一行\r\n<第二行>"), "<textarea name=\"b\">\n第一行\n&lt;第二行&gt;</textarea>", id="long text"),
        pytest.param(("c", "2"), '<input type="radio" name="c" value="1"><input type="radio" name="c" value="2" checked>', id="one of some"),
        pytest.param(("agree", "on"), '<input type="checkbox" name="d" value="y"><input type="checkbox" name="agree" checked>', id="ticks"),
        pytest.param(("e", "二 & 三"), "<option>一</option><option selected>二 &amp; 三</option>", id="an option without a value"),
    ],
)  # fmt: skip
def test_each_kind_of_control_gets_its_value_back(field: tuple[str, str], expected: str) -> None:
    assert expected in filled(field)


def test_several_values_of_one_name_go_to_their_places_in_order() -> None:
    page = filled(("a", "first"), ("a", "second"), ("f", "1"), ("f", "3"))
    assert page.index('value="first"') < page.index('value="second"')
    assert '<option value="1" selected>1<option value="2">2<option value="3" selected>3' in page


def test_everything_else_of_the_page_stays_as_it_is() -> None:
    page = filled(("a", "x"))
    assert page.startswith("<!doctype html>")
    assert page.endswith("<p>脚注</p></body></html>")
    for untouched in (
        '<input name="a" value="other">',
        'name="csrf_token" value="fresh"',
        'name="unnamed-in-what-was-sent" value="kept"',
        "as &lt;was&gt;</textarea>",
    ):
        assert untouched in page


def test_tokens_secrets_and_buttons_are_left_alone() -> None:
    sent = (("csrf_token", "stale"), ("secret", "x"), ("step", "go"), ("also", "x"), ("a", "y"))
    done = fill_form(PAGE, address="/there", path="/here", fields=sent)
    assert "stale" not in done.page
    assert 'name="secret" value=""' in done.page
    assert done.left == ()


def test_what_has_no_place_is_told() -> None:
    done = fill_form(
        PAGE, address="/", path="/here", fields=(("a", "1"), ("a", "2"), ("a", "3"), ("z", "?"), ("y", " "))
    )
    assert done.left == (("a", "3"), ("z", "?"))


def test_a_form_without_an_action_is_sent_to_where_it_stands() -> None:
    page = '<form method="post"><input name="a" value=""></form>'
    assert fill_form(page, address="/here?tab=x", path="/here", fields=(("a", "1"),)).found
    assert not fill_form(page, address="/there", path="/here", fields=(("a", "1"),)).found


def test_of_two_forms_sent_to_one_place_the_one_that_fits_is_filled() -> None:
    page = (
        '<form method="post" action="/here"><input name="a" value=""></form>'
        '<form method="post" action="/here"><input name="a" value=""><input name="b" value=""></form>'
    )
    done = fill_form(page, address="/", path="/here", fields=(("a", "1"), ("b", "2")))
    assert done.page.endswith('<input name="a" value="1"><input name="b" value="2"></form>')


def test_a_page_without_the_form_is_left_as_it_is() -> None:
    done = fill_form(PAGE, address="/", path="/nowhere", fields=(("a", "1"),))
    assert (done.found, done.page, done.left) == (False, PAGE, (("a", "1"),))
