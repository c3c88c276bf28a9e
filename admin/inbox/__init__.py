"""The inbox: a Flask-Admin view over UserTask, the task's page, many at once."""

from __future__ import annotations

from admin.inbox.views import register

__all__ = ["register"]
