"""The one table from domain errors to answers, and the pages that say what, why, what to do and who can cure it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import Flask, Response, current_app, make_response, render_template, request
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_login import current_user
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException

from caseapp.domain.errors import (
    ActionRefused,
    CaseAppError,
    ExternalError,
    FileChanged,
    InputError,
    InputErrors,
    NotFound,
    NotPermitted,
    RuleRefused,
    StaleCase,
    Unmet,
)
from caseapp.web.shared.language import say
from caseapp.web.shared.outlived import posted_form, posted_from_here
from caseapp.web.shared.typed_words import in_words

STATUS: Mapping[type[CaseAppError], int] = {
    InputError: 422,
    InputErrors: 422,
    NotFound: 404,
    NotPermitted: 403,
    ActionRefused: 409,
    RuleRefused: 409,
    StaleCase: 409,
    FileChanged: 409,
    ExternalError: 503,
}
"""Asked from the error's own class upwards; `DefinitionError` has no row: a process with one never started."""


FAULT = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """What a person reads who did not get what was asked for.

    what    the refusal in one sentence
    why     its details: one line for each condition or field
    cure    what can be done now
    unmet   conditions with article and the role that can cure them
    """

    status: int
    title: str
    what: str
    why: tuple[str, ...] = ()
    cure: str = ""
    unmet: tuple[Unmet, ...] = ()


def status_of(error: CaseAppError) -> int:
    """Return the HTTP status of a domain error; one without a row is a fault of the program (500)."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), FAULT)


def refusal_of(error: CaseAppError) -> Refusal:
    """Return the words for a domain error."""
    status = status_of(error)
    what = say(error.message)
    if isinstance(error, InputErrors):
        return Refusal(
            status,
            _("填写内容需要更正"),
            what,
            tuple(say(one.message) for one in error.errors),
            _("请返回更正后再提交"),
        )
    if isinstance(error, InputError):
        return Refusal(status, _("填写内容需要更正"), what, cure=_("请返回更正后再提交"))
    if isinstance(error, NotFound):
        return Refusal(
            status, _("没有找到"), what, cure=_("它可能不存在，或者不在您可以查看的范围内。请核对编号，或从列表中打开")
        )
    if isinstance(error, NotPermitted):
        return Refusal(status, _("没有权限"), what, cure=_("如确需办理，请联系具有该权限的人员或安全管理员"))
    if isinstance(error, StaleCase):
        return Refusal(status, _("案件已有更新"), what, cure=_("请重新打开本页，核对他人的更新后再提交"))
    if isinstance(error, ActionRefused):
        return Refusal(status, _("暂不能办理"), what, unmet=error.unmet, cure=_("满足上述条件后即可办理"))
    if isinstance(error, RuleRefused):
        return Refusal(status, _("暂不能办理"), what, cure=_("请核对案件状态和时限后再办理"))
    if isinstance(error, FileChanged):
        return Refusal(status, _("文件已被改动或者缺失"), what, cure=_("请勿使用这份文件；从备份中核对后再恢复"))
    if isinstance(error, ExternalError):
        return Refusal(
            status, _("外部服务暂不可用"), what, cure=_("案件数据不受影响，请稍后再试；持续出现请联系系统管理员")
        )
    raise TypeError(f"{type(error).__name__} has no words")


def _http_refusal(status: int) -> Refusal:
    rows = {
        400: Refusal(400, _("请求无效"), _("服务器不能理解这个请求"), cure=_("请返回上一页重新操作")),
        404: Refusal(404, _("没有找到"), _("这个地址没有对应的页面"), cure=_("请核对地址，或从左侧导航进入")),
        405: Refusal(405, _("操作方式不对"), _("这个地址不接受这种操作"), cure=_("请从页面上的按钮进入")),
        413: _too_large(),
        429: Refusal(429, _("操作过于频繁"), _("短时间内的请求太多"), cure=_("请稍后再试")),
        503: Refusal(503, _("服务暂不可用"), _("系统正在启动或维护"), cure=_("请稍后再试")),
    }
    if status in rows:
        return rows[status]
    return Refusal(status, _("请求无效"), _("服务器不能理解这个请求"), cure=_("请返回上一页重新操作"))


def _too_large() -> Refusal:
    """Return what is said of a body that was refused by its length: how much may come, and that nothing is lost."""
    what = _("提交的内容或附件超过了允许的大小")
    if most := max(0, (request.max_content_length or 0) - 1) >> 20:
        what = _("提交的内容或附件超过了允许的大小：一次合计不超过 %(most)s MB", most=most)
    cure = _("没有保存任何内容。请返回上一页，核对填写的内容，减少附件或者分次提交")
    return Refusal(413, _("内容过大"), what, cure=cure)


def answer(refusal: Refusal) -> Response:
    """Return the refusal as a fragment for htmx, as JSON for programs, else as a page."""
    if request.headers.get("HX-Request"):
        response = make_response(render_template("errors/fragment.html", refusal=refusal), refusal.status)
        response.headers["HX-Retarget"] = "#alerts"
        response.headers["HX-Reswap"] = "innerHTML"
        return response
    if request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json":
        told = {"status": refusal.status, "error": refusal.title, "detail": refusal.what, "cure": refusal.cure}
        return make_response({name: value for name, value in told.items() if value}, refusal.status)
    layout = "layout/room.html" if current_user.is_authenticated else "layout/bare.html"
    return make_response(render_template("errors/refusal.html", refusal=refusal, layout=layout), refusal.status)


def fault(status: int) -> Response:
    """Return the page for a fault of the program: it asks neither the session nor the database, which may be the
    fault.
    """
    return make_response(render_template("errors/fault.html"), status)


def on_domain_error(error: CaseAppError) -> ResponseReturnValue:
    """Answer any error of the domain's tree."""
    if status_of(error) == FAULT:
        current_app.logger.error("a domain error without a row", exc_info=error)
        return fault(FAULT)
    return answer(refusal_of(error))


def on_csrf_error(error: CSRFError) -> ResponseReturnValue:
    """Answer a form whose token is missing or old: nothing was done, and what was typed is shown again to be sent anew.

    Only a form that a page of this site sent is shown again; a forged one gets the plain refusal.
    """
    refusal = Refusal(
        400, _("页面已过期"), _("页面停留太久或已重新登录，安全校验没有通过，内容没有提交"), cure=_("请再提交一次")
    )
    if not posted_from_here():
        return answer(refusal)
    if request.headers.get("HX-Request"):
        response = answer(refusal)
        response.headers["X-CSRF-Token"] = generate_csrf()
        return response
    kept = posted_form() if current_user.is_authenticated else None
    if kept is None:
        return answer(refusal)
    said = in_words(kept.path, kept.fields)
    return make_response(render_template("auth/resume.html", kept=kept, said=said, refusal=refusal), 400)


def on_http_error(error: HTTPException) -> ResponseReturnValue:
    """Answer what the router or the server refuses; redirects and ready answers pass."""
    status = error.code or 500
    if error.response is not None or status < 400:
        return error
    if status >= FAULT and status != 503:
        return fault(status)
    refused = answer(_http_refusal(status))
    if status == 405:
        refused.headers["Allow"] = ", ".join(sorted(getattr(error, "valid_methods", None) or ()))
    return refused


def install(app: Flask) -> None:
    """Register the table."""
    app.register_error_handler(CaseAppError, on_domain_error)
    app.register_error_handler(CSRFError, on_csrf_error)
    app.register_error_handler(HTTPException, on_http_error)
