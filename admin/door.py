"""The door of every page: who is asking, what a page knows, and how an error becomes an answer."""

from __future__ import annotations

import logging
import secrets as random
from collections.abc import Callable
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit, urlunsplit

import flask_admin
import orjson
from flask import (
    Flask,
    Response,
    abort,
    current_app,
    flash,
    g,
    get_flashed_messages,
    has_request_context,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _
from flask_wtf.csrf import CSRFError, generate_csrf
from werkzeug.exceptions import HTTPException
from werkzeug.http import dump_options_header
from werkzeug.routing import IntegerConverter

from admin.nav import Nav
from admin.sessions import Sessions
from engine import clock, db
from engine.actors import Actor, Seat
from engine.db import InstantField
from engine.errors import (
    Conflict,
    NotFound,
    QihangError,
    Refused,
    StateChanged,
    SubmissionInvalid,
)
from engine.runtime import StepFailed
from engine.settings import Settings

Answer = ResponseReturnValue
log = logging.getLogger("qihang.web")
View = TypeVar("View", bound=Callable[..., Any])
STATUS: dict[type, int] = {
    NotFound: 404,
    Refused: 403,
    StateChanged: 409,
    SubmissionInvalid: 422,
    Conflict: 422,
    StepFailed: 500,
}


class App(Flask):
    """The web application and what rooms add to at the start.

    `nav` gets the rooms' entries, `site` their Flask-Admin views; `demo_accounts` is what the sign-in offers
    in demo mode: (login, name, role), all with the one demo password.
    """

    settings: Settings
    nav: Nav
    site: flask_admin.Admin
    demo_accounts: list[tuple[str, str, str]]


LARGEST_ID = 2**31 - 1
#: In a session that a one-time password opened: nothing but choosing one's own is open to it.
ONCE = "once"
_OPEN_TO_ONCE = frozenset({"auth.account", "auth.sign_out", "auth.sign_out_everywhere"})


class RowId(IntegerConverter):
    """`<int:…>` of a route: a number that an id can be. Anything larger is no page."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{"max": LARGEST_ID, **options})


def row_id(text: object) -> int | None:
    """The id that a text of an address or a form is, or None."""
    digits = str(text)
    if not digits.isascii() or not digits.isdigit() or len(digits) > 10 or int(digits) > LARGEST_ID:
        return None
    return int(digits)


class SignInNeeded(Exception):
    """Nobody is signed in where somebody must be."""


# ── who ────────────────────────────────────────────────────────────────────────────────────────────


def actor() -> Actor:
    """Who is asking. Raises SignInNeeded, which leads to the sign-in."""
    found: Actor | None = g.get("actor")
    if found is None:
        raise SignInNeeded
    return found


def public(view: View) -> View:
    """Marks a view that needs no sign-in. All others do."""
    view.is_public = True  # type: ignore[attr-defined]
    return view


_WHO = """
SELECT a.name, a.epoch, a.locale, q.id, r.name, q.party_kind, q.party_id,
       COALESCE(st.school_id, co.school_id, cc.school_id,
                CASE WHEN q.party_kind = 'school' THEN q.party_id END)
FROM account a
LEFT JOIN membership m ON m.account_id = a.id AND m.since <= ? AND (m.until IS NULL OR m.until > ?)
LEFT JOIN queue q ON q.id = m.queue_id
LEFT JOIN role r ON r.id = q.role_id
LEFT JOIN student st ON q.party_kind = 'student' AND st.id = q.party_id
LEFT JOIN college co ON q.party_kind = 'college' AND co.id = q.party_id
LEFT JOIN school_class sc ON q.party_kind = 'school_class' AND sc.id = q.party_id
LEFT JOIN college cc ON cc.id = sc.college_id
LEFT JOIN employer em ON q.party_kind = 'employer' AND em.id = q.party_id
WHERE a.id = ? AND a.active AND (em.id IS NULL OR em.state = 'passed') ORDER BY m.id
"""


def who(account_id: int, epoch: int, seat: int | None = None) -> tuple[Actor, str] | None:
    """The account at work and its language, as of now: one query, nothing kept, so that signing out
    everywhere, a membership's end and an employer's ban act at once. None where the session is over or it
    sits nowhere. It acts from `seat` (a queue) where that is still its own, else from its first."""
    stamp = InstantField().db_value(clock.now())
    rows = db.run_sql(_WHO, (stamp, stamp, account_id)).fetchall()
    if not rows or rows[0][1] != epoch or rows[0][3] is None:
        return None
    if seat is not None:
        rows.sort(key=lambda row: row[3] != seat)
    name, _epoch, locale, _queue, role, kind, party_id, school_id = rows[0]
    seats = tuple(Seat(*row[3:7]) for row in rows)
    return Actor(account_id, name, role, kind, party_id, school_id, seats), locale


def enter(account_id: int, epoch: int) -> None:
    """Begins a session of its own: nothing of the one before is kept, the CSRF token included."""
    session.clear()
    session.permanent = True
    session["account"], session["epoch"], session["nonce"] = account_id, epoch, random.token_hex(8)
    g.pop("csrf_token", None)


def leave() -> None:
    """Ends the session of this browser."""
    session.clear()
    g.actor = None


def _open() -> Response | None:
    """Before each request but those for static files: the connection, then who."""
    if request.endpoint == "static":
        return None
    if _has_nul():
        abort(400)  # PostgreSQL stores no such text, and nobody types it
    if db.database.is_closed():
        db.database.connect()
        g.give_back = db.is_postgres()  # an SQLite connection stays with its thread
    g.actor = None
    if "account" in session:
        found = who(session["account"], session["epoch"], session.get("seat"))
        if found is None:
            session.clear()
        else:
            g.actor, g.account_locale = found
    if _is_public():
        return None
    if g.actor is None:
        raise SignInNeeded
    if ONCE in session and request.endpoint not in _OPEN_TO_ONCE:
        return redirect(url_for("auth.account"))  # type: ignore[return-value]
    return None


def _has_nul() -> bool:
    """Whether the address or a form carries U+0000. JSON and files are looked at by who reads them."""
    environ = request.environ
    if "%00" in environ.get("QUERY_STRING", "") or "\0" in environ.get("PATH_INFO", ""):
        return True
    sent = environ.get("CONTENT_TYPE", "")
    if not sent.startswith(("application/x-www-form-urlencoded", "multipart/form-data")):
        return False
    return any("\0" in text for _name, texts in request.form.lists() for text in texts)


def app() -> App:
    """The application of this request."""
    found: Any = current_app
    return found


def _is_public() -> bool:
    if request.endpoint is None:
        return True  # 404 or 405 for everybody
    return getattr(current_app.view_functions[request.endpoint], "is_public", False)


def _close(_error: BaseException | None) -> None:
    if g.pop("give_back", False) and not db.database.is_closed():
        db.database.close()


# ── pages ──────────────────────────────────────────────────────────────────────────────────────────


def locale() -> str:
    """ "zh" or "en": the cookie of the switch, else the account's, else Chinese (also outside a request)."""
    if not has_request_context():
        return "zh"
    known: str | None = g.get("locale")
    if known is None:
        chosen = request.cookies.get("lang") or g.get("account_locale") or "zh"
        known = "en" if chosen.startswith("en") else "zh"
        if "actor" in g:  # else the account is not known yet
            g.locale = known
    return known


def page(template: str, **context: Any) -> str:
    """A page of ours. What every page knows comes from `_everywhere`."""
    return render_template(template, **context)


def toast(text: str, category: str = "ok") -> None:
    """Says on the next page what was just done; category ok, bad or info."""
    flash(text, category)


def _everywhere() -> dict[str, Any]:
    """What every template may use. The navigation's counts are asked for each page, framed or not."""
    who_asks: Actor | None = g.get("actor")
    return {
        "actor": who_asks,
        "here": _here(),
        "locale": locale(),
        "nav": app().nav.groups_for(who_asks) if who_asks is not None else [],
        "seat_name": seat_name,
        "toasts": get_flashed_messages(with_categories=True),
    }


def _here() -> str:
    """What shows this page again, once its language or look is another. A page that was posted and answers no
    GET names what does, or leads home."""
    if request.method == "GET":
        return request.full_path
    adapter = current_app.create_url_adapter(request)
    return request.path if adapter is not None and adapter.test(method="GET") else url_for("home.index")


def theme() -> str:
    """The look that the browser's owner chose: auto, light or dark."""
    chosen = request.cookies.get("theme", "auto")
    return chosen if chosen in ("light", "dark") else "auto"


_PARTY_TABLES = ("student", "employer", "school_class", "college", "school", "province")


def seat_name() -> str:
    """The name of the party for which the actor acts; one query."""
    asks = actor()
    if asks.party_kind not in _PARTY_TABLES:
        return asks.role
    found = db.run_sql(f"SELECT name FROM {asks.party_kind} WHERE id = ?", (asks.party_id,)).fetchone()
    return asks.role if found is None or asks.party_kind == "student" else str(found[0])


def own_path(target: str | None, fallback: str) -> str:
    """`target` where it is a path of this house, else `fallback`: nobody is led outside."""
    if not target or target[0] != "/" or target[1:2] in ("/", "\\") or not target.isprintable():
        return fallback
    return target


# ── answers ────────────────────────────────────────────────────────────────────────────────────────


def wants_json() -> bool:
    """Whether the client asked for JSON rather than a page."""
    accept = request.headers.get("Accept", "")
    if accept == "application/json":
        return True
    return "json" in accept and (
        request.accept_mimetypes.best_match(["text/html", "application/json"]) == "application/json"
    )


def json_body() -> dict[str, Any]:
    """The object that was sent as JSON; what is none is a 400."""
    try:
        sent = request.get_data()
        body = orjson.loads(sent) if b"\\u0000" not in sent else None
    except orjson.JSONDecodeError:
        abort(400)
    if not isinstance(body, dict):
        abort(400)
    return body


def json_answer(value: Any, status: int = 200) -> Response:
    """A JSON answer."""
    return Response(orjson.dumps(value, default=str), status, content_type="application/json")


def failed(
    status: int, title: str, text: str, *, code: str = "", errors: Any = None, actions: Any = ()
) -> Response:
    """An error as a page, or as problem+json (RFC 9457) where JSON was asked for."""
    if wants_json():
        body = {"title": title, "status": status, "detail": text}
        if code:
            body["code"] = code
        if errors:
            body["errors"] = errors
        return Response(orjson.dumps(body, default=str), status, mimetype="application/problem+json")
    links = list(actions) or [(_("回首页"), url_for("home.index"), True)]
    return Response(page("error.html", status=status, title=title, text=text, actions=links), status)


def status_of(error: QihangError) -> int:
    """The HTTP status of an error's kind."""
    return next((STATUS[kind] for kind in type(error).__mro__ if kind in STATUS), 422)


def _titles(status: int) -> str:
    return {
        400: _("这个请求不完整"),
        403: _("你不能办这件事"),
        404: _("没有这一页"),
        405: _("这个地址不接受这样的请求"),
        409: _("状态已经变化"),
        413: _("文件太大"),
        422: _("没有办成"),
        429: _("试得太多了"),
        500: _("系统出了故障"),
    }.get(status, _("没有办成"))


def _texts(status: int) -> str:
    return {
        400: _("请回到上一页再试一次。"),
        403: _("它不归你的角色办理。需要的话，请找管理员开通。"),
        404: _("它可能已被移走，或不归你办理。"),
        405: _("请从页面上的按钮进入。"),
        413: _("一次最多上传 10 MB。请压缩后再传。"),
    }.get(status, "")


def _on_qihang_error(error: QihangError) -> Response:
    status = status_of(error)
    code = error.code if isinstance(error, Conflict) else ""
    errors = error.errors if isinstance(error, SubmissionInvalid) else None
    return failed(status, _titles(status), error.sentence.text(locale()), code=code, errors=errors)


def _on_sign_in_needed(_error: SignInNeeded) -> Response:
    if wants_json():
        return failed(401, _("请先登录"), _("登录后再试。"))
    if request.method == "GET":
        there = request.full_path.rstrip("?")
    else:
        there = _posted_from()
        toast(_("登录已过期，刚才填的没有提交。请登录后在那一页再填一次。"), "bad")
    return redirect(url_for("auth.sign_in", next=there))  # type: ignore[return-value]


def _posted_from() -> str | None:
    """The page of ours that held the form, where it can be asked for again."""
    page, adapter = urlsplit(request.referrer or ""), current_app.create_url_adapter(request)
    if page.netloc != request.host or adapter is None or not adapter.test(page.path, method="GET"):
        return None
    return urlunsplit(("", "", page.path, page.query, ""))


def _on_csrf_error(_error: CSRFError) -> Response:
    text = _("这一页放得太久，或者你在别处重新登录过。什么也没有改变，请刷新后再提交。")
    return failed(400, _("请刷新后再提交"), text, code="csrf")


def as_file(answer: Response, name: str, *, inline: bool = False) -> Response:
    """The answer as a file of a name. Headers are ASCII (RFC 6266): a Chinese name travels encoded."""
    words = {"filename": name} if name.isascii() else {"filename*": f"UTF-8''{quote(name, safe='')}"}
    answer.headers.set("Content-Disposition", dump_options_header("inline" if inline else "attachment", words))
    return answer


def _on_http_exception(error: HTTPException) -> Response:
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    response = failed(status, _titles(status), _texts(status))
    for name, value in error.get_headers():
        if name in ("Allow", "Retry-After"):
            response.headers[name] = value
    return response


def _on_crash(error: Exception) -> Response:
    reference = random.token_hex(4)
    log.exception("crash %s at %s %s", reference, request.method, request.path, exc_info=error)
    text = _("我们已经记下这次故障（编号 %(ref)s）。你提交的内容没有写入，请稍后再试。", ref=reference)
    return failed(500, _("系统出了故障"), text)


def register(app: App) -> None:
    """The door's hooks. Before CSRF's, so that who is not signed in is led to the sign-in."""
    app.session_interface = Sessions()
    app.before_request(_open)
    app.teardown_request(_close)
    app.context_processor(_everywhere)
    app.jinja_env.globals["csrf_token"] = generate_csrf
    app.register_error_handler(QihangError, _on_qihang_error)
    app.register_error_handler(SignInNeeded, _on_sign_in_needed)
    app.register_error_handler(CSRFError, _on_csrf_error)
    app.register_error_handler(HTTPException, _on_http_exception)
    if not app.testing:
        app.register_error_handler(Exception, _on_crash)
