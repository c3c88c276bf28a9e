"""Accounts are opened by the administrator: a role, a party, and a password that serves to choose one's own."""

from __future__ import annotations

import secrets as random
from typing import Any

import peewee
from flask import abort, make_response, request
from flask_admin import expose
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Form, StringField
from wtforms.validators import DataRequired, Length, Optional, Regexp

from admin import door, theme
from admin.crud import forms
from admin.crud.base import TWICE, QihangModelView
from admin.door import actor
from admin.hashing import hashed_once
from engine import db
from engine.models.base import Model
from engine.models.organisations import PARTY_MODELS
from engine.models.people import Account, AuditEntry, Membership, Queue, Role

# Without letters and digits that are taken for each other when read out.
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"


class AccountForm(Form):
    """Who the account is for. `party` is added where the role has one."""

    login = StringField(
        _l("账号"),
        [DataRequired(forms.NEEDED), Length(max=50, message=_l("最多 %(max)d 个字。"))],
        filters=[lambda text: (text or "").strip()],
        description=_l("登录时输入的，例如学号或姓名拼音。"),
    )
    name = StringField(
        _l("姓名"),
        [DataRequired(forms.NEEDED), Length(max=50, message=_l("最多 %(max)d 个字。"))],
        filters=[lambda text: (text or "").strip()],
    )
    email = StringField(
        _l("电子邮箱"),
        [
            Optional(),
            Regexp(r"[^@\s]+@[^@\s]+\.[^@\s]+$", message=_l("邮箱要像 name@example.cn 这样。")),
            Length(max=100, message=_l("最多 %(max)d 个字。")),
        ],
        description=_l("消息会发到这里。"),
    )


class AccountView(QihangModelView):
    """The table's screens, and what opens an account or gives it a new one-time password."""

    def acts(self, row: Model) -> list[tuple[str, str]]:
        return [(_("重设密码"), self.get_url(".reset_view", id=row.get_id()))] if self.may("edit") else []

    @expose("/new/", methods=("GET", "POST"))
    def create_view(self) -> Any:
        """First the role (a link each), then who, and for which party."""
        if not self.may("create"):
            abort(403)
        role = Role.get_or_none(Role.id == door.row_id(request.args.get("role")))
        if role is None:
            roles = list(Role.select().order_by(Role.id))
            return self.render("admin/account/roles.html", roles=roles)
        form, problem = self._form(role), None
        if forms.was_submitted() and form.validate():
            try:
                return _told(self, *_opened(form, role))
            except peewee.IntegrityError:
                problem = TWICE
                form["login"].errors = [_("已有这个账号，换一个。")]
        body = self.render("admin/account/new.html", form=form, role=role, problem=problem)
        return (body, 422) if form.errors or problem else body

    def _form(self, role: Role) -> Form:
        model = PARTY_MODELS.get(role.party_kind)
        made: type[Form] = AccountForm
        if model is not None:
            label = model.label.text(door.locale())
            party = forms.EntityField(label, [forms.EntityNeeded()], model=model)
            made = type("AccountOfAParty", (AccountForm,), {"party": party})
        form = made(request.form if forms.was_submitted() else None)
        if model is not None:
            form["party"].bind(actor(), self.get_url("lookup.rows", model=model.model_name()))
        return form

    @expose("/reset/", methods=("GET", "POST"))
    def reset_view(self) -> Any:
        """A page that asks, and the new one-time password; every session of the account ends."""
        row = self.get_one(request.args.get("id"))
        if not self.may("edit"):
            abort(403)
        if not forms.was_submitted():
            return self.render("admin/account/reset.html", row=row)
        password = one_time_password()
        with db.step():
            Account.update(
                password_hash=hashed_once(password), epoch=Account.epoch + 1, failures=0, locked_until=None
            ).where(Account.id == row.id).execute()
            AuditEntry.write(actor(), "password_reset", row)
        if row.id == actor().account_id:
            door.leave()
        return _told(self, row, password)


def one_time_password() -> str:
    """Twelve characters in threes, some 59 bits."""
    drawn = [random.choice(_LETTERS) for _place in range(12)]
    return "-".join("".join(drawn[at : at + 4]) for at in range(0, 12, 4))


def _opened(form: Form, role: Role) -> tuple[Account, str]:
    """The account with its seat. Raises IntegrityError where the login is taken."""
    password = one_time_password()
    party = form["party"].row if "party" in form else None
    with db.step():
        account = Account.create(
            login=form["login"].data,
            name=form["name"].data,
            email=form["email"].data or "",
            password_hash=hashed_once(password),
        )
        queue = Queue.of(role.name, role.party_kind, party.get_id() if party is not None else 0)
        Membership.create(account=account, queue=queue)
        told = {
            "login": ["", account.login],
            "name": ["", account.name],
            "email": ["", theme.mask(account.email, "email")],
        }
        AuditEntry.write(actor(), "create", account, **told, role=role.name)
    return account, password


def _told(view: AccountView, account: Account, password: str) -> Any:
    """The page with the password, which is shown this once and kept nowhere."""
    answer = make_response(view.render("admin/account/opened.html", account=account, password=password))
    answer.headers["Cache-Control"] = "no-store"
    return answer
