"""create_app(): the one place that wires rooms together."""

from __future__ import annotations

import importlib
import pkgutil
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import flask_admin
from flask_admin.theme import Theme
from flask_babel import Babel
from granian.utils.proxies import wrap_wsgi_with_proxy_headers

import admin
from admin import answers, door, facts, texts, theme, wiring, words
from admin.door import App
from admin.nav import Nav
from admin.sessions import Csrf
from engine import settings as settings_
from engine.settings import Settings

HERE = Path(__file__).resolve().parent


def create_app(settings: Settings | None = None, *, testing: bool = False) -> App:
    """The web application, bound to the settings' database; in tests to whatever the test has bound."""
    settings = settings or settings_.load()
    wiring.wire(settings)
    if not testing:
        wiring.bind(settings)
    app = App("admin", root_path=str(HERE))
    if settings.trusted_proxies:  # else everybody could say to come from anywhere
        trusted = list(settings.trusted_proxies)
        app.wsgi_app = wrap_wsgi_with_proxy_headers(app.wsgi_app, trusted)  # type: ignore[method-assign]
    app.url_map.converters["int"] = door.RowId
    app.url_map.strict_slashes = False  # /tasks is /tasks/: programs write either
    app.settings = settings
    app.nav = Nav()
    app.testing = testing
    app.demo_accounts = []
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="qihang",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=timedelta(hours=12),
        MAX_CONTENT_LENGTH=11 * 1024 * 1024,  # a file of 10 MB and the rest of its form
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        BABEL_DEFAULT_LOCALE="zh_Hans_CN",
        BABEL_DEFAULT_TIMEZONE=settings.office_tz,
        TEMPLATES_AUTO_RELOAD=False,
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    Babel(app, locale_selector=lambda: "en" if door.locale() == "en" else "zh_Hans_CN")
    words.register(app)
    door.register(app)
    Csrf(app)
    answers.register(app)
    texts.register(app)
    theme.register(app)
    app.site = flask_admin.Admin(
        app, name="启航", url="/admin", theme=Theme(folder="qihang", base_template="admin/base.html")
    )
    facts.forget()
    for room in rooms():
        room.register(app)
    return app


def rooms() -> list[ModuleType]:
    """Every folder of `admin` that has something to register, by name."""
    found = []
    for module in sorted(pkgutil.iter_modules(admin.__path__), key=lambda module: module.name):
        if module.ispkg:
            room = importlib.import_module(f"admin.{module.name}")
            if hasattr(room, "register"):
                found.append(room)
    return found
