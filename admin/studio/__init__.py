"""The studio: a member of staff changes a running flow in the browser, checks it, tries it, publishes it."""

from __future__ import annotations

from flask_babel import lazy_gettext as _l

from admin.door import App
from admin.studio import (
    adding,
    api,
    editing,
    flows,
    options,
    previews,
    publication,
    room,
    tables,
    versions,
    words,
)
from admin.studio.room import studio

__all__ = [
    "adding",
    "api",
    "editing",
    "flows",
    "options",
    "previews",
    "publication",
    "register",
    "tables",
    "versions",
]


def register(app: App) -> None:
    app.add_template_filter(words.draft_name)
    app.add_template_filter(words.span, "said_span")
    app.register_blueprint(studio)
    app.nav.add(
        "管理", _l("流程设计"), "studio.index", icon="flow", kinds=room.KINDS, order=10, shown=room.enters
    )
