"""Signing in and out, passwords, and the language and look of a browser."""

from admin.auth.views import register

__all__ = ["register"]
