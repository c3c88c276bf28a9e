"""A case: its page, its diagram, and the page that begins one."""

from __future__ import annotations

from admin.cases.views import register

__all__ = ["register"]
