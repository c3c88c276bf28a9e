"""The demo: an invented school with its graduates, employers and staff; only where DEMO=1."""

from __future__ import annotations

from admin.demo.rows import accounts, password
from admin.door import App


def register(app: App) -> None:
    """The sign-in offers the demo's accounts."""
    if app.settings.demo:
        app.demo_accounts.extend(accounts())
        app.jinja_env.globals["demo_password"] = password()
