"""The first page: what waits for whoever signs in, and what can be begun."""

from __future__ import annotations

from admin.homes.views import register

__all__ = ["register"]
