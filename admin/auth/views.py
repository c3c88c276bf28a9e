"""Sign in, sign out, the account's own page."""

from __future__ import annotations

from flask import Blueprint, abort, g, redirect, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.csrf import generate_csrf
from werkzeug.datastructures import MultiDict

from admin import door
from admin.auth import passwords, seats
from admin.auth.forms import PasswordForm, SignInForm
from admin.door import Answer, App, actor, page, public, toast
from admin.hashing import is_once
from engine.errors import Refused
from engine.models.people import Account

auth = Blueprint("auth", __name__)
WHO = ("student", "employer", "staff")


@auth.get("/sign-in")
@public
def sign_in() -> Answer:
    """The sign-in; its JSON answer is the CSRF token that every POST wants back as X-CSRFToken."""
    if door.wants_json():
        return door.json_answer({"csrf_token": generate_csrf()})
    if g.actor is not None:
        return redirect(_next())
    return _sign_in_page(SignInForm(login=request.args.get("login", "")[:50]))


@auth.post("/sign-in")
@public
def sign_in_post() -> Answer:
    data = (
        MultiDict({name: str(value) for name, value in door.json_body().items()})
        if request.is_json
        else request.form
    )
    form = SignInForm(data)
    if not form.validate():
        return _sign_in_page(form), 422
    try:
        account = passwords.check_in(form.login.data, form.password.data, request.remote_addr or "")
    except Refused as refused:
        text = refused.sentence.text(door.locale())
        if door.wants_json():
            return door.failed(403, _("没有登录"), text)
        return _sign_in_page(form, text), 403
    door.enter(account.id, account.epoch)
    if is_once(account.password_hash):
        session[door.ONCE] = 1
    if door.wants_json():
        return door.json_answer({"csrf_token": generate_csrf(), "account": account.id})
    return redirect(_next())


def _sign_in_page(form: SignInForm, problem: str | None = None) -> str:
    who = request.args.get("who", "student")
    return page(
        "auth/sign_in.html",
        form=form,
        problem=problem,
        who=who if who in WHO else "student",
        next=request.args.get("next", ""),
        demo=door.app().demo_accounts,
    )


def _next() -> str:
    return door.own_path(request.args.get("next"), url_for("home.index"))


@auth.post("/sign-out")
def sign_out() -> Answer:
    door.leave()
    return redirect(url_for("auth.sign_in"))


@auth.post("/sign-out-everywhere")
def sign_out_everywhere() -> Answer:
    """Ends all sessions of the account on all devices, at once."""
    passwords.end_sessions(actor())
    door.leave()
    return redirect(url_for("auth.sign_in"))


@auth.post("/seat")
def seat() -> Answer:
    """Acts from another seat of one's own from now on, in this browser."""
    wanted = door.row_id(request.form.get("seat"))
    if not seats.may_take(actor(), wanted):
        abort(404)
    session["seat"] = wanted
    return redirect(url_for("home.index"))


@auth.route("/account", methods=["GET", "POST"])
def account() -> Answer:
    """The account's own page: change the password, sign out everywhere."""
    form, problem = PasswordForm(request.form), None
    if form.validate_on_submit():
        try:
            changed = passwords.change(actor(), form.old.data, form.new.data)
        except Refused as refused:
            problem = refused.sentence.text(door.locale())
        else:
            door.enter(changed.id, changed.epoch)
            toast(_("密码已经改好，别处的登录都已退出。"))
            return redirect(url_for("auth.account"))
    mine = Account.get_by_id(actor().account_id)
    wrong = problem or form.errors
    return page(
        "auth/account.html", form=form, problem=problem, account=mine, once=door.ONCE in session
    ), 422 if wrong else 200


def register(app: App) -> None:
    app.register_blueprint(auth)
    app.jinja_env.globals["seat_choices"] = seats.choices
    app.nav.add("", _l("我的"), "auth.account", icon="user", kinds=("student",), order=90)
