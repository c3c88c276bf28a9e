"""Termination (P15): the pages of both sides and of the school, the certificate, and PUB-11 that checks it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from admin import figures
from admin.door import App
from admin.termination import asking, certificate, desk, office, panels, student, verify
from admin.termination.room import termination

__all__ = ["asking", "certificate", "desk", "office", "register", "student", "verify"]


def register(app: App) -> None:
    app.register_blueprint(termination)
    panels.register()
    add = app.nav.add
    add("", _l("解约"), "termination.mine", icon="swap", kinds=("student",), order=25)
    add("签约管理", _l("解约办理"), "termination.desk", icon="swap", kinds=("employer",), order=35)
    figures.add(app, "employer", _l("解约待办"), "termination.desk", desk.asked_count)
    add("业务", _l("解约审核"), "termination.office", icon="swap", kinds=("school",), order=45)
