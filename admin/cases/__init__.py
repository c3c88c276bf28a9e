"""A case: its page, its diagram, the page that begins one; and what keeps cases going: retry, cancel."""

from __future__ import annotations

from admin.cases import upkeep, views
from admin.door import App


def register(app: App) -> None:
    views.register(app)
    upkeep.register(app)
