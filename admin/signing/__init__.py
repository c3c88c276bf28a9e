"""Signing (P11): the employer's search, letters and records, the graduate's answer, everybody's details and paper."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from admin import figures
from admin.door import App
from admin.signing import data, details, panels, papers, send_list, sending, student
from admin.signing.room import signing

__all__ = ["data", "details", "papers", "register", "sending", "student"]


def register(app: App) -> None:
    app.register_blueprint(signing)
    panels.register()
    add = app.nav.add
    sent = ("signing.invite", "signing.invite_all")
    kept = ("signing.details", "signing.letter", "signing.agreement")
    add("签约管理", _l("签约发送"), "signing.send", icon="plus", kinds=("employer",), order=30, pages=sent)
    add("签约管理", _l("数据管理"), "signing.data", icon="table", kinds=("employer",), order=40, pages=kept)
    app.nav.name_group("签约管理", _l("签约管理"))
    add("", _l("签约"), "signing.mine", icon="doc", kinds=("student",), order=20)
    figures.add(app, "employer", _l("签约待办"), "signing.send", send_list.size)
